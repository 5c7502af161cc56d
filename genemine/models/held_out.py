"""What no training may see: test sentences, BioRED's development part, their PMIDs, and (for unlabelled texts) GAD and EU-ADR."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from genemine.annotate.sentences import split_sentences
from genemine.models.corpus_files import (
    BIORED_DEV,
    CORPORA,
    DEVEL,
    DEVEL_DOCUMENTS,
    HELD_OUT_DOCUMENTS,
    OWN,
    TEST,
    Corpus,
    corpus_file,
    document_file,
)
from genemine.models.leaks import HeldOut
from genemine.models.own_corpus import read_own
from genemine.sources.iob import read_iob
from genemine.sources.pubtator import PubTatorDocument, read_pubtator


def held_out_tests(data_dir: Path, corpora: Iterable[Corpus], *, with_devel: bool = False) -> HeldOut:
    """Make fingerprints of what labelled training must not see.

    Args:
        data_dir: the folder of corpora.
        corpora: a user's own corpus: its test part, which it need not have. Public ones: the test parts of all token corpora,
            whichever are learnt from, and BioRED's development part.
        with_devel: hold out the devel parts of the public corpora too.

    Raises:
        SourceError: a file is missing.
    """
    guard = HeldOut()
    own = [corpus for corpus in corpora if corpus.name == OWN]
    for corpus in own:
        for read in read_own(data_dir, TEST, corpus.types):
            guard.add(" ".join(read.tokens))
    if own:
        return guard
    for corpus in CORPORA:
        for part in () if corpus.documents else ((TEST, DEVEL) if with_devel else (TEST,)):
            for sentence in read_iob(corpus_file(data_dir, corpus, part), corpus.bare):
                guard.add(" ".join(sentence.tokens))
    for document in _documents(data_dir, with_devel):
        for piece in split_sentences(document.text):
            guard.add(piece.text)
    return guard


def held_out_abstracts(data_dir: Path) -> HeldOut:
    """Make fingerprints of BioRED's development part, the one held-out set that shares abstracts with the token files.

    Raises:
        SourceError: it is missing.
    """
    guard = HeldOut()
    folder, name = BIORED_DEV
    for document in read_pubtator(document_file(data_dir / folder, name)):
        for piece in split_sentences(document.text):
            guard.add(piece.text)
    return guard


def held_out_pmids(data_dir: Path, *, with_devel: bool = False) -> frozenset[str]:
    """Give the PMIDs of NCBI-disease test, BC5CDR test and BioRED dev (``with_devel``: of the former two's devel parts too).

    Raises:
        SourceError: a file is missing.
    """
    return frozenset(document.pmid for document in _documents(data_dir, with_devel))


def held_out_sentences(data_dir: Path) -> HeldOut:
    """Make fingerprints of all that unlabelled texts must not hold: the test parts, BioRED dev, GAD and EU-ADR.

    Raises:
        SourceError: a file is missing.
    """
    guard = held_out_tests(data_dir, CORPORA)
    for sentence in relation_sentences(data_dir):
        guard.add(sentence)
    return guard


def relation_sentences(data_dir: Path) -> Iterator[str]:
    """Yield every sentence of the GAD and EU-ADR folds, training and test (each is the test sentence of some fold)."""
    for path in sorted((data_dir / "relations").glob("*/*/t*.tsv")):
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                yield max(row, key=len)


def _documents(data_dir: Path, with_devel: bool) -> Iterator[PubTatorDocument]:
    for folder, name in (*HELD_OUT_DOCUMENTS, *(DEVEL_DOCUMENTS if with_devel else ())):
        yield from read_pubtator(document_file(data_dir / folder, name))
