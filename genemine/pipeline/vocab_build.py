"""Make the lexicon of a folder of vocabularies, and tell under which terms and how it comes to serve."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from genemine.config import EMBEDDED, Settings, built_lexicon
from genemine.errors import StorageError
from genemine.link.build import BuildReport
from genemine.link.build import build as make
from genemine.link.build_files import find_sources
from genemine.pipeline.pull import MEMORY
from genemine.sources.vocabulary import HUMAN, VOCABULARIES
from genemine.storage.files import cannot_write
from genemine.storage.layout import Layout


@dataclass(frozen=True)
class VocabBuildReport:
    """What was made, and of what; ``serves`` when it serves with these settings by itself."""

    built: BuildReport
    serves: bool

    def summary(self) -> str:
        """What was made of which releases, what was left out, the terms, and the settings that let it serve."""
        kinds = {source.kind for source in self.built.sources}
        return "\n".join(
            [
                self.built.summary(),
                "",
                *(f"terms of {one.title} ({one.terms}): {one.duty}" for one in VOCABULARIES if one.duty and one.name in kinds),
                *self._to_do(),
            ]
        )

    def _to_do(self) -> list[str]:
        if self.serves:
            return [f'it serves from now on; the next mining links everything anew. To go back: [link] lexicon = "{EMBEDDED}"']
        return [
            "let it serve: put these two lines into your settings file (--settings FILE):",
            "  [link]",
            f'  lexicon = "{self.built.folder}"',
        ]


def build(
    settings: Settings,
    source: Path | None = None,
    to: Path | None = None,
    also: Sequence[Path] = (),
    species: Sequence[str] = (HUMAN,),
    progress: Callable[[int, int], None] | None = None,
) -> VocabBuildReport:
    """Make a lexicon.

    Args:
        settings: all settings.
        source: a folder of vocabulary files, told by their content; None for data/raw/vocab.
        to: the lexicon's folder; None for "lexicon" in the data folder.
        also: further files.
        species: NCBI's taxon numbers whose genes are wanted.
        progress: called with (files read, files in all).

    Raises:
        VocabularyError: a vocabulary is missing, damaged, empty or foreign.
        StorageError: the folder cannot be written.
    """
    source = source or Layout(settings.data_dir).vocab
    folder = to or built_lexicon(settings.data_dir)
    if folder.resolve() == source.resolve():
        raise StorageError(f"{folder}: holds the vocabularies themselves; give another folder for the lexicon with --to")
    given: Mapping[str, Path] | Path = source
    if also or (source / MEMORY).exists():
        # the memory of `vocab pull` is no vocabulary, and no news
        given = {str(one.path): one.path for one in find_sources(source)[0]} | {str(path): path for path in also}
    try:
        return VocabBuildReport(make(given, folder, progress, species), _serves(settings, folder))
    except OSError as error:
        raise cannot_write(folder, error) from error


def _serves(settings: Settings, folder: Path) -> bool:
    """True for the folder that the settings name, and for the data folder's own where they name none."""
    named = Path(settings.link.lexicon) if settings.link.lexicon else built_lexicon(settings.data_dir)
    return settings.link.lexicon != EMBEDDED and folder.resolve() == named.resolve()
