"""From shards to a run: each article once, pairs summed over articles, tables and their manifest."""

from __future__ import annotations

import dataclasses
import logging
import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb

from genemine import __version__
from genemine.config import EMBEDDED, Settings
from genemine.pipeline.copies import copies_fingerprint
from genemine.pipeline.corpus import select_articles
from genemine.pipeline.curated import curated_sha256, read_curated
from genemine.pipeline.fingerprint import fingerprint
from genemine.pipeline.models import bundle_sha256, linker, pair_classifier, stance_sha256, tagger
from genemine.pipeline.report import add_report
from genemine.pipeline.stages import ARTICLE_PAIRS
from genemine.pipeline.verdicts import Verdicts, read_judged
from genemine.records import Deletion, Dropped, Duplicate
from genemine.relate.associate import associate
from genemine.relate.classify import article_chance, support_threshold
from genemine.relate.inherit import inherit
from genemine.relate.known import tell_known
from genemine.relate.verdicts import judge
from genemine.storage.corpus import CorpusSelection
from genemine.storage.layout import Layout
from genemine.storage.manifest import Run, complete_run, read_manifest, standing_run, start_run
from genemine.storage.query import add_shards, duck
from genemine.storage.shards import count_rows, file_sha256, read_shard, shard_fingerprint
from genemine.tables import frames
from genemine.tables.files import write_frame, write_table
from genemine.tables.schema import DROPPED, DUPLICATES, TABLES
from genemine.tables.selects import SELECTS
from genemine.tables.xlsx import write_workbook

log = logging.getLogger(__name__)

ROWS_AT_ONCE = 50_000
LIBRARIES = (
    "biopython",
    "duckdb",
    "keras",
    "lxml",
    "numpy",
    "openpyxl",
    "pandas",
    "prefect",
    "pyarrow",
    "scikit-learn",
    "tensorflow",
)


@dataclass(frozen=True)
class MineReport:
    """What mining gave: the run, its folder, and whether it stood already because nothing had changed.

    ``held`` says why the gate holds the run's tables back; empty where they are in use.
    """

    run_id: str
    folder: Path
    reused: bool
    counts: dict[str, Any]
    held: tuple[str, ...] = ()


# Raise it when the tables hold something else made of the same shards.
TABLES_REVISION = 6


@dataclass(frozen=True)
class _Corpus:
    """What of the corpus is in no shard that DuckDB reads: what was left out, and counts."""

    dropped: Sequence[Dropped]
    duplicates: Sequence[Duplicate]
    n_records: int
    n_deletions: int


def tabulate(batches: Sequence[str], settings: Settings) -> MineReport:
    """Make the tables of a run from the shards of all batches, unless one was made from the very same.

    ``latest`` stays where it is: :func:`genemine.pipeline.publish.publish` moves it.

    Raises:
        StorageError: a shard is missing or the folder of runs cannot be written.
        SourceError: the file of curated pairs cannot be used.
    """
    layout = Layout(settings.data_dir)
    started = datetime.now(UTC)
    verdicts = read_judged(layout.verdicts)
    made_from = _made_from(batches, layout, settings, verdicts)
    if standing := standing_run(layout, made_from):
        known = read_manifest(standing)
        log.info("tabulate: nothing has changed since run %s", known["run_id"])
        return MineReport(known["run_id"], standing, True, known["counts"])
    run = start_run(layout, made_from, started)
    selection = select_articles(batches, layout)
    with duck("shards", layout.processed) as connection:
        _open_views(connection, batches, layout, selection)
        corpus = _left_out(batches, layout, selection)
        n_lapsed = judge(connection, verdicts.table)
        _associate(connection, settings)
        rows = {
            table.name: write_table(table, connection.sql(SELECTS[table.name]).to_arrow_reader(ROWS_AT_ONCE), run.draft)
            for table in TABLES
            if table.name in SELECTS
        }
        rows["duplicates"] = write_frame(DUPLICATES, frames.from_duplicates(corpus.duplicates), run.draft)
        rows["dropped"] = write_frame(DROPPED, frames.from_dropped(corpus.dropped), run.draft)
        counts = _counts(connection, corpus, rows) | {"lapsed_verdicts": n_lapsed}
    about = {"run": run.run_id, "made (UTC)": f"{started:%Y-%m-%d %H:%M}", "genemine": __version__}
    write_workbook(run.draft, about, started)
    manifest = _manifest(run, started, made_from, batches, settings, verdicts, counts, rows)
    add_report(run.draft, manifest, layout, settings.report)
    folder = complete_run(run, manifest)
    log.info("tabulate: %d articles, %d associations in %s", counts["articles"], counts["associations"], folder)
    return MineReport(run.run_id, folder, False, counts)


