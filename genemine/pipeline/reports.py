"""How long steps tell how far they are."""

from __future__ import annotations

from collections.abc import Callable

# Called with (stage, units done, units in all) as the work goes on.
StageProgress = Callable[[str, int, int], None]


def silent(stage: str, done: int, total: int) -> None:
    """Tell nobody; the default."""
