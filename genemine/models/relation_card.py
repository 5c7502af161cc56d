"""What training the pair classifier tells its readers: the report and the model card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from genemine.config import TrainSettings
from genemine.evaluate.relations import RelationEvaluation
from genemine.models.relation_crossfit import CrossFit
from genemine.models.relation_data import PairData
from genemine.models.relation_training import PairRecipe, TrainedPairs
from genemine.models.relation_verdicts import Gain, too_few

PUBLIC_NOTES = """## What a score means

The corpora differ in what they call an association, so each has an output of its own over one shared network, and an example
teaches only the output of its corpus. **The output of BioRED serves.**

- BioRED (Luo et al. 2022): curators list which genes and diseases of an abstract are related. A sentence that names both is an
  example; label 1 where the abstract lists a relation of any kind between them. So a score says how likely a curator would record
  the pair after reading the abstract around this sentence, and a sentence can score high by what it is about. Label 0 has noise:
  BioRED lists some relations with the variant instead of its gene, and with the narrower disease instead of the broader.
- 73 of 100 such sentences have label 1, and calibration is to that share. Where tagging or linking is worse than that of curators,
  or texts name genes in passing, scores are too high.
- GAD (Bravo et al. 2015): label 1 says that the sentence makes a statement about an association, "is not associated" included. Its
  labels were derived from a database of association studies, so that plain statements of a known cause often are 0. Scores of that
  kind order BioRED's pairs worse than chance (docs/experiments-relations.md), which is why this output does not serve.
- EU-ADR (van Mulligen et al. 2012): label 1 is positive, speculative or negative association; label 0 is no relation.
- Whether an association is denied or only supposed is told by cue words (`genemine/relate`), in columns of their own.

## How this compares

`python -m benchmarks.relation_transfer` has the figures on BioRED Dev with baselines beside them. What is compared with other
systems on GAD is another training: `python -m benchmarks.relation_accuracy` trains one output anew for each of the ten folds.

## Licences

GAD as distributed by BioBERT and BLURB states no licence of its own (a public data card names CC BY 4.0). EU-ADR: Open Database
License 1.0 / Database Contents License. BioRED as distributed states none. The bundle holds numbers learnt from them, none of their
sentences.
"""


@dataclass(frozen=True)
class RelationReport:
    """What training gave: the data, the classifier, its figures on the devel part that it serves and on each test part.

    ``gain`` is what curators' verdicts bring, where there are enough; ``n_verdicts_held_out`` more stand in a test or devel part.
    ``outputs`` are AUPRC and ROC-AUC of the outputs that do not serve, by their corpora, whose test parts they are measured on.
    """

    data: PairData
    trained: TrainedPairs
    vectors_sha256: str
    devel: RelationEvaluation
    crossfit: CrossFit
    outputs: dict[str, tuple[float, float]]
    tests: dict[str, RelationEvaluation]
    n_verdicts_held_out: int = 0
    gain: Gain | None = None

    @property
    def n_sentences(self) -> int:
        """Sentences learnt from."""
        return len(self.data.train) + len(self.data.judged)

    def lines(self) -> tuple[str, ...]:
        """Tell the outcome in a line for each measured part."""
        return (
            tuple(
                f"{part}: F1 {e.model.f1:.3f}, AUPRC {e.model.auprc:.3f}, always yes F1 {e.model.always_yes_f1:.3f}, n {e.model.n}"
                for part, e in self._parts()
            )
            + self.verdict_lines()
        )

    def verdict_lines(self) -> tuple[str, ...]:
        """Tell what curators' verdicts did; nothing where there are none."""
        judged = self.data.judged
        if not judged and not self.n_verdicts_held_out:
            return ()
        n_accepted = sum(one.label for one in judged)
        told = f"{len(judged)} verdicts of curators learnt from, {n_accepted} of them accepted"
        if self.n_verdicts_held_out:
            told += f"; {self.n_verdicts_held_out} left out, for a test or devel part holds their sentences"
        effect = self.gain.line() if self.gain else too_few(judged)
        return (told, effect) if effect else (told,)

    def _parts(self) -> list[tuple[str, RelationEvaluation]]:
        served = self.trained.corpora[self.trained.classifier.serves]
        return [
            (f"{served} devel".strip(), self.devel),
            *((f"{corpus} test", evaluation) for corpus, evaluation in self.tests.items()),
        ]

    def table(self) -> list[str]:
        """Give the Markdown table of all figures."""
        head = ["| part | n | P | R | F1 | AUPRC | ROC-AUC | MCC | always yes F1 | calibration error |", "| --- |" + " --- |" * 9]
        return head + [
            f"| {part} | {e.model.n} | "
            + " | ".join(f"{x:.3f}" for x in (e.model.precision, e.model.recall, e.model.f1, e.model.auprc, e.model.roc_auc))
            + f" | {e.model.mcc:.3f} | {e.model.always_yes_f1:.3f} | {e.calibration_error:.3f} |"
            for part, e in self._parts()
        ]