def _made_from(batches: Sequence[str], layout: Layout, settings: Settings, verdicts: Verdicts) -> str:
    parts = [
        (batch, stage, shard_fingerprint(layout.shard(stage, batch))) for batch in batches for stage in ("mentions", "relations")
    ]
    copies = copies_fingerprint(batches, layout)
    chosen = (
        TABLES_REVISION,
        settings.relate.use,
        settings.relate.min_score,
        linker(settings.link).version,
        curated_sha256(settings.curated),
        verdicts.sha256,
    )
    return fingerprint("tabulate", __version__, *chosen, copies, *(list(part) for part in parts))


def _open_views(connection: duckdb.DuckDBPyConnection, batches: Sequence[str], layout: Layout, selection: CorpusSelection) -> None:
    """Make the views articles, mentions and relations of what is kept, the newest revision of each article once."""
    connection.register("selected", selection.table)
    connection.execute("CREATE TEMP TABLE kept AS SELECT position, row, pmid FROM selected")
    connection.unregister("selected")
    for stage in ("articles", "mentions", "relations", ARTICLE_PAIRS):
        add_shards(connection, f"all_{stage}", [(layout.shard(stage, batch), at) for at, batch in enumerate(batches)])
    connection.execute("CREATE TEMP VIEW articles AS SELECT a.* FROM all_articles a SEMI JOIN kept USING (position, row)")
    connection.execute(
        "CREATE TEMP VIEW mentions AS SELECT m.* FROM all_mentions m "
        "SEMI JOIN kept k ON k.position = m.position AND k.pmid = m.mention.pmid"
    )
    connection.execute("CREATE TEMP VIEW relations AS SELECT r.* FROM all_relations r SEMI JOIN kept k USING (position, pmid)")
    connection.execute(
        "CREATE TEMP VIEW article_pairs AS SELECT p.* FROM all_article_pairs p SEMI JOIN kept k USING (position, pmid)"
    )


def _left_out(batches: Sequence[str], layout: Layout, selection: CorpusSelection) -> _Corpus:
    """Read what was dropped and deleted, a batch at a time."""
    dropped = list(selection.dropped)
    n_records = n_deletions = 0
    for batch in batches:
        left_out = read_shard(layout.shard("dropped", batch), Dropped)
        dropped += left_out
        n_records += len(left_out) + count_rows(layout.shard("articles", batch))
        n_deletions += len(read_shard(layout.shard("deletions", batch), Deletion))
    return _Corpus(dropped, selection.duplicates, n_records, n_deletions)


