"""Examples for the tagger: read a corpus, whatever its form, and leave out what is held out.

``Corpus``, ``CORPORA`` and where the files lie: ``corpus_files``. What is held out: ``held_out``.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from genemine.errors import RecordError
from genemine.models.corpus_files import (
    CORPORA,
    DEVEL,
    OUTPUTS,
    OWN,
    TEST,
    TRAIN,
    Corpus,
    Output,
    corpus_file,
    file_sha256,
    own_parts,
    part_file,
    path_below,
    training_paths,
)
from genemine.models.decode import B, I, O
from genemine.models.held_out import held_out_abstracts, held_out_pmids, held_out_sentences, held_out_tests
from genemine.models.labelled import LabelledSentence, labelled_document, tagged_sentence
from genemine.models.leaks import HeldOut, refuse_leaks
from genemine.models.own_corpus import own_types, read_own
from genemine.sources import mention_types
from genemine.sources.iob import TaggedSentence, read_iob
from genemine.sources.pubtator import read_pubtator

__all__ = [
    "CORPORA",
    "DEVEL",
    "OUTPUTS",
    "OWN",
    "TEST",
    "TRAIN",
    "Corpus",
    "Example",
    "Output",
    "corpora_in",
    "corpus_file",
    "file_sha256",
    "held_out_pmids",
    "held_out_sentences",
    "labels_of",
    "mention_type",
    "part_file",
    "path_below",
    "read_examples",
    "read_sentences",
    "read_tests",
    "training_examples",
    "training_paths",
]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Example:
    """A sentence to learn from; ``labels`` has O, B or I for each token for every output, None where it is not annotated.

    ``pmid`` is that of its document, "" where the corpus does not tell.
    """

    tokens: tuple[str, ...]
    labels: tuple[tuple[int, ...] | None, ...]
    corpus: str
    pmid: str = ""


def corpora_in(data: Path, seed: int = 0) -> tuple[tuple[Corpus, ...], tuple[Output, ...]]:
    """Tell which corpora there are: a user's own (``data`` is a file, or a folder with a file ``train``), else the public ones.

    Args:
        data: the folder or file.
        seed: decides which documents of a user's own corpus are held back where it has no development part.

    Raises:
        SourceError: an own file cannot be read.
        RecordError: an own file is broken, or marks neither genes nor diseases; names file and line.
    """
    if not own_parts(data):
        return CORPORA, OUTPUTS
    types = own_types(data)
    return (Corpus(OWN, ".", types, seed=seed),), tuple(Output(type_.lower(), type_, (OWN,)) for type_ in types)


def mention_type(tag: str, path: Path) -> str:
    """Give the mention type of a tag ("B-GENE" is Gene).

    Raises:
        RecordError: it is neither Gene nor Disease.
    """
    type_ = mention_types.mention_type(tag[2:])
    if type_ is None:
        raise RecordError(f"{path}: tag {tag!r} is of no known type; the types are Gene and Disease")
    return type_


def labels_of(sentence: TaggedSentence, type_: str, path: Path) -> tuple[int, ...]:
    """Turn the tags of one type into O, B, I; every other tag is O."""
    return tuple(
        O if tag == "O" or mention_type(tag, path) != type_ else (B if tag.startswith("B") else I) for tag in sentence.tags
    )


def read_sentences(data_dir: Path, corpus: Corpus, part: str) -> Iterator[TaggedSentence]:
    """Read one part of a corpus of token files.

    Raises:
        SourceError: it is not there.
        RecordError: a line of it is broken.
    """
    yield from read_iob(corpus_file(data_dir, corpus, part), corpus.bare)


def read_examples(data_dir: Path, part: str, corpora: Sequence[Corpus], outputs: Sequence[Output]) -> list[Example]:
    """Read one part of every corpus that has it; a sentence that teaches no output is left out."""
    read = (example for corpus in corpora for example in _examples(data_dir, part, corpus, outputs))
    return [example for example in read if any(labels is not None for labels in example.labels)]


def _examples(data_dir: Path, part: str, corpus: Corpus, outputs: Sequence[Output]) -> Iterator[Example]:
    for sentence in _labelled(data_dir, part, corpus):
        labels = tuple(sentence.labels.get(o.type) if corpus.name in o.corpora else None for o in outputs)
        yield Example(sentence.tokens, labels, corpus.name, sentence.pmid)


def _labelled(data_dir: Path, part: str, corpus: Corpus) -> Iterator[LabelledSentence]:
    if corpus.name == OWN:
        yield from read_own(data_dir, part, corpus.types, corpus.seed)
        return
    path = part_file(data_dir, corpus, part)
    if path is None:
        return
    if not corpus.documents:
        yield from (tagged_sentence(sentence, corpus.types) for sentence in read_iob(path, corpus.bare))
        return
    counts: Counter[str] = Counter()
    for document in read_pubtator(path):
        yield from labelled_document(document, corpus.types, counts)
    log.info("%s: mentions that did not fit: %s", path.name, ", ".join(f"{n} {why}" for why, n in sorted(counts.items())))


def training_examples(
    data_dir: Path,
    parts: Sequence[str],
    corpora: Sequence[Corpus],
    outputs: Sequence[Output],
    *,
    hold_devel: bool | None = None,
) -> tuple[list[Example], int]:
    """Read what may be learnt from: the parts' examples less those that are held out; and how many those were.

    The public corpora share abstracts, and even repeat a few sentences between their own parts ("Methods ."). Of documents, those
    whose PMID is held out go whole, and every sentence that holds a part of a held-out one; of token files, the sentences equal
    to a held-out one, and those that hold a part of BioRED's development abstracts, which 20 of their abstracts are among. Of a
    user's own corpus, the sentences equal to one of its test sentences.

    Args:
        data_dir: the folder of corpora.
        parts: TRAIN, DEVEL or both.
        corpora: a user's own, or public ones.
        outputs: what the labels are for.
        hold_devel: hold out the devel parts of the public corpora too; None does so when TRAIN is read without DEVEL.

    Raises:
        SourceError: a file is missing.
        RecordError: a line is broken.
    """
    public = all(corpus.name != OWN for corpus in corpora)
    with_devel = public and (TRAIN in parts and DEVEL not in parts if hold_devel is None else hold_devel)
    held = HeldOutParts(
        held_out_tests(data_dir, corpora, with_devel=with_devel),
        held_out_abstracts(data_dir) if public else HeldOut(),
        held_out_pmids(data_dir, with_devel=with_devel) if public else frozenset(),
    )
    kept: list[Example] = []
    n_dropped = 0
    for corpus in corpora:
        read = [example for part in parts for example in _examples(data_dir, part, corpus, outputs)]
        left = [example for _, group in groupby(read, key=lambda e: e.pmid) for example in _not_held(list(group), held)]
        kept += [example for example in left if any(labels is not None for labels in example.labels)]
        n_dropped += len(read) - len(left)
        log.info("%s: %d sentences, %d left out as held out", corpus.name, len(left), len(read) - len(left))
    refuse_leaks((example.tokens for example in kept), held.all, str(data_dir))
    return kept, n_dropped


@dataclass(frozen=True)
class HeldOutParts:
    """All that is held out; BioRED's development part alone; the PMIDs."""

    all: HeldOut
    abstracts: HeldOut
    pmids: frozenset[str]


def _not_held(examples: Sequence[Example], held: HeldOutParts) -> list[Example]:
    """Leave out what is held out of one document, or of a token file, which tells no PMID."""
    pmid, texts = examples[0].pmid, [" ".join(example.tokens) for example in examples]
    if pmid in held.pmids:
        return []
    touched = (held.all if pmid else held.abstracts).touched(texts)
    return [e for e, text, out in zip(examples, texts, touched, strict=True) if not out and not held.all.equals(text)]


def read_tests(data_dir: Path, corpora: Sequence[Corpus], outputs: Sequence[Output]) -> list[Example]:
    """Read the test files; a user's own corpus need not have one."""
    return read_examples(data_dir, TEST, corpora, outputs)
