"""Make a bundle of the network that learnt from train alone, whose devel documents are still unseen: for choosing, never to ship.

``make models`` leaves that network as ``student-devel.npz`` in the folder of its steps, ``.tagger-…`` beside the bundle. It is
calibrated on devel, has the outputs that serve in the shipped bundle, and lists train's sentences as those that it has seen.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from benchmarks.common import shared_dir
from genemine.models import fingerprints
from genemine.models.corpora import CORPORA, OUTPUTS, training_examples
from genemine.models.quiet import load_backend
from genemine.models.recipe import Recipe, Workplace, labelled_parts, load_vocabulary, network_shape
from genemine.models.recipe_steps import devel_examples, student_run
from genemine.models.tagger import load_tagger, save_tagger
from genemine.models.tagger_scores import calibrated


def main() -> None:
    """Make it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("steps", type=Path, help="folder of the steps of `make models`, .tagger-…")
    parser.add_argument("out", type=Path, help="folder for the bundle")
    arguments = parser.parse_args()
    load_backend()
    place = Workplace(shared_dir() / "data", arguments.steps, Recipe())
    run = student_run(place, "student-devel")
    tagger = replace(calibrated(run.tagger(), devel_examples(place)), serving=load_tagger().serving)
    examples, _ = training_examples(place.data, labelled_parts(final=False), CORPORA, OUTPUTS)
    save_tagger(
        arguments.out,
        tagger,
        run.network,
        network_shape(place, load_vocabulary(place.file("vocabulary.npz")), place.recipe.student_dropout),
        about={"fingerprints": fingerprints.FORMAT},
        card="# Learnt from train alone, for choosing on devel\n",
        further=fingerprints.bundle_fingerprints(place.data, examples),
    )


if __name__ == "__main__":
    main()
