"""Quarantine, tried again: what could not be read is read by today's parser, what could not be sent is asked for anew.

An entry leaves quarantine only when its record has been read. Entries come from two places:

- cleaning (``source`` is a raw file, "entrez/00012345-abc"): the raw file is parsed again. If more of it reads now, it is cleaned,
  tagged and tabulated again by the next mine.
- collecting (``source`` is a folder of data/raw, "entrez"): efetch sent no XML for the PMID. It is asked for again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from genemine.config import Settings
from genemine.errors import ConfigError, SourceError
from genemine.pipeline.collect_batches import NO_XML, Fetcher
from genemine.pipeline.collect_job import known_sources
from genemine.pipeline.reports import StageProgress, silent
from genemine.pipeline.stages import UNREADABLE
from genemine.records import Article, Deletion, Quarantined
from genemine.sources.entrez import EntrezClient
from genemine.sources.pubmed_scan import find_records
from genemine.sources.pubmed_xml import parse_bytes, parse_file
from genemine.storage.files import write_whole
from genemine.storage.layout import Layout
from genemine.storage.ledger import Ledger
from genemine.storage.lock import held
from genemine.storage.manifest import forget_fingerprint
from genemine.storage.progress import note_missing
from genemine.storage.quarantine import Caught, Entry, entries, list_quarantine, read_entry, release

log = logging.getLogger(__name__)

MENDED, STILL, NOT_REACHED = "mended", "still broken", "not reached"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one entry: "mended" (it has left quarantine), "still broken" or "not reached", and why."""

    id: int
    source: str
    pmid: str
    state: str
    why: str


@dataclass(frozen=True, slots=True)
class RetryReport:
    """All entries; ``batches`` are the raw files that the next mine cleans again."""

    outcomes: tuple[Outcome, ...]
    batches: tuple[str, ...]

    @property
    def counts(self) -> dict[str, int]:
        """State -> entries."""
        return {state: sum(1 for one in self.outcomes if one.state == state) for state in (MENDED, STILL, NOT_REACHED)}


def list_entries(settings: Settings) -> list[Entry]:
    """What is in quarantine, oldest first, without the bytes.

    Raises:
        StorageError: nothing was ever collected here.
    """
    with Ledger.existing(Layout(settings.data_dir).ledger) as ledger:
        return entries(ledger)


def show_entry(settings: Settings, entry: int) -> Caught:
    """One entry with its bytes.

    Raises:
        StorageError: there is none of this number.
    """
    with Ledger.existing(Layout(settings.data_dir).ledger) as ledger:
        return read_entry(ledger, entry)


def save_entry(settings: Settings, entry: int, path: Path) -> int:
    """Write the bytes of one entry to a file; gives their number.

    Raises:
        StorageError: there is none of this number, or the file cannot be written.
    """
    raw = show_entry(settings, entry).raw
    write_whole(path, raw)
    return len(raw)


def retry(settings: Settings, progress: StageProgress = silent, client: EntrezClient | None = None) -> RetryReport:
    """Try every entry again.

    Args:
        settings: all settings; ``entrez`` says which server is asked.
        progress: told of raw files read again.
        client: asks the service; None makes one from the settings.

    Raises:
        StorageError: nothing was ever collected here, or another run is at work.
    """
    layout = Layout(settings.data_dir)
    outcomes: list[Outcome] = []
    mended_batches: list[str] = []
    with Ledger.existing(layout.ledger) as ledger, held(layout.raw, "trying quarantine again"):
        sources = sorted({entry.source for entry in entries(ledger)})
        for done, source in enumerate(sources):
            progress("quarantine", done, len(sources))
            group = list_quarantine(ledger, source)
            if "/" in source:
                found = list(_read_again(layout, ledger, source, group))
                if any(one.state == MENDED for one in found):
                    _clean_again(layout, source)
                    mended_batches.append(source)
            else:
                found = list(_ask_again(layout, ledger, settings, client, source, group))
            # only now: what was mended is on disk, or will be made from what is
            release(ledger, [one.id for one in found if one.state == MENDED])
            outcomes += found
        progress("quarantine", len(sources), len(sources))
    outcomes.sort(key=lambda one: one.id)
    report = RetryReport(tuple(outcomes), tuple(mended_batches))
    log.info("quarantine: %s", ", ".join(f"{n} {state}" for state, n in report.counts.items()))
    return report


