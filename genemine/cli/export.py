"""``genemine export``: what a run found, for the tools that curators work with."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from genemine.cli.progress import bar
from genemine.config import load_settings


class Format(StrEnum):
    """What is written."""

    PUBTATOR = "pubtator"
    BIOC = "bioc"
    BRAT = "brat"
    LABEL_STUDIO = "label-studio"


def export(
    file_format: Annotated[Format, typer.Argument(metavar="pubtator|bioc|brat|label-studio", help="What to write.")],
    run: Annotated[str, typer.Argument(help="A run's id or folder.  \\[default: the newest run]", show_default=False)] = "",
    to: Annotated[
        Path, typer.Option(help="The file to write (pubtator, bioc; .gz packs it), or the new folder (brat, label-studio).")
    ] = ...,  # type: ignore[assignment]  # typer's way to say that it is required
    query: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Only articles that name this gene or disease: ncbigene:672, mesh:D001943 or BRCA1; given again, both.",
        ),
    ] = None,
    pmids: Annotated[Path | None, typer.Option(metavar="FILE", help="Only these articles: a file with one PMID a line.")] = None,
    min_score: Annotated[float, typer.Option(help="Leave out mentions of a lower score.", min=0, max=1)] = 0.0,
    min_pair_score: Annotated[
        float | None,
        typer.Option(help="Leave out pairs whose sentence scores lower.  \\[default: the run's threshold]", min=0, max=1),
    ] = None,
    scores: Annotated[bool, typer.Option("--scores", help="pubtator: add scores as a last column; the others carry them.")] = False,
    data_dir: Annotated[
        Path | None, typer.Option(help="The data folder, with raw/ and processed/ in it.  \\[default: data]")
    ] = None,
    settings: Annotated[Path | None, typer.Option("--settings", help="A TOML file of settings; see docs/settings.md.")] = None,
) -> None:
    """Write the mentions and the associated pairs of a run for PubTator, BioC, brat or Label Studio.

    A pair is a gene and a disease in a sentence that supports their association: its score reaches the threshold, nothing denies
    it, and the article is not retracted. docs/exports.md shows each format and how to load it.

    \b
        genemine export pubtator --to found.pubtator
        genemine export bioc --to brca1.xml.gz --query BRCA1
        genemine export label-studio --to tasks --pmids pmids.txt --min-score 0.5
    """
    from genemine.pipeline.export import ExportRequest
    from genemine.pipeline.export import export as step

    chosen = load_settings(settings, os.environ, data_dir=data_dir)
    request = ExportRequest(file_format.value, to, run, tuple(query or ()), pmids, min_score, min_pair_score, scores)
    with bar("Exporting", "articles") as progress:
        report = step(request, chosen, progress)
    counts = ", ".join(f"{n:,} {name}" for name, n in report.counts.items())
    typer.echo(f"{to}: {counts} of run {report.notes[0]}")
