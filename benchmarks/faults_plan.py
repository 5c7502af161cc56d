"""Which faults the benchmark tries, and at which steps of a collection."""

from __future__ import annotations

import random
from dataclasses import dataclass

from benchmarks.faults_child import Strike
from genemine.sample.faultplan import FaultPlan, Rule
from genemine.sample.faults import Fault

NETWORK = (
    Fault("status", 429), Fault("status", 500), Fault("status", 502), Fault("status", 503), Fault("html"), Fault("error"),
    Fault("empty"), Fault("cut"), Fault("torn"), Fault("reset"), Fault("delay", seconds=0.8), Fault("dribble", seconds=0.05),
    Fault("missing"), Fault("doubled"), Fault("foreign"),
)  # fmt: skip
# these change nothing about an esearch answer
OF_EFETCH = ("doubled", "foreign")
TIMED = ("delay", "dribble")
SHORT_TIMEOUT = 0.3  # seconds that a read may take where the fault is that it takes longer
LONG_TIMEOUT = 60.0
FOR_EVER = 10_000  # requests

KILLED = ("esearch", "efetch", "raw write", "rename", "renamed", "ledger commit", "committed", "watermark", "finished")
FILLED = ("esearch", "raw write", "rename", "ledger commit", "watermark")
CUT = ("raw write", "rename", "renamed", "ledger commit", "committed", "watermark", "finished")
LYING = ("renamed", "committed", "finished")
DAMAGES = ("cut off", "empty", "zeros")
SHARED = ("esearch", "efetch", "raw write", "rename", "ledger commit", "watermark")
ONCE = ("watermark", "finished")


@dataclass(frozen=True)
class Scenario:
    """One run: a fault and the step at which it strikes.

    ``damage`` is what becomes of the newest shard after a power cut, on a disk that had told that all was written; ``moment`` the
    part of a run's usual time after which it is killed, wherever it is then.
    """

    fault: str
    step: str
    strike: Strike | None = None
    network: tuple[Fault, str, int, bool] | None = None  # fault, kind of request, number, whether it lasts
    damage: str = ""
    moment: float | None = None

    @property
    def timeout(self) -> float:
        """Seconds that one read may take."""
        return SHORT_TIMEOUT if self.network and self.network[0].kind in TIMED else LONG_TIMEOUT

    def plan(self) -> FaultPlan | None:
        """The server's part."""
        if self.network is None:
            return None
        fault, utility, number, lasts = self.network
        # a dribbling answer takes ten time-outs to be given up: once is enough
        length = FOR_EVER if lasts else 1 if fault.kind == "dribble" else 2
        return FaultPlan([Rule(fault, (utility,), numbers=frozenset(range(number, number + length)))], most_in_a_row=length)


def scenarios(n_runs: int, n_esearch: int, n_efetch: int, seed: int) -> list[Scenario]:
    """The runs, in an order drawn by the seed; every fault at every step once, then again with lasting faults and other moments.

    Args:
        n_runs: how many; fewer than there are faults and steps give each kind of fault first.
        n_esearch: esearch requests of a run without faults.
        n_efetch: efetch requests of it.
        seed: draws order, positions and moments.
    """
    draw = random.Random(seed)
    network, machine = _network(draw, n_esearch, n_efetch), _machine(draw, n_esearch, n_efetch)
    passing = [one for one in network if one.network and not one.network[3]]
    lasting = [one for one in network if one.network and one.network[3]]
    draw.shuffle(lasting)
    moments = [Scenario("kill -9", "any moment", moment=draw.random()) for _ in range(max(4, n_runs // 20))]
    rest = n_runs - len(passing) - len(machine) - len(moments)
    if rest < 0:
        return _one_of_each([*machine, *passing, *moments], draw)[:n_runs]
    chosen = [*passing, *machine, *moments, *(lasting * (1 + rest // len(lasting)))[:rest]]
    draw.shuffle(chosen)
    return chosen


def _one_of_each(all_of_them: list[Scenario], draw: random.Random) -> list[Scenario]:
    """Every kind of fault once, those of this machine first; then the others."""
    shuffled = draw.sample(all_of_them, len(all_of_them))
    first = {one.fault.split()[0]: one for one in shuffled}
    ordered = sorted(first.values(), key=lambda one: one.network is not None)
    return [*ordered, *(one for one in shuffled if one not in ordered)]


def _network(draw: random.Random, n_esearch: int, n_efetch: int) -> list[Scenario]:
    found = []
    for fault in NETWORK:
        for lasts in (False, True):
            if lasts and fault.kind == "dribble":
                continue  # six tries of ten time-outs each
            for utility, last in (("esearch", n_esearch), ("efetch", n_efetch)):
                if utility == "esearch" and fault.kind in OF_EFETCH:
                    continue
                for where, number in (("first", 1), ("later", draw.randint(2, last - 1)), ("last", last)):
                    name = f"{fault.kind} {fault.status}" if fault.kind == "status" else fault.kind
                    found.append(Scenario(name, f"{where} {utility}", network=(fault, utility, number, lasts)))
    return found


def _machine(draw: random.Random, n_esearch: int, n_efetch: int) -> list[Scenario]:
    found = [Scenario("kill -9", "first esearch", Strike("kill", "esearch", 1))]
    found += [
        Scenario("kill -9", f"{where} efetch", Strike("kill", "efetch", n)) for where, n in (("first", 1), ("last", n_efetch))
    ]
    for act, name, steps in (
        ("kill", "kill -9", KILLED),
        ("full disk", "full disk", FILLED),
        ("power cut", "power cut", CUT),
        ("pause", "two at once", SHARED),
    ):
        found += [Scenario(name, step, Strike(act, step, _when(draw, step, n_esearch, n_efetch))) for step in steps]
    for step in LYING:
        for damage in DAMAGES:
            strike = Strike("kill", step, _when(draw, step, n_esearch, n_efetch))
            found.append(Scenario("disk that lies", f"{step}, {damage}", strike, damage=damage))
    return found


def _when(draw: random.Random, step: str, n_esearch: int, n_efetch: int) -> int:
    return 1 if step in ONCE else draw.randint(2, (n_esearch if step == "esearch" else n_efetch) - 1)
