"""Which sentences the pair classifier learns from, is tuned on and is tested on, in a data folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from genemine.errors import RecordError, SourceError
from genemine.models.corpora import file_sha256
from genemine.models.relation_biored import read_biored
from genemine.models.relation_verdicts import JudgedSentence, not_held_out
from genemine.sources.pair_corpus import (
    LabelledSentence,
    bare_text,
    check_no_leak,
    normal_text,
    read_pair_corpus,
    without_copies,
)

DEVEL_SHARE = 0.1  # of a training file that comes without a devel part
# The public corpora. GAD in the BLURB split, whose test part is the test file of fold 1: what the shipped bundle is measured on.
# BioRED's test part is not public with its labels; its Dev part is the devel part here and no more.
BIORED = "BioRED"
BIORED_TRAIN = "relations/BioRED/Train.PubTator.gz"
PUBLIC = (
    ("GAD", "relations/GAD-BLURB/train.tsv", "relations/GAD-BLURB/dev.tsv", "relations/GAD-BLURB/test.tsv"),
    ("EU-ADR", "relations/euadr/1/train.tsv", "", "relations/euadr/1/test.tsv"),
    (BIORED, BIORED_TRAIN, "relations/BioRED/Dev.PubTator", ""),
)


@dataclass(frozen=True)
class PairData:
    """``train`` and ``devel`` share no sentence with each other nor with any part of ``tests``.

    ``tests`` are by corpus; ``files`` are the sha256 of all files by path, ``parts`` what each is for: "train", "devel" or "test".
    ``n_dropped`` training and devel sentences were left out because a test or devel part holds them too. ``is_public`` tells the
    public corpora from a user's own. ``judged`` are the curators' verdicts that may be learnt from; they are not in ``train`` yet.
    """

    train: list[LabelledSentence]
    devel: list[LabelledSentence]
    tests: dict[str, list[LabelledSentence]]
    files: dict[str, str]
    parts: dict[str, str]
    n_dropped: int
    is_public: bool
    judged: tuple[JudgedSentence, ...] = ()

    def with_verdicts(self, judged: Sequence[JudgedSentence]) -> list[LabelledSentence]:
        """Give the training sentences with verdicts among them, as those of the corpus whose notion of an association serves.

        Raises:
            RecordError: a verdict stands in a devel or test part.
        """
        added = [one.labelled(BIORED if self.is_public else "") for one in judged]
        check_no_leak(added, [*self.devel, *(sentence for part in self.tests.values() for sentence in part)], bare_text)
        return [*self.train, *added]


def read_pair_data(data_dir: Path, seed: int, judged: Sequence[JudgedSentence] = ()) -> PairData:
    """Read the public corpora below ``relations/``, or else one's own train.tsv, devel.tsv and test.tsv (the last two may lack).

    Of ``judged``, curators' verdicts, those are kept that stand in no devel and no test part.

    Raises:
        SourceError: neither is there, or a file cannot be read.
        RecordError: a line is broken, or there are too few sentences.
    """
    is_public = (data_dir / "relations").is_dir()
    corpora = PUBLIC if is_public else (_own(data_dir),)
    files: dict[str, str] = {}
    parts: dict[str, str] = {}

    def read(name: str, part: str) -> list[LabelledSentence]:
        if not name:
            return []
        files[name], parts[name] = file_sha256(_present(data_dir, name)), part
        return _sentences(data_dir / name, corpus if is_public else "")

    train: list[LabelledSentence] = []
    devel: list[LabelledSentence] = []
    tests: dict[str, list[LabelledSentence]] = {}
    for corpus, train_name, devel_name, test_name in corpora:
        own_train, own_devel = read(train_name, "train"), read(devel_name, "devel")
        if not own_devel:
            own_train, own_devel = cut_devel(own_train, seed)
        train, devel = train + own_train, devel + own_devel
        if test_name:
            tests[corpus] = read(test_name, "test")
    held = [sentence for part in tests.values() for sentence in part]
    kept_devel = without_copies(devel, held, bare_text)
    kept_train = without_copies(train, [*held, *kept_devel], bare_text)
    check_no_leak([*kept_train, *kept_devel], held, bare_text)
    check_no_leak(kept_train, kept_devel, bare_text)
    n_dropped = len(train) + len(devel) - len(kept_train) - len(kept_devel)
    usable = tuple(not_held_out(judged, [*held, *kept_devel]))
    return PairData(kept_train, kept_devel, tests, files, parts, n_dropped, is_public, usable)


def cut_devel(
    sentences: Sequence[LabelledSentence], seed: int, share: float = DEVEL_SHARE
) -> tuple[list[LabelledSentence], list[LabelledSentence]]:
    """Cut a devel part off, the same for the same seed; all copies of a sentence land on one side.

    Raises:
        RecordError: there are too few sentences to cut one off.
    """
    texts = sorted({normal_text(sentence.text) for sentence in sentences})
    n_devel = round(share * len(texts))
    if not n_devel or n_devel == len(texts):
        raise RecordError(f"{len(texts)} sentences are too few to hold some out; give at least 10, or a devel.tsv beside train.tsv")
    chosen = np.random.default_rng(seed).permutation(len(texts))[:n_devel]
    held = {texts[i] for i in chosen}
    parts: tuple[list[LabelledSentence], list[LabelledSentence]] = ([], [])
    for sentence in sentences:
        parts[normal_text(sentence.text) in held].append(sentence)
    return parts


def _own(data_dir: Path) -> tuple[str, str, str, str]:
    def name(part: str) -> str:
        found = [f"{part}{end}" for end in (".tsv", ".tsv.gz") if (data_dir / f"{part}{end}").is_file()]
        return found[0] if found else ""

    train = name("train")
    if not train:
        raise SourceError(
            f"{data_dir}: neither relations/GAD-BLURB and relations/euadr nor a train.tsv; "
            "give a folder with train.tsv, lines 'sentence<TAB>label'"
        )
    return (data_dir.name, train, name("devel"), name("test"))


def _sentences(path: Path, corpus: str) -> list[LabelledSentence]:
    """Read one file; each sentence is told which corpus it is of."""
    if corpus == BIORED:
        return [LabelledSentence(" ".join(pair.example.tokens), pair.label, corpus) for pair in read_biored(path)]
    return [LabelledSentence(sentence.text, sentence.label, corpus) for sentence in read_pair_corpus(path)]


def _present(data_dir: Path, name: str) -> Path:
    path = data_dir / name
    if not path.is_file():
        raise SourceError(
            f"{path}: missing; the public corpora are read from relations/GAD-BLURB, relations/euadr/1 and relations/BioRED"
        )
    return path
