"""The data folder before the timed night, made the way it really comes about: bulk files loaded, nights collected, all cleaned.

``build`` makes, in one folder: ``data`` (what the program knows), ``tonight`` (PubMed XML that the loopback server is to hold) and
``facts.json`` (:class:`Facts`). ``make_shards`` cleans what is known and finds the copies in it, as far as that is not done.
"""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from benchmarks.night_data import PLANTED, SEED, Plan, Writer, known_plan, pmid_of, write_bulk
from genemine.config import EntrezSettings, Settings
from genemine.pipeline.bulk_load import load
from genemine.pipeline.collect import collect_new
from genemine.pipeline.copies import find_copies
from genemine.pipeline.mine import find_batches
from genemine.pipeline.stages import CLEAN
from genemine.sample.server import serving
from genemine.storage.layout import Layout

QUERY = "english[la]"
PROCESSES = 2
DAYS_BEFORE = 30  # over which the records that came by E-utilities were entered


@dataclass(frozen=True)
class Sizes:
    """How many records: known from bulk files, known from earlier nights, new, revised, and others that are served as they were."""

    bulk: int
    nights: int
    new: int
    revised: int
    others: int

    @property
    def known(self) -> int:
        """All that is known before the night."""
        return self.bulk + self.nights


FULL = Sizes(bulk=990_000, nights=10_000, new=5_000, revised=2_000, others=3_000)
QUICK = Sizes(bulk=19_000, nights=1_000, new=500, revised=200, others=300)


@dataclass(frozen=True)
class Facts:
    """What the night has to come to: the day, PMIDs that are new and revised, and new PMID -> known PMID of planted copies."""

    night: str
    new: list[str]
    revised: list[str]
    copies: dict[str, str]


@dataclass(frozen=True)
class World:
    """Every record of the world, as plans."""

    sizes: Sizes
    night: date

    @property
    def issued(self) -> date:
        """The day of the bulk files."""
        return self.night - timedelta(days=DAYS_BEFORE + 10)

    def plan(self, number: int) -> Plan:
        """A record as it stood before the night, or as it is entered on it."""
        sizes = self.sizes
        if number < sizes.bulk:
            return known_plan(number, self.issued)
        if number < sizes.known:
            day = self.night - timedelta(days=1 + number % DAYS_BEFORE)
            return Plan(number, day, day)
        entered = self.night - timedelta(days=0 if number % 3 else 1)
        return Plan(number, entered, self.night, self._copied(number))

    def _copied(self, number: int) -> int | None:
        """One new record in 25 is a copy of a known one; copies are not copied again."""
        known = (number * 104_729) % (self.sizes.known // PLANTED) * PLANTED
        return known if number % 25 == 0 else None

    def before(self) -> Iterator[Plan]:
        """The records of earlier nights."""
        return (self.plan(number) for number in range(self.sizes.bulk, self.sizes.known))

    def new(self) -> Iterator[Plan]:
        """The records entered since."""
        return (self.plan(number) for number in range(self.sizes.known, self.sizes.known + self.sizes.new))

    def revised(self) -> Iterator[Plan]:
        """Known records in another wording, one in twenty of them from earlier nights."""
        n_late = self.sizes.revised // 20
        for number in (*self._some_bulk()[: self.sizes.revised - n_late], *range(self.sizes.bulk, self.sizes.bulk + n_late)):
            yield replace(self.plan(number), revised=self.night, revision=1)

    def others(self) -> Iterator[Plan]:
        """Known records that are served as they were."""
        return (self.plan(number) for number in self._some_bulk()[self.sizes.revised :])

    def _some_bulk(self) -> list[int]:
        # none of those that new records copy, every PLANTED-th: a revision would change how alike they are
        between = PLANTED - 1
        chosen = random.Random(SEED).sample(range(self.sizes.bulk // PLANTED * between), self.sizes.revised + self.sizes.others)
        return [number // between * PLANTED + 1 + number % between for number in chosen]


def build(folder: Path, sizes: Sizes, data: Path) -> None:
    """Make all but the shards; takes some minutes for a million records on two cores."""
    folder.mkdir(parents=True)
    night = datetime.now(UTC).date()
    world, writer = World(sizes, night), Writer(data)
    write_bulk(folder / "files", sizes.bulk, writer, world.issued, PROCESSES)
    settings = Settings(data_dir=folder / "data")
    load(settings, folder / "files").check()
    (folder / "before").mkdir()
    writer.write(folder / "before" / "before.xml.gz", world.before(), night)
    with serving(folder / "before", rate_limit=False) as url:
        # the pace of a key: these nights are not timed
        asked = replace(settings, entrez=EntrezSettings(base_url=url, api_key="loopback"))
        collect_new(QUERY, asked, today=night - timedelta(days=1), first_days=0)
    new, revised = list(world.new()), list(world.revised())
    newest = {plan.pmid: plan for plan in (*world.others(), *world.before(), *revised, *new)}
    (folder / "tonight").mkdir()
    writer.write(folder / "tonight" / "tonight.xml.gz", newest.values(), night)
    copies = {plan.pmid: pmid_of(plan.copy_of) for plan in new if plan.copy_of is not None}
    facts = Facts(night.isoformat(), [plan.pmid for plan in new], [plan.pmid for plan in revised], copies)
    shutil.rmtree(folder / "files")
    shutil.rmtree(folder / "before")
    (folder / "facts.json").write_text(json.dumps(asdict(facts)), encoding="utf-8")  # last: says that all else is there


def make_shards(settings: Settings) -> None:
    """Clean everything, and find the copies in it."""
    with ProcessPoolExecutor(PROCESSES) as pool:
        todo = CLEAN.pending(find_batches(settings), settings)
        list(pool.map(CLEAN, todo, [settings] * len(todo)))
    find_copies(find_batches(settings), settings)


def twin(folder: Path, copy: Path) -> None:
    """Copy a data folder for one run: files that are only ever replaced are linked, the ledger is copied."""
    ledger = Layout(folder).ledger.name
    for path in sorted(folder.rglob("*")):
        target = copy / path.relative_to(folder)
        if path.is_dir():
            target.mkdir(parents=True)
        elif path.name.startswith(ledger):
            shutil.copy2(path, target)
        else:
            os.link(path, target)
