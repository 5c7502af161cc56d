"""A plan of faults for the loopback server: which requests go wrong, and how; seeded, so that a run can be had again.

Written as TOML (docs/faults.md has every name)::

    seed = 7
    most_in_a_row = 2            # the same request goes wrong at most so often before it is answered

    [[fault]]
    kind = "status"
    status = 503
    requests = "efetch"          # esearch, epost, efetch, einfo, a list of them, or any
    probability = 0.05

    [[fault]]
    kind = "cut"
    requests = "esearch"
    numbers = [1, 3]             # the first and the third esearch
"""

from __future__ import annotations

import hashlib
import json
import threading
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from genemine.errors import ConfigError
from genemine.sample.faults import KINDS, Call, Fault

UTILITIES = ("esearch", "epost", "efetch", "einfo")
ANY = "any"
# below the six tries of genemine's own client, so that a run comes to its end
MOST_IN_A_ROW = 3
_FIELDS = ("kind", "requests", "probability", "numbers", "status", "seconds")
_MENDING = "docs/faults.md has an example"


@dataclass(frozen=True)
class Rule:
    """A fault for the requests of some kinds: those with the given numbers, or each with a probability.

    ``requests`` are names of utilities, or "any"; ``numbers`` count the requests of one kind from 1 ("any": all requests).
    """

    fault: Fault
    requests: tuple[str, ...] = (ANY,)
    probability: float = 0.0
    numbers: frozenset[int] = frozenset()


class FaultPlan:
    """Asked at every request what shall go wrong with it; the first rule that applies wins.

    What it decides depends on the seed, the kind of the request and how many of that kind came before, on nothing else, but that
    a request which went wrong ``most_in_a_row`` times one after the other is answered. ``injected`` counts (kind of request, kind
    of fault).
    """

    def __init__(self, rules: Sequence[Rule], seed: int = 0, most_in_a_row: int = MOST_IN_A_ROW) -> None:
        self.rules = tuple(rules)
        self.seed = seed
        self.most_in_a_row = most_in_a_row
        self.injected: Counter[tuple[str, str]] = Counter()
        self.requests: Counter[str] = Counter()
        self._in_a_row: dict[str, int] = {}
        self._lock = threading.Lock()

    def __call__(self, call: Call) -> Fault | None:
        """The fault for one request, None for none."""
        with self._lock:
            self.requests[call.utility] += 1
            fault = next((rule.fault for index, rule in enumerate(self.rules) if self._applies(index, rule, call.utility)), None)
            same = _name(call)
            if fault is None or self._in_a_row.get(same, 0) >= self.most_in_a_row:
                self._in_a_row.pop(same, None)
                return None
            self._in_a_row[same] = self._in_a_row.get(same, 0) + 1
            self.injected[call.utility, fault.kind] += 1
            return fault

    def summary(self) -> str:
        """What went wrong so far, in one line."""
        parts = ", ".join(f"{n} {utility} {kind}" for (utility, kind), n in sorted(self.injected.items()))
        return f"faults: {self.injected.total():,} of {self.requests.total():,} requests went wrong{f' ({parts})' if parts else ''}"

    def _applies(self, index: int, rule: Rule, utility: str) -> bool:
        if ANY not in rule.requests and utility not in rule.requests:
            return False
        number = self.requests.total() if ANY in rule.requests else self.requests[utility]
        if rule.numbers:
            return number in rule.numbers
        return _fraction(f"{self.seed} {index} {utility} {self.requests[utility]}") < rule.probability


def load_plan(path: Path, requests: Sequence[str] = UTILITIES, kinds: Sequence[str] = KINDS) -> FaultPlan:
    """Read a plan from a TOML file.

    Args:
        path: the file.
        requests: the kinds of requests that the server knows.
        kinds: the kinds of faults that it can make.

    Raises:
        ConfigError: the file cannot be read, is no TOML, or says something that is no plan.
    """
    try:
        return make_plan(tomllib.loads(path.read_text(encoding="utf-8")), requests, kinds)
    except OSError as error:
        raise ConfigError(f"{path}: fault plan cannot be read ({error.strerror}); check the path given to --faults") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not valid TOML ({error}); {_MENDING}") from error
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}; {_MENDING}") from None


