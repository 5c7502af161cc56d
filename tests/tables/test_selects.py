"""The tables of a run from a handful of records: what each row says, as CSV and as Parquet."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pytest

from genemine.errors import StorageError
from genemine.records import DISEASE, GENE, Article, ArticlePair, Attended, Duplicate, Link, Mention, Relation
from genemine.relate.associate import associate, association_id
from genemine.relate.inherit import inherit
from genemine.relate.known import tell_known
from genemine.storage.columns import to_table
from genemine.tables import schema
from genemine.tables.files import read_table, write_frame, write_table
from genemine.tables.frames import empty, from_duplicates
from genemine.tables.selects import SELECTS
from genemine.tables.summary import TopAssociation, top_associations

TEXT = 'BRCA1 and "breast cancer", so to say.'
BEGIN = 40  # of the sentence in its article
GENE_LINK = Link(
    Mention("7", 40, 45, "BRCA1", GENE, 0.98, 0, "tagger 1"),
    "ncbigene:672",
    "BRCA1",
    "BRCA1",
    "exact",
    0.95,
    ("hgnc:1100", "omim:1"),
)
DISEASE_LINK = Link(Mention("7", 51, 64, "breast cancer", DISEASE, 0.9, 0, "tagger 1"), "mesh:D001943", "Breast Neoplasms")
UNLINKED = Link(Mention("7", 70, 73, "XYZ", GENE), reason="no name of the lexicon matches")
LOOKED = (Attended(0, 5, 60), Attended(6, 9, 12), Attended(11, 24, 28))
RELATION = Relation(
    "7", 1, BEGIN, BEGIN + len(TEXT), TEXT, GENE_LINK, DISEASE_LINK, 0.8, False, True, "may", "pairs 1", attention=LOOKED
)
ARTICLES = [
    Article("70", "Another", "", year=2001, source="b1"),
    Article("7", TEXT, "", languages=("eng", "fre"), flags=("preprint",), source="b1"),
]
PAIR = association_id("ncbigene:672", "mesh:D001943")


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    made = duckdb.connect()
    for name, records, kind in (
        ("articles", ARTICLES, Article),
        ("mentions", [UNLINKED, DISEASE_LINK, GENE_LINK], Link),
        ("relations", [RELATION], Relation),
        ("article_pairs", [ArticlePair("7", "ncbigene:672", "BRCA1", "mesh:D001943", "Breast Neoplasms", 0.7, 1)], ArticlePair),
    ):
        table = to_table(records, kind).append_column("position", pa.array([0] * len(records), pa.int32()))
        made.register(name, table.append_column("row", pa.array(range(len(records)), pa.int64())))
    associate(made, 0.5)
    tell_known(made, pa.table({name: pa.array([], pa.string()) for name in ("gene_curie", "disease_curie", "source")}))
    inherit(made, {"mesh:D001943": ("mesh:D009369",)}, {"mesh:D009369": "Neoplasms"})
    return made


@pytest.fixture(scope="module")
def folder(connection: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("run")
    for table in schema.TABLES:
        if table.name in SELECTS:
            write_table(table, connection.sql(SELECTS[table.name]).to_arrow_reader(1), made)
        else:
            write_frame(table, empty(table), made)
    return made


def row(folder: Path, name: str, at: int = 0) -> dict[str, object]:
    return {column: None if pd.isna(value) else value for column, value in read_table(folder, name).iloc[at].to_dict().items()}


def test_every_table_has_the_columns_and_types_of_the_schema(folder: Path) -> None:
    for table in schema.TABLES:
        frame = read_table(folder, table.name)
        assert tuple(frame.columns) == table.names
        assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == {c.name: schema.DTYPES[c.type] for c in table.columns}


def test_an_association_row_carries_its_best_sentence(folder: Path) -> None:
    assert row(folder, "associations") == {
        "association_id": PAIR,
        "gene_curie": "ncbigene:672",
        "gene_name": "BRCA1",
        "disease_curie": "mesh:D001943",
        "disease_name": "Breast Neoplasms",
        "direction": "speculated",
        "score": pytest.approx((0.8 * 0.7) ** 0.5),  # sentence and whole abstract
        "probability": pytest.approx(0.8),
        "known_in": "",
        "verdict": "",
        "n_articles": 1,
        "n_articles_stated": 0,
        "n_articles_speculated": 1,
        "n_articles_denied": 0,
        "n_articles_both": 1,
        "n_sentences": 1,
        "n_denied": 0,
        "n_speculative": 1,
        "n_rejected": 0,
        "n_retracted": 0,
        "n_gene_articles": 1,
        "n_disease_articles": 1,
        "p_value": pytest.approx(0.5),
        "q_value": pytest.approx(0.5),
        "cooccurrence": pytest.approx(3.2**0.6),
        "first_year": None,
        "last_year": None,
        "trend": None,
        "review_share": 0.0,
        "best_pmid": "7",
        "best_sentence": TEXT,
        "pmids": "7",
    }
    assert top_associations(folder, 5) == [
        TopAssociation("BRCA1", "Breast Neoplasms", pytest.approx((0.8 * 0.7) ** 0.5), 1, "7", TEXT)
    ]


def test_a_candidate_and_what_is_inherited_from_it(folder: Path) -> None:
    candidate, inherited = row(folder, "candidates"), row(folder, "inherited")
    assert (candidate["rank"], candidate["association_id"], candidate["promise"]) == (
        1,
        PAIR,
        pytest.approx((0.8 * 0.7) ** 0.5 / 2),
    )
    assert (inherited["disease_name"], inherited["diseases"], inherited["n_own_articles"]) == ("Neoplasms", "mesh:D001943", 0)


def test_an_evidence_row_names_the_words_and_the_stance(folder: Path) -> None:
    assert row(folder, "evidence") == {
        "association_id": PAIR,
        "rank": 1,
        "stance": "speculative",
        "pmid": "7",
        "year": None,
        "title": TEXT,
        "sentence": TEXT,
        "gene_text": "BRCA1",
        "gene_start": 0,
        "gene_end": 5,
        "disease_text": "breast cancer",
        "disease_start": 11,
        "disease_end": 24,
        "score": 0.8,
        "attention": "0-5:60|6-9:12|11-24:28",
        "cue": "may",
        "verdict": "",
        "is_repeat": False,
        "flags": "preprint",
    }


def test_articles_stand_by_number_with_their_mentions_and_pairs_counted(folder: Path) -> None:
    found = row(folder, "articles")
    assert (found["n_genes"], found["n_diseases"], found["n_relations"]) == (2, 1, 1)
    assert (found["languages"], found["flags"], found["year"]) == ("eng|fre", "preprint", None)
    assert list(read_table(folder, "articles")["pmid"]) == ["7", "70"]


def test_mentions_stand_in_reading_order_and_unlinked_ones_say_why(folder: Path) -> None:
    mentions = read_table(folder, "mentions")
    assert list(mentions["text"]) == ["BRCA1", "breast cancer", "XYZ"]
    assert list(mentions["reason"]) == ["", "", "no name of the lexicon matches"]
    assert list(mentions["xrefs"]) == ["hgnc:1100|omim:1", "", ""]


def test_a_relation_row_carries_its_id(folder: Path) -> None:
    assert row(folder, "relations")["association_id"] == PAIR


def test_csv_and_parquet_say_the_same(folder: Path) -> None:
    assert (folder / "evidence.csv").read_bytes().startswith(b"\xef\xbb\xbfassociation_id,rank,stance")
    assert sorted(path.suffix for path in folder.iterdir()) == [".csv"] * len(schema.TABLES) + [".parquet"] * len(schema.TABLES)
    for table in schema.TABLES:
        parquet = read_table(folder, table.name)
        types = parquet.dtypes.to_dict()
        csv = pd.read_csv(folder / f"{table.name}.csv", dtype=types, keep_default_na=False, na_values=[""])
        texts = parquet.select_dtypes("string").columns
        csv[texts] = csv[texts].fillna("")
        pd.testing.assert_frame_equal(csv, parquet)


def test_rows_with_other_columns_are_a_fault(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="table dropped: columns"):
        write_frame(schema.DROPPED, from_duplicates([Duplicate("9", "7", "exact copy", 1.0)]), tmp_path)


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"associations\.parquet: no such table"):
        read_table(tmp_path, "associations")
