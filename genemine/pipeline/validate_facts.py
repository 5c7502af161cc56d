"""What the checks of validate look at: opened once, and what cannot be opened is said once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from genemine.config import Settings
from genemine.errors import ConfigError, SourceError, StorageError
from genemine.pipeline.validate_report import Line, failed, skipped
from genemine.records import Article, Quarantined
from genemine.sources.entrez import EntrezClient
from genemine.sources.pubmed_scan import Scan, scan_file
from genemine.sources.pubmed_xml import parse_file
from genemine.storage.layout import Layout, batch_of
from genemine.storage.ledger import Ledger
from genemine.storage.manifest import MANIFEST, latest_run, read_manifest
from genemine.storage.shards import file_sha256
from genemine.storage.survey import Survey

COLLECT_AGAIN = "run `genemine collect` (or the nightly flow) again"
MOVE_AWAY = (
    f"move the file away and {COLLECT_AGAIN}: its records are fetched again; bulk files come again with `genemine bulk pull`"
)
RESTORE = (
    "restore it from a backup; or move it away: the next collection takes in the raw files that are there and fetches the rest"
)
MINE = "run `genemine mine`"
MINE_AGAIN = f"delete latest, articles, mentions and relations in data/processed and {MINE}: all is made again"

# whole raw files that hold another number of records than the ledger notes; a file may hold two versions of a record
OTHER_COUNT = (
    "SELECT k.batch, k.n_records, coalesce(r.n, 0) AS n FROM known k JOIN files f USING (batch) LEFT JOIN "
    "(SELECT batch, count(*) AS n, count(DISTINCT pmid) AS n_pmids FROM records GROUP BY batch) r USING (batch) "
    "WHERE k.sha256 = f.sha256 AND f.damage = '' AND k.n_records NOT BETWEEN coalesce(r.n_pmids, 0) AND coalesce(r.n, 0)"
)

# what a check may need: the ledger, PubMed, the newest run's run.json, its tables
LEDGER, SERVICE, RUN, TABLES = "ledger", "service", "run", "tables"


@dataclass(frozen=True)
class Sampling:
    """Which records are fetched again: how many, chosen by which seed."""

    n: int
    seed: int


@dataclass(frozen=True)
class Facts:
    """What is looked at; ``manifest`` is the newest run's run.json ({} before the first).

    ``closed`` names what could not be opened, and the line that says why.
    """

    layout: Layout
    settings: Settings
    day: date
    sampling: Sampling
    survey: Survey
    manifest: dict[str, Any]
    run: Path | None
    closed: dict[str, Line]
    opened: Ledger | None
    connected: EntrezClient | None

    @property
    def ledger(self) -> Ledger:
        """The ledger; only for checks that need it."""
        if self.opened is None:
            raise StorageError(f"{self.layout.ledger}: not open")
        return self.opened

    @property
    def client(self) -> EntrezClient:
        """Asks PubMed; only for checks that need it."""
        if self.connected is None:
            raise ConfigError("PubMed is not to be asked")
        return self.connected


@contextmanager
def gathered(
    settings: Settings,
    day: date,
    sampling: Sampling,
    *,
    offline: bool,
    client: EntrezClient | None,
    progress: Callable[[int, int], None],
    run: Path | None = None,
) -> Iterator[Facts]:
    """Open everything and look through the raw files; ``progress`` is told of (files done, files in all).

    ``run`` is the run to look at; None for the one in use.
    """
    layout, closed = Layout(settings.data_dir), dict[str, Line]()
    with Survey() as survey:
        # the ledger first: what a collection adds meanwhile is then a file without a row, never a row without a file
        ledger = _open_ledger(layout, survey, closed)
        try:
            _survey_files(layout, survey, progress)
            run, manifest = _open_run(run or latest_run(layout), layout, survey, closed)
            asking = _connect(settings, offline, client, closed)
            yield Facts(layout, settings, day, sampling, survey, manifest, run, closed, ledger, asking)
        finally:
            if ledger is not None:
                ledger.close()


def _open_ledger(layout: Layout, survey: Survey, closed: dict[str, Line]) -> Ledger | None:
    if not layout.ledger.is_file():
        closed[LEDGER] = skipped("ledger", "there is none: nothing was collected here yet", "run `genemine collect`")
        return None
    ledger = None
    try:
        ledger = Ledger.existing(layout.ledger)
        survey.add_ledger(ledger)
    except StorageError as error:
        closed[LEDGER] = failed("ledger", str(error), RESTORE)
        if ledger is not None:
            ledger.close()
        return None
    return ledger


def _open_run(run: Path | None, layout: Layout, survey: Survey, closed: dict[str, Line]) -> tuple[Path | None, dict[str, Any]]:
    manifest: dict[str, Any] = {}
    if run is None:
        closed[RUN] = closed[TABLES] = skipped("tables", "no tables were made yet", MINE)
        return None, manifest
    try:
        manifest = _checked(read_manifest(run), run)
        survey.add_run({one["shard"]: one["sha256"] for one in manifest["inputs"]}, layout)
        survey.add_tables(run, manifest["tables"])
    except StorageError as error:
        line = failed("tables", str(error), MINE_AGAIN)
        closed |= {TABLES: line} if manifest else {TABLES: line, RUN: line}
        return None, manifest
    return run, manifest


def _checked(manifest: dict[str, Any], run: Path) -> dict[str, Any]:
    """The manifest, if it says what a run's manifest says."""
    try:
        _ = [(one["shard"], one["sha256"]) for one in manifest["inputs"]]
        _ = [manifest["models"][name]["sha256"] for name in ("tagger", "relations")]
        _ = manifest["run_id"], manifest["lexicon"]["version"], manifest["versions"]["genemine"], dict(manifest["settings"])
        if all(name.isidentifier() and isinstance(n, int) for name, n in manifest["tables"].items()):
            return manifest
    except (KeyError, TypeError, AttributeError, ValueError):
        pass
    raise StorageError(f"{run / MANIFEST}: not the manifest of a run; mine again")


