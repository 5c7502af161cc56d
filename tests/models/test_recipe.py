"""The whole recipe on a few sentences: every step's file, the bundle, and a second call that makes nothing anew."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from genemine.errors import SourceError
from genemine.models import recipe_steps, recipe_tagger
from genemine.models.bundle import read_bundle
from genemine.models.corpora import Example, training_examples
from genemine.models.corpus_files import CORPORA, DEVEL_DOCUMENTS, HELD_OUT_DOCUMENTS, OUTPUTS
from genemine.models.dictionary_names import FILES
from genemine.models.fingerprints import bundle_fingerprints, leaks_of_bundle
from genemine.models.recipe import Recipe, Workplace, sentences_by_lot
from genemine.models.tagger import KIND, load_tagger
from genemine.models.text_ids import number_texts
from genemine.records import GENE

TINY = Recipe(
    words=100, units=4, language_epochs=0, teachers=1, teacher_epochs=2, silver_tokens=150, students=1, student_epochs=2,
)  # fmt: skip
GENES, DISEASES = ("BRCA1", "TP53", "KRAS"), ("melanoma", "asthma", "epilepsy")
VOCABULARIES = {
    "genes": "9606\t672\tBRCA1\t-\t-\t-\t-\t-\tx\tprotein-coding\t-\t-\t-\t-\n",
    "hgnc": "\t".join(["HGNC:1", "TP53", "tumor protein", "protein-coding gene", *[""] * 9]) + "\n",
    "medic": "Melanoma\tMESH:1\t\t\t\t\t\t\t\n",
    "disease ontology": "id,label,parent,synonym\nDOID:1,asthma,x,\n",
    "phenotypes": "name: Seizure\n",
}


def sentence(number: int, part: str) -> list[tuple[str, str]]:
    """Make a tagged sentence; each part has words of its own, so that none is held out."""
    gene, disease = GENES[number % 3], DISEASES[number // 3 % 3]
    words = [f"{part}word{'abcdefgh'[number % 8]}", "loss", "of", gene, "causes", disease, "in", "mice", "."]
    return [(word, {gene: "B-GENE", disease: "B-Disease"}.get(word, "O")) for word in words]


def document(pmid: int, words: str) -> str:
    text = f"{words} loss of BRCA1 causes melanoma ."
    at = [text.index("BRCA1"), text.index("melanoma")]
    mentions = [f"{pmid}\t{at[0]}\t{at[0] + 5}\tBRCA1\tGene\t672", f"{pmid}\t{at[1]}\t{at[1] + 8}\tmelanoma\tDisease\tD1"]
    lines = [f"{pmid}|t|{text}", f"{pmid}|a|", *mentions]
    return "\n".join(lines) + "\n\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    documents = [(c.folder, c.documents) for c in CORPORA if c.documents]
    for number, (below, name) in enumerate((*documents, *HELD_OUT_DOCUMENTS, *DEVEL_DOCUMENTS)):
        (folder / below).mkdir(parents=True, exist_ok=True)
        (folder / below / name).write_text(document(100 + number, f"Doc{'abcdefghijkl'[number]}"), encoding="utf-8")
    for corpus in CORPORA:
        for part, n in () if corpus.documents else (("train", 12), ("devel", 4), ("test", 4)):
            (folder / corpus.folder).mkdir(parents=True, exist_ok=True)
            rows = []
            for number in range(n):
                for word, tag in sentence(number, f"{part}{corpus.name}"):
                    kept = tag != "O" and ("Gene" if tag == "B-GENE" else "Disease") in corpus.types
                    rows.append(f"{word}\t{(tag[:1] if corpus.bare else tag) if kept else 'O'}")
                rows.append("")
            (folder / corpus.folder / f"{part}.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    for name, text in VOCABULARIES.items():
        (folder / FILES[name]).parent.mkdir(parents=True, exist_ok=True)
        (folder / FILES[name]).write_bytes(gzip.compress(text.encode()))
    (folder / "abstracts" / "set").mkdir(parents=True)
    with gzip.open(folder / "abstracts" / "set" / "a.csv.gz", "wt", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["title", "abstract", "pubmedID"])
        for number in range(20):
            words = " ".join(word for word, _ in sentence(number, "text"))
            rows.writerow([f"Title{'abcdefghijklmnopqrst'[number]} of it.", f"We saw that {words}", number + 1])
    return folder


def in_this_process(
    work: Callable[[Any, Callable[[int, int], None]], Any], jobs: Mapping[str, Any], progress: Callable[[str, int, int], None]
) -> dict[str, Any]:
    return {name: work(job, lambda done, total, name=name: progress(name, done, total)) for name, job in jobs.items()}


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Steps run in this process; their trainings move no weight and are listed: how networks learn is tested elsewhere."""
    names: list[str] = []

    def fit(*_: Any, fingerprint: str, **__: Any) -> None:
        names.append(fingerprint)

    monkeypatch.setattr(recipe_tagger, "run_jobs", in_this_process)
    monkeypatch.setattr(recipe_steps, "fit", fit)
    return names


