"""The labelled corpora of the tagger: where their files lie, what each one annotates, which sentences are held out."""

from __future__ import annotations

import csv
import hashlib
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from genemine.errors import RecordError, SourceError
from genemine.models.decode import B, I, O
from genemine.models.leaks import HeldOut, refuse_leaks
from genemine.records import DISEASE, GENE
from genemine.sources.iob import TaggedSentence, read_iob

log = logging.getLogger(__name__)

TRAIN, DEVEL, TEST = "train", "devel", "test"

# How the corpora spell the two types, folded.
TYPES = {"gene": GENE, "gene_or_gene_product": GENE, "protein": GENE, "disease": DISEASE}


@dataclass(frozen=True)
class Corpus:
    """Token files ``train``, ``devel`` and ``test`` (.tsv or .tsv.gz) in one folder, and the only mention types they annotate."""

    name: str
    folder: str  # below the data folder
    types: tuple[str, ...]


@dataclass(frozen=True)
class Output:
    """One output of the tagger: mentions of ``type`` as the named corpora annotate them. Other corpora teach it nothing."""

    name: str
    type: str
    corpora: tuple[str, ...]


@dataclass(frozen=True)
class Example:
    """A sentence to learn from; ``labels`` has O, B or I for each token for every output, None where it is not annotated."""

    tokens: tuple[str, ...]
    labels: tuple[tuple[int, ...] | None, ...]
    corpus: str


CORPORA = (
    Corpus("bc2gm", "ner/BC2GM-IOB", (GENE,)),
    Corpus("ncbi_disease", "ner/NCBI-disease-IOB", (DISEASE,)),
    Corpus("bc5cdr_disease", "ner/BC5CDR-disease-IOB", (DISEASE,)),
)
# The first output of a type serves; the last two only teach the network below them where the two disease guidelines differ.
OUTPUTS = (
    Output("gene", GENE, ("bc2gm",)),
    Output("disease", DISEASE, ("ncbi_disease", "bc5cdr_disease")),
    Output("ncbi_disease", DISEASE, ("ncbi_disease",)),
    Output("bc5cdr_disease", DISEASE, ("bc5cdr_disease",)),
)
OWN = "own"  # the name of a corpus that a user brings


def find_file(folder: Path, part: str) -> Path | None:
    """Find ``part.tsv`` or ``part.tsv.gz`` in a folder."""
    return next((path for path in (folder / f"{part}.tsv", folder / f"{part}.tsv.gz") if path.is_file()), None)


def corpus_file(data_dir: Path, corpus: Corpus, part: str) -> Path:
    """Find one part of a corpus.

    Raises:
        SourceError: it is not there.
    """
    path = find_file(data_dir / corpus.folder, part)
    if path is None:
        raise SourceError(
            f"{data_dir / corpus.folder}: no {part}.tsv or {part}.tsv.gz; give a folder with train.tsv and devel.tsv of your own, "
            f"or one that holds {', '.join(c.folder for c in CORPORA)}"
        )
    return path


def corpora_in(data_dir: Path) -> tuple[tuple[Corpus, ...], tuple[Output, ...]]:
    """Tell which corpora a data folder holds: a user's own (train.tsv beside devel.tsv), else the three public ones.

    Raises:
        RecordError: the own files tag a type that is neither Gene nor Disease.
    """
    train = find_file(data_dir, TRAIN)
    if train is None:
        return CORPORA, OUTPUTS
    found = {mention_type(tag, train) for sentence in read_iob(train) for tag in sentence.tags if tag != "O"}
    types = tuple(sorted(found, reverse=True))
    if not types:
        raise RecordError(f"{train}: no mention is tagged; tag tokens B-Gene, I-Gene, B-Disease, I-Disease")
    return (Corpus(OWN, ".", types),), tuple(Output(type_.lower(), type_, (OWN,)) for type_ in types)


def mention_type(tag: str, path: Path) -> str:
    """Give the mention type of a tag ("B-GENE" is Gene).

    Raises:
        RecordError: it is neither Gene nor Disease.
    """
    type_ = TYPES.get(tag[2:].lower())
    if type_ is None:
        raise RecordError(f"{path}: tag {tag!r} is of no known type; the types are Gene and Disease")
    return type_


def read_examples(data_dir: Path, part: str, corpora: Sequence[Corpus], outputs: Sequence[Output]) -> list[Example]:
    """Read one part of every corpus."""
    examples = []
    for corpus in corpora:
        path = corpus_file(data_dir, corpus, part)
        for sentence in read_iob(path):
            labels = tuple(
                labels_of(sentence, output.type, path) if corpus.name in output.corpora and output.type in corpus.types else None
                for output in outputs
            )
            examples.append(Example(sentence.tokens, labels, corpus.name))
    return examples


def labels_of(sentence: TaggedSentence, type_: str, path: Path) -> tuple[int, ...]:
    """Turn the tags of one type into O, B, I; every other tag is O."""
    return tuple(
        O if tag == "O" or mention_type(tag, path) != type_ else (B if tag.startswith("B") else I) for tag in sentence.tags
    )


def training_examples(
    data_dir: Path, parts: Sequence[str], corpora: Sequence[Corpus], outputs: Sequence[Output]
) -> tuple[list[Example], int]:
    """Read what may be learnt from: the parts' examples less those that are also test sentences; and how many those were.

    The public corpora do repeat a few sentences between their parts ("Methods .").
    """
    guard = held_out_tests(data_dir, corpora)
    examples = [example for part in parts for example in read_examples(data_dir, part, corpora, outputs)]
    kept = [example for example in examples if not guard.equals(" ".join(example.tokens))]
    refuse_leaks((example.tokens for example in kept), guard, str(data_dir))
    return kept, len(examples) - len(kept)


def read_tests(data_dir: Path, corpora: Sequence[Corpus], outputs: Sequence[Output]) -> list[Example]:
    """Read the test files; a user's own corpus need not have one."""
    present = [c for c in corpora if c.name != OWN or find_file(data_dir / c.folder, TEST)]
    return read_examples(data_dir, TEST, present, outputs)


def held_out_tests(data_dir: Path, corpora: Iterable[Corpus]) -> HeldOut:
    """Make fingerprints of the test files of the corpora; a user's own corpus need not have one."""
    guard = HeldOut()
    for corpus in corpora:
        path = find_file(data_dir / corpus.folder, TEST) if corpus.name == OWN else corpus_file(data_dir, corpus, TEST)
        for sentence in read_iob(path) if path else ():
            guard.add(" ".join(sentence.tokens))
    return guard


def relation_sentences(data_dir: Path) -> Iterator[str]:
    """Yield every sentence of the GAD and EU-ADR folds, training and test (each is the test sentence of some fold)."""
    for path in sorted((data_dir / "relations").glob("*/*/t*.tsv")):
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                yield max(row, key=len)


def held_out_sentences(data_dir: Path) -> HeldOut:
    """Make fingerprints of all that word vectors must not see: the test files, GAD and EU-ADR."""
    guard = held_out_tests(data_dir, CORPORA)
    for sentence in relation_sentences(data_dir):
        guard.add(sentence)
    return guard


def file_sha256(path: Path) -> str:
    """Hash a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