def _read_again(layout: Layout, ledger: Ledger, batch: str, group: Sequence[Caught]) -> Iterator[Outcome]:
    """Parse the raw file that entries came from, and see which of them are caught again."""
    raw = layout.raw_file(*batch.split("/", 1))
    if not raw.is_file():
        for one in group:
            yield _outcome(one, NOT_REACHED, f"its raw file {raw} is gone; put it back or collect the record again")
        return
    pmids: set[str] = set()
    again: list[Quarantined] = []
    try:
        for record in parse_file(raw):
            if isinstance(record, Quarantined):
                again.append(record)
            else:
                pmids.add(record.pmid)
    except SourceError as error:
        again.append(Quarantined("", "quarantine", UNREADABLE, str(error), raw.name))
    for one in group:
        yield _judge(layout, ledger, one, pmids, again)


def _judge(layout: Layout, ledger: Ledger, one: Caught, pmids: set[str], again: Sequence[Quarantined]) -> Outcome:
    same = [other for other in again if other.raw == one.raw and (one.raw or other.reason == one.reason)]
    same += [other for other in again if one.pmid and other.pmid == one.pmid]
    if same:
        newer = _newer(layout, ledger, one)
        if newer:
            return _outcome(one, MENDED, f"the newer record in {newer} reads")
        return _outcome(one, STILL, f"{same[0].reason}: {same[0].detail}")
    if not one.raw:
        return _outcome(one, MENDED, "the file reads now")
    if one.pmid in pmids:
        return _outcome(one, MENDED, "the record reads now")
    if _reads(one.raw):
        # its bytes are those of no damage that is in the file now, and the file does not hold its record either
        return _outcome(
            one, NOT_REACHED, "its bytes read now, but its raw file was replaced and does not hold them; collect the record again"
        )
    return _outcome(one, NOT_REACHED, "its raw file was replaced and does not hold these bytes any more")


def _newer(layout: Layout, ledger: Ledger, one: Caught) -> str:
    """The batch of a later record of the same PMID that reads, "" for none: then nothing of the article is lacking."""
    source, _, name = one.source.partition("/")
    kept = ledger.kept(source, [one.pmid]).get(one.pmid) if one.pmid else None
    if kept is None or kept.batch == name:
        return ""
    path = layout.raw_file(source, kept.batch)
    raw = find_records(path, {one.pmid}).get(one.pmid, b"") if path.is_file() else b""
    return f"{source}/{kept.batch}" if _reads(raw) else ""


def _reads(raw: bytes) -> bool:
    try:
        return bool(raw) and all(isinstance(record, Article | Deletion) for record in parse_bytes(raw, "quarantine"))
    except SourceError:
        return False


def _clean_again(layout: Layout, batch: str) -> None:
    """Remove what was made of a raw file without the record, and let the next mine make tables although no fingerprint changed."""
    for shard in layout.processed.glob(f"*/{layout.shard('articles', batch).name}"):
        shard.unlink(missing_ok=True)
    forget_fingerprint(layout)


def _ask_again(
    layout: Layout, ledger: Ledger, settings: Settings, client: EntrezClient | None, source: str, group: Sequence[Caught]
) -> Iterator[Outcome]:
    """Fetch records that came as no XML."""
    askable = [one for one in group if one.reason == NO_XML and source == settings.entrez.source]
    for one in group:
        if one not in askable:
            yield _outcome(one, NOT_REACHED, f"from another server than {settings.entrez.source!r}; give its --settings")
    if not askable:
        return
    try:
        asking = client or EntrezClient(settings.entrez)
        fetcher = Fetcher(asking, layout, ledger, datetime.now(UTC).date().isoformat(), known_sources(settings))
        fetched = fetcher.fetch({}, sorted({one.pmid for one in askable}))
    except (SourceError, ConfigError) as error:
        yield from (_outcome(one, NOT_REACHED, str(error)) for one in askable)
        return
    note_missing(ledger, source, "", {}, fetched.pmids)
    for one in askable:
        if one.pmid in fetched.pmids:
            yield _outcome(one, MENDED, "PubMed sends it now")
        else:
            yield _outcome(one, STILL, fetched.missing.get(one.pmid, "PubMed does not send it"))


def _outcome(one: Caught, state: str, why: str) -> Outcome:
    return Outcome(one.id, one.source, one.pmid, state, why)
