"""Keep test sentences out of training: fingerprints of every held-out sentence, and the texts that hit one.

Two comparisons, both blind to case, digits, punctuation and to what replaces them in copied texts (``<dig>``, ``<cit>``):

- **equal**: a sentence whose letters are those of a held-out sentence. A labelled training sentence that is equal is refused.
- **shingles**: runs of 8 words (5 in the fragments around ``@GENE$`` and ``@DISEASE$`` that have no 8). Unlabelled text loses every
  sentence that a run of a held-out sentence touches, so a test sentence cut in two by another sentence splitter is lost whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from genemine.errors import SourceError

LONG = 8  # words a shingle: long enough that stock phrases are few, short enough to survive re-splitting
SHORT = 5  # words a shingle in fragments of 5 to 7 words between placeholders
MARKS = re.compile(r"<(?:dig|cit)>")
PLACEHOLDER = re.compile(r"@[A-Z]+\$")
LETTERS = re.compile(r"[^\W\d_]+")


def letters(text: str) -> list[str]:
    """Cut a text into its lower-cased runs of letters: "TP53 <dig>-kDa" -> ["tp", "kda"]."""
    return LETTERS.findall(MARKS.sub(" ", text).lower())


@dataclass
class HeldOut:
    """Fingerprints of held-out sentences; fill with :meth:`add`, ask with :meth:`equals` and :meth:`touched`."""

    whole: set[str] = field(default_factory=set)
    long: set[int] = field(default_factory=set)
    short: set[int] = field(default_factory=set)

    def add(self, sentence: str) -> None:
        """Hold out one sentence; one with placeholders is held out by the fragments between them."""
        fragments = [letters(part) for part in PLACEHOLDER.split(sentence)]
        if len(fragments) == 1:
            self.whole.add(" ".join(fragments[0]))
        for words in fragments:
            if len(words) >= LONG:
                self.long.update(_shingles(words, LONG))
            elif len(words) >= SHORT and len(fragments) > 1:
                self.short.update(_shingles(words, SHORT))

    def equals(self, sentence: str) -> bool:
        """Tell whether a sentence has the letters of a held-out sentence."""
        return " ".join(letters(sentence)) in self.whole

    def touched(self, sentences: Sequence[str]) -> list[bool]:
        """Tell for each of the consecutive sentences of one text whether it holds a part of a held-out sentence."""
        words: list[str] = []
        owner: list[int] = []
        hit = []
        for index, sentence in enumerate(sentences):
            own = letters(sentence)
            words += own
            owner += [index] * len(own)
            hit.append(" ".join(own) in self.whole)
        for size, known in ((LONG, self.long), (SHORT, self.short)):
            if not known:
                continue
            for position, shingle in enumerate(_shingles(words, size)):
                if shingle in known:
                    for index in range(owner[position], owner[position + size - 1] + 1):
                        hit[index] = True
        return hit


def _shingles(words: Sequence[str], size: int) -> list[int]:
    """Hash every run of ``size`` words; the hash is Python's own, so fingerprints live in one process only."""
    return [hash(run) for run in zip(*(words[k:] for k in range(size)), strict=False)]


def refuse_leaks(training: Iterable[Sequence[str]], guard: HeldOut, name: str) -> None:
    """Stop a training run that would see a test sentence.

    Raises:
        SourceError: a training sentence has the letters of a held-out sentence; quotes the first.
    """
    leaks = [" ".join(tokens) for tokens in training if guard.equals(" ".join(tokens))]
    if leaks:
        raise SourceError(
            f"{name}: {len(leaks)} training sentences are also test sentences, the first is {leaks[0][:80]!r}; "
            "take them out of the training files (figures measured on seen sentences mean nothing)"
        )
