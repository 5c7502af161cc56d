"""What training the pair classifier tells its readers: the report and the model card."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from genemine.config import TrainSettings
from genemine.evaluate.relations import RelationEvaluation
from genemine.models.relation_data import PairData
from genemine.models.relation_training import PairRecipe, TrainedPairs

PUBLIC_NOTES = """## What label 1 means

- GAD (Bravo et al. 2015): label 1 says that the sentence **makes a statement about an association** of the two, "is not associated"
  included; label 0 that both are named without such a statement. So a high score is no proof of an association: whether the
  statement is denied or only supposed is told by cue words (`genemine/relate`), in columns of their own.
- EU-ADR (van Mulligen et al. 2012): label 1 is positive, speculative or negative association; label 0 is no relation.
- GAD's labels were derived from a curated database, not set sentence by sentence: people reading them disagree with some.

## Accuracy of the recipe

The figures below are of this very bundle, on the parts of GAD and EU-ADR that it has not seen (test file of fold 1). The accuracy
that is compared with other systems is another: `python -m benchmarks.relation_accuracy` trains anew for each of the ten folds of
GAD with this recipe, a tenth of each training file held out as devel part; `docs/benchmarks.md` has its result.

## Licences

GAD as distributed by BioBERT and BLURB states no licence of its own (a public data card names CC BY 4.0). EU-ADR: Open Database
License 1.0 / Database Contents License. The bundle holds numbers learnt from them, none of their sentences.
"""


@dataclass(frozen=True)
class RelationReport:
    """What training gave: the data, the classifier, its figures on the devel part and on each test part."""

    data: PairData
    trained: TrainedPairs
    vectors_sha256: str
    devel: RelationEvaluation
    tests: dict[str, RelationEvaluation]

    @property
    def n_sentences(self) -> int:
        """Sentences learnt from."""
        return len(self.data.train)

    def lines(self) -> tuple[str, ...]:
        """Tell the outcome in a line for each measured part."""
        return tuple(
            f"{part}: F1 {e.model.f1:.3f}, AUPRC {e.model.auprc:.3f}, always yes F1 {e.model.always_yes_f1:.3f}, n {e.model.n}"
            for part, e in self._parts()
        )

    def _parts(self) -> list[tuple[str, RelationEvaluation]]:
        return [("devel", self.devel), *((f"{corpus} test", evaluation) for corpus, evaluation in self.tests.items())]

    def table(self) -> list[str]:
        """Give the Markdown table of all figures."""
        head = ["| part | n | P | R | F1 | AUPRC | ROC-AUC | MCC | always yes F1 | calibration error |", "| --- |" + " --- |" * 9]
        return head + [
            f"| {part} | {e.model.n} | "
            + " | ".join(f"{x:.3f}" for x in (e.model.precision, e.model.recall, e.model.f1, e.model.auprc, e.model.roc_auc))
            + f" | {e.model.mcc:.3f} | {e.model.always_yes_f1:.3f} | {e.calibration_error:.3f} |"
            for part, e in self._parts()
        ]


def pair_card(report: RelationReport, settings: TrainSettings, recipe: PairRecipe) -> str:
    """Write the model card: data, recipe, calibration, figures, limits."""
    data, trained = report.data, report.trained
    shape = ", ".join(f"{name} {value}" for name, value in asdict(trained.shape).items())
    cal = trained.classifier.calibration
    lines = [
        f"# Pair classifier: {trained.classifier.name}",
        "",
        "Reads a sentence with one gene and one disease marked; gives the probability that it speaks of an association.",
        f"The mean of {recipe.nets} nets: frozen word vectors and places relative to both marks, BiLSTM, attention.",
        "",
        "## Data",
        "",
        "| file | sha256 |",
        "| --- | --- |",
        *(f"| {path} | {digest} |" for path, digest in data.files.items()),
        *([f"| word vectors | {report.vectors_sha256} |"] if report.vectors_sha256 else []),
        "",
        f"{len(data.train)} sentences learnt from, {len(data.devel)} devel; {data.n_dropped} more were left out because a devel or",
        "test part holds them too.",
        "",
        "## Recipe",
        "",
        f"- Seed {settings.seed}, batch {settings.batch_size}, learning rate {settings.learning_rate} falling to a twentieth over",
        f"  {trained.epochs} epochs, weights averaged over about 5/7 of an epoch.",
        f"- Best epoch of each net by devel AUPRC: {', '.join(map(str, trained.best_epochs))}.",
        f"- Shape: {shape}; at most {recipe.max_words} words.",
        f"- Calibrated on devel: sigmoid({cal.slope:.4f} logit {cal.intercept:+.4f}); threshold {cal.threshold:.4f}",
        "  (best F1 on devel).",
        "  F1 counts a pair missed as much as a false one; for clean lists take 0.5 or more.",
        "",
        *([PUBLIC_NOTES] if data.is_public else []),
        "## Figures",
        "",
        *report.table(),
        "",
        "The devel part chose the epoch, the calibration and the threshold, so its figures flatter; the test parts chose nothing.",
        "",
        "## Not for",
        "",
        "Other languages, full text, pairs that stand in different sentences, or decisions about patients. The training",
        "sentences are from conclusions of human genetics abstracts; elsewhere expect less.",
    ]
    return "\n".join(lines) + "\n"
