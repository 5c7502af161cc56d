"""A server of small files that fails as a test tells it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from genemine.sample.bulk_server import BulkServer, serving
from genemine.sample.faults import Call, Fault


class Mirror:
    """``served`` holds the files; ``plan`` what happens at each request of one, in their order; ``server`` is set while it runs."""

    def __init__(self, folder: Path) -> None:
        self.served = folder / "served"
        self.served.mkdir()
        self.plan: dict[str, list[Fault | None]] = {}
        self.server: BulkServer

    def fault(self, call: Call) -> Fault | None:
        script = self.plan.get(call.params["path"], [])
        return script.pop(0) if script else None


AnyMirror = TypeVar("AnyMirror", bound=Mirror)


@contextmanager
def mirroring(world: AnyMirror) -> Iterator[AnyMirror]:
    """Serve the files of a mirror while the block lasts."""
    with serving(world.served) as server:
        server.faults = world.fault
        world.server = server
        yield world
