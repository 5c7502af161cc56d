"""What each stage makes of one batch: a shard, and a small report.

A stage takes a batch ("source/name", a raw shard) and the settings. A shard that carries the fingerprint of what it would be made
from is not made again: :meth:`Stage.pending` tells which batches need work, without doing any.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from genemine import __version__
from genemine.annotate.sentences import split_sentences
from genemine.annotate.tagging import annotate
from genemine.clean.dedup import newest_revisions
from genemine.clean.filters import clean
from genemine.config import Settings
from genemine.errors import SourceError
from genemine.pipeline.fingerprint import fingerprint
from genemine.pipeline.models import bundle_sha256, linker, pair_classifier, stance_sha256, stances, tagger
from genemine.pipeline.workers import seldom_collected
from genemine.records import Article, ArticlePair, Deletion, Dropped, Link, Quarantined, Relation, Sentence, StepReport
from genemine.relate.article_pairs import LEAST_SCORE, article_pairs
from genemine.relate.classify import PairClassifier, classify
from genemine.relate.pairs import Pair, pair_examples
from genemine.sources.pubmed_xml import parse_file
from genemine.storage.hashes import raw_sha256
from genemine.storage.layout import Layout
from genemine.storage.ledger import Ledger
from genemine.storage.quarantine import Caught, add_to_quarantine
from genemine.storage.shards import read_shard, shard_fingerprint, write_shard

log = logging.getLogger(__name__)

SAMPLE_SOURCE = "sample"  # the folder below data/raw whose records are never mixed with others
UNREADABLE = "file cannot be read"
# Raise it when the parser or the cleaner makes something else of the same bytes: all shards are made again then.
CLEAN_REVISION = 2
# The same for what is found in a text: sentences, tokens, tagging, document context and linking.
ANNOTATE_REVISION = 2
# The same for the pairs of sentences and articles.
RELATE_REVISION = 5

ARTICLE_PAIRS = "article_pairs"  # the second shard of the stage relate


@dataclass(frozen=True)
class Stage:
    """A stage: the shard it makes, of which records, from what, and how (which gives counts for the report)."""

    name: str
    target: str  # the folder of its shards below data/processed
    record_type: type
    made_from: Callable[[str, Settings], str]
    make: Callable[[str, Settings, str], dict[str, int]]
    opens_ledger: bool = False  # SQLite's write-ahead log: only processes of one machine may

    def is_made(self, batch: str, settings: Settings) -> bool:
        """True where the shard of a batch stands as it would be made now."""
        shard = Layout(settings.data_dir).shard(self.target, batch)
        return shard_fingerprint(shard, self.record_type) == self.made_from(batch, settings)

    def pending(self, batches: Sequence[str], settings: Settings) -> list[str]:
        """The batches that this stage has to work on; the stages before it have to be done with all of them."""
        return [batch for batch in batches if not self.is_made(batch, settings)]

    def __call__(self, batch: str, settings: Settings) -> StepReport:
        """Make the shard of a batch, unless it stands already."""
        started = time.monotonic()
        if self.is_made(batch, settings):
            return StepReport(self.name, {"reused": 1}, time.monotonic() - started)
        with seldom_collected():
            counts = self.make(batch, settings, self.made_from(batch, settings))
        return StepReport(self.name, {"made": 1, **counts}, time.monotonic() - started)

    def line(self, reports: Sequence[StepReport], n_batches: int) -> str:
        """One line for the log: what was done, over all batches."""
        totals: dict[str, int] = {}
        for report in reports:
            for name, count in report.counts.items():
                totals[name] = totals.get(name, 0) + count
        made = totals.pop("made", 0)
        totals.pop("reused", None)
        details = "".join(f", {count:,} {name}" for name, count in totals.items())
        return f"{self.name}: {made:,} shards made, {n_batches - made:,} as before{details}"


def _clean_made_from(batch: str, settings: Settings) -> str:
    layout = Layout(settings.data_dir)
    with Ledger(layout.ledger) as ledger:
        raw = raw_sha256(layout, layout.raw_file(*batch.split("/", 1)), ledger)
    return cleaned_from(raw, settings)


def cleaned_from(sha256: str, settings: Settings) -> str:
    """What the shard of a raw file with this hash carries when it was cleaned by this version with these settings."""
    return fingerprint("clean", __version__, CLEAN_REVISION, sha256, settings.clean)


def _clean(batch: str, settings: Settings, made_from: str) -> dict[str, int]:
    """Parse a raw shard, clean its articles, and set aside what cannot be read."""
    layout = Layout(settings.data_dir)
    records = _read(layout.raw_file(*batch.split("/", 1)))
    deletions = [record for record in records if isinstance(record, Deletion)]
    caught = [record for record in records if isinstance(record, Quarantined)]
    dropped = [Dropped(one.pmid, one.stage, one.reason, one.detail, one.source) for one in caught]
    cleaned = list(clean((record for record in records if isinstance(record, Article)), settings.clean))
    dropped += [record for record in cleaned if isinstance(record, Dropped)]
    articles, stale = newest_revisions([record for record in cleaned if isinstance(record, Article)])
    dropped += stale
    _quarantine(layout, batch, caught)
    write_shard(layout.shard("deletions", batch), deletions, Deletion, made_from)
    write_shard(layout.shard("dropped", batch), dropped, Dropped, made_from)
    # last: its fingerprint says that all three are there
    write_shard(layout.shard("articles", batch), articles, Article, made_from)
    return {"articles": len(articles), "deletions": len(deletions), "dropped": len(dropped)}


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


def _quarantine(layout: Layout, batch: str, records: Sequence[Quarantined]) -> None:
    """Keep the bytes of what could not be read in the ledger, where they can be looked at."""
    if not records:
        return
    caught = [Caught(batch, record.pmid, record.reason, record.detail, record.raw) for record in records]
    with Ledger(layout.ledger) as ledger:
        add_to_quarantine(ledger, caught)


def _annotate_made_from(batch: str, settings: Settings) -> str:
    texts = shard_fingerprint(Layout(settings.data_dir).shard("articles", batch))
    choices = (settings.annotate.consistency, settings.annotate.min_score, settings.link.min_score)
    models = (bundle_sha256(settings.annotate), linker(settings.link).version)
    return fingerprint("annotate", ANNOTATE_REVISION, texts, *models, *choices)


def _annotate(batch: str, settings: Settings, made_from: str) -> dict[str, int]:
    """Find the mentions of a cleaned shard and give each an identifier or an honest none."""
    layout, links_to = Layout(settings.data_dir), linker(settings.link)
    articles, model = read_shard(layout.shard("articles", batch), Article), tagger(settings.annotate)
    links: list[Link] = []
    for article, annotated in zip(articles, annotate(articles, model, settings.annotate), strict=True):
        short_forms = {found.short: found.long for found in annotated.abbreviations}
        links += links_to.link(article.text, annotated.mentions, short_forms)
    write_shard(layout.shard("mentions", batch), links, Link, made_from)
    return {"mentions": len(links), "linked": sum(1 for link in links if link.curie)}


def _relate_made_from(batch: str, settings: Settings) -> str:
    mentions = shard_fingerprint(Layout(settings.data_dir).shard("mentions", batch))
    # the threshold is applied to the tables, not here
    models = (bundle_sha256(settings.relate), stance_sha256(settings.relate))
    return fingerprint("relate", RELATE_REVISION, mentions, *models, settings.relate.max_pairs_per_sentence)


def _relate(batch: str, settings: Settings, made_from: str) -> dict[str, int]:
    """Ask about each linked gene-disease pair of each sentence of a shard."""
    layout = Layout(settings.data_dir)
    mentioned = read_shard(layout.shard("mentions", batch), Link)
    links = {pmid: list(found) for pmid, found in groupby(mentioned, key=lambda link: link.mention.pmid)}
    pairs: list[Pair] = []
    n_capped = 0
    read: dict[str, Sequence[Sentence]] = {}
    for article in read_shard(layout.shard("articles", batch), Article):
        found = links.get(article.pmid, [])
        if found:
            read[article.pmid] = split_sentences(article.text)
        for sentence in read.get(article.pmid, ()):
            made = pair_examples(sentence, found, settings.relate)
            pairs += made.pairs
            n_capped += made.dropped
    classifier = pair_classifier(settings.relate)
    relations = list(classify(pairs, classifier, settings.relate, stances(settings.relate)))
    write_shard(layout.shard(ARTICLE_PAIRS, batch), _article_pairs(classifier, read, links, relations), ArticlePair, made_from)
    write_shard(layout.shard("relations", batch), relations, Relation, made_from)  # last: with it the stage is done
    return {"relations": len(relations), "capped": n_capped}


def _article_pairs(
    classifier: PairClassifier,
    read: Mapping[str, Sequence[Sentence]],
    links: Mapping[str, Sequence[Link]],
    relations: Iterable[Relation],
) -> list[ArticlePair]:
    """Score the pairs of each article, named in one sentence or not; those that say nothing are left out."""
    learnt = getattr(classifier, "articles", None)
    if learnt is None:  # one's own corpus of sentences teaches nothing about articles
        return []
    said: dict[str, list[Relation]] = {}
    for relation in relations:
        said.setdefault(relation.pmid, []).append(relation)
    found = (article_pairs(pmid, own, links[pmid], said.get(pmid, ()), learnt.chances) for pmid, own in read.items())
    return [pair for pairs in found for pair in pairs if pair.score >= LEAST_SCORE]


CLEAN = Stage("clean", "articles", Article, _clean_made_from, _clean, opens_ledger=True)
ANNOTATE = Stage("annotate", "mentions", Link, _annotate_made_from, _annotate)
RELATE = Stage("relate", "relations", Relation, _relate_made_from, _relate)
STAGES = (CLEAN, ANNOTATE, RELATE)
