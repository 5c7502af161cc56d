"""How far a mention's score is the chance that this very mention is right; fitted on devel data, measured on held-out texts.

``ece`` is the expected calibration error (15 bins of equal width) over all mentions found in the test files, each by the output of
the file's own guideline, the mentions whose F1 benchmarks.tagger_accuracy tells; ``ece_without_jnlpba`` over those of the other
four, for JNLPBA's devel sentences are of the abstracts of its train file, and its test file has others (docs/experiments.md).
``least_ece`` is what chance alone would make of as many scores, each exactly right: below it no error can be told from none.
``production_ece`` is over what the production outputs find in texts held out under a guideline that taught them (test files;
BioRED's development part, as raw text), ``everywhere_ece`` over what they find in all five test files and that part, most of which
draw the borders of a mention by other rules.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.common import emit
from benchmarks.tagger_data import (
    TEST_CORPORA,
    TestCorpus,
    begin,
    find_by_output,
    find_in_text,
    gold_in_text,
    gold_of,
    guideline_output,
    hits,
    read_biored_dev,
    read_part,
    serving_output,
)
from genemine.evaluate.calibration import expected_calibration_error, least_error, reliability
from genemine.models.corpora import TEST
from genemine.models.tagger import LstmTagger

JNLPBA = "jnlpba"
BIORED = "biored"  # the corpus's name in models/corpora.py


@dataclass(frozen=True)
class Measured:
    """The scores (n,) of the mentions that one output found in one text, and whether each is gold.

    ``own``: the output learnt this corpus's guideline alone; ``serving``: production uses it; ``taught``: this corpus taught it.
    """

    key: str
    output: str
    scores: np.ndarray
    right: np.ndarray
    own: bool
    serving: bool
    taught: bool

    @property
    def ece(self) -> float:
        """The expected calibration error of these mentions alone."""
        return expected_calibration_error(self.scores, self.right)


def measure(tagger: LstmTagger, data: Path, corpus: TestCorpus, step: int) -> list[Measured]:
    """Score the mentions that the guideline's output and the serving output find in a test file."""
    examples = read_part(data, corpus, TEST, step)
    own, serving = guideline_output(tagger, corpus), serving_output(tagger, corpus.type)
    measured = []
    for k in dict.fromkeys([serving] if own is None else [own, serving]):
        scores, right = hits(gold_of(examples), find_by_output(tagger, examples, k))
        output = tagger.outputs[k]
        taught = corpus.name in output.corpora
        measured.append(Measured(corpus.name, output.name, np.array(scores), np.array(right), k == own, k == serving, taught))
    return measured


def measure_biored(tagger: LstmTagger, data: Path, step: int) -> list[Measured]:
    """Score the mentions that production finds in the raw text of BioRED's development part."""
    documents = read_biored_dev(data, step)
    measured = []
    for type_, found in find_in_text(tagger, documents).items():
        scores, right = hits(gold_in_text(documents, type_), found)
        output = tagger.outputs[serving_output(tagger, type_)]
        taught = BIORED in output.corpora
        key = f"biored_dev_{type_.lower()}"
        measured.append(Measured(key, output.name, np.array(scores), np.array(right), False, True, taught))
    return measured


def pooled(parts: Iterable[Measured]) -> tuple[np.ndarray, np.ndarray]:
    """Put the mentions of several texts together: scores (n,) and hits (n,)."""
    chosen = list(parts)
    return np.concatenate([np.zeros(0), *(p.scores for p in chosen)]), np.concatenate([np.zeros(0), *(p.right for p in chosen)])


def figures_of(measured: list[Measured]) -> dict[str, float | int]:
    """Name the pooled figures and those of each corpus, with the numbers of mentions."""
    own = pooled(m for m in measured if m.own)
    without = pooled(m for m in measured if m.own and m.key != JNLPBA)
    production = pooled(m for m in measured if m.serving and m.taught)
    everywhere = pooled(m for m in measured if m.serving)
    figures: dict[str, float | int] = {
        "ece": round(expected_calibration_error(*own), 4),
        "ece_without_jnlpba": round(expected_calibration_error(*without), 4),
        "least_ece": round(least_error(own[0]), 4),
        "mentions": len(own[0]),
        "production_ece": round(expected_calibration_error(*production), 4),
        "production_least_ece": round(least_error(production[0]), 4),
        "production_mentions": len(production[0]),
        "everywhere_ece": round(expected_calibration_error(*everywhere), 4),
        "everywhere_mentions": len(everywhere[0]),
    }
    for m in measured:
        if m.own:
            figures |= {f"{m.key}_ece": round(m.ece, 4), f"{m.key}_mentions": len(m.scores)}
        if m.serving:
            figures |= {f"{m.key}_serving_ece": round(m.ece, 4), f"{m.key}_serving_mentions": len(m.scores)}
    return figures


def table(scores: np.ndarray, right: np.ndarray) -> list[str]:
    """Write the reliability table: by bin of score the mentions, their mean score and the share that is right."""
    lines = [f"{'score':<16}{'mentions':>10}{'mean score':>12}{'right':>9}{'gap':>9}"]
    return lines + [
        f"{b.low:.3f} - {b.high:.3f}   {b.n:>10}{b.mean_score:>12.4f}{b.share_right:>9.4f}{b.mean_score - b.share_right:>+9.4f}"
        for b in reliability(scores, right)
    ]


def row(m: Measured) -> str:
    """Write one corpus's line of the overview."""
    use = ", ".join(name for name, holds in (("own guideline", m.own), ("serving", m.serving)) if holds)
    means = f"{m.scores.mean():>12.4f}{m.right.mean():>9.4f}" if len(m.scores) else f"{'-':>12}{'-':>9}"
    return f"{m.key:<22}{len(m.scores):>8}{means}{m.ece:>9.4f}{least_error(m.scores):>9.4f}  {m.output} ({use})"


def main() -> None:
    """Measure and print."""
    data, tagger, step = begin(__doc__)
    print(f"{'corpus':<22}{'found':>8}{'mean score':>12}{'right':>9}{'ece':>9}{'chance':>9}  output")
    measured: list[Measured] = []
    for corpus in TEST_CORPORA:
        measured += measure(tagger, data, corpus, step)
    measured += measure_biored(tagger, data, step)
    print(*map(row, measured), sep="\n")
    for title, told in (
        ("Mentions of the test files by their own guidelines' outputs", [m for m in measured if m.own]),
        ("Mentions of production under its own guidelines", [m for m in measured if m.serving and m.taught]),
    ):
        print(f"\n{title}: {', '.join(m.key for m in told) or 'none'}")
        print(*table(*pooled(told)), sep="\n")
    emit(figures_of(measured))


if __name__ == "__main__":
    main()
