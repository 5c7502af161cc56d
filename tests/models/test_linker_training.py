"""Training the linker: what is held out stays out, the bundle links as what was learnt does, and its own list proves it clean."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from genemine.config import LinkSettings
from genemine.errors import SourceError
from genemine.evaluate.linking import Tally
from genemine.link.lexicon import load_lexicon
from genemine.link.linker import Linker
from genemine.models.bundle import read_bundle
from genemine.models.corpus_files import CORPORA as TOKEN_CORPORA
from genemine.models.corpus_files import DEVEL_DOCUMENTS, HELD_OUT_DOCUMENTS
from genemine.models.fingerprints import Leaks, leaks_of_bundle, read_fingerprints
from genemine.models.gold_links import CORPORA, GoldDocument, training_links
from genemine.models.leaks import HeldOut
from genemine.models.linker import KIND, load_knowledge
from genemine.models.linker_card import LinkerReport, Part, linker_card
from genemine.models.linker_leaks import fingerprints_of, without_sentences
from genemine.models.linker_training import train_linker
from genemine.records import DISEASE, GENE, Mention
from genemine.resources import bundle_folder

GENES = {"BRCA1": "672", "TP53": "7157", "CFTR": "1080", "APOE": "348"}
DISEASES = {"breast cancer": "D001943", "cystic fibrosis": "D003550", "wobbly heart": "D006333", "asthma": "D001249"}
HELD_OUT_TITLE = "Asthma in a very small held out village."


def block(pmid: int, with_genes: bool, with_diseases: bool) -> str:
    """One article with a gene and a disease; "wobbly heart" is a name that no vocabulary has."""
    gene, number = list(GENES.items())[pmid % 4]
    disease, heading = list(DISEASES.items())[pmid // 4 % 4]
    title, abstract = f"Study {'abcdefghij'[pmid % 10]} of {gene} in man.", f"Human {gene} is linked to {disease} in our patients."
    lines = [f"{pmid}|t|{title}", f"{pmid}|a|{abstract}"]
    for word, type_, identifier, wanted in ((gene, "Gene", number, with_genes), (disease, "Disease", heading, with_diseases)):
        at = len(title) + 1 + abstract.index(word)
        lines += [f"{pmid}\t{at}\t{at + len(word)}\t{word}\t{type_}\t{identifier}"] * wanted
    return "\n".join(lines) + "\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder of all corpora: twenty articles a training part, eight a devel part; the test parts have one article, PMID 17."""
    for folder, name in {
        *((c.folder, c.documents) for c in TOKEN_CORPORA if c.documents), *HELD_OUT_DOCUMENTS, *DEVEL_DOCUMENTS
    }:  # fmt: skip
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / name).write_text("", encoding="utf-8")
    for corpus in TOKEN_CORPORA:
        if not corpus.documents:
            (tmp_path / corpus.folder).mkdir(parents=True)
            for part in ("train", "devel", "test"):
                (tmp_path / corpus.folder / f"{part}.tsv").write_text(f"{part}\tO\n", encoding="utf-8")
    for number, corpus in enumerate(CORPORA, start=1):
        for part, (folder, name) in corpus.parts.items():
            first, n = {"train": (1000, 20), "devel": (2000, 8), "test": (17, 1)}[part]
            blocks = [block(first + number * 100 * (n > 1) + i, GENE in corpus.types, DISEASE in corpus.types) for i in range(n)]
            if n == 1:
                blocks = [f"17|t|{HELD_OUT_TITLE}\n17|a|\n17\t0\t6\tAsthma\tDisease\tD001249\n"]
            (tmp_path / folder / name).write_text("\n".join(blocks), encoding="utf-8")
    return tmp_path


def test_a_bundle_is_made_that_links_by_what_curators_gave(data: Path):
    """Beside the rules: the embedded lexicon does not know "wobbly heart"."""
    lexicon, told = load_lexicon(), []
    report = train_linker(data, data / "out", lexicon, lambda done, total: told.append((done, total)))
    assert told == [(i, 6) for i in range(7)]
    assert report.documents == {"ncbi_disease": 28, "bc5cdr_disease": 28, "biored": 20, "gnormplus": 20, "tmvar3": 20}
    assert set(report.devel) == {"ncbi_disease devel", "bc5cdr_disease devel", "human genes"}
    assert report.devel["ncbi_disease devel"] == Tally(8, 8, 8, 8)
    knowledge = load_knowledge(data / "out")
    text = "Human BRCA1 and the wobbly heart."
    mentions = (Mention("1", 6, 11, "BRCA1", GENE), Mention("1", 20, 32, "wobbly heart", DISEASE))
    settings = LinkSettings(min_score=0.0)
    assert [link.curie for link in Linker(lexicon, settings, knowledge).link(text, mentions)] == ["ncbigene:672", "mesh:D006333"]
    assert Linker(lexicon, settings).link(text, mentions)[1].curie == ""
    bundle = read_bundle(data / "out", KIND)
    assert leaks_of_bundle(bundle, data) == Leaks((), ())
    assert len(read_fingerprints(bundle.arrays, bundle.name).pmids) == 116
    assert bundle.config["training"]["files"]["normalised/gnormplus/GNormPlus_Train.PubTator"][0] == "train"


