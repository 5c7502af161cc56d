"""The command group ``genemine bulk``: the whole of PubMed from its baseline and update files."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from genemine.cli.options import DataDir, SettingsFile
from genemine.cli.progress import bar
from genemine.config import load_settings

app = typer.Typer(
    help="""Load the whole of PubMed from its baseline and update files, rather than by queries.

    \b
        genemine bulk pull       # fetch what is new (51 GB at first)
        genemine bulk load       # make raw shards of it
        genemine mine            # make tables of everything collected

    Each of them goes on where it was stopped, and does only what is new. docs/bulk.md tells more.
    """,
    no_args_is_help=True,
    rich_markup_mode="rich",
)


class Kind(StrEnum):
    """Folders of the server."""

    BASELINE = "baseline"
    UPDATES = "updates"
    ALL = "all"


@app.command()
def pull(
    url: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="URL", help="The server's folder that holds baseline/ and updatefiles/.  \\[default: NCBI's]"
        ),
    ] = None,
    to: Annotated[
        Path | None, typer.Option(help="The mirror folder to fetch into.  \\[default: raw/mirror in the data folder]")
    ] = None,
    kind: Annotated[Kind, typer.Option(help="Which files.")] = Kind.ALL,
    first: Annotated[int | None, typer.Option(help="Lowest number of a file: 1334 for pubmed26n1334.", min=1)] = None,
    last: Annotated[int | None, typer.Option(help="Highest number of a file.", min=1)] = None,
    recheck: Annotated[bool, typer.Option("--recheck", help="Compare every file that is here with its MD5 again.")] = False,
    data_dir: DataDir = None,
    settings: SettingsFile = None,
) -> None:
    """Fetch bulk files that are new or were re-issued; every file is checked by its MD5.

    A download that breaks off is gone on with, by this run or the next. A file that cannot be had stops no other; it is named at
    the end, and the exit status is 2. To try a few files: --kind updates --first 1500 --last 1503
    """
    from genemine.pipeline.bulk_pull import pull as step

    chosen = load_settings(settings, os.environ, data_dir=data_dir, bulk__base_url=url)
    with bar("Fetching", "files") as progress:
        report = step(chosen, to, kind.value, first, last, progress, recheck=recheck)
    typer.echo(report.summary())
    report.check()


@app.command()
def load(
    folder: Annotated[
        Path | None,
        typer.Argument(help="Bulk files, or a folder with baseline/ and updatefiles/.  \\[default: raw/mirror in the data folder]"),
    ] = None,
    reread: Annotated[
        bool, typer.Option("--reread", help="Read every raw shard of bulk files again and renew its rows in the ledger.")
    ] = False,
    data_dir: DataDir = None,
    settings: SettingsFile = None,
) -> None:
    """Make raw shards of bulk files that are new or were re-issued; `genemine mine` then mines them.

    Revised records replace older ones and DeleteCitation removes records, in the order of the files' numbers. A file that is
    damaged or cut off is not loaded; it is named at the end, and the exit status is 2. Numbers that are missing are told.
    """
    from genemine.pipeline.bulk_load import load as step

    chosen = load_settings(settings, os.environ, data_dir=data_dir)
    with bar("Loading", "files") as progress:
        report = step(chosen, folder, progress, reread=reread)
    typer.echo(report.summary())
    report.check()


@app.command()
def serve(
    folder: Annotated[
        Path | None,
        typer.Argument(help="A folder with baseline/ and updatefiles/.  \\[default: the embedded sample, as four files]"),
    ] = None,
    port: Annotated[int, typer.Option(help="The port on this machine.", min=0, max=65535)] = 8766,
    faults: Annotated[
        Path | None, typer.Option(help="A TOML plan of what shall go wrong; see docs/faults.md.", metavar="PLAN")
    ] = None,
) -> None:
    """Serve a folder of bulk files as NCBI does, to try a set-up without the network. Ctrl-C stops it.

    With --faults requests go wrong on purpose; a plan's requests are listing, md5 and file.
    """
    from genemine.pipeline import bulk_serve

    def ready(url: str) -> None:
        typer.echo(f"Bulk files at {url}\nFetch them with: genemine bulk pull --from {url} --data-dir try")

    bulk_serve.serve(folder, port, ready, faults, told=typer.echo)
