"""What a pair classifier is, a baseline that is one, and pairs turned into scored relations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol, runtime_checkable

from genemine.config import USES, RelateSettings
from genemine.records import Attended, PairExample, Relation
from genemine.relate.cues import Stance, stance
from genemine.relate.measures import AS_IT_IS, ArticleChance
from genemine.relate.pairs import Pair, places


class PairClassifier(Protocol):
    """Anything that tells how likely a sentence states an association between its two marked mentions."""

    @property
    def name(self) -> str:
        """Name and version, kept with every relation it scored."""

    @property
    def threshold(self) -> float:
        """The score from which a relation counts as support, chosen on held-out data."""

    @property
    def thresholds(self) -> Mapping[str, float]:
        """The same for each use of :data:`genemine.config.USES`; ``threshold`` is the balanced one."""

    def score(self, examples: Sequence[PairExample]) -> list[float]:
        """Return the calibrated probability in [0, 1] of an association for each example, in their order."""


@runtime_checkable
class Attentive(Protocol):
    """A classifier that also tells which words raised a score."""

    def attend(self, examples: Sequence[PairExample]) -> tuple[list[float], list[list[int]]]:
        """Return what ``score`` does and, for each example, its tokens' shares of what raised the score: percents, rounded down."""


@dataclass(frozen=True)
class CoOccurrence:
    """The baseline that calls every pair of a sentence associated, with the same probability.

    ``probability`` is the share of associated pairs among all: 2,801 of the 5,330 test sentences of GAD (Bravo et al. 2015).
    """

    probability: float = 2801 / 5330
    threshold: float = 0.5
    name: str = "co-occurrence"

    @property
    def thresholds(self) -> dict[str, float]:
        """One for every use."""
        return dict.fromkeys(USES, self.threshold)

    def score(self, examples: Sequence[PairExample]) -> list[float]:
        """Return the same probability for every example."""
        return [self.probability] * len(examples)


def classify(
    pairs: Iterable[Pair],
    classifier: PairClassifier,
    settings: RelateSettings | None = None,
    says: Callable[[PairExample], Stance] = stance,
) -> Iterator[Relation]:
    """Score pairs, and tell of each whether its sentence denies or only supposes it; in the order of the pairs.

    Args:
        pairs: of any number of articles; read ``settings.batch_size`` at a time.
        classifier: asked once a batch.
        settings: None for the defaults.
        says: tells what a sentence denies or supposes; cue words alone unless a learnt stance is given.
    """
    waiting = iter(pairs)
    while batch := list(islice(waiting, (settings or RelateSettings()).batch_size)):
        examples = [pair.example for pair in batch]
        if isinstance(classifier, Attentive):
            scores, percents = classifier.attend(examples)
        else:
            scores, percents = classifier.score(examples), [[] for _ in batch]
        for pair, score, looked in zip(batch, scores, percents, strict=True):
            yield _relation(pair, score, looked, classifier.name, says(pair.example))


def support_threshold(classifier: PairClassifier, settings: RelateSettings) -> float:
    """Return the score from which a sentence supports its pair: the user's where given, else the classifier's for the use."""
    return classifier.thresholds[settings.use] if settings.min_score is None else settings.min_score


def article_chance(classifier: PairClassifier) -> ArticleChance:
    """Return what the classifier has learnt of articles by their sentences; that of the best sentence where it has not."""
    return getattr(classifier, "article_chance", AS_IT_IS)


def _attended(pair: Pair, percents: Sequence[int]) -> tuple[Attended, ...]:
    if not percents:
        return ()
    return tuple(Attended(*at, percent) for at, percent in zip(places(pair), percents, strict=True) if percent)


def _relation(pair: Pair, score: float, percents: Sequence[int], model: str, said: Stance) -> Relation:
    return Relation(
        pmid=pair.pmid,
        sentence_index=pair.sentence.index,
        sentence_start=pair.sentence.start,
        sentence_end=pair.sentence.end,
        sentence_text=pair.sentence.text,
        gene=pair.gene,
        disease=pair.disease,
        score=score,
        negated=said.negated,
        speculative=said.speculative,
        cue=said.cue,
        model=model,
        attention=_attended(pair, percents),
        denied_score=said.denied,
        speculated_score=said.speculated,
    )