def data_lines(data: PairData, others: Mapping[str, str]) -> list[str]:
    """Give the card's section on the data; ``others`` are files beside the corpora: what they are -> sha256."""
    return [
        "## Data",
        "",
        "| file | part | sha256 |",
        "| --- | --- | --- |",
        *(f"| {path} | {data.parts[path]} | {digest} |" for path, digest in data.files.items()),
        *(f"| {what} | | {digest} |" for what, digest in others.items()),
        "",
        f"{len(data.train)} sentences learnt from, {len(data.devel)} devel; {data.n_dropped} more were left out because a devel or",
        "test part holds them too.",
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
        "Frozen word vectors and places relative to both marks, BiLSTM, attention; computed in NumPy (relation_engine.py).",
        "",
        *data_lines(data, {"word vectors": report.vectors_sha256} if report.vectors_sha256 else {}),
        "",
        *(["", *(f"- {line}" for line in report.verdict_lines()), ""] if report.verdict_lines() else []),
        "## Recipe",
        "",
        f"- Seed {settings.seed}. {_course(report, settings)}",
        *(f"- An epoch reads the sentences of {corpus} {times} times." for corpus, times in recipe.repeats.items()),
        f"- Best epoch by devel AUPRC: {trained.best_epoch} of {trained.epochs}.",
        f"- Shape: {shape}; at most {recipe.max_words} words.",
        f"- Calibrated on devel: sigmoid({cal.slope:.4f} logit {cal.intercept:+.4f}); threshold {cal.threshold:.4f}",
        f"  (high_precision {cal.high_precision:.4f}, high_recall {cal.high_recall:.4f}).",
        *_rule(recipe),
        "",
        *([PUBLIC_NOTES] if data.is_public else []),
        *_articles(report),
        "## Figures",
        "",
        *report.table(),
        "",
        "The devel part chose the epoch, the calibration and the threshold, so its figures flatter; the test parts chose nothing.",
        *_crossed(report.crossfit),
        *_others(report),
        "",
        "## Not for",
        "",
        "Other languages, full text, pairs that stand in different sentences, or decisions about patients. The training",
        "sentences are from abstracts of human genetics; elsewhere expect less.",
    ]
    return "\n".join(lines) + "\n"


def _course(report: RelationReport, settings: TrainSettings) -> str:
    """Tell how it learnt."""
    return (
        f"Sentences in batches of {settings.batch_size}, learning rate {settings.learning_rate} falling to a twentieth over "
        f"{report.trained.epochs} epochs."
    )


def _rule(recipe: PairRecipe) -> list[str]:
    """Tell how the threshold was chosen."""
    if recipe.precision:
        return [
            f"  (the lowest from which the scores promise a precision of {recipe.precision:g} on devel, that is, average so much).",
            "  Most pairs of the devel part are related, so that the best F1 is that of saying yes nearly always, which tells an",
            "  analyst nothing. For clean lists take 0.8 or more.",
        ]
    return ["  (as many are called as have label 1 in devel)."]


def _articles(report: RelationReport) -> list[str]:
    """Tell of the model of whole articles, where there is one."""
    model = report.trained.classifier.articles
    if model is None:
        return []
    support = model.support
    return [
        "## Pairs of whole articles",
        "",
        f"{len(model.trees.values)} boosted trees over title, mentions, distance and the best sentence (relate/article_pairs.py)",
        "give every gene-disease pair of an abstract the chance that BioRED's curators relate it.",
        "They are learnt from BioRED Train, with sentence scores of classifiers that had not seen the article (five folds);",
        f"threshold by the best F1 over articles left out: {model.threshold:.3f}. Figures: `python -m benchmarks.document_pairs`.",
        f"For associations an article counts by its best sentence (its odds to the power {support.slope:.3f}), the number of its",
        f"sentences (to the power {support.repeats:.3f}) and a factor of the odds, e^{support.shift:.3f} (docs/associations.md).",
        "",
    ]


def _crossed(found: CrossFit) -> list[str]:
    """Tell the figures of the devel part whose calibration and threshold were not fitted on what they are measured on."""
    return [
        "With each half of the devel part calibrated and called by the other half's fit: "
        f"P {found.precision:.3f}, R {found.recall:.3f},",
        f"F1 {found.f1:.3f}, MCC {found.mcc:.3f}, calibration error {found.calibration_error:.3f}; thresholds "
        f"{found.thresholds[0]:.3f} and {found.thresholds[1]:.3f}.",
    ]


def _others(report: RelationReport) -> list[str]:
    if not report.outputs:
        return []
    rows = [f"| {corpus} | {auprc:.3f} | {roc_auc:.3f} |" for corpus, (auprc, roc_auc) in report.outputs.items()]
    return [
        "",
        f"All of these are of the output of {report.trained.corpora[report.trained.classifier.serves]}, whose notion of an",
        "association the other corpora do not share. Their own outputs on their own test parts:",
        "",
        "| output and test part | AUPRC | ROC-AUC |",
        "| --- | --- | --- |",
        *rows,
    ]
