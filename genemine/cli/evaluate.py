"""``genemine evaluate``: how good a model is on a gold corpus."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(help="Measure a model on a gold corpus.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of lines for people.")]
Corpus = Annotated[Path, typer.Option(help="The gold file, plain or .gz.")]
Bundle = Annotated[
    str, typer.Option(help="Folder of a model bundle.  \\[default: the one that ships with genemine]", show_default=False)
]


class Format(StrEnum):
    """Formats of a gold corpus of mentions."""

    IOB = "iob"
    PUBTATOR = "pubtator"
    BIOC = "bioc"


class Type(StrEnum):
    """Types of mentions."""

    GENE = "Gene"
    DISEASE = "Disease"


@app.command()
def tagger(
    corpus: Corpus,
    type_: Annotated[Type, typer.Option("--type", help="Which mentions to score; the others are ignored.")],
    file_format: Annotated[
        Format, typer.Option("--format", help="iob: token and tag a line; pubtator, bioc: raw text.")
    ] = Format.IOB,
    output: Annotated[str | None, typer.Option(help="Score one output of the bundle (one annotation guideline) alone.")] = None,
    bundle: Bundle = "",
    as_json: AsJson = False,
) -> None:
    """Strict precision, recall and F1 of the mentions: both borders and the type have to be right."""
    from genemine.config import AnnotateSettings
    from genemine.pipeline.evaluate import evaluate_mentions

    figures = evaluate_mentions(corpus, file_format.value, type_.value, AnnotateSettings(bundle=bundle), output)
    _show(figures, as_json)


@app.command()
def relations(
    corpus: Corpus,
    train: Annotated[Path | None, typer.Option(help="Labelled sentences to fit the logistic-regression baseline on.")] = None,
    bundle: Bundle = "",
    as_json: AsJson = False,
) -> None:
    """Precision, recall, F1, AUPRC and MCC of the pair classifier, with baselines.

    Corpora differ in what they call an association. The shipped classifier scores as the curators of BioRED do; GAD's label 0 is
    often a plain statement of a known cause, so figures on GAD are low for a reason (see the model card).
    """
    from genemine.config import RelateSettings
    from genemine.pipeline.evaluate import evaluate_pairs

    _show(evaluate_pairs(corpus, RelateSettings(bundle=bundle), train), as_json)


def _show(figures: dict[str, Any], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(figures))
        return
    for name, value in figures.items():
        typer.echo(f"{name:<18} {value:.4f}" if isinstance(value, float) else f"{name:<18} {value}")
