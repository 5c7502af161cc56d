"""A committee: the accurate pair classifier, for those who have more time than sentences.

Its members are deep networks, each begun as the shipped tagger's encoder and taught the same sentences in another order, and words
by place; their logits together are calibrated on the devel part. On GAD it is some five points of AUPRC above a network of the size
that ships, and thirty times slower (docs/experiments-relations.md). Its bundle names the tagger that it began as, whose vocabulary
and word vectors it reads with.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from genemine.errors import BundleError
from genemine.evaluate.ranking import best_threshold
from genemine.models.corpora import OUTPUTS
from genemine.models.parallel import run_jobs
from genemine.models.quiet import load_backend
from genemine.models.relation import CalibratedClassifier, Calibration
from genemine.models.relation_article_model import ArticleModel
from genemine.models.relation_calibration import calibrated
from genemine.models.relation_deep import DeepRecipe, Reader, load_deep, read_examples, train_deep
from genemine.models.relation_encode import example_of
from genemine.models.relation_targets import output_names, targets
from genemine.models.relation_words import WordsModel, fit_words
from genemine.models.tagger_start import Start, from_bundle
from genemine.records import PairExample
from genemine.sources.pair_corpus import LabelledSentence

AT_ONCE = 2_000  # examples read together: what is held in memory stays small
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class CommitteeRecipe:
    """How a committee is made; ``serves`` is the corpus whose notion of an association the scores have ("": there is one)."""

    members: int = 2  # deep networks
    words: float = 0.25  # spread of the words' logits beside that of the networks' mean
    serves: str = ""
    deep: DeepRecipe = field(default_factory=DeepRecipe)


class CommitteeClassifier(CalibratedClassifier):
    """Scores sentences with one marked gene and one marked disease; a ``PairClassifier``."""

    def __init__(
        self,
        name: str,
        start: Start,
        recipe: CommitteeRecipe,
        weights: Sequence[Sequence[np.ndarray]],
        words: WordsModel,
        *,
        share: float = 0.0,
        n_outputs: int = 1,
        serves: int = 0,
        calibration: Calibration | None = None,
        articles: ArticleModel | None = None,
    ) -> None:
        """Build the networks.

        Args:
            name: kept with what it scores.
            start: the tagger's encoder.
            recipe: as it was trained.
            weights: of each member, as :func:`genemine.models.relation_deep.train_deep` gives them.
            words: words by place.
            share: what their logits are multiplied by before they are added to the networks' mean.
            n_outputs: outputs of each member.
            serves: the output whose notion of an association the scores have.
            calibration: of the sum.
            articles: scores the pairs of whole articles.

        Raises:
            ValueError: the weights are of another shape of network.
        """
        load_backend()
        self.name = name
        self.calibration = calibration or Calibration()
        self.words, self.share = words, share
        self.serves = serves
        self.articles = articles
        self.recipe = recipe
        self.weights = weights
        self._start = start
        self._readers: list[Reader] = [load_deep(start, recipe.deep, n_outputs, own) for own in weights]

    def logits(self, examples: Sequence[PairExample]) -> np.ndarray:
        """Return the logit of the output that serves, all members together, float64 (n_examples,)."""
        return self.output_logits(examples)[:, self.serves] + self.share * self.words.logits(examples)

    def output_logits(self, examples: Sequence[PairExample]) -> np.ndarray:
        """Return the mean logits of the deep networks, of every output, float32 (n_examples, outputs)."""
        parts = [self._read(examples[i : i + AT_ONCE]) for i in range(0, len(examples), AT_ONCE)]
        return np.concatenate(parts) if parts else np.zeros((0, self.serves + 1), np.float32)

    def _read(self, examples: Sequence[PairExample]) -> np.ndarray:
        read = read_examples(examples, self._start.vocabulary)
        return np.asarray(np.mean([reads(read) for reads in self._readers], axis=0), np.float32)

    def arrays(self) -> dict[str, np.ndarray]:
        """Give what a bundle stores, float16."""
        members = {f"member_{m}/{i:03d}": w.astype(np.float16) for m, own in enumerate(self.weights) for i, w in enumerate(own)}
        return members | self.words.arrays()

    def config(self) -> dict[str, Any]:
        """Give what a bundle keeps beside the arrays."""
        n_outputs = int(self.weights[0][-1].size)
        return {"recipe": asdict(self.recipe), "tagger": self._start.fingerprint, "outputs": n_outputs, "share": self.share}


def committee_from(
    name: str, config: Mapping[str, Any], arrays: Mapping[str, np.ndarray], calibration: Calibration, serves: int
) -> CommitteeClassifier:
    """Make the committee of a bundle again.

    Raises:
        BundleError: it was trained on another tagger than the one that ships.
        KeyError, TypeError, ValueError: settings and weights do not fit together.
    """
    start = from_bundle(OUTPUTS)
    if config["tagger"] != start.fingerprint:
        raise BundleError(
            f"{name}: this committee was trained on another tagger than the one that ships with this genemine; "
            "train it anew with 'genemine train relations --accurate'"
        )
    told = dict(config["recipe"])
    recipe = CommitteeRecipe(**(told | {"deep": DeepRecipe(**told["deep"])}))
    names = sorted(key for key in arrays if key.startswith("member_"))
    weights = [[np.asarray(arrays[n], np.float32) for n in names if n.startswith(f"member_{m}/")] for m in range(recipe.members)]
    return CommitteeClassifier(
        name,
        start,
        recipe,
        weights,
        WordsModel.from_arrays(arrays),
        share=config["share"],
        n_outputs=config["outputs"],
        serves=serves,
        calibration=calibration,
        articles=ArticleModel.from_arrays(arrays),
    )


@dataclass(frozen=True)
class MemberJob:
    """One member: what it learns from, its recipe and its seed."""

    train: Sequence[LabelledSentence]
    recipe: CommitteeRecipe
    seed: int


def train_member(job: MemberJob, progress: Callable[[int, int], None] | None = None) -> list[np.ndarray]:
    """Train one member, in this process; gives its weights, rounded as a bundle keeps them."""
    load_backend()
    start = from_bundle(OUTPUTS)
    corpora = output_names(job.train, job.recipe.serves)
    read = read_examples([example_of(sentence.text) for sentence in job.train], start.vocabulary)
    trained = train_deep(start, read, *targets(job.train, corpora), job.recipe.deep, job.seed, progress)
    return [weights.astype(np.float16).astype(np.float32) for weights in trained.weights]


def train_committee(
    train: Sequence[LabelledSentence],
    devel: Sequence[LabelledSentence],
    seed: int,
    recipe: CommitteeRecipe | None = None,
    *,
    name: str = "lstm-committee",
    progress: Progress = lambda *_: None,
    workers: int | None = None,
) -> CommitteeClassifier:
    """Train the members side by side and calibrate them together.

    Args:
        train: what is learnt from; the epochs are fixed, so devel decides nothing but what follows.
        devel: of the corpus that serves: calibration, and the threshold with the best F1.
        seed: of the first member; the others have the next ones.
        recipe: numbers; None for the defaults.
        name: of the classifier.
        progress: told (member, steps done, steps in all).
        workers: processes at once; 0 trains in this one.

    Raises:
        GenemineError: a training process was killed.
    """
    recipe = recipe or CommitteeRecipe()
    jobs = {f"member {n}": MemberJob(train, recipe, seed + n) for n in range(recipe.members)}
    if workers == 0:
        found = {who: train_member(job, partial(progress, who)) for who, job in jobs.items()}
    else:
        found = run_jobs(train_member, jobs, progress, workers)
    corpora = output_names(train, recipe.serves)
    own = [sentence for sentence in train if len(corpora) == 1 or sentence.corpus == recipe.serves]
    made = CommitteeClassifier(
        name,
        from_bundle(OUTPUTS),
        recipe,
        list(found.values()),
        fit_words([example_of(s.text) for s in own], [s.label for s in own]),
        n_outputs=len(corpora),
        serves=corpora.index(recipe.serves) if len(corpora) > 1 else 0,
    )
    asked = [example_of(sentence.text) for sentence in devel]
    made.share = recipe.words * float(made.logits(asked).std() / max(made.words.logits(asked).std(), 1e-6))
    made.calibration = committee_calibration(made.logits(asked), [s.label for s in devel])
    return made


def committee_calibration(logits: np.ndarray, labels: Sequence[int]) -> Calibration:
    """Calibrate mean logits; a sentence counts from the score with the best F1 on devel.

    On GAD that threshold is better by F1 and by MCC than the one that calls as many as have label 1.
    """
    y = np.asarray(labels)
    found = calibrated(logits, y)
    threshold = best_threshold(y, found.probability(logits))
    return replace(
        found,
        threshold=threshold,
        high_precision=max(found.high_precision, threshold),
        high_recall=min(found.high_recall, threshold),
    )