def test_a_document_that_is_held_out_is_refused(data: Path):
    document = training_links(data, with_devel=True)[0]
    with pytest.raises(SourceError, match=r"0 held-out sentences and 1 held-out PMIDs would be learnt from, first '17'"):
        fingerprints_of(data, [replace(document, pmid="17")])
    with pytest.raises(
        SourceError, match=r"1 held-out sentences and 0 held-out PMIDs would be learnt from, first 'asthma in a very"
    ):
        fingerprints_of(data, [replace(document, text=f"{HELD_OUT_TITLE.upper()}\nMore.")])


def test_a_held_out_sentence_is_blanked_with_its_mentions():
    guard = HeldOut()
    guard.add("It causes gout.")
    text = "Of BRCA1. It causes GOUT. So gout."
    mentions = (Mention("1", 3, 8, "BRCA1", GENE), Mention("1", 20, 24, "GOUT", DISEASE), Mention("1", 29, 33, "gout", DISEASE))
    ids = tuple((frozenset({curie}),) for curie in ("ncbigene:672", "mesh:D006073", "mesh:D006073"))
    document = GoldDocument("toy", "1", text, mentions, ids, {})
    changed = without_sentences(document, guard)
    assert changed.text == "Of BRCA1." + " " * 17 + "So gout."
    assert (changed.mentions, changed.ids) == ((mentions[0], mentions[2]), (ids[0], ids[2]))
    assert without_sentences(changed, guard) is changed


def test_the_card_names_files_hashes_and_figures():
    part = Part("biored", "train", "relations/BioRED/Train.PubTator", "ab12")
    counts = {"genes": 3, "diseases": 2, "names": 9}
    report = LinkerReport({"biored": 400}, {GENE: 5, DISEASE: 7}, 3, [part], "0123456789abcdef", counts, {"toy devel": Tally(8, 7)})
    card = linker_card(report)
    assert "| biored | train | relations/BioRED/Train.PubTator | ab12 |" in card
    assert "| toy devel | 8 | 0.8750 |" in card
    assert "version 0123456789ab, 3 genes, 2 diseases, 9 names" in card
    assert report.lines()[1] == "toy devel: 0.8750 of 8 gold mentions right"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--data", "nowhere"), "nowhere: no such corpus; docs/training.md tells"),
        (("--data", "."), "vocab: no folder of vocabularies; name a lexicon with --lexicon (`genemine vocab build` makes it)"),
        (("--data", ".", "--lexicon", "none"), "none: no such lexicon folder; give one that `genemine vocab build` made"),
    ],
)
def test_what_is_missing_is_told(
    arguments: tuple[str, ...], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    from genemine.cli.main import main

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["genemine", "train", "linker", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert message in " ".join(capsys.readouterr().err.split())


def test_the_shipped_linker_saw_nothing_that_is_held_out(shared: Path):
    """By its own list, which is whole: no sentence of a test part or of BioRED dev, none of their PMIDs."""
    if not bundle_folder("linker").is_dir():
        pytest.skip("no linker is shipped yet")
    shipped = read_bundle(bundle_folder("linker"), KIND)
    assert leaks_of_bundle(shipped, shared / "data") == Leaks((), ())
    listed = read_fingerprints(shipped.arrays, shipped.name)
    learnt = training_links(shared / "data", with_devel=True)
    assert {int(document.pmid) for document in learnt} == set(listed.pmids.tolist())
    assert len(listed.labelled) > 20_000


def test_the_shipped_linker_is_small():
    folder = bundle_folder("linker")
    if not folder.is_dir():
        pytest.skip("no linker is shipped yet")
    assert sum(path.stat().st_size for path in folder.iterdir()) < 4_000_000
