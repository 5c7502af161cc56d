"""What a check says: a line with a verdict; and all lines together as a report for people and for programs."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """PASS: as it should be. WARN: look at it. FAIL: something is wrong. SKIP: could not be asked; the line says why."""

    PASS = "PASS"  # noqa: S105 (no password)
    WARN = "WARN"
    FAIL = "FAIL"
    SKIP = "not checked"


@dataclass(frozen=True, slots=True)
class Line:
    """One finding: which check, the verdict, what was found, some names it concerns, and what to do about it."""

    check: str
    verdict: Verdict
    what: str
    examples: tuple[str, ...] = ()
    mend: str = ""


@dataclass(frozen=True, slots=True)
class ValidationReport:
    """All lines, in the order of the checks; ``seed`` and ``sample`` tell which records were fetched again."""

    data_dir: str
    day: date
    sample: int
    seed: int
    seconds: float
    lines: tuple[Line, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Verdict -> lines."""
        counted = Counter(line.verdict for line in self.lines)
        return {verdict.value: counted[verdict] for verdict in Verdict}

    @property
    def failed(self) -> bool:
        """True if any line says FAIL."""
        return any(line.verdict is Verdict.FAIL for line in self.lines)

    @property
    def verdict(self) -> Verdict:
        """The worst of all lines; PASS although some were not checked."""
        present = {line.verdict for line in self.lines}
        return next(verdict for verdict in (Verdict.FAIL, Verdict.WARN, Verdict.PASS) if verdict in present | {Verdict.PASS})

    def worst_first(self) -> list[Line]:
        """The lines, FAIL first."""
        order = [Verdict.FAIL, Verdict.WARN, Verdict.SKIP, Verdict.PASS]
        return sorted(self.lines, key=lambda line: order.index(line.verdict))

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON takes it."""
        return {
            "verdict": self.verdict.value,
            "counts": self.counts,
            "data_dir": self.data_dir,
            "day": self.day.isoformat(),
            "sample": self.sample,
            "seed": self.seed,
            "seconds": round(self.seconds, 3),
            "lines": [asdict(line) | {"verdict": line.verdict.value, "examples": list(line.examples)} for line in self.lines],
        }


def passed(check: str, what: str) -> Line:
    """A PASS line."""
    return Line(check, Verdict.PASS, what)


def warned(check: str, what: str, mend: str, examples: tuple[str, ...] = ()) -> Line:
    """A WARN line."""
    return Line(check, Verdict.WARN, what, examples, mend)


def failed(check: str, what: str, mend: str, examples: tuple[str, ...] = ()) -> Line:
    """A FAIL line."""
    return Line(check, Verdict.FAIL, what, examples, mend)


def skipped(check: str, why: str, mend: str = "") -> Line:
    """A line for what could not be checked."""
    return Line(check, Verdict.SKIP, why, (), mend)


def some(names: list[str] | tuple[str, ...], n_some: int = 5) -> tuple[str, ...]:
    """The first few names."""
    return tuple(names[:n_some])


def number(n: int, one: str, many: str = "") -> str:
    """``number(2, "file")`` -> "2 files"; with thousands separators."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"
