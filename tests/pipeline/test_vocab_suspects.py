"""Names that the lexicon finds and the tagger does not confirm are listed for a person; articles count, not repetitions."""

from __future__ import annotations

from pathlib import Path

import pytest

from genemine.config import Settings, load_settings
from genemine.errors import StorageError
from genemine.pipeline.vocab_suspects import Suspect, suspects
from genemine.records import GENE, Article, Link, Mention
from genemine.storage.layout import Layout
from genemine.storage.shards import write_shard

N = 12
TITLES = {f"{n}": f"BRCA1 was typed, and patients did REST at home; REST helped in case {n}." for n in range(1, N + 1)}


def world(folder: Path, titles: dict[str, str], tagged: str, shard: str = "entrez.b1") -> Settings:
    """A data folder with one lexicon of two genes, and articles in which ``tagged`` was found by the tagger."""
    (folder / "lexicon").mkdir(exist_ok=True)
    (folder / "lexicon" / "genes.tsv").write_text(
        "id\tsymbol\tname\tsynonyms\txrefs\nncbigene:672\tBRCA1\tBRCA1 DNA repair associated\t\t\n"
        "ncbigene:5978\tREST\tRE1 silencing transcription factor\t\t\n"
    )
    (folder / "lexicon" / "diseases.tsv").write_text("id\tname\tsynonyms\txrefs\nmesh:D001943\tBreast Neoplasms\t\t\n")
    layout = Layout(folder / "data")
    layout.prepare()
    links = [
        Link(Mention(pmid, title.index(tagged), title.index(tagged) + len(tagged), tagged, GENE))
        for pmid, title in titles.items()
        if tagged in title
    ]
    write_shard(layout.processed / "articles" / f"{shard}.parquet", [Article(p, t, "") for p, t in titles.items()], Article, "")
    write_shard(layout.processed / "mentions" / f"{shard}.parquet", links, Link, "")
    return load_settings(data_dir=folder / "data", link__lexicon=str(folder / "lexicon"))


def test_a_name_that_is_never_confirmed_is_listed_with_its_counts(tmp_path: Path) -> None:
    report = suspects(world(tmp_path, TITLES, "BRCA1"))
    assert [(s.name, s.n_found, s.n_articles, s.n_confirmed) for s in report.suspects] == [("REST", 2 * N, N, 0)]
    assert report.stop_list() == (
        "# Gene: found 24 times in 12 articles, confirmed in 0 (0%, surely at most 24%)\n"
        "# PMID 1: BRCA1 was typed, and patients did REST at home; REST helped in case 1.\n"
        "REST\t-"
    )


def test_a_name_confirmed_once_in_every_article_is_no_suspect(tmp_path: Path) -> None:
    assert [s.name for s in suspects(world(tmp_path, TITLES, "REST")).suspects] == ["BRCA1"]


def test_many_finds_in_few_articles_are_not_enough(tmp_path: Path) -> None:
    few = {"1": "REST " * 40 + "and sleep."}
    report = suspects(world(tmp_path, few, "BRCA1"))
    assert (report.suspects, report.n_names, report.n_articles) == ([], 1, 1)
    assert "--min-articles and --max-share ask for less" in report.summary()
    assert [s.n_found for s in suspects(world(tmp_path, few, "BRCA1"), min_articles=1, max_share=0.8).suspects] == [40]


def test_short_names_count_with_their_case_alone(tmp_path: Path) -> None:
    words = {pmid: title.replace("REST", "rest") for pmid, title in TITLES.items()}
    assert suspects(world(tmp_path, words, "BRCA1")).suspects == []


def test_the_sample_does_not_count_beside_other_articles(tmp_path: Path) -> None:
    world(tmp_path, {"9": "REST helped."}, "BRCA1", shard="sample.s1")
    assert suspects(world(tmp_path, TITLES, "BRCA1")).n_articles == N


def test_one_article_in_two_shards_counts_once(tmp_path: Path) -> None:
    world(tmp_path, TITLES, "BRCA1", shard="entrez.b2")
    assert suspects(world(tmp_path, TITLES, "BRCA1")).n_articles == N


def test_the_interval_is_wilsons() -> None:
    """Newcombe (1998), table I, method 3: 15 of 148 gives .0624 to .1605."""
    assert Suspect("x", GENE, 148, 148, 15).at_most == pytest.approx(0.1605, abs=5e-5)


def test_without_mined_articles_it_is_told(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    layout.prepare()
    with pytest.raises(StorageError, match="no mined articles; run `genemine mine` first"):
        suspects(load_settings(data_dir=tmp_path))