def _associate(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    classifier = pair_classifier(settings.relate)
    associate(connection, support_threshold(classifier, settings.relate), article_chance(classifier))
    tell_known(connection, read_curated(settings.curated))
    diseases = linker(settings.link).lexicon.diseases
    named = [curie for (curie,) in connection.sql("SELECT DISTINCT disease_curie FROM associations ORDER BY ALL").fetchall()]
    parents = {curie: diseases.concepts[row].parents for curie in named if (row := diseases.row_of(curie)) is not None}
    above = {parent for some in parents.values() for parent in some}
    names = {curie: diseases.concepts[row].name for curie in above if (row := diseases.row_of(curie)) is not None}
    inherit(connection, parents, names)


def _counts(connection: duckdb.DuckDBPyConnection, corpus: _Corpus, rows: Mapping[str, int]) -> dict[str, Any]:
    ((n_mentions, n_linked),) = connection.sql(
        "SELECT count(*), count(*) FILTER (is_linked) FROM (SELECT bool_or(curie <> '') AS is_linked FROM mentions "
        "GROUP BY mention.pmid, mention.start, mention.end, mention.type)"
    ).fetchall()
    directions = dict(connection.sql("SELECT direction, count(*) FROM associations GROUP BY ALL").fetchall())
    n_denied, n_implied = directions.get("denied", 0), directions.get("implied", 0)
    ((n_accepted,),) = connection.sql("SELECT count(*) FROM evidence WHERE verdict = 'accepted'").fetchall()
    ((n_out,),) = connection.sql("SELECT count(DISTINCT (gene_curie, disease_curie)) FROM rejected WHERE is_pair_out").fetchall()
    return {
        "records": corpus.n_records,
        "deletions": corpus.n_deletions,
        "copies": len(corpus.duplicates),
        "articles": rows["articles"],
        "mentions": n_mentions,
        "linked": n_linked,
        "relations": rows["relations"],
        "article_pairs": rows["article_pairs"],
        "associations": rows["associations"] - n_denied - n_implied,
        "implied": n_implied,
        "denied": n_denied,
        "candidates": rows["candidates"],
        "inherited": rows["inherited"],
        "evidence": rows["evidence"],
        "accepted": n_accepted,
        "rejected": rows["rejected"],
        "rejected_pairs": n_out,
        "dropped": dict(sorted(Counter(f"{d.stage}: {d.reason}" for d in corpus.dropped).items())),
    }


def _manifest(
    run: Run,
    started: datetime,
    made_from: str,
    batches: Sequence[str],
    settings: Settings,
    verdicts: Verdicts,
    counts: Mapping[str, Any],
    rows: Mapping[str, int],
) -> dict[str, Any]:
    finished, layout = datetime.now(UTC), Layout(settings.data_dir)
    return {
        "run_id": run.run_id,
        "started": started.isoformat(timespec="seconds"),
        "finished": finished.isoformat(timespec="seconds"),
        "seconds": round((finished - started).total_seconds(), 3),
        "fingerprint": made_from,
        "counts": dict(counts),
        "tables": {table.name: rows[table.name] for table in TABLES},
        "models": {
            "tagger": {"name": tagger(settings.annotate).name, "sha256": bundle_sha256(settings.annotate)},
            "relations": {
                "name": pair_classifier(settings.relate).name,
                "sha256": bundle_sha256(settings.relate),
                "threshold": support_threshold(pair_classifier(settings.relate), settings.relate),
            },
            "stance": {"name": settings.relate.stance, "sha256": stance_sha256(settings.relate)},
        },
        "curated": {"file": settings.curated.file, "sha256": curated_sha256(settings.curated)},
        "verdicts": {"cards": verdicts.counts, "sha256": verdicts.sha256},
        "lexicon": {"name": settings.link.lexicon or EMBEDDED, "version": linker(settings.link).version},
        "settings": _public(settings),
        "versions": {"genemine": __version__, "python": platform.python_version(), **{name: version(name) for name in LIBRARIES}},
        "inputs": [{"shard": batch, "sha256": file_sha256(layout.raw_file(*batch.split("/", 1)))} for batch in batches],
    }


def _public(settings: Settings) -> dict[str, Any]:
    """All settings but the API key."""
    values = dataclasses.asdict(settings)
    values["data_dir"] = str(settings.data_dir)
    del values["entrez"]["api_key"]
    return values
