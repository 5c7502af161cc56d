"""``genemine curated``: the pairs that curators know, so that associations tell what is new."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from genemine.cli.options import DataDir, Mirror, SettingsFile
from genemine.cli.progress import bar
from genemine.config import built_curated, load_settings
from genemine.storage.layout import Layout

if TYPE_CHECKING:
    from genemine.pipeline.curated import CuratedReport

app = typer.Typer(
    help="""Curated gene-disease pairs: what is known, so that the tables tell what is new.

    \b
        genemine curated pull      # fetch Gene2Phenotype, OMIM (mim2gene_medgen) and HPO (genes_to_disease)
        genemine curated build     # make one file of them, which serves from the next run on
        genemine curated status    # what is in it, and from which releases

    DisGeNET asks for a login: give its file, if you have it, to `build`. docs/associations.md tells more.
    """,
    no_args_is_help=True,
    rich_markup_mode="rich",
)


@app.command()
def pull(
    to: Annotated[Path | None, typer.Option(help="The folder to fetch into.  \\[default: raw/curated in the data folder]")] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Only this one; may be given several times: gene2phenotype, mim2gene, hpo."),
    ] = None,
    mirror: Mirror = None,
    data_dir: DataDir = None,
    settings: SettingsFile = None,
) -> None:
    """Fetch current releases from their publishers; what did not change is not fetched again.

    A download that breaks off is gone on with, by this run or the next. Each file is read to its end before it takes the place of
    an older one, so what is cut off, or no file of curated pairs, never does. A file that cannot be had stops no other; it is named
    at the end, and the exit status is 2.
    """
    from genemine.pipeline.curated_pull import pull as step

    chosen = load_settings(settings, os.environ, data_dir=data_dir, curated__mirror=mirror)
    with bar("Fetching", "files") as progress:
        report = step(chosen, to, only or (), progress)
    typer.echo(report.summary())
    report.check()


@app.command()
def build(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FOLDER]", help="Holds the publishers' files, packed or not.  \\[default: raw/curated in the data folder]"
        ),
    ] = None,
    to: Annotated[Path | None, typer.Option(help="The file to make.  \\[default: curated.parquet in the data folder]")] = None,
    also: Annotated[list[Path] | None, typer.Option(metavar="FILE", help="A further file; may be given several times.")] = None,
    data_dir: DataDir = None,
    settings: SettingsFile = None,
) -> None:
    """Make one file of all pairs in a folder; files are told by their columns, whatever their names are.

    The file of the data folder serves by itself from the next run on; make it again after a change of the lexicon.
    """
    from genemine.pipeline.curated import build_curated

    chosen = load_settings(settings, os.environ, data_dir=data_dir)
    target = to or built_curated(chosen.data_dir)
    _tell(build_curated(folder or Layout(chosen.data_dir).curated, target, chosen, also or ()))
    if target == built_curated(chosen.data_dir):
        typer.echo('It serves from the next run on. To compare with nothing: [curated] file = "none"')
    else:
        typer.echo(f'Name it in the settings: [curated] file = "{target}"')


@app.command()
def status(data_dir: DataDir = None, settings: SettingsFile = None) -> None:
    """Tell what is in the file of the settings, and from which releases."""
    from genemine.pipeline.curated import curated_status

    _tell(curated_status(load_settings(settings, os.environ, data_dir=data_dir)))


def _tell(report: CuratedReport) -> None:
    for one in report.files:
        left_out = "".join(f"; left out: {n:,} ({why})" for why, n in one["left_out"].items())
        unmapped = f"; {one['unmapped']:,} under disease ids that the lexicon does not know" if one["unmapped"] else ""
        sha256 = one["sha256"][:12]
        typer.echo(f"{one['file']}: {one['source']}, {one['rows']:,} rows, {one['kept']:,} pairs{unmapped}{left_out}  ({sha256})")
    typer.echo(f"{report.path}: {report.n_pairs:,} pairs, made with lexicon {report.lexicon[:12]}")
