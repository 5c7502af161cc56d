from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from genemine.errors import StorageError
from genemine.records import DISEASE, GENE, Article, Association, Dropped, Duplicate, Evidence, Link, Mention, Relation
from genemine.tables import frames, schema
from genemine.tables.files import read_table, write_tables
from genemine.tables.summary import TopAssociation, top_associations

TEXT = "BRCA1 and breast cancer."
GENE_LINK = Link(
    Mention("7", 0, 5, "BRCA1", GENE, 0.98, 0, "tagger 1"), "ncbigene:672", "BRCA1", "BRCA1", "exact", 0.95, ("hgnc:1100",)
)
DISEASE_LINK = Link(Mention("7", 10, 23, "breast cancer", DISEASE, 0.9, 0, "tagger 1"), "mesh:D001943", "Breast Neoplasms")
UNLINKED = Link(Mention("7", 30, 33, "XYZ", GENE), reason="no name of the lexicon matches")
RELATION = Relation("7", 0, 0, 24, TEXT, GENE_LINK, DISEASE_LINK, 0.8, speculative=True, cue="may", model="pairs 1")
ARTICLE = Article("7", TEXT, "", year=None, languages=("eng", "fre"), flags=("preprint",), source="b1")
EVIDENCE = Evidence("GDA-1", 1, "speculative", RELATION)
ASSOCIATION = Association(
    "GDA-1", "ncbigene:672", "BRCA1", "mesh:D001943", "Breast Neoplasms", 0.8, 1, 1, 0, 1, 0, 1, 1, 0.5, None, None, ("7",)
)  # fmt: skip


def all_frames() -> dict[str, pd.DataFrame]:
    return {
        "associations": frames.from_associations([ASSOCIATION], {"GDA-1": EVIDENCE}),
        "evidence": frames.from_evidence([EVIDENCE], {"7": ARTICLE}),
        "relations": frames.from_relations([("GDA-1", RELATION)]),
        "mentions": frames.from_links([UNLINKED, DISEASE_LINK, GENE_LINK]),
        "articles": frames.from_articles([ARTICLE], [GENE_LINK, DISEASE_LINK, UNLINKED], [RELATION]),
        "duplicates": frames.from_duplicates([Duplicate("10", "7", "near copy", 0.875), Duplicate("9", "7", "exact copy", 1.0)]),
        "dropped": frames.from_dropped([Dropped("10", "dedup", "stale revision"), Dropped("9", "dedup", "stale revision")]),
    }


def row(frame: pd.DataFrame) -> dict[str, object]:
    return {name: None if pd.isna(value) else value for name, value in frame.iloc[0].to_dict().items()}


def test_an_association_row_carries_its_best_sentence() -> None:
    assert row(all_frames()["associations"]) == {
        "association_id": "GDA-1",
        "gene_curie": "ncbigene:672",
        "gene_name": "BRCA1",
        "disease_curie": "mesh:D001943",
        "disease_name": "Breast Neoplasms",
        "score": 0.8,
        "n_articles": 1,
        "n_sentences": 1,
        "n_denied": 0,
        "n_speculative": 1,
        "n_retracted": 0,
        "n_gene_articles": 1,
        "n_disease_articles": 1,
        "p_value": 0.5,
        "first_year": None,
        "last_year": None,
        "best_pmid": "7",
        "best_sentence": TEXT,
        "pmids": "7",
    }


def test_an_evidence_row_names_the_words_and_the_stance() -> None:
    assert row(all_frames()["evidence"]) == {
        "association_id": "GDA-1",
        "rank": 1,
        "stance": "speculative",
        "pmid": "7",
        "year": None,
        "title": TEXT,
        "sentence": TEXT,
        "gene_text": "BRCA1",
        "disease_text": "breast cancer",
        "score": 0.8,
        "cue": "may",
        "flags": "preprint",
    }


def test_an_article_row_counts_mentions_and_pairs() -> None:
    found = row(all_frames()["articles"])
    assert (found["n_genes"], found["n_diseases"], found["n_relations"]) == (2, 1, 1)
    assert (found["languages"], found["flags"], found["year"]) == ("eng|fre", "preprint", None)


def test_mentions_stand_in_reading_order_and_unlinked_ones_say_why() -> None:
    mentions = all_frames()["mentions"]
    assert list(mentions["text"]) == ["BRCA1", "breast cancer", "XYZ"]
    assert list(mentions["reason"]) == ["", "", "no name of the lexicon matches"]
    assert row(mentions)["xrefs"] == "hgnc:1100"


def test_dropped_records_are_sorted_by_number() -> None:
    assert list(all_frames()["dropped"]["pmid"]) == ["9", "10"]


def test_a_duplicate_row_names_the_article_kept() -> None:
    duplicates = all_frames()["duplicates"]
    assert row(duplicates) == {"pmid": "9", "kept_pmid": "7", "reason": "exact copy", "similarity": 1.0}
    assert list(duplicates["pmid"]) == ["9", "10"]


def test_every_frame_has_the_columns_and_types_of_the_schema() -> None:
    for table in schema.TABLES:
        frame = all_frames()[table.name]
        assert tuple(frame.columns) == table.names
        assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == {c.name: schema.DTYPES[c.type] for c in table.columns}


def test_a_table_without_rows_keeps_its_columns_and_types() -> None:
    empty = frames.from_relations([])
    assert len(empty) == 0
    assert empty.dtypes.equals(frames.from_relations([("GDA-1", RELATION)]).dtypes)


def test_tables_are_written_and_read_back(tmp_path: Path) -> None:
    written = write_tables(all_frames(), tmp_path)
    assert sorted(path.name for path in written) == sorted(
        f"{table.name}.{suffix}" for table in schema.TABLES for suffix in ("csv", "parquet")
    )
    assert (tmp_path / "evidence.csv").read_bytes().startswith(b"\xef\xbb\xbfassociation_id,rank,stance")
    for table in schema.TABLES:
        pd.testing.assert_frame_equal(read_table(tmp_path, table.name), all_frames()[table.name])
    assert top_associations(tmp_path, 5) == [TopAssociation("BRCA1", "Breast Neoplasms", 0.8, 1, "7", TEXT)]


def test_a_frame_with_other_columns_is_a_fault(tmp_path: Path) -> None:
    wrong = all_frames() | {"dropped": all_frames()["dropped"].drop(columns="detail")}
    with pytest.raises(ValueError, match="table dropped: columns"):
        write_tables(wrong, tmp_path)


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"associations\.parquet: no such table"):
        read_table(tmp_path, "associations")
