"""The trained models and the lexicon that a run uses, loaded once per process.

Prefect tasks get paths and settings, never models; so the models are remembered here, by the settings that name them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from genemine.config import CUES, AnnotateSettings, LinkSettings, RelateSettings
from genemine.records import PairExample
from genemine.relate.cues import Stance, stance
from genemine.resources import bundle_folder
from genemine.storage.shards import file_sha256

if TYPE_CHECKING:
    from genemine.link.linker import Linker
    from genemine.models.relation import AnyClassifier
    from genemine.models.tagger import LstmTagger


def bundle_sha256(settings: AnnotateSettings | RelateSettings) -> str:
    """SHA-256 of the bundle's config.json, which holds those of all its other files: another model, another digest.

    Raises:
        StorageError: the bundle is missing.
    """
    return file_sha256(_folder(settings, "tagger" if isinstance(settings, AnnotateSettings) else "relations") / "config.json")


def _folder(settings: AnnotateSettings | RelateSettings, name: str) -> Path:
    return Path(settings.bundle) if settings.bundle else bundle_folder(name)


@lru_cache(maxsize=1)
def tagger(settings: AnnotateSettings) -> LstmTagger:
    """The mention tagger of the settings; the shipped one by default.

    Raises:
        BundleError: the bundle is missing, damaged or of another version.
    """
    from genemine.models.tagger import load_tagger

    return load_tagger(_folder(settings, "tagger"))


@lru_cache(maxsize=1)
def pair_classifier(settings: RelateSettings) -> AnyClassifier:
    """The pair classifier of the settings; the shipped one by default.

    Raises:
        BundleError: the bundle is missing, damaged or of another version.
    """
    from genemine.models.relation import load_pair_classifier

    return load_pair_classifier(_folder(settings, "relations"))


@lru_cache(maxsize=1)
def stances(settings: RelateSettings) -> Callable[[PairExample], Stance]:
    """What tells denials and suppositions by the settings: the shipped learnt stance, or the cue words.

    Raises:
        BundleError: the bundle is missing, damaged or of another version.
    """
    if settings.stance == CUES:
        return stance
    from genemine.models.stance import load_stance

    return load_stance(bundle_folder("stance"))


def stance_sha256(settings: RelateSettings) -> str:
    """SHA-256 of the config.json of what tells denials; "" for cue words."""
    return "" if settings.stance == CUES else file_sha256(bundle_folder("stance") / "config.json")


@lru_cache(maxsize=1)
def linker(settings: LinkSettings) -> Linker:
    """The linker over the lexicon of the settings; the embedded one by default.

    Raises:
        VocabularyError: the lexicon is missing, empty or foreign.
        BundleError: the bundle of gold links is missing, damaged or of another version.
    """
    from genemine.link.knowledge import NOTHING
    from genemine.link.lexicon import load_lexicon
    from genemine.link.linker import Linker
    from genemine.models.linker import load_knowledge

    folder = Path(settings.bundle) if settings.bundle else bundle_folder("linker")
    knowledge = load_knowledge(folder) if settings.bundle or folder.is_dir() else NOTHING
    return Linker(load_lexicon(settings.lexicon, settings.names), settings, knowledge)
