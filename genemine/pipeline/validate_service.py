"""Checks against PubMed itself: does it list what is on disk, and does it still send what is kept?"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from genemine.pipeline.collect_job import known_sources
from genemine.pipeline.validate_facts import MOVE_AWAY, Facts
from genemine.pipeline.validate_report import Line, failed, number, passed, skipped, some, warned
from genemine.records import Article
from genemine.sources.entrez import EntrezClient
from genemine.sources.entrez_search import Window, search
from genemine.sources.pubmed_scan import find_records
from genemine.sources.pubmed_xml import parse_bytes
from genemine.storage.ledger import Kept
from genemine.storage.progress import missing_of


@dataclass(frozen=True)
class Asked:
    """A query of which everything should be on disk: entered from ``since`` to ``until`` (None: open), as known on ``day``."""

    term: str
    since: date | None
    until: date | None
    day: date

    @property
    def words(self) -> str:
        """The query for people."""
        since = f" since {self.since}" if self.since else ""
        until = f" until {self.until}" if self.until else ""
        return f"{self.term!r}{since}{until}"


def asked_queries(facts: Facts, source: str) -> list[Asked]:
    """Every query with a watermark; and every search of `genemine collect` that is complete, the newest of equal ones."""
    found = [
        Asked(term, date.fromisoformat(since) if since else None, None, date.fromisoformat(until))
        for term, since, until in facts.ledger.rows(
            "SELECT term, since, until FROM watermarks WHERE source = ? ORDER BY term", (source,)
        )
    ]
    nightly = {asked.term for asked in found}
    done = facts.ledger.rows(
        "SELECT term, since, until, max(asked_at) FROM queries WHERE source = ? AND complete = 1 AND field <> 'mdat' "
        "GROUP BY term, since, until ORDER BY term, since",
        (source,),
    )
    found += [
        Asked(term, _day(since), _day(until), _day(at[:10]) or facts.day) for term, since, until, at in done if term not in nightly
    ]
    return found


def check_counts(facts: Facts) -> Iterator[Line]:
    """Ask PubMed for the PMIDs of each query and compare them with those on disk."""
    source = facts.settings.entrez.source
    queries = asked_queries(facts, source)
    for asked in queries:
        yield _compare(facts, asked, source)
    others = sorted({row[0] for row in facts.ledger.rows("SELECT source FROM watermarks")} - {source})
    if others:
        yield skipped("counts", f"{', '.join(others)}: collected from another server than {source!r}", "give its --settings")
    if not queries and not others:
        yield skipped("counts", "no query was collected to its end yet", "run `genemine collect`")


def _compare(facts: Facts, asked: Asked, source: str) -> Line:
    client, entrez = facts.client, facts.settings.entrez
    listed = _search(client, asked.term, Window("edat", asked.since, asked.until))
    kept = facts.ledger.kept_in(known_sources(facts.settings), listed)
    lacking = listed - kept.keys() - missing_of(facts.ledger, source).keys()
    # on disk and unknown to the ledger is another fault, with a line of its own
    lacking -= {
        pmid for (pmid,) in facts.survey.rows("SELECT DISTINCT pmid FROM records WHERE list_contains(?, pmid)", [sorted(lacking)])
    }
    back = asked.day - timedelta(days=entrez.overlap_days)
    # the next night asks for these by itself: what PubMed showed or revised since the last one
    due = lacking & _search(client, asked.term, Window("edat", back, None)) if lacking else set()
    due |= lacking & _search(client, asked.term, Window("mdat", back, None)) if lacking - due else set()
    lost = sorted(lacking - due, key=int)
    check = "counts"
    if lost:
        return failed(
            check,
            f"{asked.words}: PubMed lists {len(listed):,}, of which {len(lost):,} are not on disk and no night will ask for",
            f"run `genemine collect` with this query{f' and --since {asked.since}' if asked.since else ''}: it fetches them",
            some(lost),
        )
    gone = _no_longer_listed(facts, asked, source, listed)
    if gone:
        return warned(
            check,
            f"{asked.words}: PubMed lists {len(listed):,}, but no longer {number(len(gone), 'record')} of those on disk",
            "deleted, or no longer a match: nothing to do, deletions come with PubMed's bulk files",
            some(gone),
        )
    if due:
        new = f"{number(len(due), 'record')} newer than {asked.day}, which the next collection fetches"
        return passed(check, f"{asked.words}: PubMed lists {len(listed):,}, all on disk but {new}")
    return passed(check, f"{asked.words}: PubMed lists {len(listed):,}, all on disk")


def _search(client: EntrezClient, term: str, window: Window) -> set[str]:
    return set(search(client, term, window, page_size=client.settings.page_size).pmids)


def _no_longer_listed(facts: Facts, asked: Asked, source: str, listed: set[str]) -> list[str]:
    """PMIDs on disk that PubMed does not list; only where the source holds this one query, for the ledger notes no PMID's query."""
    terms = {row[0] for row in facts.ledger.rows("SELECT term FROM queries WHERE source = ?", (source,))}
    windows = facts.ledger.rows(
        "SELECT count(DISTINCT since || until) FROM queries WHERE source = ? AND field <> 'mdat'", (source,)
    )
    nightly = bool(facts.ledger.rows("SELECT 1 FROM watermarks WHERE source = ? AND term = ?", (source, asked.term)))
    if any(term != asked.term and not term.startswith(f"({asked.term}) AND ") for term in terms) or not (
        nightly or windows[0][0] == 1
    ):
        return []
    found = facts.ledger.rows(
        "SELECT pmid FROM pmids WHERE source = ? AND pmid NOT IN (SELECT value FROM json_each(?)) ORDER BY length(pmid), pmid",
        (source, json.dumps(sorted(listed))),
    )
    return [row[0] for row in found]


