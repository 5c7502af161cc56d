"""A folder of bulk files, or the embedded sample made into some, behind a loopback server."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from genemine.sample import bulk_server
from genemine.sample.bulk_files import write_sample
from genemine.sample.bulk_server import BulkServer
from genemine.sample.faultplan import FaultPlan, load_plan


def serve(
    folder: Path | None,
    port: int,
    ready: Callable[[str], None],
    faults: Path | None = None,
    told: Callable[[str], None] | None = None,
) -> None:
    """Serve bulk files until interrupted.

    Args:
        folder: holds baseline/ and updatefiles/; None for the embedded sample: two baseline files and two update files.
        port: the port on this machine; 0 takes a free one.
        ready: called once with the base URL.
        faults: a TOML file that says what shall go wrong; see :mod:`genemine.sample.faultplan`.
        told: called at the end with what went wrong by that plan.

    Raises:
        ConfigError: the fault plan is none.
        SourceError: there is no such folder, or the port is taken.
    """
    plan = load_plan(faults, bulk_server.REQUESTS, bulk_server.KINDS) if faults else None
    with _folder(folder) as served:
        bulk_server.serve(served, port, ready, plan)
    if plan and told:
        told(plan.summary())


@contextmanager
def serving(folder: Path | None = None, faults: FaultPlan | None = None) -> Iterator[BulkServer]:
    """Serve bulk files, None for the embedded sample, while the block lasts; gives the server, which knows its ``url``.

    Raises:
        SourceError: there is no such folder.
    """
    with _folder(folder) as served, bulk_server.serving(served, faults) as server:
        yield server


@contextmanager
def _folder(folder: Path | None) -> Iterator[Path]:
    with ExitStack() as stack:
        if folder is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="genemine-bulk-")))
            write_sample(folder)
        yield folder
