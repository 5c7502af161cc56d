"""From PMIDs to raw shards: ask in batches, ask again for what is missing, store each answer before it is noted."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from genemine.errors import SourceError
from genemine.sources.entrez import BrokenAnswerError, EntrezClient
from genemine.sources.entrez_answers import cut_to
from genemine.storage.layout import Layout
from genemine.storage.ledger import Batch, Kept, Ledger
from genemine.storage.progress import now
from genemine.storage.quarantine import Caught, add_to_quarantine
from genemine.storage.shards import write_raw

log = logging.getLogger(__name__)

NOT_GIVEN = "listed by esearch, not given by efetch"
NO_XML = "answer is no XML"
# what an answer lacked is asked for together so many times, with growing pauses; then one by one
ROUNDS = 3
# so many records that esearch lists and efetch gives none of, or that come as broken XML one after the other: the service is ill
MANY = 20


@dataclass
class Fetched:
    """The sum of what was fetched: ``missing`` is PMID -> reason, ``shards`` the names of new raw shards."""

    n_records: int = 0
    n_unchanged: int = 0
    shards: list[str] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)
    pmids: set[str] = field(default_factory=set)
    broken_in_a_row: int = 0

    def lacks(self, pmids: Sequence[str]) -> list[str]:
        """Those that were neither given nor found to be unfit."""
        return [pmid for pmid in pmids if pmid not in self.pmids and pmid not in self.missing]


@dataclass(frozen=True)
class Fetcher:
    """Fetches into one data folder; ``as_of`` is the ISO date that the answers are current for.

    ``sources`` are the folders below data/raw whose records count as known; the first takes the answers.
    """

    client: EntrezClient
    layout: Layout
    ledger: Ledger
    as_of: str
    sources: tuple[str, ...]

    @property
    def source(self) -> str:
        """The folder below data/raw that takes the answers."""
        return self.sources[0]

    def known(self, pmids: Collection[str]) -> dict[str, Kept]:
        """What is on disk of these PMIDs."""
        return self.ledger.kept_in(self.sources, pmids)

    def fetch(
        self, wanted: Mapping[str, str], lacking: Sequence[str] = (), progress: Callable[[int, int], None] | None = None
    ) -> Fetched:
        """Fetch and store records.

        Args:
            wanted: PMID -> the mdat day under which PubMed listed it, "" for a record that is wanted because it is new.
            lacking: PMIDs that earlier collections did not get; asked for again, with less patience.
            progress: called with (records asked for, records wanted) after each batch.

        Raises:
            SourceError: the service fails; what was fetched so far is on disk and noted.
            StorageError: the data folder cannot be written.
        """
        sum_of, n_done, again = Fetched(), 0, set(lacking)
        fresh = [pmid for pmid in wanted if pmid not in again]
        n_all = len(fresh) + len(lacking)
        for pmids, rounds in ((fresh, ROUNDS), (list(lacking), 0)):
            for start in range(0, len(pmids), self.client.settings.batch_size):
                asked = pmids[start : start + self.client.settings.batch_size]
                self._bring(asked, wanted, sum_of, rounds)
                sum_of.missing.update(dict.fromkeys(sum_of.lacks(asked), NOT_GIVEN))
                n_done += len(asked)
                if progress is not None:
                    progress(n_done, n_all)
        return sum_of

    def _bring(self, pmids: Sequence[str], wanted: Mapping[str, str], sum_of: Fetched, rounds: int) -> None:
        """Ask until every one of these PMIDs came that efetch gives at all."""
        self._ask(pmids, wanted, sum_of)
        for n_tries in range(rounds if len(pmids) > 1 else 0):
            if not (missing := sum_of.lacks(pmids)):
                return
            log.warning("efetch: %d of %d records missing; asking for them again", len(missing), len(pmids))
            self.client.pause(n_tries)
            self._ask(missing, wanted, sum_of)
        missing = sum_of.lacks(pmids)
        if rounds and len(missing) == len(pmids) >= MANY:
            raise SourceError(
                f"{self.client.settings.base_url}efetch.fcgi: gives none of {len(pmids)} records that esearch lists; "
                "what was collected is kept: run again later to go on"
            )
        if len(pmids) > 1:
            for pmid in missing:
                self._ask([pmid], wanted, sum_of)

    def _ask(self, pmids: Sequence[str], wanted: Mapping[str, str], sum_of: Fetched) -> None:
        try:
            xml, digests = self.client.fetch(pmids)
        except BrokenAnswerError as error:
            self._around_broken(pmids, wanted, sum_of, error)
            return
        sum_of.broken_in_a_row = 0
        asked = set(pmids)
        given = {pmid: digest for pmid, digest in digests.items() if pmid in asked}
        if len(given) < len(digests):
            log.warning("efetch: %d records left out that were not asked for", len(digests) - len(given))
        if given:
            self._store(tuple(pmids), xml, given, wanted, sum_of)

    def _around_broken(self, pmids: Sequence[str], wanted: Mapping[str, str], sum_of: Fetched, error: BrokenAnswerError) -> None:
        """One record that cannot be sent as XML must not hold up the others: halve until it stands alone, then quarantine it."""
        if len(pmids) > 1:
            middle = len(pmids) // 2
            self._ask(pmids[:middle], wanted, sum_of)
            self._ask(pmids[middle:], wanted, sum_of)
            return
        sum_of.broken_in_a_row += 1
        if sum_of.broken_in_a_row >= MANY:
            raise error
        add_to_quarantine(self.ledger, [Caught(self.source, pmids[0], NO_XML, str(error), error.body)])
        sum_of.missing[pmids[0]] = f"{NO_XML}; its bytes are in quarantine"

    def _store(
        self, asked: tuple[str, ...], xml: bytes, digests: Mapping[str, str], wanted: Mapping[str, str], sum_of: Fetched
    ) -> None:
        known = self.known(digests)
        changed = {pmid for pmid, digest in digests.items() if pmid not in known or known[pmid].digest != digest}
        batch = self._write(asked, cut_to(xml, changed), changed) if changed else None
        kept = []
        for pmid, digest in digests.items():
            before = known.get(pmid)
            revised_on = max(wanted.get(pmid, ""), before.revised_on if before else "")
            if batch and pmid in changed:
                kept.append(Kept(pmid, batch.name, digest, self.as_of, revised_on, self.source))
            elif before:
                kept.append(replace(before, as_of=self.as_of, revised_on=revised_on))
        self._note(batch, kept)
        sum_of.n_records += len(changed)
        sum_of.n_unchanged += len(digests) - len(changed)
        sum_of.pmids.update(digests)
        sum_of.shards.extend([batch.name] if batch else [])

    def _note(self, batch: Batch | None, kept: Sequence[Kept]) -> None:
        # what another source holds unchanged is noted there, beside the batch it lies in
        with self.ledger.transaction():
            self.ledger.add(self.source, batch, [one for one in kept if one.source == self.source])
            others = sorted((one for one in kept if one.source != self.source), key=lambda one: one.source)
            for source, group in groupby(others, key=lambda one: one.source):
                self.ledger.add(source, None, group)

    def _write(self, asked: tuple[str, ...], xml: bytes, pmids: Collection[str]) -> Batch:
        # named by its content: the same answer is the same shard, so a run killed after this line doubles nothing
        first = min(pmids, key=lambda pmid: (len(pmid), pmid))
        name = f"{first:0>8}-{hashlib.sha256(xml).hexdigest()[:16]}"
        sha256 = write_raw(self.layout.raw_file(self.source, name), xml)
        return Batch(self.source, name, sha256, len(pmids), now(), asked)
