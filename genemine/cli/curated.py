"""``genemine curated``: the pairs that curators know, so that associations tell what is new."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from genemine.config import load_settings

if TYPE_CHECKING:
    from genemine.pipeline.curated import CuratedReport

app = typer.Typer(
    help="""Curated gene-disease pairs: what is known, so that the tables tell what is new.

    Files of Gene2Phenotype, OMIM (mim2gene_medgen), HPO (genes_to_disease) and DisGeNET become one file under the lexicon's
    identifiers; name it as curated.file in the settings.
    """,
    no_args_is_help=True,
)

SettingsFile = Annotated[Path | None, typer.Option("--settings", help="A TOML file of settings; see docs/settings.md.")]


@app.command()
def build(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Holds the publishers' files, packed or not.")],
    to: Annotated[Path, typer.Option(help="The file to make.")] = Path("data/curated.parquet"),
    settings: SettingsFile = None,
) -> None:
    """Make one file of all pairs in a folder."""
    from genemine.pipeline.curated import build_curated

    _tell(build_curated(folder, to, load_settings(settings, os.environ)))
    typer.echo(f'Name it in the settings: [curated] file = "{to}"')


@app.command()
def status(settings: SettingsFile = None) -> None:
    """Tell what is in the file of the settings, and from which releases."""
    from genemine.pipeline.curated import curated_status

    _tell(curated_status(load_settings(settings, os.environ)))


def _tell(report: CuratedReport) -> None:
    for one in report.files:
        left_out = "".join(f"; left out: {n:,} ({why})" for why, n in one["left_out"].items())
        unmapped = f"; {one['unmapped']:,} under disease ids that the lexicon does not know" if one["unmapped"] else ""
        sha256 = one["sha256"][:12]
        typer.echo(f"{one['file']}: {one['source']}, {one['rows']:,} rows, {one['kept']:,} pairs{unmapped}{left_out}  ({sha256})")
    typer.echo(f"{report.path}: {report.n_pairs:,} pairs, made with lexicon {report.lexicon[:12]}")