def test_the_recipe_gives_a_bundle_and_takes_up_what_is_there(data: Path, tmp_path: Path, trained: list[str]):
    out = tmp_path / "models" / "tagger"
    made = recipe_tagger.make_tagger(data, out, TINY, lambda *_: None)
    assert trained == ["teacher-0", "mixed-student-devel", "student-devel", "mixed-student-0", "student-0"]
    assert (made.n_examples, made.vectors.is_file()) == (5 * 16 + 4, True)
    bundle = read_bundle(out, KIND)
    tagger = load_tagger(out)
    assert [output.name for output in tagger.outputs] == [output.name for output in OUTPUTS]
    assert [tagger.outputs[k].type for k in tagger.serving] == ["Gene", "Disease"]
    assert bundle.config["training"]["test"]["bc2gm/bc2gm"]["f1"] == round(made.test["bc2gm/bc2gm"].f1, 4)
    found = leaks_of_bundle(bundle, data)
    assert (found.sentences, found.pmids) == ((), ())
    card = (out / "card.md").read_text(encoding="utf-8")
    assert "## Teachers: 1" in card
    assert "## Seeds" in card
    trained.clear()
    again = recipe_tagger.make_tagger(data, tmp_path / "models" / "again", TINY, lambda *_: None)
    assert (again.test, trained) == (made.test, [])


def test_a_missing_file_is_named_and_other_recipes_have_other_folders(data: Path, tmp_path: Path):
    one, other = (Workplace.of(data, tmp_path, Recipe(words=n)).folder for n in (1, 2))
    assert one != other
    assert one == Workplace.of(data, tmp_path, Recipe(words=1)).folder
    (data / FILES["hgnc"]).unlink()
    with pytest.raises(SourceError, match=r"hgnc_complete_set\.txt\.gz: no such file"):
        Workplace.of(data, tmp_path, Recipe())


def test_sentences_by_lot_are_drawn_up_to_the_number_of_tokens():
    text = number_texts([["a"] * n for n in (3, 6, 7, 8, 9, 10)])
    chosen = sentences_by_lot(text, 15, seed=1)
    assert 0 not in chosen  # too short
    assert len(set(chosen.tolist())) == len(chosen)
    assert 15 <= text.lengths[chosen].sum() < 15 + 10
    assert np.array_equal(chosen, sentences_by_lot(text, 15, seed=1))


def test_the_work_folder_holds_what_the_card_tells(data: Path, tmp_path: Path):
    place = Workplace.of(data, tmp_path, TINY)
    recipe_tagger.make_texts(place)
    counts = json.loads(place.file("texts.json").read_text(encoding="utf-8"))
    assert counts["pmids"] == sorted(str(n) for n in range(1, 21))
    examples, _ = training_examples(data, ["train"], CORPORA, OUTPUTS)
    genes = sum(output.type == GENE for output in OUTPUTS)
    assert {len(example.labels) for example in examples} == {len(OUTPUTS)}
    assert 0 < genes < len(OUTPUTS)


def test_no_bundle_is_written_when_a_held_out_sentence_was_learnt_from(data: Path):
    test_sentence = tuple(word for word, _ in sentence(0, "testncbi_disease"))
    listed = bundle_fingerprints(data, [Example(test_sentence, (None,), "toy", "")])
    with pytest.raises(SourceError, match=r"1 held-out sentences and 0 held-out PMIDs were learnt from, the first: 'testncbi"):
        recipe_tagger._refuse_seen(listed, data)
