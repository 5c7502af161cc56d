"""The command group ``genemine eutils``: a PubMed of one's own on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="A PubMed of your own on this machine.", no_args_is_help=True, rich_markup_mode="rich")


@app.callback()
def _top() -> None:
    """A PubMed of your own on this machine."""


@app.command("serve")
def serve(
    folder: Annotated[
        Path | None, typer.Argument(help="A folder of PubMed XML (.xml, .xml.gz).  \\[default: the embedded sample]")
    ] = None,
    port: Annotated[int, typer.Option(help="The port on this machine.", min=0, max=65535)] = 8765,
    faults: Annotated[
        Path | None, typer.Option(help="A TOML plan of what shall go wrong; see below and docs/faults.md.", metavar="PLAN")
    ] = None,
) -> None:
    """Serve a folder of PubMed XML as NCBI's E-utilities do: esearch, epost, efetch, einfo. Ctrl-C stops it.

    With --faults, requests go wrong on purpose, the same ones for the same seed. A plan in which every twentieth efetch breaks off
    and the second esearch gets HTTP 503:

    \b
        seed = 7
        most_in_a_row = 2
        \\[\\[fault]]
        kind = "cut"
        requests = "efetch"
        probability = 0.05
        \\[\\[fault]]
        kind = "status"
        status = 503
        requests = "esearch"
        numbers = \\[2]
    """
    from genemine.pipeline import sample

    def ready(url: str) -> None:
        typer.echo(f"E-utilities at {url}\nAsk it with: GENEMINE_EUTILS_URL={url} genemine run --query ...")

    sample.serve(folder, port, ready, faults, told=typer.echo)
