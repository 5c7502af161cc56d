"""The flow that trains the models on the worker's machine."""

import logging
import os
from pathlib import Path

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows.forms import Corpora, Model, Out, SettingsFile
from genemine.config import load_settings
from genemine.pipeline import train as step
from genemine.records import StepReport

log = logging.getLogger("genemine.flows.train")

train_model = task(name="train", task_run_name="train {model}", cache_policy=NO_CACHE)(step.train)


@flow(name="train", log_prints=True)
def train(
    model: Model = "all",
    corpora: Corpora = "../shared/data",
    out: Out = "models",
    settings_file: SettingsFile = "",
) -> list[StepReport]:
    """Train a model and write its bundle; a stopped training goes on from its last checkpoint.

    Args:
        model: The tagger of genes and diseases, the pair classifier, the linker, or all three; hours each.
        corpora: The folder of corpora on the worker's machine (see docs/training.md).
        out: The folder of bundles to write; the settings 'annotate.bundle', 'link.bundle' and 'relate.bundle' put them to use.
        settings_file: A TOML file of settings on the worker's machine.
    """
    logging.getLogger("genemine").setLevel(logging.INFO)
    settings = load_settings(Path(settings_file) if settings_file else None, os.environ)
    reports = train_model(model, Path(corpora), Path(out), settings.train)
    for report in reports:
        log.info("%s: %s", report.step, ", ".join(report.notes))
    return reports
