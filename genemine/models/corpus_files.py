"""The labelled corpora of the tagger: where their files lie, what each one annotates, and the outputs that learn from them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from genemine.errors import SourceError
from genemine.records import DISEASE, GENE

TRAIN, DEVEL, TEST = "train", "devel", "test"


@dataclass(frozen=True)
class Corpus:
    """One corpus and the only mention types that it annotates.

    Its parts are token files ``train``, ``devel`` and ``test`` (.tsv or .tsv.gz) in one folder; ``bare`` is the type of tags that
    name none (B, I). Or it is one PubTator file, ``documents``, which is a training part and nothing else.
    """

    name: str
    folder: str  # below the data folder
    types: tuple[str, ...]
    documents: str = ""
    bare: str = ""


@dataclass(frozen=True)
class Output:
    """One output of the tagger: mentions of ``type`` as the named corpora annotate them. Other corpora teach it nothing."""

    name: str
    type: str
    corpora: tuple[str, ...]


CORPORA = (
    Corpus("bc2gm", "ner/BC2GM-IOB", (GENE,)),
    Corpus("jnlpba", "ner/JNLPBA-entity", (GENE,), bare=GENE),
    Corpus("bionlp13cg", "ner/BioNLP13CG-ggp-IOB", (GENE,)),
    Corpus("ncbi_disease", "ner/NCBI-disease-IOB", (DISEASE,)),
    Corpus("bc5cdr_disease", "ner/BC5CDR-disease-IOB", (DISEASE,)),
    Corpus("gnormplus", "normalised/gnormplus", (GENE,), "GNormPlus_Train.PubTator"),
    Corpus("tmvar3", "normalised/tmvar3", (GENE, DISEASE), "tmVar3_Train.PubTator"),
    Corpus("drugprot", "normalised/drugprot", (GENE,), "DrugProt_Test.PubTator"),
    Corpus("biored", "relations/BioRED", (GENE, DISEASE), "Train.PubTator"),
)
# An output for each guideline, and one for what the two token corpora of diseases have in common.
OUTPUTS = (
    Output("bc2gm", GENE, ("bc2gm",)),
    Output("disease", DISEASE, ("ncbi_disease", "bc5cdr_disease")),
    Output("ncbi_disease", DISEASE, ("ncbi_disease",)),
    Output("bc5cdr_disease", DISEASE, ("bc5cdr_disease",)),
    Output("jnlpba", GENE, ("jnlpba",)),
    Output("bionlp13cg", GENE, ("bionlp13cg",)),
    Output("gnormplus", GENE, ("gnormplus",)),
    Output("tmvar3_gene", GENE, ("tmvar3",)),
    Output("drugprot", GENE, ("drugprot",)),
    Output("biored_gene", GENE, ("biored",)),
    Output("tmvar3_disease", DISEASE, ("tmvar3",)),
    Output("biored_disease", DISEASE, ("biored",)),
)
OWN = "own"  # the name of a corpus that a user brings

BIORED_DEV = ("relations/BioRED", "Dev.PubTator")
# Held out of every training, beside the test parts of the token corpora.
HELD_OUT_DOCUMENTS = (
    ("normalised/ncbi-disease", "NCBItestset_corpus.txt"),
    ("normalised/bc5cdr", "CDR_TestSet.PubTator.txt"),
    BIORED_DEV,
)
# The documents of two devel parts: where devel is to judge, no other corpus may teach them.
DEVEL_DOCUMENTS = (
    ("normalised/ncbi-disease", "NCBIdevelopset_corpus.txt"),
    ("normalised/bc5cdr", "CDR_DevelopmentSet.PubTator.txt"),
)


def find_file(folder: Path, part: str) -> Path | None:
    """Find ``part.tsv`` or ``part.tsv.gz`` in a folder."""
    return next((path for path in (folder / f"{part}.tsv", folder / f"{part}.tsv.gz") if path.is_file()), None)


def document_file(folder: Path, name: str) -> Path:
    """Find a PubTator file, plain or with .gz at the end of its name.

    Raises:
        SourceError: it is not there.
    """
    for path in (folder / name, folder / f"{name}.gz"):
        if path.is_file():
            return path
    raise SourceError(
        f"{folder / name}: no such file, nor with .gz; docs/training.md tells which corpora belong into the data folder"
    )


def part_file(data_dir: Path, corpus: Corpus, part: str) -> Path | None:
    """Find one part of a corpus; None where the corpus comes without that part.

    Raises:
        SourceError: the corpus should have it, and it is not there.
    """
    folder = data_dir / corpus.folder
    if corpus.documents:
        return document_file(folder, corpus.documents) if part == TRAIN else None
    path = find_file(folder, part)
    if path is None and not (corpus.name == OWN and part == TEST):
        raise SourceError(
            f"{folder}: no {part}.tsv or {part}.tsv.gz; give a folder with train.tsv and devel.tsv of your own, "
            f"or one that holds {', '.join(c.folder for c in CORPORA)}"
        )
    return path


def corpus_file(data_dir: Path, corpus: Corpus, part: str) -> Path:
    """Find one part of a corpus that must have it.

    Raises:
        SourceError: it is not there.
    """
    path = part_file(data_dir, corpus, part)
    if path is None:
        raise SourceError(f"{data_dir / corpus.folder}: the corpus {corpus.name} has no part {part!r}; it has {TRAIN!r} alone")
    return path


def training_paths(data_dir: Path, corpora: Iterable[Corpus] = CORPORA) -> list[Path]:
    """List the files of all training and devel parts.

    Raises:
        SourceError: one is missing.
    """
    paths = [part_file(data_dir, corpus, part) for corpus in corpora for part in (TRAIN, DEVEL)]
    return [path for path in paths if path is not None]


def file_sha256(path: Path) -> str:
    """Hash a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
