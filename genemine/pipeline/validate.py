"""Validate: is what is on disk what PubMed has, and are the tables what is on disk? A line for each thing that was looked at.

Nothing is changed: no raw file, no shard, no table. Each check is a function from facts to lines; one that cannot be made says why,
and one that stumbles over a damaged file is itself a FAIL line.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from genemine.config import Settings
from genemine.errors import GenemineError, QueryError, SourceError
from genemine.pipeline import validate_files as files
from genemine.pipeline import validate_progress as nights
from genemine.pipeline import validate_service as service
from genemine.pipeline import validate_tables as tables
from genemine.pipeline.reports import StageProgress, silent
from genemine.pipeline.validate_facts import LEDGER, RUN, SERVICE, TABLES, Facts, Sampling, gathered
from genemine.pipeline.validate_report import Line, ValidationReport, failed, skipped
from genemine.sources.entrez import EntrezClient
from genemine.storage.layout import Layout

SAMPLE = 20


@dataclass(frozen=True)
class Check:
    """A check and what it needs beside the raw files."""

    name: str
    look: Callable[[Facts], Iterable[Line]]
    needs: tuple[str, ...] = ()


CHECKS = (
    Check("at work", files.check_busy),
    Check("ledger", files.check_ledger, (LEDGER,)),
    Check("raw files", files.check_files, (LEDGER,)),
    Check("whole", files.check_whole),
    Check("hashes", files.check_hashes, (LEDGER,)),
    Check("PMIDs", files.check_pmids, (LEDGER,)),
    Check("leftovers", files.check_leftovers),
    Check("bulk series", files.check_series),
    Check("counts", service.check_counts, (LEDGER, SERVICE)),
    Check("sample", service.check_sample, (LEDGER, SERVICE)),
    Check("watermarks", nights.check_watermarks, (LEDGER,)),
    Check("unfinished", nights.check_unfinished, (LEDGER,)),
    Check("missing", nights.check_missing, (LEDGER,)),
    Check("quarantine", nights.check_quarantine, (LEDGER,)),
    Check("tables", tables.check_run, (TABLES,)),
    Check("gate", tables.check_held),
    Check("up to date", tables.check_inputs, (RUN,)),
    Check("in no table", tables.check_every_record, (TABLES,)),
    Check("from nowhere", tables.check_strangers, (TABLES,)),
    Check("revisions", tables.check_revisions, (TABLES,)),
    Check("duplicates", tables.check_duplicates, (TABLES,)),
    Check("models", tables.check_models, (RUN,)),
    Check("shards", tables.check_shards, (RUN,)),
)
# what the gate asks of a run before its tables take the place of others: none of these may FAIL
OF_TABLES = tuple(check for check in CHECKS if TABLES in check.needs)


def validate(
    settings: Settings,
    *,
    sample: int = SAMPLE,
    seed: int | None = None,
    offline: bool = False,
    today: date | None = None,
    progress: StageProgress = silent,
    client: EntrezClient | None = None,
    run: Path | None = None,
    checks: Sequence[Check] = CHECKS,
) -> ValidationReport:
    """Look at everything.

    Args:
        settings: all settings; ``entrez`` says which server is asked, ``entrez.source`` whose records are compared with it.
        sample: how many records are fetched again; 0 for none.
        seed: chooses them; None takes the day, so that each day looks at others.
        offline: ask PubMed nothing.
        today: the day to reckon nights from; None for today in UTC.
        progress: told of raw files and of checks done.
        client: asks the service; None makes one from the settings.
        run: the run to look at; None for the one in use.
        checks: those to make.

    Raises:
        StorageError: there is no data folder.
    """
    started, day = time.monotonic(), today or datetime.now(UTC).date()
    Layout(settings.data_dir).require()
    sampling = Sampling(sample, int(f"{day:%Y%m%d}") if seed is None else seed)

    def files_done(done: int, total: int) -> None:
        progress("raw files", done, total)

    with gathered(settings, day, sampling, offline=offline, client=client, progress=files_done, run=run) as facts:
        lines = tuple(_lines(facts, checks, progress))
    return ValidationReport(str(settings.data_dir), day, sample, sampling.seed, time.monotonic() - started, lines)


def _lines(facts: Facts, checks: Sequence[Check], progress: StageProgress) -> Iterator[Line]:
    told: list[Line] = []
    for done, check in enumerate(checks):
        progress("checks", done, len(checks))
        why = _why_not(check, facts)
        if why is None:
            yield from _guarded(check, facts)
        elif why not in told:
            told.append(why)
            names = ", ".join(other.name for other in checks if _why_not(other, facts) == why)
            yield replace(why, what=f"{why.what}; so not checked: {names}")
    progress("checks", len(checks), len(checks))


def _why_not(check: Check, facts: Facts) -> Line | None:
    """The line that says why a check cannot be made; None where it can."""
    return next((facts.closed[need] for need in check.needs if need in facts.closed), None)


def _guarded(check: Check, facts: Facts) -> Iterator[Line]:
    """The lines of a check; a file that cannot be read, or a service that does not answer, is a line too."""
    try:
        yield from check.look(facts)
    except (SourceError, QueryError) as error:
        if SERVICE not in check.needs:
            yield failed(check.name, str(error), "see the message")
            return
        # asked once: a service that does not answer is not waited for again
        facts.closed.setdefault(SERVICE, skipped("against PubMed", str(error)))
        yield skipped(check.name, str(error), "check the network and validate again, or say --offline")
    except GenemineError as error:
        yield failed(check.name, str(error), "see the message")
