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

from genemine import __version__
from genemine.config import Settings
from genemine.pipeline.copies import copies_fingerprint
from genemine.pipeline.corpus import select_articles
from genemine.pipeline.fingerprint import fingerprint
from genemine.pipeline.models import bundle_sha256, linker, pair_classifier, tagger
from genemine.records import Article, Deletion, Dropped, Duplicate, Link, Relation
from genemine.relate import associate as counting
from genemine.relate.associate import associate, association_id, evidence
from genemine.relate.classify import support_threshold
from genemine.storage.layout import Layout
from genemine.storage.manifest import Run, latest_run, publish_run, read_manifest, start_run
from genemine.storage.shards import file_sha256, read_shard, shard_fingerprint
from genemine.tables import frames
from genemine.tables.files import write_tables

log = logging.getLogger(__name__)

WITHDRAWN = frozenset({"retracted", "retraction_notice"})
LIBRARIES = ("biopython", "duckdb", "keras", "lxml", "numpy", "pandas", "prefect", "pyarrow", "scikit-learn", "tensorflow")


@dataclass(frozen=True)
class MineReport:
    """What mining gave: the run, its folder, and whether it stood already because nothing had changed."""

    run_id: str
    folder: Path
    reused: bool
    counts: dict[str, Any]


@dataclass(frozen=True)
class Corpus:
    """Everything of a run, each article once."""

    articles: dict[str, Article]
    links: list[Link]
    relations: list[Relation]
    dropped: list[Dropped]
    duplicates: Sequence[Duplicate]
    n_records: int
    n_deletions: int


def tabulate(batches: Sequence[str], settings: Settings) -> MineReport:
    """Make the tables of a run from the shards of all batches, unless the newest run was made from the very same.

    Raises:
        StorageError: a shard is missing or the folder of runs cannot be written.
    """
    layout = Layout(settings.data_dir)
    started = datetime.now(UTC)
    made_from = _made_from(batches, layout, settings)
    latest = latest_run(layout)
    if latest and (known := read_manifest(latest))["fingerprint"] == made_from:
        log.info("tabulate: nothing has changed since run %s", known["run_id"])
        return MineReport(known["run_id"], latest, True, known["counts"])
    corpus = _read_corpus(batches, layout)
    run = start_run(layout, made_from, started)
    tables = _tables(corpus, settings)
    write_tables(tables, run.draft)
    counts = _counts(corpus, {name: len(frame) for name, frame in tables.items()})
    folder = publish_run(layout, run, _manifest(run, started, made_from, batches, settings, counts, tables))
    log.info("tabulate: %d articles, %d associations in %s", counts["articles"], counts["associations"], folder)
    return MineReport(run.run_id, folder, False, counts)


def _made_from(batches: Sequence[str], layout: Layout, settings: Settings) -> str:
    parts = [
        (batch, stage, shard_fingerprint(layout.shard(stage, batch))) for batch in batches for stage in ("mentions", "relations")
    ]
    copies = copies_fingerprint(batches, layout)
    return fingerprint("tabulate", __version__, settings.relate.min_score, copies, *(list(part) for part in parts))


def _read_corpus(batches: Sequence[str], layout: Layout) -> Corpus:
    """Read the shards and keep the newest revision of each article, once."""
    texts = [layout.shard("articles", batch) for batch in batches]
    selection = select_articles(batches, layout)
    dropped = list(selection.dropped)
    articles: dict[str, Article] = {}
    links: list[Link] = []
    relations: list[Relation] = []
    n_records = n_deletions = 0
    for batch, path in zip(batches, texts, strict=True):
        read, left_out = read_shard(path, Article), read_shard(layout.shard("dropped", batch), Dropped)
        n_records += len(read) + len(left_out)
        n_deletions += len(read_shard(layout.shard("deletions", batch), Deletion))
        dropped += left_out
        rows = set(selection.rows(path).tolist())
        kept = {article.pmid: article for row, article in enumerate(read) if row in rows}
        articles |= kept
        links += [link for link in read_shard(layout.shard("mentions", batch), Link) if link.mention.pmid in kept]
        relations += [r for r in read_shard(layout.shard("relations", batch), Relation) if r.pmid in kept]
    return Corpus(articles, links, relations, dropped, selection.duplicates, n_records, n_deletions)


def _tables(corpus: Corpus, settings: Settings) -> dict[str, Any]:
    threshold = support_threshold(pair_classifier(settings.relate), settings.relate)
    counted = _counted(corpus)
    associations = associate(corpus.relations, counted, threshold)
    behind = evidence(corpus.relations, associations, threshold, counted.retracted)
    best = {found.association_id: found for found in behind if found.rank == 1}
    relations = [(association_id(r.gene.curie, r.disease.curie), r) for r in corpus.relations]
    return {
        "associations": frames.from_associations(associations, best),
        "evidence": frames.from_evidence(behind, corpus.articles),
        "relations": frames.from_relations(relations),
        "mentions": frames.from_links(corpus.links),
        "articles": frames.from_articles(corpus.articles.values(), corpus.links, corpus.relations),
        "duplicates": frames.from_duplicates(corpus.duplicates),
        "dropped": frames.from_dropped(corpus.dropped),
    }


def _counted(corpus: Corpus) -> counting.Corpus:
    """What association counts need of the articles; retracted ones count for nothing, nor do notices that repeat their titles."""
    retracted = frozenset(pmid for pmid, article in corpus.articles.items() if WITHDRAWN & set(article.flags))
    mentioned = {(link.curie, link.mention.pmid) for link in corpus.links if link.curie and link.mention.pmid not in retracted}
    return counting.Corpus(
        n_articles=len(corpus.articles) - len(retracted),
        mentioning=Counter(curie for curie, _ in mentioned),
        years={pmid: article.year for pmid, article in corpus.articles.items()},
        retracted=retracted,
    )


def _counts(corpus: Corpus, rows: Mapping[str, int]) -> dict[str, Any]:
    mentions = {(k.mention.pmid, k.mention.start, k.mention.end, k.mention.type): bool(k.curie) for k in corpus.links}
    return {
        "records": corpus.n_records,
        "deletions": corpus.n_deletions,
        "copies": len(corpus.duplicates),
        "articles": len(corpus.articles),
        "mentions": len(mentions),
        "linked": sum(mentions.values()),
        "relations": rows["relations"],
        "associations": rows["associations"],
        "evidence": rows["evidence"],
        "dropped": dict(sorted(Counter(f"{d.stage}: {d.reason}" for d in corpus.dropped).items())),
    }


def _manifest(
    run: Run,
    started: datetime,
    made_from: str,
    batches: Sequence[str],
    settings: Settings,
    counts: Mapping[str, Any],
    tables: Mapping[str, Any],
) -> dict[str, Any]:
    finished, layout = datetime.now(UTC), Layout(settings.data_dir)
    return {
        "run_id": run.run_id,
        "started": started.isoformat(timespec="seconds"),
        "finished": finished.isoformat(timespec="seconds"),
        "seconds": round((finished - started).total_seconds(), 3),
        "fingerprint": made_from,
        "counts": dict(counts),
        "tables": {name: len(frame) for name, frame in tables.items()},
        "models": {
            "tagger": {"name": tagger(settings.annotate).name, "sha256": bundle_sha256(settings.annotate)},
            "relations": {"name": pair_classifier(settings.relate).name, "sha256": bundle_sha256(settings.relate)},
        },
        "lexicon": {"name": settings.link.lexicon or "embedded", "version": linker(settings.link).version},
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