def _connect(settings: Settings, offline: bool, client: EntrezClient | None, closed: dict[str, Line]) -> EntrezClient | None:
    if offline:
        closed[SERVICE] = skipped("against PubMed", "--offline: PubMed was not asked")
        return None
    try:
        return client or EntrezClient(settings.entrez)
    except ConfigError as error:
        closed[SERVICE] = skipped("against PubMed", str(error), "or say --offline")
        return None


def _survey_files(layout: Layout, survey: Survey, progress: Callable[[int, int], None]) -> None:
    """Hash and look through every raw file; several at a time, as unpacking and hashing leave the interpreter alone."""
    paths = layout.raw_files()
    progress(0, len(paths))
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        for done, (path, (sha256, scan)) in enumerate(zip(paths, pool.map(_look, paths), strict=True), start=1):
            batch = f"{path.parent.name}/{batch_of(path)}"
            survey.add("files", [(batch, path.name, sha256, scan.damage, scan.n_unreadable)])
            survey.add("records", ((batch, path.name, *record) for record in scan.records))
            survey.add("deletions", ((batch, pmid) for pmid in scan.deletions))
            progress(done, len(paths))
    _look_closer(layout, survey)


def _look_closer(layout: Layout, survey: Survey) -> None:
    """Parse files with more records than the ledger notes: what has the tags of a record need not be one.

    Such a record is counted as unreadable, as loading and cleaning count it.
    """
    for (batch,) in survey.rows(f"SELECT batch FROM ({OTHER_COUNT}) WHERE n > n_records"):  # noqa: S608 (SQL of our own)
        try:
            read = list(parse_file(layout.raw_file(*batch.split("/", 1))))
        except SourceError:
            continue  # told by the checks of its bytes
        broken = {one.pmid for one in read if isinstance(one, Quarantined)} - {one.pmid for one in read if isinstance(one, Article)}
        survey.rows("DELETE FROM records WHERE batch = ? AND list_contains(?, pmid)", (batch, sorted(broken)))
        survey.rows("UPDATE files SET n_unreadable = n_unreadable + ? WHERE batch = ?", (len(broken), batch))


def _look(path: Path) -> tuple[str, Scan]:
    try:
        return file_sha256(path), scan_file(path)
    except (SourceError, StorageError) as error:
        return "", Scan(damage=str(error))
