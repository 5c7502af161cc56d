"""From PMIDs to raw shards: ask in batches, ask again for what is missing, store each answer before it is noted."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from genemine.sources.entrez import BrokenAnswerError, EntrezClient
from genemine.storage.layout import Layout
from genemine.storage.ledger import Batch, Kept, Ledger
from genemine.storage.progress import now
from genemine.storage.quarantine import Caught, add_to_quarantine
from genemine.storage.shards import write_raw

log = logging.getLogger(__name__)

NOT_GIVEN = "listed by esearch, not given by efetch"
NO_XML = "answer is no XML"


@dataclass(frozen=True)
class Answer:
    """What efetch gave: the PMIDs asked for, the bytes as sent, and PMID -> digest of each record in them."""

    asked: tuple[str, ...]
    xml: bytes
    digests: dict[str, str]


@dataclass
class Fetched:
    """The sum of what was fetched: ``missing`` is PMID -> reason, ``shards`` the names of new raw shards."""

    n_records: int = 0
    n_unchanged: int = 0
    shards: list[str] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)
    pmids: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Fetcher:
    """Fetches into one data folder; ``as_of`` is the ISO date that the answers are current for."""

    client: EntrezClient
    layout: Layout
    ledger: Ledger
    as_of: str

    @property
    def source(self) -> str:
        """The folder below data/raw."""
        return self.client.settings.source

    def fetch(self, wanted: Mapping[str, str], progress: Callable[[int, int], None] | None = None) -> Fetched:
        """Fetch and store records.

        Args:
            wanted: PMID -> the mdat day under which PubMed listed it, "" for a record that is wanted because it is new.
            progress: called with (records asked for, records wanted) after each batch.

        Raises:
            SourceError: the service fails; what was fetched so far is on disk and noted.
            StorageError: the data folder cannot be written.
        """
        pmids, size, sum_of = list(wanted), self.client.settings.batch_size, Fetched()
        for start in range(0, len(pmids), size):
            asked = pmids[start : start + size]
            for answer in self._answers(asked, sum_of):
                self._store(answer, wanted, sum_of)
            sum_of.missing.update({pmid: NOT_GIVEN for pmid in asked if pmid not in sum_of.pmids and pmid not in sum_of.missing})
            if progress is not None:
                progress(min(start + size, len(pmids)), len(pmids))
        return sum_of

    def _answers(self, pmids: Sequence[str], sum_of: Fetched) -> Iterator[Answer]:
        """Answers that together hold every one of these PMIDs that efetch gives at all."""
        try:
            xml, digests = self.client.fetch(pmids)
        except BrokenAnswerError as error:
            yield from self._around_broken(pmids, error, sum_of)
            return
        yield Answer(tuple(pmids), xml, digests)
        missing = [pmid for pmid in pmids if pmid not in digests]
        if not missing or len(pmids) == 1:
            return
        log.warning("efetch: %d of %d records missing; asking for them again", len(missing), len(pmids))
        # together while that brings something, then one by one
        for again in [missing] if len(missing) < len(pmids) else [[pmid] for pmid in missing]:
            yield from self._answers(again, sum_of)

    def _around_broken(self, pmids: Sequence[str], error: BrokenAnswerError, sum_of: Fetched) -> Iterator[Answer]:
        """One record that cannot be sent as XML must not hold up the others: halve until it stands alone, then quarantine it."""
        if len(pmids) > 1:
            middle = len(pmids) // 2
            yield from self._answers(pmids[:middle], sum_of)
            yield from self._answers(pmids[middle:], sum_of)
            return
        caught = Caught(self.source, pmids[0], NO_XML, str(error), error.body)
        add_to_quarantine(self.ledger, [caught])
        sum_of.missing[pmids[0]] = f"{NO_XML}; its bytes are in quarantine"

    def _store(self, answer: Answer, wanted: Mapping[str, str], sum_of: Fetched) -> None:
        known = self.ledger.kept(self.source, answer.digests)
        changed = {pmid for pmid, digest in answer.digests.items() if pmid not in known or known[pmid].digest != digest}
        batch = self._write(answer) if changed else None
        kept = []
        for pmid, digest in answer.digests.items():
            before = known.get(pmid)
            name = batch.name if batch and pmid in changed else before.batch if before else ""
            revised_on = max(wanted.get(pmid, ""), before.revised_on if before else "")
            kept.append(Kept(pmid, name, digest, self.as_of, revised_on))
        self.ledger.add(self.source, batch, kept)
        sum_of.n_records += len(changed)
        sum_of.n_unchanged += len(answer.digests) - len(changed)
        sum_of.pmids.update(answer.digests)
        sum_of.shards.extend([batch.name] if batch else [])

    def _write(self, answer: Answer) -> Batch:
        # named by its content: the same answer is the same shard, so a run killed after this line doubles nothing
        first = min(answer.digests, key=lambda pmid: (len(pmid), pmid))
        name = f"{first:0>8}-{hashlib.sha256(answer.xml).hexdigest()[:16]}"
        sha256 = write_raw(self.layout.raw_file(self.source, name), answer.xml)
        return Batch(self.source, name, sha256, len(answer.digests), now(), answer.asked)
