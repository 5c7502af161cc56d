"""From raw shards to tables: clean, annotate and link, relate, tabulate.

Each step takes a batch ("source/name", a raw shard) and the settings, writes a shard, and gives a small report. A shard that
carries the fingerprint of what it would be made from is not made again.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from itertools import groupby
from pathlib import Path

from genemine import __version__
from genemine.annotate.sentences import split_sentences
from genemine.annotate.tagging import annotate
from genemine.clean.dedup import newest_revisions
from genemine.clean.filters import clean
from genemine.config import Settings
from genemine.errors import SourceError, StorageError
from genemine.pipeline.fingerprint import fingerprint
from genemine.pipeline.models import bundle_sha256, linker, pair_classifier, tagger
from genemine.pipeline.reports import StageProgress, silent
from genemine.pipeline.tabulate import MineReport, tabulate
from genemine.records import Article, Deletion, Dropped, Link, Quarantined, Relation, StepReport
from genemine.relate.classify import classify
from genemine.relate.pairs import Pair, pair_examples
from genemine.sources.pubmed_stream import CUT_OFF, DAMAGED
from genemine.sources.pubmed_xml import parse_file
from genemine.storage.layout import Layout, batch_of
from genemine.storage.ledger import Ledger
from genemine.storage.quarantine import Caught, add_to_quarantine
from genemine.storage.shards import file_sha256, read_shard, shard_fingerprint, write_shard
from genemine.tables.summary import dropped_for

log = logging.getLogger(__name__)

SAMPLE_SOURCE = "sample"
UNREADABLE = "file cannot be read"


def mine(settings: Settings, progress: StageProgress = silent) -> MineReport:
    """Make tables from everything collected; only what is new or changed is worked on.

    Args:
        settings: all settings; ``entrez.source`` "sample" mines the embedded sample, any other every source but the sample.
        progress: told of each shard done.

    Raises:
        StorageError: nothing is collected yet, or the data folder cannot be written.
        BundleError, VocabularyError: a model or the lexicon cannot be used.
    """
    batches = find_batches(settings)
    for name, stage in STAGES:
        for done, batch in enumerate(batches):
            progress(name, done, len(batches))
            stage(batch, settings)
        progress(name, len(batches), len(batches))
    return tabulate(batches, settings)


def check_files(folder: Path) -> None:
    """After a run: tell of raw files that are not whole. Everything before the break is in the tables already.

    Raises:
        SourceError: a file is cut off, damaged or no PubMed XML.
    """
    broken = [f"{source}: {reason} ({detail})" for source, reason, detail in dropped_for(folder, (CUT_OFF, DAMAGED, UNREADABLE))]
    if broken:
        raise SourceError("; ".join(broken) + ". The tables hold all else; replace or remove the file and mine again")


def find_batches(settings: Settings) -> list[str]:
    """The raw shards to mine, as "source/name", in order.

    Raises:
        StorageError: there is none, or the data folder cannot be written.
    """
    layout = Layout(settings.data_dir)
    layout.require()
    layout.prepare()
    wanted = settings.entrez.source == SAMPLE_SOURCE
    batches = [f"{raw.parent.name}/{batch_of(raw)}" for raw in layout.raw_files()]
    chosen = [batch for batch in batches if batch.startswith(f"{SAMPLE_SOURCE}/") == wanted]
    if not chosen:
        raise StorageError(f"{layout.raw}: nothing is collected yet; run `genemine collect --query ...` first")
    return chosen


def clean_shard(batch: str, settings: Settings) -> StepReport:
    """Parse a raw shard, clean its articles, and set aside what cannot be read."""
    started, layout = time.monotonic(), Layout(settings.data_dir)
    raw = layout.raw_file(*batch.split("/", 1))
    made_from = fingerprint("clean", __version__, file_sha256(raw), settings.clean)
    target = layout.shard("articles", batch)
    if shard_fingerprint(target, Article) == made_from:
        return StepReport("clean", {"reused": 1}, time.monotonic() - started)
    records = _read(raw)
    deletions = [record for record in records if isinstance(record, Deletion)]
    caught = [record for record in records if isinstance(record, Quarantined)]
    dropped = [_set_aside(record) for record in caught]
    cleaned = list(clean((record for record in records if isinstance(record, Article)), settings.clean))
    dropped += [record for record in cleaned if isinstance(record, Dropped)]
    articles, stale = newest_revisions([record for record in cleaned if isinstance(record, Article)])
    dropped += stale
    _quarantine(layout, batch, caught)
    write_shard(layout.shard("deletions", batch), deletions, Deletion, made_from)
    write_shard(layout.shard("dropped", batch), dropped, Dropped, made_from)
    write_shard(target, articles, Article, made_from)  # last: its fingerprint says that all three are there
    counts = {"made": 1, "articles": len(articles), "deletions": len(deletions), "dropped": len(dropped)}
    return StepReport("clean", counts, time.monotonic() - started)


def _read(raw: Path) -> list[Article | Deletion | Quarantined]:
    """Read a raw shard; what is no PubMed XML, or hostile, is set aside as a whole and stops no other file."""
    records: list[Article | Deletion | Quarantined] = []
    try:
        for record in parse_file(raw):  # one by one: what comes before a fault is kept
            records.append(record)
    except SourceError as error:
        log.warning("clean: %s", error)
        records.append(Quarantined("", "quarantine", UNREADABLE, str(error), raw.name))
    return records


def _set_aside(record: Quarantined) -> Dropped:
    return Dropped(record.pmid, record.stage, record.reason, record.detail, record.source)


def _quarantine(layout: Layout, batch: str, records: Sequence[Quarantined]) -> None:
    """Keep the bytes of what could not be read in the ledger, where they can be looked at."""
    if not records:
        return
    caught = [Caught(batch, record.pmid, record.reason, record.detail, record.raw) for record in records]
    with closing(Ledger(layout.ledger)) as ledger:
        add_to_quarantine(ledger, caught)


def annotate_shard(batch: str, settings: Settings) -> StepReport:
    """Find the mentions of a cleaned shard and give each an identifier or an honest none."""
    started, layout = time.monotonic(), Layout(settings.data_dir)
    source, target = (layout.shard(stage, batch) for stage in ("articles", "mentions"))
    links_to = linker(settings.link)
    min_scores = (settings.annotate.min_score, settings.link.min_score)
    made_from = fingerprint("annotate", shard_fingerprint(source), bundle_sha256(settings.annotate), links_to.version, *min_scores)
    if shard_fingerprint(target, Link) == made_from:
        return StepReport("annotate", {"reused": 1}, time.monotonic() - started)
    articles, model = read_shard(source, Article), tagger(settings.annotate)
    links: list[Link] = []
    for article, annotated in zip(articles, annotate(articles, model, settings.annotate), strict=True):
        short_forms = {found.short: found.long for found in annotated.abbreviations}
        links += links_to.link(article.text, annotated.mentions, short_forms)
    write_shard(target, links, Link, made_from)
    linked = sum(1 for link in links if link.curie)
    return StepReport("annotate", {"made": 1, "mentions": len(links), "linked": linked}, time.monotonic() - started)


def relate_shard(batch: str, settings: Settings) -> StepReport:
    """Ask about each linked gene-disease pair of each sentence of a shard."""
    started, layout = time.monotonic(), Layout(settings.data_dir)
    texts, source, target = (layout.shard(stage, batch) for stage in ("articles", "mentions", "relations"))
    cap = settings.relate.max_pairs_per_sentence  # the threshold is applied to the tables, not here
    made_from = fingerprint("relate", shard_fingerprint(source), bundle_sha256(settings.relate), cap)
    if shard_fingerprint(target, Relation) == made_from:
        return StepReport("relate", {"reused": 1}, time.monotonic() - started)
    links = {pmid: list(found) for pmid, found in groupby(read_shard(source, Link), key=lambda link: link.mention.pmid)}
    pairs: list[Pair] = []
    n_capped = 0
    for article in read_shard(texts, Article):
        found = links.get(article.pmid, [])
        for sentence in split_sentences(article.text) if found else ():
            made = pair_examples(sentence, found, settings.relate)
            pairs += made.pairs
            n_capped += made.dropped
    relations = list(classify(pairs, pair_classifier(settings.relate), settings.relate))
    write_shard(target, relations, Relation, made_from)
    return StepReport("relate", {"made": 1, "relations": len(relations), "capped": n_capped}, time.monotonic() - started)


def stage_line(reports: Sequence[StepReport]) -> str:
    """One line for the log: what a stage did over all shards."""
    totals: dict[str, int] = {}
    for report in reports:
        for name, count in report.counts.items():
            totals[name] = totals.get(name, 0) + count
    made, reused = totals.pop("made", 0), totals.pop("reused", 0)
    details = "".join(f", {count} {name}" for name, count in totals.items())
    return f"{reports[0].step}: {made} shards made, {reused} as before{details}"


STAGES: tuple[tuple[str, Callable[[str, Settings], StepReport]], ...] = (
    ("clean", clean_shard),
    ("annotate", annotate_shard),
    ("relate", relate_shard),
)
