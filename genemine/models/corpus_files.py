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
    name none (B, I). Or it is one PubTator file, ``documents``, which is a training part and nothing else. A user's own corpus has
    any form (``own_corpus``); where it has no devel part, one is cut from its training part with ``seed``.
    """

    name: str
    folder: str  # below the data folder
    types: tuple[str, ...]
    documents: str = ""
    bare: str = ""
    seed: int = 0


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
OWN_PARTS = {"train": TRAIN, "devel": DEVEL, "dev": DEVEL, "test": TEST}
TOKEN_FORMS = ("tsv", "iob", "bio", "conll")
FORMS = (*TOKEN_FORMS, "pubtator", "txt", "xml", "json")  # endings of names
OWN_NAMES = "train.tsv, train.pubtator, train.txt, train.xml or train.json (.gz may follow)"

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


def own_parts(data: Path) -> dict[str, Path]:
    """Find a user's own files by part: ``data`` itself is a training part where it is a file; empty where there are none.

    Raises:
        SourceError: a part has two files, or there are parts but none to train on.
    """
    if data.is_file():
        return {TRAIN: data}
    found: dict[str, Path] = {}
    for path in sorted(data.iterdir()) if data.is_dir() else ():
        part = OWN_PARTS.get(path.name.lower().partition(".")[0])
        if part is None or form_of(path) not in FORMS or not path.is_file():
            continue
        if part in found:
            raise SourceError(f"{data}: {found[part].name} and {path.name} are both the {part} part; leave one of them there")
        found[part] = path
    if found and TRAIN not in found:
        raise SourceError(
            f"{data}: {', '.join(p.name for p in found.values())} but nothing to train on; name that file {OWN_NAMES}"
        )
    return found


def form_of(path: Path) -> str:
    """Give the last ending of a name before .gz: "Train.BioC.XML.gz" -> "xml"."""
    return path.name.lower().removesuffix(".gz").rpartition(".")[2]


def part_file(data_dir: Path, corpus: Corpus, part: str) -> Path | None:
    """Find one part of a corpus; None where the corpus comes without that part.

    Raises:
        SourceError: the corpus should have it, and it is not there.
    """
    if corpus.name == OWN:
        return own_parts(data_dir).get(part)
    folder = data_dir / corpus.folder
    if corpus.documents:
        return document_file(folder, corpus.documents) if part == TRAIN else None
    path = find_file(folder, part)
    if path is None:
        raise SourceError(
            f"{folder}: no {part}.tsv or {part}.tsv.gz; give a folder with {OWN_NAMES} of your own, "
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
        raise SourceError(f"{data_dir / corpus.folder}: the corpus {corpus.name} has no {part} part")
    return path


def training_paths(data_dir: Path, corpora: Iterable[Corpus] = CORPORA) -> list[Path]:
    """List the files of all training and devel parts.

    Raises:
        SourceError: one is missing.
    """
    paths = [part_file(data_dir, corpus, part) for corpus in corpora for part in (TRAIN, DEVEL)]
    return [path for path in paths if path is not None]


def path_below(path: Path, data_dir: Path) -> str:
    """Name a file by its path below the data folder, or by its name where the data are one file."""
    return path.name if path == data_dir else path.relative_to(data_dir).as_posix()


def file_sha256(path: Path) -> str:
    """Hash a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
