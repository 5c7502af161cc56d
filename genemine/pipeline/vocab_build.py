"""Make a lexicon of vocabulary files: find them in a folder, build, and write down of which releases it was made."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from genemine import __version__
from genemine.config import Settings
from genemine.errors import StorageError, VocabularyError
from genemine.link.build import build_lexicon
from genemine.link.lexicon import load_lexicon
from genemine.pipeline.vocab_pull import read_memory
from genemine.sources.vocabulary_check import fault_of
from genemine.sources.vocabulary_release import Found, day_of, find_vocabularies
from genemine.storage.files import cannot_read, cannot_write, write_whole
from genemine.storage.shards import file_sha256

SOURCES = "sources.json"
NEEDED = ("gene_info", "medic")


@dataclass(frozen=True)
class Source:
    """A vocabulary that a lexicon was made of; ``released`` is an ISO date, "" where nothing tells."""

    name: str
    title: str
    file: str
    released: str
    sha256: str
    licence: str
    terms: str


@dataclass
class VocabBuildReport:
    """What was made of what; ``seconds`` of wall time."""

    folder: Path
    sources: list[Source]
    unused: list[str] = field(default_factory=list)
    n_genes: int = 0
    n_diseases: int = 0
    n_names: int = 0
    duties: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def summary(self) -> str:
        """What was made, of which releases, and how it comes to serve."""
        width = max(len(one.file) for one in self.sources)
        return "\n".join(
            [
                f"lexicon of {self.n_genes:,} genes and {self.n_diseases:,} diseases with {self.n_names:,} names "
                f"in {self.seconds:.1f} s: {self.folder}",
                "",
                *(f"  {one.file:<{width}}  {one.released or 'no date':<10}  {one.title}, {one.licence}" for one in self.sources),
                *(f"  not used: {name}" for name in self.unused),
                "",
                *self.duties,
                "let it serve: put these two lines into your settings file (--settings FILE):",
                "  [link]",
                f'  lexicon = "{self.folder}"',
            ]
        )


def build(settings: Settings, source: Path | None = None, to: Path | None = None, also: Sequence[Path] = ()) -> VocabBuildReport:
    """Make a lexicon.

    Args:
        settings: all settings.
        source: a folder of vocabulary files, told by their content; None for data/raw/vocab.
        to: the lexicon's folder; None for "lexicon" in the data folder.
        also: further files.

    Raises:
        VocabularyError: a vocabulary is missing, damaged, empty or foreign.
        StorageError: a folder cannot be read or written.
    """
    started = time.monotonic()
    source = source or settings.data_dir / "raw" / "vocab"
    folder = to or settings.data_dir / "lexicon"
    if folder.resolve() == source.resolve():
        raise StorageError(f"{folder}: holds the vocabularies themselves; give another folder for the lexicon with --to")
    found, others = find_vocabularies([*_files(source), *also])
    _check(source, found, also)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(folder, error) from error
    n_genes, n_diseases = build_lexicon(found["gene_info"].path, found["medic"].path, folder)
    used = [one for name, one in found.items() if name in NEEDED]
    report = VocabBuildReport(folder, [_source(one) for one in used], n_genes=n_genes, n_diseases=n_diseases)
    report.unused = [*(one.path.name for name, one in found.items() if name not in NEEDED), *(path.name for path in others)]
    report.duties = [f"terms of {v.title} ({v.terms}): {v.duty}" for v in (one.vocabulary for one in used) if v.duty]
    _write_sources(report)
    lexicon = load_lexicon(folder)
    report.n_names = sum(len(concept.names) for names in (lexicon.genes, lexicon.diseases) for concept in names.concepts)
    report.seconds = time.monotonic() - started
    return report


def read_sources(folder: Path) -> tuple[str, list[Source]]:
    """When a lexicon was built (ISO 8601, UTC; "" if it does not say), and of what."""
    with suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
        read = json.loads((folder / SOURCES).read_text(encoding="utf-8"))
        return str(read["built"]), [Source(**one) for one in read["sources"]]
    return "", []


def _files(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    except OSError as error:
        raise cannot_read(folder, error) from error


def _check(folder: Path, found: dict[str, Found], also: Sequence[Path]) -> None:
    for path in also:
        if all(one.path != path for one in found.values()):
            raise VocabularyError(f"{path}: no vocabulary that is known; give a file as its home publishes it, plain or .gz")
    if missing := [name for name in NEEDED if name not in found]:
        raise VocabularyError(
            f"{folder}: holds no {' and no '.join(missing)}; fetch with `genemine vocab pull"
            f"{''.join(f' --only {name}' for name in missing)} --to {folder}`, or give the file with --also"
        )
    for one in found.values():
        if fault := fault_of(one.path, one.vocabulary):
            raise VocabularyError(f"{one.path}: {fault}; fetch it again")


def _source(found: Found) -> Source:
    pulled = read_memory(found.path.parent).get(found.path.name)
    day = found.released or (day_of(pulled.modified) if pulled else None)
    one = found.vocabulary
    return Source(
        one.name, one.title, found.path.name, day.isoformat() if day else "", file_sha256(found.path), one.licence, one.terms
    )


def _write_sources(report: VocabBuildReport) -> None:
    told = {
        "built": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "genemine": __version__,
        "sources": [asdict(one) for one in report.sources],
    }
    write_whole(report.folder / SOURCES, (json.dumps(told, indent=1) + "\n").encode())
