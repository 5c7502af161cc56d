"""The command group ``genemine vocab``: the vocabularies whose names and identifiers mentions are linked to."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from genemine.cli.options import DataDir, Mirror, SettingsFile
from genemine.cli.progress import bar
from genemine.config import load_settings

app = typer.Typer(
    help="""Fetch vocabularies of genes and diseases, and make the lexicon of them that gives mentions their identifiers.

    \b
        genemine vocab pull                   # fetch current releases (some 30 MB)
        genemine vocab build data/raw/vocab   # make a lexicon of them
        genemine vocab status                 # which lexicon serves, and how old it is
        genemine vocab suspects               # names that mislead, for you to stop

    Without any of it the embedded lexicon serves: 654 genes and 393 diseases. docs/vocab.md tells more.
    """,
    no_args_is_help=True,
    rich_markup_mode="rich",
)


@app.command()
def pull(
    to: Annotated[Path | None, typer.Option(help="The folder to fetch into.  \\[default: raw/vocab in the data folder]")] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Only this one; may be given several times: gene_info, hgnc, medic, disease-ontology, mim2gene, mesh.",
        ),
    ] = None,
    species: Annotated[
        list[str] | None,
        typer.Option(metavar="TAXON", help="Species whose genes are wanted; may be given several times.  \\[default: 9606, human]"),
    ] = None,
    mirror: Mirror = None,
    data_dir: DataDir = None,
    settings: SettingsFile = None,
) -> None:
    """Fetch current releases from their homes; what did not change is not fetched again.

    A download that breaks off is gone on with, by this run or the next. What is cut off, or no vocabulary at all, never takes the
    place of a good file. A file that cannot be had stops no other; it is named at the end, and the exit status is 2.
    """
    from genemine.pipeline.vocab_pull import pull as step

    chosen = load_settings(settings, os.environ, data_dir=data_dir, vocab__mirror=mirror)
    with bar("Fetching", "files") as progress:
        report = step(chosen, to, only or (), species or ("9606",), progress)
    typer.echo(report.summary())
    report.check()


@app.command()
def build(
    folder: Annotated[
        Path | None, typer.Argument(help="A folder of vocabulary files, plain or .gz.  \\[default: raw/vocab in the data folder]")
    ] = None,
    to: Annotated[Path | None, typer.Option(help="The folder of the lexicon.  \\[default: lexicon in the data folder]")] = None,
    also: Annotated[list[Path] | None, typer.Option(metavar="FILE", help="A further file; may be given several times.")] = None,
    species: Annotated[
        list[str] | None,
        typer.Option(metavar="TAXON", help="Species whose genes are wanted; may be given several times.  \\[default: 9606, human]"),
    ] = None,
    data_dir: DataDir = None,
    settings: SettingsFile = None,
) -> None:
    """Make a lexicon of vocabulary files; they are told by their content, whatever their names are.

    A file that is cut off, empty or something else is refused, so that a lexicon is never silently empty.
    """
    from genemine.pipeline.vocab_build import build as step

    chosen = load_settings(settings, os.environ, data_dir=data_dir)
    with bar("Building", "files") as progress:
        report = step(chosen, folder, to, also or (), species or ("9606",), progress)
    typer.echo(report.summary())


@app.command()
def status(data_dir: DataDir = None, settings: SettingsFile = None) -> None:
    """Tell which lexicon serves with these settings, of which releases it is made, and how old they are."""
    from genemine.pipeline.vocab_status import status as step

    typer.echo(step(load_settings(settings, os.environ, data_dir=data_dir)).summary())


@app.command()
def suspects(
    min_articles: Annotated[int, typer.Option(help="Leave out names that were found in fewer articles.", min=1)] = 10,
    max_share: Annotated[
        float,
        typer.Option(
            help="Leave out names that may be confirmed in a larger share of their articles (95 % interval).", min=0, max=1
        ),
    ] = 0.3,
    data_dir: DataDir = None,
    settings: SettingsFile = None,
) -> None:
    """List names that the lexicon finds in many articles and the tagger almost never confirms, with an example of each.

    What is printed is a stop list: read it, take out the names that are genes or diseases after all, and put the rest into the file
    of names of your settings (link.names). Nothing is stopped before that. Mine first; the more articles, the more can be told.
    """
    from genemine.pipeline.vocab_suspects import suspects as step

    with bar("Comparing", "shards") as progress:
        report = step(load_settings(settings, os.environ, data_dir=data_dir), min_articles, max_share, progress)
    typer.echo(report.summary(), err=True)
    if report.suspects:
        typer.echo(report.stop_list())
