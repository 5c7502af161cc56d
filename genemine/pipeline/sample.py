"""The embedded PubMed, or any folder of PubMed XML, behind a loopback E-utilities server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from genemine.sample import records_folder, server
from genemine.sample.faultplan import load_plan

# Every record of the sample: NOT excludes nothing, and a bare range of UIDs is a query as PubMed takes it.
SAMPLE_QUERY = "1:999999999[uid]"
# A day after the newest record of the sample, so that its tables are the same on any day.
SAMPLE_TODAY = date(2026, 11, 1)


@contextmanager
def serving(folder: Path | None = None) -> Iterator[str]:
    """Serve a folder of PubMed XML, None for the embedded sample, while the block lasts; gives the base URL.

    Without NCBI's limit of three requests a second: nobody else waits for this server.

    Raises:
        SourceError: the folder holds no PubMed XML.
    """
    with server.serving(folder or records_folder(), rate_limit=False) as url:
        yield url


def serve(
    folder: Path | None,
    port: int,
    ready: Callable[[str], None],
    faults: Path | None = None,
    told: Callable[[str], None] | None = None,
) -> None:
    """Serve a folder as NCBI would, rate limit included, until interrupted.

    Args:
        folder: PubMed XML; None for the embedded sample.
        port: the port on this machine; 0 takes a free one.
        ready: called once with the base URL.
        faults: a TOML file that says what shall go wrong; see :mod:`genemine.sample.faultplan`.
        told: called at the end with what went wrong by that plan.

    Raises:
        ConfigError: the fault plan is none.
        SourceError: the folder holds no PubMed XML, or the port is taken.
    """
    plan = load_plan(faults) if faults else None
    server.serve(folder or records_folder(), port, ready, faults=plan)
    if plan and told:
        told(plan.summary())
