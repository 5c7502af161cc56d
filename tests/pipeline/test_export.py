"""A run becomes files for curators' tools: what is chosen, what is left out, and that a failure leaves nothing half."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from genemine.config import Settings, load_settings
from genemine.errors import ConfigError, SourceError, StorageError
from genemine.pipeline.export import ExportRequest, export, find_run, read_pmids
from genemine.sources.bioc import read_bioc_xml
from genemine.sources.pubtator import read_pubtator
from genemine.storage.layout import Layout
from genemine.storage.manifest import publish_run, start_run
from genemine.tables.columns import DTYPES, Table
from genemine.tables.files import write_frame
from genemine.tables.schema import ARTICLES, MENTIONS, RELATIONS


def write_rows(table: Table, rows: Sequence[dict[str, Any]], folder: Path) -> None:
    frame = {c.name: pd.Series([row.get(c.name) for row in rows], dtype=DTYPES[c.type]) for c in table.columns}
    write_frame(table, pd.DataFrame(frame), folder)


def found(pmid: str, start: int, text: str, type_: str, curie: str, score: float = 0.9, **more: Any) -> dict[str, Any]:
    row = {"pmid": pmid, "start": start, "end": start + len(text), "text": text, "type": type_, "curie": curie, "score": score}
    return {"sentence_index": 0, "xrefs": "", "reason": "", "name": text.upper()} | row | more


def said(pmid: str, score: float, gene: tuple[int, str, str], disease: tuple[int, str, str], **more: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "pmid": pmid,
        "sentence_index": 0,
        "sentence": "",
        "score": score,
        "negated": False,
        "speculative": False,
    }
    for type_, (start, text, curie) in (("gene", gene), ("disease", disease)):
        row |= {f"{type_}_start": start, f"{type_}_end": start + len(text), f"{type_}_text": text, f"{type_}_curie": curie}
    return row | more


GENE, GOUT = (0, "BRCA1", "ncbigene:672"), (9, "gout", "mesh:D006073")
TITLE = "BRCA1 in gout."


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    layout = Layout(tmp_path_factory.mktemp("data"))
    layout.prepare()
    run = start_run(layout, "a" * 64)
    pmids = ("9", "10", "11", "12", "13")
    flags = {"12": "preprint|retracted"}
    articles = [
        {"pmid": pmid, "title": TITLE, "abstract": "" if pmid == "10" else "More.", "flags": flags.get(pmid, "")} for pmid in pmids
    ]
    write_rows(ARTICLES, articles, run.draft)
    both = [
        one
        for pmid in ("9", "10", "12")
        for one in (
            found(pmid, 0, "BRCA1", "Gene", "ncbigene:672", xrefs="hgnc:1100"),
            found(pmid, 9, "gout", "Disease", "mesh:D006073", 0.4 if pmid == "10" else 0.9),
        )
    ]
    mentions = [*both, found("13", 9, "gout", "Disease", "", reason="no name of the lexicon matches", name="")]
    write_rows(MENTIONS, mentions, run.draft)
    relations = [
        said("9", 0.8, GENE, GOUT),
        said("9", 0.9, GENE, GOUT, sentence_index=1, negated=True),
        said("10", 0.55, GENE, GOUT, speculative=True),
        said("12", 0.99, GENE, GOUT),
    ]
    write_rows(RELATIONS, relations, run.draft)
    publish_run(layout, run, {"run_id": run.run_id, "models": {"relations": {"threshold": 0.5}}})
    return load_settings(data_dir=layout.data_dir)


def pubtator(settings: Settings, target: Path, **request: Any) -> dict[str, tuple[list[str], list[tuple[str, ...]]]]:
    export(ExportRequest("pubtator", target, **request), settings)
    return {d.pmid: ([m.text for m in d.mentions], [r.arguments for r in d.relations]) for d in read_pubtator(target)}


def test_every_article_stands_with_its_mentions_and_supporting_pairs(settings: Settings, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    request = ExportRequest("pubtator", tmp_path / "a.txt", with_scores=True)
    report = export(request, settings, lambda done, total: told.append((done, total)))
    assert (tmp_path / "a.txt").read_text() == (
        "9|t|BRCA1 in gout.\n9|a|More.\n"
        "9\t0\t5\tBRCA1\tGene\t672\tscore=0.9000\n9\t9\t13\tgout\tDisease\tMESH:D006073\tscore=0.9000\n"
        "9\tAssociation\t672\tMESH:D006073\tscore=0.8000\n\n"
        "10|t|BRCA1 in gout.\n10|a|\n"
        "10\t0\t5\tBRCA1\tGene\t672\tscore=0.9000\n10\t9\t13\tgout\tDisease\tMESH:D006073\tscore=0.4000\n"
        "10\tAssociation\t672\tMESH:D006073\tscore=0.5500\n\n"
        "11|t|BRCA1 in gout.\n11|a|More.\n\n"
        "12|t|BRCA1 in gout.\n12|a|More.\n"
        "12\t0\t5\tBRCA1\tGene\t672\tscore=0.9000\n12\t9\t13\tgout\tDisease\tMESH:D006073\tscore=0.9000\n\n"
        "13|t|BRCA1 in gout.\n13|a|More.\n13\t9\t13\tgout\tDisease\t-\tscore=0.9000\n\n"
    )
    assert report.counts == {"articles": 5, "mentions": 7, "pairs": 2}
    assert told[-1] == (5, 5)


def test_mentions_and_pairs_of_low_scores_are_left_out(settings: Settings, tmp_path: Path) -> None:
    sure = pubtator(settings, tmp_path / "a.txt", min_score=0.5)
    assert sure["10"] == (["BRCA1"], []), "a pair goes with its mention"
    assert pubtator(settings, tmp_path / "a.txt", min_pair_score=0.6)["10"] == (["BRCA1", "gout"], [])


@pytest.mark.parametrize("name", ["ncbigene:672", "BRCA1", "brca1", "hgnc:1100"])
def test_a_gene_chooses_the_articles_that_name_it(settings: Settings, tmp_path: Path, name: str) -> None:
    assert list(pubtator(settings, tmp_path / "a.txt", names=(name,))) == ["9", "10", "12"]


def test_all_names_and_pmids_have_to_fit(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "pmids").write_text("# chosen by hand\n10\n\n12  # retracted\n99\n")
    chosen = pubtator(settings, tmp_path / "a.txt", names=("BRCA1", "mesh:D006073"), pmids=tmp_path / "pmids", min_score=0.5)
    assert list(chosen) == ["12"]


def test_bioc_packed_or_not_is_read_back(settings: Settings, tmp_path: Path) -> None:
    for name in ("a.xml", "a.xml.gz", "b.xml.gz"):
        export(ExportRequest("bioc", tmp_path / name), settings)
    documents = list(read_bioc_xml(tmp_path / "a.xml"))
    assert documents == list(read_bioc_xml(tmp_path / "a.xml.gz"))
    assert [(d.pmid, d.text, len(d.mentions)) for d in documents][:2] == [("9", f"{TITLE}\nMore.", 2), ("10", TITLE, 2)]
    assert not any(d.misplaced() for d in documents)
    assert (tmp_path / "a.xml.gz").read_bytes() == (tmp_path / "b.xml.gz").read_bytes()
    assert gzip.decompress((tmp_path / "a.xml.gz").read_bytes()) == (tmp_path / "a.xml").read_bytes()


def test_brat_is_a_folder_with_two_files_an_article(settings: Settings, tmp_path: Path) -> None:
    export(ExportRequest("brat", tmp_path / "brat", names=("BRCA1",)), settings)
    names = sorted(path.name for path in (tmp_path / "brat").iterdir())
    assert names == ["10.ann", "10.txt", "12.ann", "12.txt", "9.ann", "9.txt", "annotation.conf"]
    assert "R1\tAssociation Arg1:T1 Arg2:T2" in (tmp_path / "brat" / "9.ann").read_text().splitlines()
    assert (tmp_path / "brat" / "10.txt").read_text() == f"{TITLE}\n"


def test_label_studio_gets_one_list_of_tasks_and_its_configuration(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "tasks").mkdir()
    export(ExportRequest("label-studio", tmp_path / "tasks"), settings)
    tasks = json.loads((tmp_path / "tasks" / "tasks.json").read_text())
    assert [one["data"]["pmid"] for one in tasks] == ["9", "10", "11", "12", "13"]
    assert (tmp_path / "tasks" / "labelling-config.xml").read_text().startswith("<View>")


def test_a_folder_with_something_in_it_is_left_alone(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "old.ann").write_text("work of a curator")
    with pytest.raises(StorageError, match="there is something already; name a new or an empty folder"):
        export(ExportRequest("brat", tmp_path), settings)
    assert [path.name for path in tmp_path.iterdir()] == ["old.ann"]


def test_a_target_that_cannot_be_written_is_named_and_leaves_nothing(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    for name in ("pubtator", "brat"):
        with pytest.raises(StorageError, match=r"file/out: cannot be written .*or name another with --to"):
            export(ExportRequest(name, tmp_path / "file" / "out"), settings)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize(
    ("request_", "error", "message"),
    [
        ({"names": ("XYZ",)}, SourceError, "no article names 'XYZ'; write an identifier or name of its tables"),
        ({"names": (" ",)}, ConfigError, "--query is empty; write a gene or disease"),
        ({"names": ("BRCA1",), "min_score": 0.95}, SourceError, "no article names 'BRCA1'"),
        ({"run": "20250101T000000Z-none"}, StorageError, "no run '20250101T000000Z-none'; `ls .*runs` shows their ids"),
        ({"format": "csv"}, ConfigError, "format 'csv' is not known; use one of pubtator, bioc, brat, label-studio"),
        ({"format": "bioc", "with_scores": True}, ConfigError, "--scores is for pubtator; bioc carries the scores anyway"),
    ],
)
def test_what_cannot_be_exported_is_told(
    settings: Settings, tmp_path: Path, request_: dict[str, Any], error: Any, message: str
) -> None:
    with pytest.raises(error, match=message):
        export(ExportRequest(**({"format": "pubtator", "target": tmp_path / "a"} | request_)), settings)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "message"), [("12\nPMC12\n", r"pmids:2: 'PMC12' is no PMID"), ("# none\n", "no PMID in it"), ("", "no PMID in it")]
)
def test_a_file_of_pmids_that_is_none_is_told(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "pmids").write_text(text)
    with pytest.raises(SourceError, match=message):
        read_pmids(tmp_path / "pmids")


def test_pmids_of_which_the_run_has_none_are_told(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "pmids").write_text("99\n")
    with pytest.raises(SourceError, match="no article is left; fewer --query, other --pmids"):
        export(ExportRequest("pubtator", tmp_path / "a", pmids=tmp_path / "pmids"), settings)


def test_a_run_is_found_by_its_id_its_folder_or_as_the_newest(settings: Settings, tmp_path: Path) -> None:
    layout = Layout(settings.data_dir)
    newest = find_run("", layout)
    assert find_run(newest.name, layout) == find_run(str(newest), layout) == newest
    with pytest.raises(StorageError, match=r"no run yet; mine first"):
        find_run("", Layout(tmp_path))
