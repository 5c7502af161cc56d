"""Does the learnt stance tell denied and supposed sentences, and better than the cue words alone?

    python -m benchmarks.relation_stance [--quick]

``denied_f1``, ``denied_auprc``, ``speculated_f1``, ``speculated_auprc``: ten folds over the sentences of GAD and BioRED that were
read for their stance (genemine/resources/stance) and EU-ADR's rows, learnt anew for each fold, those of an article or with words in
common kept together; mean over the folds of what the read sentences give, ``_sd`` the standard deviation. ``euadr_...``: the same
folds, EU-ADR's rows alone, all at once, since most folds have one or two. ``test_...``: the committed weights on read sentences
that neither they nor the cue lists were made with (GAD dev and test, BioRED Dev); ``gain_low`` the lower end of the 95 % interval
of the gain in AUPRC over the cue words (paired bootstrap). ``cues_...``: the cue words on the same rows; their AUPRC is that of yes
and no.

``pairs_per_s``: on one core, all pairs of BioRED's development part. ``denied_only`` pairs are only denied by the embedded sample;
``denied_called_associations`` of them become associations all the same.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence

import numpy as np

from benchmarks.common import emit, shared_dir
from benchmarks.sample_pairs import tables, told
from genemine.config import RelateSettings
from genemine.evaluate.calibration import expected_calibration_error
from genemine.evaluate.ranking import average_precision, count
from genemine.models.relation_biored import read_biored
from genemine.models.stance import OUTPUTS
from genemine.models.stance_data import EUADR, LEARN, READ, TEST, StanceRow, read_stances
from genemine.models.stance_training import folds, learn_stance
from genemine.pipeline.models import stances
from genemine.relate.cues import stance
from genemine.relate.learnt_stance import CERTAIN

ROUNDS = 2_000  # of the bootstrap
REPEATS = 5  # of the speed run


def crossed(rows: Sequence[StanceRow], n_folds: int) -> tuple[np.ndarray, list[np.ndarray]]:
    """Give each row its chances by a training, calibration included, that had not seen its fold, and the folds."""
    chances = np.zeros((len(rows), 2))
    parts = folds(rows, n_folds)
    for learnt_from, rest in parts:
        learnt, _ = learn_stance([rows[n] for n in learnt_from])
        said = [learnt(rows[n].example) for n in rest]
        chances[rest] = [(one.denied, one.speculated) for one in said]
    return chances, [rest for _, rest in parts]


def by_fold(labels: np.ndarray, chances: np.ndarray, parts: Sequence[np.ndarray], prefix: str) -> dict[str, float]:
    """Give mean and standard deviation over the folds that have a row with the label."""
    kept = [part for part in parts if labels[part].any()]
    f1 = [count(labels[part], chances[part] >= CERTAIN).f1 for part in kept]
    auprc = [average_precision(labels[part].astype(int), chances[part]) for part in kept]
    found = {f"{prefix}_f1": np.mean(f1), f"{prefix}_f1_sd": np.std(f1, ddof=1)}
    found |= {f"{prefix}_auprc": np.mean(auprc), f"{prefix}_auprc_sd": np.std(auprc, ddof=1)}
    return {name: round(float(value), 4) for name, value in found.items()}


def at_once(labels: np.ndarray, chances: np.ndarray, prefix: str) -> dict[str, float]:
    """Give precision, recall, F1 and AUPRC of all rows together."""
    counts = count(labels, chances >= CERTAIN)
    found = {"precision": counts.precision, "recall": counts.recall} if prefix.startswith(("test", "cues_test")) else {}
    found |= {"f1": counts.f1, "auprc": average_precision(labels.astype(int), chances)}
    return {f"{prefix}_{name}": round(value, 4) for name, value in found.items()}


def gain_low(labels: np.ndarray, chances: np.ndarray, called: np.ndarray) -> float:
    """Give the lower end of the 95 % interval of the gain in AUPRC, by paired bootstrap over rows."""
    draw, gains = np.random.default_rng(0), []
    for _ in range(ROUNDS):
        at = draw.integers(0, len(labels), len(labels))
        y = labels[at].astype(int)
        gains.append(average_precision(y, chances[at]) - average_precision(y, called[at]))
    return round(float(np.quantile(gains, 0.025)), 4)


def labels_of(rows: Sequence[StanceRow]) -> np.ndarray:
    """Give the labels, bool (n, 2)."""
    return np.asarray([(row.denied, row.supposed) for row in rows], bool)


def cue_calls(rows: Sequence[StanceRow]) -> np.ndarray:
    """Give what the cue words call, 1 or 0, float64 (n, 2)."""
    said = [stance(row.example) for row in rows]
    return np.asarray([(one.denied, one.speculated) for one in said])


def of_folds(rows: Sequence[StanceRow], n_folds: int) -> dict[str, float]:
    """Measure in cross-validation."""
    chances, parts = crossed(rows, n_folds)
    labels, cues = labels_of(rows), cue_calls(rows)
    is_read = np.asarray([row.corpus == READ for row in rows])
    is_euadr = np.asarray([row.corpus == EUADR for row in rows])
    is_associated = np.asarray([row.is_associated for row in rows])
    read_parts = [part[is_read[part]] for part in parts]
    found: dict[str, float] = {}
    for n, output in enumerate(OUTPUTS):
        found |= by_fold(labels[:, n], chances[:, n], read_parts, output)
        found |= by_fold(labels[:, n], cues[:, n], read_parts, f"cues_{output}")
        for name, own in (("euadr", is_euadr), ("euadr_associated", is_euadr & is_associated)):
            found |= at_once(labels[own, n], chances[own, n], f"{name}_{output}")
            found |= at_once(labels[own, n], cues[own, n], f"cues_{name}_{output}")
    return found


def of_test(rows: Sequence[StanceRow]) -> dict[str, float]:
    """Measure the committed weights on the read sentences of the test part."""
    read = [row for row in rows if row.corpus == READ]
    learnt = stances(RelateSettings())
    said = [learnt(row.example) for row in read]
    chances, labels, cues = np.asarray([(one.denied, one.speculated) for one in said]), labels_of(read), cue_calls(read)
    found: dict[str, float] = {"test_sentences": len(read)}
    for n, output in enumerate(OUTPUTS):
        found[f"test_{output}_positive"] = int(labels[:, n].sum())
        found |= at_once(labels[:, n], chances[:, n], f"test_{output}")
        found |= at_once(labels[:, n], cues[:, n], f"cues_test_{output}")
        found[f"test_{output}_gain_low"] = gain_low(labels[:, n], chances[:, n], cues[:, n])
        found[f"test_{output}_ece"] = round(expected_calibration_error(chances[:, n], labels[:, n]), 4)
    return found


def pairs_per_second() -> dict[str, int]:
    """Time both on all pairs of a corpus, whether their sentences have a cue or not, on one core."""
    pairs = read_biored(shared_dir() / "data" / "relations" / "BioRED" / "Dev.PubTator")
    examples, found = [pair.example for pair in pairs] * REPEATS, {}
    for name, says in (("pairs_per_s", stances(RelateSettings())), ("cues_pairs_per_s", stance)):
        says(examples[0])
        began = time.process_time()
        for example in examples:
            says(example)
        found[name] = round(len(examples) / (time.process_time() - began))
    return found


def main() -> None:
    """Measure and print; the last line is one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="three folds, and the sample is not mined")
    quick = parser.parse_args().quick
    rows = read_stances(shared_dir() / "data" / "relations")
    learnt_from, tested = ([row for row in rows if row.part == part] for part in (LEARN, TEST))
    figures: dict[str, float] = of_folds(learnt_from, 3 if quick else 10) | of_test(tested)
    figures |= pairs_per_second()
    if not quick:
        denied = told("denied") - told("asserted")
        figures |= {"denied_only": len(denied), "denied_called_associations": len(denied & tables()[0])}
    emit(figures)


if __name__ == "__main__":
    main()
