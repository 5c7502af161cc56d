"""Night by night or all at once, in whatever order files arrive: the same tables, byte for byte."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from genemine.config import load_settings
from genemine.pipeline.mine import mine
from genemine.tables.files import read_table

TEXTS = {
    1: "Mutations in BRCA1 cause breast cancer.",
    2: "BRCA1 was associated with breast cancer in a register of sisters and aunts.",
    3: "Inherited variants of CFTR are the cause of cystic fibrosis.",
    4: "No association of BRCA1 with cystic fibrosis was found.",
    5: "Breast cancer families carry mutations of BRCA1 more often than chance would have it.",
    6: "APOE raises the risk of Alzheimer disease.",
    7: "Carriers of CFTR variants develop cystic fibrosis early; APOE is associated with Alzheimer disease.",
}
RETRACTED = 5
# the last file revises article 2
FILES = {"a1": (1, 2), "a2": (3, RETRACTED, 6), "a3": (4, 7, -2)}


def record(number: int) -> str:
    """A record; a negative number is a later revision."""
    pmid, day = abs(number), 2 if number < 0 else 1
    text = TEXTS[pmid] + (" This was seen in a second register too." if number < 0 else "")
    kind = "Retracted Publication" if pmid == RETRACTED else "Journal Article"
    return f"""<PubmedArticle><MedlineCitation><PMID Version="1">{pmid}</PMID>
<DateRevised><Year>2026</Year><Month>01</Month><Day>{day:02}</Day></DateRevised>
<Article><Journal><JournalIssue><PubDate><Year>{2010 + pmid}</Year></PubDate></JournalIssue><Title>J</Title></Journal>
<ArticleTitle>Report {pmid}.</ArticleTitle><Abstract><AbstractText>{text}</AbstractText></Abstract>
<PublicationTypeList><PublicationType>{kind}</PublicationType></PublicationTypeList></Article></MedlineCitation></PubmedArticle>
"""


def mined(data_dir: Path, nights: Sequence[Sequence[str]]) -> Path:
    """Mine after each night's files have come; gives the last run."""
    raw = data_dir / "raw" / "updates"
    raw.mkdir(parents=True)
    for names in nights:
        for name in names:
            records = "".join(record(number) for number in FILES[name])
            (raw / f"{name}.xml").write_text(f"<PubmedArticleSet>\n{records}</PubmedArticleSet>\n", encoding="utf-8")
        report = mine(load_settings(data_dir=data_dir))
        assert not report.reused
    return report.folder


def tables(run: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in run.iterdir() if path.suffix in (".csv", ".parquet")}


@pytest.fixture(scope="module")
def at_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return mined(tmp_path_factory.mktemp("once"), [("a1", "a2", "a3")])


@pytest.mark.parametrize("nights", [[("a1",), ("a2",), ("a3",)], [("a3",), ("a2", "a1")]], ids=["night by night", "newest first"])
def test_tables_of_several_nights_are_those_made_from_scratch(nights: list[tuple[str, ...]], at_once: Path, tmp_path: Path) -> None:
    assert tables(mined(tmp_path, nights)) == tables(at_once)


def test_a_retracted_article_supports_nothing_and_is_counted(at_once: Path) -> None:
    associations, evidence = read_table(at_once, "associations"), read_table(at_once, "evidence")
    (pair,) = associations[(associations["gene_name"] == "BRCA1") & (associations["n_articles"] > 0)].itertuples()
    assert (pair.disease_name, pair.pmids, pair.n_articles, pair.n_retracted) == ("Breast Neoplasms", "1|2", 2, 1)
    (withdrawn,) = evidence[evidence["pmid"] == str(RETRACTED)].itertuples()
    assert (withdrawn.association_id, withdrawn.stance, withdrawn.rank) == (pair.association_id, "retracted", 3)
