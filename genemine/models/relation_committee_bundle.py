"""Train a committee on a user's own sentences and write its bundle: ``genemine train relations --accurate``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from genemine import __version__
from genemine.config import TrainSettings
from genemine.errors import ConfigError, RecordError
from genemine.evaluate.relations import RelationEvaluation, evaluate_relations
from genemine.models.bundle import write_bundle
from genemine.models.relation import KIND
from genemine.models.relation_card import data_lines
from genemine.models.relation_committee import CommitteeClassifier, CommitteeRecipe, train_committee
from genemine.models.relation_data import PairData, read_pair_data
from genemine.models.relation_encode import example_of
from genemine.models.relation_verdicts import JudgedSentence
from genemine.sources.pair_corpus import LabelledSentence


@dataclass(frozen=True)
class CommitteeReport:
    """What training gave: the data, the committee, and its figures on the devel and the test part."""

    data: PairData
    classifier: CommitteeClassifier
    parts: dict[str, RelationEvaluation]

    @property
    def n_sentences(self) -> int:
        """Sentences learnt from."""
        return len(self.data.train) + len(self.data.judged)

    def lines(self) -> tuple[str, ...]:
        """Tell the outcome in a line for each measured part."""
        return tuple(
            f"{part}: F1 {e.model.f1:.3f}, AUPRC {e.model.auprc:.3f}, MCC {e.model.mcc:.3f}, "
            f"always yes F1 {e.model.always_yes_f1:.3f}, n {e.model.n}"
            for part, e in self.parts.items()
        ) + ((f"{len(self.data.judged)} verdicts of curators learnt from",) if self.data.judged else ())


def train_accurate(
    data_dir: Path,
    out_dir: Path,
    settings: TrainSettings,
    progress: Callable[[int, int], None] | None = None,
    *,
    recipe: CommitteeRecipe | None = None,
    workers: int | None = None,
    judged: Sequence[JudgedSentence] = (),
) -> CommitteeReport:
    """Train a committee on one's own train.tsv (devel.tsv, test.tsv) and write its bundle to ``out_dir``.

    Args:
        data_dir: the folder of the sentences.
        out_dir: the bundle.
        settings: the seed; epochs and rates are the committee's own.
        progress: called with (steps done, steps in all).
        recipe: numbers; None for the defaults.
        workers: processes at once; None: one a processor; 0 trains in this one.
        judged: curators' verdicts that join the training sentences, unless a devel or test part holds them.

    Raises:
        ConfigError: the folder holds the public corpora, for which the network that ships is as good.
        SourceError, RecordError: a file is missing or broken, a test sentence would be trained on, or devel has one label only.
        BundleError: the shipped tagger is missing or damaged.
        StorageError: ``out_dir`` cannot be written.
    """
    data = read_pair_data(data_dir, settings.seed, judged)
    if data.is_public:
        raise ConfigError(
            f"{data_dir}: --accurate is for sentences of your own (train.tsv); on the public corpora the plain classifier orders "
            "BioRED's pairs as well and is thirty times quicker: leave the option out"
        )
    for part, sentences in (("training", data.train), ("devel", data.devel)):
        if {sentence.label for sentence in sentences} != {0, 1}:
            raise RecordError(f"{data_dir}: the {part} part holds no sentences of both labels; give some of 0 and some of 1")
    steps: dict[str, tuple[int, int]] = {}
    recipe = recipe or CommitteeRecipe()

    def told(who: str, done: int, total: int) -> None:
        steps[who] = (done, total)
        if progress:
            progress(sum(d for d, _ in steps.values()), total * recipe.members)

    name = f"lstm-committee {__version__}"
    train = data.with_verdicts(data.judged)
    made = train_committee(train, data.devel, settings.seed, recipe, name=name, progress=told, workers=workers)
    measured = {"devel": data.devel} | {f"{corpus} test": part for corpus, part in data.tests.items()}
    report = CommitteeReport(data, made, {part: _measured(made, sentences) for part, sentences in measured.items()})
    config = made.config() | {"training": {"seed": settings.seed, "files": data.files}}
    write_bundle(
        out_dir,
        KIND,
        name,
        config={"serves": made.serves, "calibration": asdict(made.calibration), "committee": config},
        arrays=made.arrays(),
        card=_card(report, settings),
    )
    return report


def _measured(classifier: CommitteeClassifier, sentences: list[LabelledSentence]) -> RelationEvaluation:
    return evaluate_relations(classifier, [example_of(s.text) for s in sentences], [s.label for s in sentences])


def _card(report: CommitteeReport, settings: TrainSettings) -> str:
    """Write the model card."""
    data, recipe = report.data, report.classifier.recipe
    figures = [
        f"| {part} | {e.model.n} | {e.model.precision:.3f} | {e.model.recall:.3f} | {e.model.f1:.3f} | {e.model.auprc:.3f} | "
        f"{e.model.mcc:.3f} | {e.model.always_yes_f1:.3f} | {e.calibration_error:.3f} |"
        for part, e in report.parts.items()
    ]
    lines = [
        f"# Pair classifier: {report.classifier.name}",
        "",
        "Reads a sentence with one gene and one disease marked; gives the probability of label 1. A committee: "
        f"{recipe.members} networks begun as the shipped tagger's encoder, and words by place (relation_committee.py).",
        "",
        *data_lines(data, {}),
        *([f"{len(data.judged)} more are verdicts of curators."] if data.judged else []),
        "",
        "## Recipe",
        "",
        f"Seed {settings.seed}; {asdict(recipe)}. The devel part gave calibration and threshold (best F1), so its figures flatter.",
        "",
        "## Figures",
        "",
        "| part | n | P | R | F1 | AUPRC | MCC | always yes F1 | calibration error |",
        "| --- |" + " --- |" * 8,
        *figures,
    ]
    return "\n".join(lines) + "\n"