def check_sample(facts: Facts) -> Iterator[Line]:
    """Fetch some records again and compare them with those on disk."""
    client, seed = facts.client, facts.sampling.seed
    if not facts.sampling.n:
        yield skipped("sample", "no record was to be fetched again")
        return
    chosen = draw(facts, facts.sampling.n, seed)
    if not chosen:
        yield skipped("sample", "nothing is collected from this server yet", "run `genemine collect`")
        return
    digests: dict[str, str] = {}
    now: dict[str, Article] = {}
    size = client.settings.batch_size
    pmids = list(chosen)
    for start in range(0, len(pmids), size):
        sent, found = client.fetch(pmids[start : start + size])
        digests |= found
        now |= {one.pmid: one for one in parse_bytes(sent, "efetch") if isinstance(one, Article)}
    differing = {
        pmid: f"{chosen[pmid].source}/{chosen[pmid].batch}"
        for pmid in pmids
        if digests.get(pmid, chosen[pmid].digest) != chosen[pmid].digest
    }
    kept = _kept_articles(facts, differing)
    gone = [pmid for pmid in pmids if pmid not in digests]
    both = {pmid: (kept[pmid], now[pmid]) for pmid in differing if pmid in kept and pmid in now}
    revised = [pmid for pmid, (before, after) in both.items() if _age(after) > _age(before)]
    same = [pmid for pmid, (before, after) in both.items() if _age(after) <= _age(before) and _words(after) == _words(before)]
    other = [pmid for pmid in differing if pmid not in revised and pmid not in same]
    hint = f"(seed {seed})"
    if other:
        yield failed(
            "sample",
            f"{number(len(other), 'record')} of {len(pmids)} with other words than PubMed sends, although not revised {hint}",
            MOVE_AWAY,
            some(other),
        )
    if revised:
        yield warned(
            "sample",
            f"{number(len(revised), 'record')} of {len(pmids)} revised since they were fetched {hint}",
            "the next night fetches what PubMed lists as revised",
            some(revised),
        )
    if gone:
        yield warned(
            "sample",
            f"{number(len(gone), 'record')} of {len(pmids)} that PubMed does not send any more {hint}",
            "deleted from PubMed: look at them; deletions come with PubMed's bulk files",
            some(gone),
        )
    if not other and not revised and not gone:
        aside = f"; {len(same)} differ outside of title and abstract" if same else ""
        yield passed("sample", f"{number(len(pmids), 'record')} fetched again, as on disk{aside} {hint}")


def draw(facts: Facts, n: int, seed: int) -> dict[str, Kept]:
    """Some of the PMIDs that this server's collector knows, by chance but by ``seed`` always the same, each as it stands."""
    sources = known_sources(facts.settings)
    named = ", ".join("?" * len(sources))
    total = facts.ledger.rows(f"SELECT count(*) FROM pmids WHERE source IN ({named})", sources)[0][0]  # noqa: S608
    places = sorted(random.Random(seed).sample(range(total), min(n, total)))  # noqa: S311 (no secret)
    # a PMID that two sources hold may come twice; then the sample is smaller by one
    pmids = [
        facts.ledger.rows(
            f"SELECT pmid FROM pmids WHERE source IN ({named}) ORDER BY source, pmid LIMIT 1 OFFSET ?",  # noqa: S608
            (*sources, place),
        )[0][0]
        for place in places
    ]
    return facts.ledger.kept_in(sources, pmids)


def _kept_articles(facts: Facts, batches: dict[str, str]) -> dict[str, Article]:
    """The records on disk, parsed, of these PMIDs -> batch."""
    articles: dict[str, Article] = {}
    for batch in sorted(set(batches.values())):
        wanted = {pmid for pmid, place in batches.items() if place == batch}
        for raw in find_records(facts.layout.raw_file(*batch.split("/", 1)), wanted).values():
            articles |= {one.pmid: one for one in parse_bytes(raw, batch) if isinstance(one, Article)}
    return articles


def _age(article: Article) -> tuple[int, str]:
    return article.version, article.revised


def _words(article: Article) -> tuple[str, str]:
    return article.title, article.abstract


def _day(text: str) -> date | None:
    """A day as the ledger has it of a search (``2026/11/23``; "" and PubMed's far future are open)."""
    day = date.fromisoformat(text.replace("/", "-")) if text else None
    return None if day is None or day.year in (1800, 3000) else day
