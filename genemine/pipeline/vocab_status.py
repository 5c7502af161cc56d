"""Which lexicon serves with today's settings, of which releases it is made, how old they are, and whether newer ones lie here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from genemine.config import EMBEDDED, Settings
from genemine.link.lexicon import load_lexicon
from genemine.pipeline.pull import read_memory
from genemine.sources.vocabulary import GENE_INFO, MESH, VOCABULARIES
from genemine.storage.layout import Layout

OLD_DAYS = 180
_TITLES = {one.name: one.title for one in (GENE_INFO, *VOCABULARIES, MESH)}


@dataclass(frozen=True)
class Source:
    """A vocabulary that a lexicon was made of; ``released`` is an ISO date, "" where nothing tells."""

    name: str
    released: str
    sha256: str = ""

    @property
    def title(self) -> str:
        """As people call it."""
        return _TITLES.get(self.name, self.name)


# resources/lexicon/README.md names them
_EMBEDDED = (Source("gene_info", "2021-07-11"), Source("medic", "2017-06-06"))


@dataclass
class VocabStatus:
    """The lexicon that serves; ``newer`` are pulled files that it was not made of."""

    lexicon: str
    version: str
    built: str
    sources: Sequence[Source]
    today: date
    n_genes: int = 0
    n_diseases: int = 0
    n_names: int = 0
    newer: list[str] = field(default_factory=list)
    pulled: Path = Path()

    def summary(self) -> str:
        """A few lines for the screen, the last of them what to do, if anything."""
        what = "the embedded lexicon" if self.lexicon == EMBEDDED else self.lexicon
        lines = [
            f"serves: {what}, version {self.version[:12]}{f', built {self.built[:10]}' if self.built else ''}",
            f"holds:  {self.n_genes:,} genes, {self.n_diseases:,} diseases, {self.n_names:,} names",
        ]
        lines += [f"from:   {one.title}, release {self._age(one)}" for one in self.sources]
        if not self.sources:
            lines.append("from:   not told; a lexicon made by `genemine vocab build` says it")
        if self.newer:
            lines.append(
                f"it was not made of these files in {self.pulled}: {', '.join(self.newer)}; make a new one: genemine vocab build"
            )
        elif self.lexicon == EMBEDDED:
            lines.append("it holds the best-known names only; all of them: genemine vocab pull, then genemine vocab build")
        elif any(self._days(one) > OLD_DAYS for one in self.sources):
            lines.append(f"a release is older than {OLD_DAYS} days; renew: genemine vocab pull, then genemine vocab build")
        return "\n".join(lines)

    def _days(self, source: Source) -> int:
        return (self.today - date.fromisoformat(source.released)).days if source.released else 0

    def _age(self, source: Source) -> str:
        return f"{source.released}, {self._days(source):,} days old" if source.released else "of an unknown day"


def status(settings: Settings, today: date | None = None) -> VocabStatus:
    """Look at the lexicon that serves.

    Args:
        settings: all settings.
        today: the day that ages are counted to; None for this one, UTC.

    Raises:
        VocabularyError: the lexicon of the settings cannot be used.
    """
    lexicon = load_lexicon(settings.link.lexicon)
    built = str(lexicon.facts.get("built", ""))
    sources = _EMBEDDED if lexicon.source == EMBEDDED else _sources(lexicon.facts)
    folder = Layout(settings.data_dir).vocab
    used = {one.sha256 for one in sources}
    newer = [
        name
        for name, one in read_memory(folder).items()
        if one.sha256 not in used and one.fetched[:10] >= built and (folder / name).is_file()
    ]
    return VocabStatus(
        lexicon.source,
        lexicon.version,
        built,
        sources,
        today or datetime.now(UTC).date(),
        len(lexicon.genes.concepts),
        len(lexicon.diseases.concepts),
        sum(len(concept.names) for names in (lexicon.genes, lexicon.diseases) for concept in names.concepts),
        newer,
        folder,
    )


def _sources(facts: Mapping[str, Any]) -> list[Source]:
    told = facts.get("sources", [])
    return [Source(one["name"], one.get("release", ""), one.get("sha256", "")) for one in told]