def make_plan(values: Mapping[str, Any], requests: Sequence[str] = UTILITIES, kinds: Sequence[str] = KINDS) -> FaultPlan:
    """A plan from what its TOML says; see :func:`load_plan`.

    Raises:
        ConfigError: a name is unknown, or a value makes no sense.
    """
    _known(values, ("seed", "most_in_a_row", "fault"), "at the top")
    rules = values.get("fault", [])
    if not isinstance(rules, list) or not rules or not all(isinstance(rule, dict) for rule in rules):
        raise ConfigError("the plan holds no fault; write each as a table [[fault]]")
    seed, most = values.get("seed", 0), values.get("most_in_a_row", MOST_IN_A_ROW)
    if not _is_number(seed, int):
        raise ConfigError(f"seed is {seed!r}; a whole number is needed")
    if not _is_number(most, int) or most < 1:
        raise ConfigError(f"most_in_a_row is {most!r}; a whole number from 1 on is needed")
    return FaultPlan([_rule(rule, f"fault {number}", requests, kinds) for number, rule in enumerate(rules, 1)], seed, most)


def _rule(values: Mapping[str, Any], where: str, utilities: Sequence[str], kinds: Sequence[str]) -> Rule:
    _known(values, _FIELDS, f"in {where}")
    if values.get("kind") not in kinds:
        raise ConfigError(f"{where}: kind is {values.get('kind')!r}; known: {', '.join(kinds)}")
    status, seconds = values.get("status", 500), values.get("seconds", 1.0)
    if not _is_number(status, int) or not 400 <= status <= 599:
        raise ConfigError(f"{where}: status is {status!r}; an HTTP status from 400 to 599 is needed")
    if not _is_number(seconds, int | float) or not 0 <= seconds <= 86_400:
        raise ConfigError(f"{where}: seconds is {seconds!r}; a number from 0 to 86400 is needed")
    given = values.get("requests", ANY)
    requests = tuple(given) if isinstance(given, list) else (given,)
    if not requests or any(name not in (*utilities, ANY) for name in requests):
        raise ConfigError(f"{where}: requests is {given!r}; known: {', '.join(utilities)}, a list of them, or {ANY}")
    if ("probability" in values) == ("numbers" in values):
        raise ConfigError(f"{where}: give either probability (0 to 1) or numbers (such as [1, 3])")
    fault = Fault(values["kind"], status, float(seconds))
    return Rule(fault, requests, _probability(values, where), _numbers(values, where))


def _probability(values: Mapping[str, Any], where: str) -> float:
    given = values.get("probability", 0.0)
    if not _is_number(given, int | float) or not 0 <= given <= 1:
        raise ConfigError(f"{where}: probability is {given!r}; a number from 0 to 1 is needed")
    return float(given)


def _numbers(values: Mapping[str, Any], where: str) -> frozenset[int]:
    given = values.get("numbers")
    if given is None:
        return frozenset()
    if not isinstance(given, list) or not given or not all(_is_number(number, int) and number >= 1 for number in given):
        raise ConfigError(f"{where}: numbers is {given!r}; a list of whole numbers from 1 on is needed")
    return frozenset(given)


def _known(values: Mapping[str, Any], names: Sequence[str], where: str) -> None:
    for name in values:
        if name not in names:
            raise ConfigError(f"unknown name '{name}' {where}; known: {', '.join(names)}")


def _is_number(value: object, kind: Any) -> bool:
    return isinstance(value, kind) and not isinstance(value, bool)


def _fraction(text: str) -> float:
    """A number in [0, 1) that a text stands for, the same in every version of Python."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) / 2**64


def _name(call: Call) -> str:
    # a digest: the parameters may hold an API key, and a list of PMIDs is long
    text = json.dumps([call.utility, sorted(call.params.items())])
    return hashlib.sha256(text.encode()).hexdigest()
