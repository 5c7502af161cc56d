"""A bundle's own list of what it was trained on, small enough to ship, so that anybody can prove that no test sentence is in it.

A sentence's code is the first 48 bits of the BLAKE2b hash of its letters (``leaks.letters``: blind to case, digits, punctuation).

=========================  ======================================================================================================
fingerprints_labelled      codes of all labelled training sentences
fingerprints_pmids         PMIDs of all training documents that tell theirs
fingerprints_texts         the first 26 bits of the codes of all unlabelled sentences (word vectors, language model, silver labels)
fingerprints_resolved      the whole codes of those unlabelled sentences whose 26 bits are also those of a held-out sentence
=========================  ======================================================================================================

26 bits keep a million sentences within a megabyte, but 1.5 % of all other sentences share theirs with one of them. So the few that
share theirs with a held-out sentence are kept whole: a held-out sentence that was trained on is always found, one that was not is
so by chance in one bundle of 10,000 (1.2 million codes against 18,000, of 2^48). Each array holds rising numbers as differences,
cut into planes of bytes, for zip packs runs of zeros well.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from genemine.errors import BundleError
from genemine.models.bundle import Bundle
from genemine.models.corpora import Example
from genemine.models.corpus_files import CORPORA, OWN, Corpus
from genemine.models.held_out import held_out_pmids, held_out_tests
from genemine.models.leaks import letters

FORMAT = 1  # stands in the bundle's config as "fingerprints"
CODE_BITS, SHORT_BITS = 48, 26
NAMES = ("labelled", "pmids", "texts", "resolved")
TELLING = 40  # characters; shorter sentences ("Methods .", "We report a case .") stand in many documents


@dataclass(frozen=True)
class Fingerprints:
    """Rising numbers without repeats, uint64 (n,) each; see the table above."""

    labelled: np.ndarray
    pmids: np.ndarray
    texts: np.ndarray
    resolved: np.ndarray


@dataclass(frozen=True)
class Leaks:
    """What a bundle was trained on though it is held out: sentences (their letters) and PMIDs; both empty is as it should be."""

    sentences: tuple[str, ...]
    pmids: tuple[str, ...]


def bundle_fingerprints(
    data_dir: Path,
    examples: Iterable[Example],
    texts: Iterable[str] = (),
    text_pmids: Iterable[str] = (),
    corpora: Sequence[Corpus] = CORPORA,
) -> dict[str, np.ndarray]:
    """Make the arrays that go into a bundle beside its weights; its config then says ``"fingerprints": FORMAT``.

    Args:
        data_dir: the folder of corpora, for what is held out.
        examples: all labelled sentences that any of the training has seen.
        texts: all unlabelled sentences that any of it has seen.
        text_pmids: PMIDs of the unlabelled documents, as far as they are known.
        corpora: a user's own corpus, or the public ones.
    """
    seen = list(examples)
    labelled = sentence_codes(" ".join(example.tokens) for example in seen)
    pmids = {int(pmid) for pmid in (*(e.pmid for e in seen), *text_pmids) if pmid.isdecimal()}
    unlabelled = sentence_codes(texts)
    held = sentence_codes(held_out_tests(data_dir, corpora).whole)
    made = Fingerprints(
        labelled,
        np.array(sorted(pmids), np.uint64),
        np.unique(_short(unlabelled)),
        unlabelled[np.isin(_short(unlabelled), _short(held))],
    )
    return {f"fingerprints_{name}": pack(getattr(made, name)) for name in NAMES}


def read_fingerprints(arrays: Mapping[str, np.ndarray], name: str) -> Fingerprints:
    """Take the list out of a bundle's arrays.

    Raises:
        BundleError: it has none, or a damaged one.
    """
    try:
        return Fingerprints(*(unpack(arrays[f"fingerprints_{part}"]) for part in NAMES))
    except (KeyError, ValueError) as error:
        raise BundleError(
            f"{name}: the bundle has no list of fingerprints of its training sentences ({error}); "
            "train it anew with 'genemine train'"
        ) from error


def leaks_of_bundle(bundle: Bundle, data_dir: Path, corpora: Sequence[Corpus] = CORPORA) -> Leaks:
    """Look up every held-out sentence and PMID in a bundle's own list.

    Raises:
        BundleError: the bundle has no such list.
        SourceError: a held-out file is missing.
    """
    trained = read_fingerprints(bundle.arrays, bundle.name)
    held = sorted(sentence for sentence in held_out_tests(data_dir, corpora).whole if sentence)
    codes = np.array([_code(sentence) for sentence in held], np.uint64)
    unlabelled = np.isin(_short(codes), trained.texts) & np.isin(codes, trained.resolved)
    hit = np.isin(codes, trained.labelled) | unlabelled
    public = all(corpus.name != OWN for corpus in corpora)
    pmids = [pmid for pmid in sorted(held_out_pmids(data_dir) if public else ()) if int(pmid) in set(trained.pmids.tolist())]
    return Leaks(tuple(sentence for sentence, out in zip(held, hit, strict=True) if out), tuple(pmids))


def sentence_codes(sentences: Iterable[str]) -> np.ndarray:
    """Give the codes of sentences, rising and without repeats, uint64; sentences without a letter have none."""
    words = (" ".join(letters(sentence)) for sentence in sentences)
    return np.unique(np.fromiter((_code(text) for text in words if text), np.uint64))


def n_learnt(sentences: Iterable[str], labelled: np.ndarray) -> int:
    """Count the telling sentences among those that a bundle has learnt the labels of.

    Args:
        sentences: those of a corpus; shorter ones than TELLING are not counted.
        labelled: :attr:`Fingerprints.labelled` of the bundle.
    """
    words = (" ".join(letters(sentence)) for sentence in sentences if len(sentence) >= TELLING)
    codes = np.fromiter((_code(text) for text in words if text), np.uint64)
    return int(np.isin(codes, labelled).sum())


def _code(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=CODE_BITS // 8).digest(), "big")


def _short(codes: np.ndarray) -> np.ndarray:
    return codes >> np.uint64(CODE_BITS - SHORT_BITS)


def pack(values: np.ndarray) -> np.ndarray:
    """Turn rising numbers, uint64 (n,), into their differences as planes of bytes, uint8 (8, n), the lowest byte first."""
    steps = np.diff(values.astype("<u8"), prepend=np.zeros(1, "<u8")).astype("<u8")
    return np.ascontiguousarray(steps.view(np.uint8).reshape(-1, 8).T)


def unpack(planes: np.ndarray) -> np.ndarray:
    """Turn back what :func:`pack` made.

    Raises:
        ValueError: the array has another shape or type.
    """
    if planes.dtype != np.uint8 or planes.ndim != 2 or planes.shape[0] != 8:
        raise ValueError(f"an array of {planes.dtype} {planes.shape} where uint8 (8, n) is needed")
    return np.cumsum(np.ascontiguousarray(planes.T).view("<u8").reshape(-1), dtype=np.uint64)
