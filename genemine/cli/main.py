"""The command line: arguments become settings, settings go to one pipeline call, its report is printed.

Every error that a user can mend ends with its message and exit status 2, never a traceback.
"""

from __future__ import annotations

import logging
import os
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from genemine import __version__
from genemine.cli import (
    bulk,
    config,
    curated,
    eutils,
    evaluate,
    export,
    prune,
    quarantine,
    release,
    report,
    review,
    train,
    validate,
    vocab,
)
from genemine.cli.options import DataDir, SettingsFile
from genemine.cli.progress import bar, stages
from genemine.config import Settings, load_settings
from genemine.errors import GenemineError, QueryError

app = typer.Typer(
    name="genemine",
    help="""Mine scored gene-disease associations from PubMed.

    Try it:  [bold]genemine run --query "BRCA1\\[tiab] AND breast cancer\\[tiab]" --since 2025-01-01[/bold]

    PubMed asks every program for an e-mail address: set NCBI_EMAIL. An NCBI_API_KEY makes it three times as fast.
    GENEMINE_EUTILS_URL asks another server, such as the one of [bold]genemine eutils serve[/bold].
    """,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(train.app, name="train")
app.add_typer(evaluate.app, name="evaluate")
app.add_typer(eutils.app, name="eutils")
app.add_typer(bulk.app, name="bulk")
app.add_typer(vocab.app, name="vocab")
app.add_typer(curated.app, name="curated")
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(review.app, name="review")

Query = Annotated[str, typer.Option(help="A PubMed query; field tags such as \\[tiab] keep JUN from meaning June.")]
Since = Annotated[str | None, typer.Option(help="First day that records entered PubMed, YYYY-MM-DD.", metavar="DATE")]
Until = Annotated[str | None, typer.Option(help="Last day, YYYY-MM-DD; today if left out.", metavar="DATE")]


def _settings(data: Path | None, file: Path | None, **overrides: object) -> Settings:
    return load_settings(file, os.environ, data_dir=data, **overrides)


def _day(text: str | None, option: str) -> date | None:
    try:
        return None if text is None else datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError as error:
        raise QueryError(f"{option} {text!r} is no day; write it as YYYY-MM-DD, such as 2025-01-31") from error


@app.callback(invoke_without_command=True)
def _top(
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.", is_eager=True)] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Tell each step as it happens.")] = False,
) -> None:
    if version:
        typer.echo(f"genemine {__version__}")
        raise typer.Exit
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    if verbose:
        logging.getLogger("genemine").setLevel(logging.INFO)


@app.command()
def collect(
    query: Query,
    since: Since = None,
    until: Until = None,
    data_dir: DataDir = None,
    settings: SettingsFile = None,
) -> None:
    """Fetch the records of a query into data/raw; what is there already is not fetched again."""
    _collect(query, since, until, _settings(data_dir, settings))


@app.command()
def mine(data_dir: DataDir = None, settings: SettingsFile = None) -> None:
    """Make tables from everything in data/raw; only what is new or changed is worked on.

    Tables too unlike those before are held back: latest stays, exit status 3; see `genemine release --help`.
    """
    _mine(_settings(data_dir, settings))


@app.command()
def run(
    query: Query,
    since: Since = None,
    until: Until = None,
    data_dir: DataDir = None,
    settings: SettingsFile = None,
) -> None:
    """Collect, then mine: from a query to tables in one go, without Prefect.

    Tables too unlike those before are held back: latest stays, exit status 3; see `genemine release --help`.
    """
    chosen = _settings(data_dir, settings)
    _collect(query, since, until, chosen)
    _mine(chosen)


app.command()(report.report)
app.command()(validate.validate)
app.command()(config.config)
app.command()(prune.prune)
app.command()(export.export)
app.command()(release.release)


def _collect(query: str, since: str | None, until: str | None, settings: Settings) -> None:
    from genemine.pipeline.collect import collect

    first, last = _day(since, "--since"), _day(until, "--until")
    with bar("Collecting", "records") as progress:
        report = collect(query, first, last, settings, progress=progress, tell=lambda text: typer.echo(text, err=True))
    typer.echo(report.summary())


def _mine(settings: Settings) -> None:
    from genemine.pipeline.mine import check_files, mine
    from genemine.pipeline.summary import summary

    with stages() as progress:
        report = mine(settings, progress=progress)
    typer.echo(summary(report.folder))
    if report.held:
        typer.echo(release.notice(report.run_id, report.held), err=True)
    check_files(report.folder)
    if report.held:
        raise typer.Exit(release.HELD_STATUS)


@app.command()
def annotate(
    source: Annotated[Path, typer.Argument(metavar="IN", help="PubTator, or plain text whose first line is the title; .gz too.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="The PubTator file to write.")],
    file_format: Annotated[str, typer.Option("--format", help="What to write; pubtator is the only format so far.")] = "pubtator",
    scores: Annotated[bool, typer.Option("--scores", help="Add each mention's probability as a last column.")] = False,
    workers: Annotated[int | None, typer.Option(help="Processes that share the work.  \\[default: one for each core]")] = None,
    settings: SettingsFile = None,
) -> None:
    """Tag and link the genes and diseases of a text file; offsets are those of the input text.

    The output is the same for any number of workers, and a document's mentions are the same in any company.
    """
    from genemine.errors import ConfigError
    from genemine.pipeline import annotate as step

    if file_format != "pubtator":
        raise ConfigError(f"--format {file_format!r} is not known; use pubtator")
    chosen = _settings(None, settings, annotate__workers=workers)
    with bar("Annotating", "documents") as progress:
        report = step.annotate_file(source, target, chosen, with_scores=scores, progress=progress)
    rate = report.counts["documents"] / max(report.seconds, 1e-9)
    typer.echo(f"{target}: " + ", ".join(f"{n} {name}" for name, n in report.counts.items()) + f"; {rate:.0f} documents/s")


def main() -> None:
    """Run the command line; the entry point of ``genemine``."""
    # TensorFlow's start-up notes are for its developers.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        app(prog_name="genemine")
    except GenemineError as error:
        Console(stderr=True, soft_wrap=True, highlight=False).print(f"[bold red]error:[/bold red] {escape(str(error))}")
        sys.exit(2)
    except KeyboardInterrupt:
        typer.echo("stopped; what was collected and made is kept, the same command goes on from there", err=True)
        sys.exit(130)


if __name__ == "__main__":
    main()
