"""Each kind of damage turns its line, and no other, to FAIL or WARN; a folder without damage passes."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from genemine.config import Settings, load_settings
from genemine.errors import StorageError
from genemine.pipeline.collect import collect_new
from genemine.pipeline.mine import mine
from genemine.pipeline.validate import CHECKS, validate
from genemine.pipeline.validate_report import Line, ValidationReport, Verdict
from genemine.sample.server import serving
from genemine.storage.layout import Layout
from genemine.storage.ledger import Ledger
from genemine.storage.lock import held
from genemine.storage.progress import begin_query, finish_queries, note_missing
from genemine.storage.quarantine import Caught, add_to_quarantine
from genemine.storage.shards import file_sha256, read_raw

NIGHT = date(2026, 3, 10)
N = 25
PASS, WARN, FAIL, SKIP = Verdict.PASS, Verdict.WARN, Verdict.FAIL, Verdict.SKIP
LONG = "A long sentence about nothing much but cancer, so that two articles with it are copies of each other beyond doubt."


def article(
    number: int, title: str = "BRCA1 in breast cancer", revised: str = "2026-03-02", entered: str = "2026-03-01", more: str = ""
) -> str:
    copied = number in (N - 1, N)
    title = LONG if copied else f"{title} {number}"
    abstract = f"<Abstract><AbstractText>{LONG * 3}</AbstractText></Abstract>" if copied else ""
    return (
        f"<PubmedArticle><MedlineCitation><PMID Version='1'>{99000000 + number}</PMID><DateRevised>{day(revised)}</DateRevised>"
        f"<Article><ArticleTitle>{title}</ArticleTitle>{abstract}</Article>{more}</MedlineCitation><PubmedData><History>"
        f"<PubMedPubDate PubStatus='pubmed'>{day(entered)}</PubMedPubDate></History></PubmedData></PubmedArticle>\n"
    )


def day(iso: str) -> str:
    value = date.fromisoformat(iso)
    return f"<Year>{value.year}</Year><Month>{value.month:02}</Month><Day>{value.day:02}</Day>"


def pubmed(folder: Path, articles: dict[int, str]) -> Path:
    """A folder to serve."""
    folder.mkdir(exist_ok=True)
    (folder / "all.xml").write_text(f"<PubmedArticleSet>\n{''.join(articles.values())}</PubmedArticleSet>")
    return folder


@pytest.fixture(scope="module")
def articles() -> dict[int, str]:
    return {number: article(number) for number in range(1, N + 1)}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, articles: dict[int, str]) -> Path:
    """A data folder after a complete night: collected and mined."""
    folder = tmp_path_factory.mktemp("whole")
    with serving(pubmed(folder / "pubmed", articles), rate_limit=False) as url:
        settings = settings_of(folder / "data", url)
        collect_new("cancer", settings, NIGHT)
    mine(settings)
    return folder / "data"


def settings_of(data: Path, url: str = "http://127.0.0.1:9/", **more: object) -> Settings:
    # a key, because with one the requests are closer together
    return load_settings(data_dir=data, entrez__base_url=url, entrez__batch_size=10, entrez__api_key="0" * 36, **more)


@pytest.fixture
def layout(whole: Path, tmp_path: Path) -> Layout:
    """A copy to damage."""
    shutil.copytree(whole, tmp_path / "data", symlinks=True)
    return Layout(tmp_path / "data")


def offline(layout: Layout, today: date = NIGHT, **settings: object) -> ValidationReport:
    return validate(settings_of(layout.data_dir, **settings), offline=True, today=today)


def findings(report: ValidationReport) -> dict[str, Verdict]:
    """Every check that did not pass; that PubMed was not asked is left out."""
    return {line.check: line.verdict for line in report.lines if line.verdict is not PASS and "--offline" not in line.what}


def line_of(report: ValidationReport, check: str) -> Line:
    return next(line for line in report.lines if line.check == check and line.verdict is not PASS)


def test_a_folder_without_damage_passes_every_check(layout: Layout) -> None:
    report = offline(layout)
    assert findings(report) == {}
    told = {line.check: line.what for line in report.lines}
    assert set(told) == {check.name for check in CHECKS} - {"at work", "bulk series", "counts", "sample", "gate"} | {
        "against PubMed"
    }
    assert told["whole"] == "3 raw files read to the end: 25 records"
    assert told["hashes"] == "3 SHA-256 as noted, with the 25 records that were noted"
    assert told["in no table"].startswith("none of 25 PMIDs on disk")
    assert told["revisions"].startswith("24 articles")
    assert told["against PubMed"] == "--offline: PubMed was not asked; so not checked: counts, sample"
    assert report.verdict is PASS


def test_looking_changes_nothing(layout: Layout) -> None:
    def files() -> dict[str, bytes]:
        paths = (path for path in layout.data_dir.rglob("*") if path.is_file() and not path.name.startswith("ledger.sqlite-"))
        return {str(path): path.read_bytes() for path in paths}

    before = files()
    offline(layout)
    assert files() == before


def first(layout: Layout) -> Path:
    return layout.raw_files()[0]


def sql(layout: Layout, *statements: str) -> None:
    with Ledger(layout.ledger) as ledger, ledger.transaction():
        for statement in statements:
            ledger.rows(statement)


def in_run(layout: Layout, **values: object) -> None:
    path = layout.latest / "run.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def pack_otherwise(layout: Layout) -> None:
    path = first(layout)
    path.write_bytes(gzip.compress(read_raw(path), compresslevel=1, mtime=1))


def re_issue(layout: Layout) -> None:
    """Another file in place of one, noted as loading notes it."""
    pack_otherwise(layout)
    name, sha256 = first(layout).name.removesuffix(".xml.gz"), file_sha256(first(layout))
    sql(layout, f"UPDATE batches SET sha256 = '{sha256}' WHERE name = '{name}'")


def change_rows(layout: Layout, table: str, change: Callable[[pq.Table], pq.Table]) -> None:
    path = layout.latest / f"{table}.parquet"
    changed = change(pq.read_table(path))
    pq.write_table(changed, path)
    tables = json.loads((layout.latest / "run.json").read_text())["tables"]
    in_run(layout, tables=tables | {table: changed.num_rows})


def set_column(table: pq.Table, name: str, value: str) -> pq.Table:
    """The value in the first row."""
    field = table.schema.field(name)
    column = pa.array([value, *table.column(name).to_pylist()[1:]], field.type)
    return table.set_column(table.schema.get_field_index(name), field, column)


def unfinished(layout: Layout) -> None:
    with Ledger(layout.ledger) as ledger:
        begin_query(ledger, "entrez", "lupus", {"datetype": "edat", "mindate": "2026/01/01", "maxdate": "2026/01/31"}, [], 7)


def finished_later(layout: Layout) -> None:
    unfinished(layout)
    with Ledger(layout.ledger) as ledger:
        dates = {"datetype": "edat", "mindate": "2025/12/01", "maxdate": "2026/01/31"}
        finish_queries(ledger, [begin_query(ledger, "entrez", "lupus", dates, [], 7)])


def missing(layout: Layout) -> None:
    with Ledger(layout.ledger) as ledger:
        note_missing(ledger, "entrez", "cancer", {"99000777": "listed, not given"})


def quarantined(layout: Layout) -> None:
    with Ledger(layout.ledger) as ledger:
        add_to_quarantine(
            ledger, [Caught("entrez/b", "7", "no PMID", "", b"<x/>"), Caught("entrez/b", "8", "no PMID", "", b"<y/>")]
        )


def bulk_with_a_gap(layout: Layout) -> None:
    folder = layout.raw / "bulk"
    folder.mkdir()
    for number in (1, 3):
        (folder / f"pubmed26n000{number}.xml.gz").write_bytes(gzip.compress(b"<PubmedArticleSet></PubmedArticleSet>"))


def leftovers(layout: Layout) -> None:
    for suffix in (".77.part", ".damaged"):
        first(layout).with_name(f"x.xml.gz{suffix}").write_bytes(b"\x1f\x8b")


def in_the_middle(path: Path, content: bytes = b"\0" * 64) -> None:
    data = path.read_bytes()
    at = len(data) // 2
    path.write_bytes(data[:at] + content + data[at + len(content) :])


def damage_ledger(layout: Layout) -> None:
    """A page that is none, after everything is in the file itself."""
    sql(layout)
    data = layout.ledger.read_bytes()
    layout.ledger.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))


# name of the damage -> (how it is done, what is told, words of the first line of it)
DAMAGES: dict[str, tuple[Callable[[Layout], object], dict[str, Verdict], str]] = {
    "a raw file is gone": (
        lambda data: first(data).unlink(),
        {"raw files": FAIL},
        "1 raw file of the ledger gone from disk",
    ),
    "a raw file has other bytes": (
        pack_otherwise,
        {"hashes": FAIL},
        "1 raw file with other bytes than were collected",
    ),
    "a raw file was re-issued": (
        re_issue,
        {"up to date": WARN},
        "1 raw file replaced or removed since the tables were made",
    ),
    "a raw file is cut off": (
        lambda data: first(data).write_bytes(first(data).read_bytes()[:-30]),
        {"whole": FAIL},
        "1 raw file cannot be read to the end",
    ),
    "a raw file has no row": (
        lambda data: sql(data, "DELETE FROM pmids WHERE pmid < '99000011'", "DELETE FROM batches WHERE name LIKE '99000001%'"),
        {"raw files": WARN},
        "1 raw file without a row in the ledger",
    ),
    "a row names another file": (
        lambda data: sql(data, "UPDATE pmids SET batch = (SELECT max(name) FROM batches) WHERE pmid = '99000001'"),
        {"PMIDs": FAIL},
        "1 PMID noted in a raw file that does not hold it",
    ),
    "a row is lost": (
        lambda data: sql(data, "DELETE FROM pmids WHERE pmid = '99000001'"),
        {"PMIDs": FAIL},
        "1 record on disk that the ledger does not know",
    ),
    "a row names no file": (
        lambda data: sql(data, "UPDATE pmids SET batch = 'none' WHERE pmid = '99000001'"),
        {"ledger": FAIL},
        "the ledger has PMIDs in 1 raw file that it does not list",
    ),
    "another number of records was noted": (
        lambda data: sql(data, "UPDATE batches SET n_records = 11 WHERE n_records = 10"),
        {"hashes": FAIL},
        "2 raw files with another number of records",
    ),
    "a killed run left files": (leftovers, {"leftovers": WARN}, "1 file set aside as damaged"),
    "a query was never finished": (unfinished, {"unfinished": WARN}, "1 search begun and never finished"),
    "a later query made up for it": (finished_later, {}, ""),
    "PubMed did not hand out a record": (missing, {"missing": WARN}, "1 record that PubMed lists and does not hand out"),
    "records could not be read": (quarantined, {"quarantine": WARN}, "2 entries that could not be read"),
    "a bulk file was left out": (
        bulk_with_a_gap,
        {"bulk series": WARN, "up to date": WARN},
        "bulk: files are missing in the series",
    ),
    "the ledger is no database": (
        lambda data: data.ledger.write_bytes(b"no database" * 1000),
        {"ledger": FAIL},
        "not a ledger, or damaged",
    ),
    "the ledger is damaged inside": (damage_ledger, {"ledger": FAIL}, "ledger"),
    "there is no ledger": (lambda data: data.ledger.unlink(), {"ledger": SKIP}, "nothing was collected here yet"),
    "a table is cut off": (
        lambda data: (data.latest / "mentions.parquet").write_bytes(b"PAR1"),
        {"tables": FAIL},
        "mentions.parquet",
    ),
    "a table is gone": (lambda data: (data.latest / "articles.parquet").unlink(), {"tables": FAIL}, "articles.parquet"),
    "a table is shorter than noted": (
        lambda data: in_run(data, tables=json.loads((data.latest / "run.json").read_text())["tables"] | {"articles": 26}),
        {"tables": FAIL},
        "1 table of run",
    ),
    "run.json is none": (lambda data: (data.latest / "run.json").write_text("{"), {"tables": FAIL}, "not a readable manifest"),
    "run.json is another's": (
        lambda data: (data.latest / "run.json").write_text('{"tables": []}'),
        {"tables": FAIL},
        "not the manifest of a run",
    ),
    "nothing was mined": (lambda data: data.latest.unlink(), {"tables": SKIP}, "no tables were made yet"),
    "an article is in no table": (
        lambda data: change_rows(data, "articles", lambda table: table.slice(1)),
        {"in no table": FAIL},
        "1 record on disk in no table",
    ),
    "an article came from nowhere": (
        lambda data: change_rows(data, "mentions", lambda table: set_column(table, "pmid", "4711")),
        {"from nowhere": FAIL},
        "1 PMID in tables and in no raw file",
    ),
    "an article is stale": (
        lambda data: change_rows(data, "articles", lambda table: set_column(table, "revised", "2026-03-01")),
        {"revisions": FAIL},
        "1 article in an older revision than the newest on disk",
    ),
    "a copy has no kept article": (
        lambda data: change_rows(data, "duplicates", lambda table: set_column(table, "kept_pmid", "4711")),
        {"duplicates": FAIL},
        "1 copy without its kept article",
    ),
    "the model was another": (
        lambda data: in_run(data, models={name: {"name": "x", "sha256": "abc"} for name in ("tagger", "relations", "stance")}),
        {"models": WARN},
        "(3 differences)",
    ),
    "a verdict was given or undone since": (
        lambda data: in_run(data, verdicts={"sha256": "abc"}),
        {"models": WARN},
        "(1 difference)",
    ),
    "a shard is damaged inside": (
        lambda data: in_the_middle(data.shards("articles")[0]),
        {"shards": FAIL},
        "1 shard missing or damaged",
    ),
    "a signature shard is damaged": (
        lambda data: data.shards("signatures")[0].write_bytes(b"PAR1"),
        {"shards": FAIL},
        "1 shard missing or damaged",
    ),
    "a shard is missing": (lambda data: data.shards("relations")[1].unlink(), {"shards": FAIL}, "1 shard missing or damaged"),
    "a shard is of other settings": (
        lambda data: shutil.copy(data.shards("relations")[0], data.shards("relations")[1]),
        {"shards": WARN},
        "shards made by other models or settings",
    ),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_told_by_its_line_and_by_no_other(layout: Layout, name: str) -> None:
    damage, expected, words = DAMAGES[name]
    damage(layout)
    report = offline(layout)
    assert findings(report) == expected
    if expected:
        found = line_of(report, next(iter(expected)))
        assert words in found.what
        assert found.mend
    assert report.failed == (FAIL in expected.values())


def test_examples_name_what_is_wrong(layout: Layout) -> None:
    change_rows(layout, "articles", lambda table: table.filter(pc.greater(table["pmid"], "99000012")))
    found = line_of(offline(layout), "in no table")
    batch = f"entrez/{first(layout).name.removesuffix('.xml.gz')}"
    assert found.examples == tuple(f"9900000{n} in {batch}" for n in range(1, 6))
    assert found.what == "12 records on disk in no table: neither in articles nor in dropped"


def test_records_that_were_collected_after_mining_are_told(layout: Layout, tmp_path: Path, articles: dict[int, str]) -> None:
    later = articles | {26: article(26, entered="2026-03-11", revised="2026-03-11")}
    with serving(pubmed(tmp_path / "pubmed", later), rate_limit=False) as url:
        collect_new("cancer", settings_of(layout.data_dir, url), NIGHT + timedelta(days=1))
    report = offline(layout, NIGHT + timedelta(days=1))
    assert findings(report) == {"up to date": WARN}
    assert line_of(report, "up to date").what == "1 raw file with 1 record not in the tables yet"


def test_a_late_night_and_a_watermark_in_the_future_are_told(layout: Layout) -> None:
    assert findings(offline(layout, NIGHT + timedelta(days=3))) == {}
    late = offline(layout, NIGHT + timedelta(days=4))
    assert findings(late) == {"watermarks": WARN}
    assert line_of(late, "watermarks").examples == ("cancer (entrez): 4 days ago",)
    ahead = offline(layout, NIGHT - timedelta(days=1))
    assert findings(ahead) == {"watermarks": FAIL}
    assert line_of(ahead, "watermarks").examples == ("cancer (entrez): 2026-03-10",)


def test_other_settings_are_told_by_name(layout: Layout) -> None:
    report = offline(layout, relate__max_pairs_per_sentence=50)
    assert findings(report) == {"models": WARN, "shards": WARN}
    assert line_of(report, "models").examples == ("setting relate.max_pairs_per_sentence: 100 then, 50 now",)
    assert line_of(report, "shards").examples == ("relate: 3 of 3",)


def test_a_run_at_work_is_told(layout: Layout) -> None:
    with held(layout.raw, "collecting"):
        report = offline(layout)
    assert findings(report) == {"at work": WARN}
    assert "collecting since" in line_of(report, "at work").what
    assert findings(offline(layout)) == {}


def test_files_of_ones_own_need_no_ledger(tmp_path: Path, articles: dict[int, str]) -> None:
    layout = Layout(tmp_path / "data")
    pubmed(tmp_path, articles)
    (layout.raw / "mine").mkdir(parents=True)
    (tmp_path / "all.xml").rename(layout.raw / "mine" / "all.xml")
    report = offline(layout)
    assert findings(report) == {"ledger": SKIP, "tables": SKIP}
    assert {line.what for line in report.lines if line.check == "whole"} == {"1 raw file read to the end: 25 records"}
    assert not layout.ledger.exists()


def test_records_of_a_file_that_was_refused_are_told_as_such(layout: Layout) -> None:
    """Mining again mends nothing here, so it is not advised."""
    hostile = layout.raw / "mine" / "hostile.xml"
    hostile.parent.mkdir()
    hostile.write_text(f'<!DOCTYPE s [<!ENTITY a "b">]><PubmedArticleSet>{article(77)}</PubmedArticleSet>')
    mine(settings_of(layout.data_dir))
    report = offline(layout)
    assert findings(report) == {"in no table": WARN, "quarantine": WARN}
    assert line_of(report, "in no table").examples == ("99000077 in mine/hostile.xml",)


def test_no_data_folder_is_made(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="no data folder"):
        validate(settings_of(tmp_path / "data"), offline=True)
    assert not (tmp_path / "data").exists()
