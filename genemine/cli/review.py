"""``genemine review``: people judge sentences, on a page or in a spreadsheet."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from genemine.cli.options import DataDir, SettingsFile
from genemine.config import Settings, load_settings

if TYPE_CHECKING:
    from genemine.pipeline.review import ReviewReport

PORT = 8770
SIZE = 500

app = typer.Typer(
    help="""Let curators judge the sentences behind the associations.

    Without a command it serves the page: [bold]genemine review[/bold], then open the address that it prints. The next
    [bold]genemine mine[/bold] takes what was rejected out of the tables; docs/review.md tells the whole way.
    """,
    rich_markup_mode="rich",
)

Size = Annotated[int, typer.Option(help="Most cards of the queue.", min=1)]
Names = Annotated[
    list[str] | None, typer.Option("--allow-host", help="A further host name under which the page is asked for; may be repeated.")
]


def _settings(data: Path | None, file: Path | None) -> Settings:
    return load_settings(file, os.environ, data_dir=data)


@app.callback(invoke_without_command=True)
def _top(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        serve()


@app.command()
def serve(
    port: Annotated[int, typer.Option(help="The port; 0 takes a free one.", min=0, max=65535)] = PORT,
    host: Annotated[
        str, typer.Option(help="What to listen at. Any but loopback opens the page to the network, with a token.")
    ] = "127.0.0.1",
    size: Size = SIZE,
    allow_host: Names = None,
    data_dir: DataDir = None,
    settings: SettingsFile = None,
) -> None:
    """Serve the page on this machine: one card at a time, by keyboard or mouse. Ctrl-C stops it, nothing is lost.

    Each curator gives a name and goes through the cards alone; the page remembers where they stopped. With --host 0.0.0.0 others
    can reach it too: give them the printed link, which holds the token.
    """
    from genemine.pipeline import review

    def ready(address: str, token: str) -> None:
        typer.echo(f"Review at {address}{f'?token={token}' if token else ''}")
        if token:
            typer.echo("Whoever has this link can give verdicts; what is sent over the network is not encrypted")
        typer.echo("Ctrl-C stops it; verdicts are on the disk as they are given")

    try:
        n = review.serve(_settings(data_dir, settings), host, port, size, ready, allow_host or ())
    except KeyboardInterrupt:
        return  # the server has ended in order before it says so
    typer.echo(f"{n:,} verdicts, notes and undos are kept; `genemine mine` puts them into the tables")


@app.command()
def queue(
    out: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write, .csv or .xlsx.")] = Path("queue.xlsx"),
    size: Size = SIZE,
    data_dir: DataDir = None,
    settings: SettingsFile = None,
) -> None:
    """Write the same queue as a spreadsheet: fill the column verdict, and bring it back with `genemine review import`."""
    from genemine.pipeline.review import queue_file
    from genemine.review.events import VERDICTS

    n = queue_file(_settings(data_dir, settings), out, size)
    typer.echo(f"{out}: {n:,} cards; fill the column verdict with {', '.join(VERDICTS)}")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A filled queue, .csv or .xlsx.")],
    curator: Annotated[str, typer.Option(help="Whose verdicts these are.")],
    data_dir: DataDir = None,
    settings: SettingsFile = None,
) -> None:
    """Keep the verdicts of a filled spreadsheet, all or none; rows without a verdict are passed over.

    The same file twice changes nothing. A row with an unknown card or verdict stops the import and is named.
    """
    from genemine.pipeline.review import import_file

    report = import_file(_settings(data_dir, settings), file, curator)
    typer.echo(f"{file}: {report.n_new:,} new verdicts and notes of {curator}, {report.n_known:,} that stood already")


@app.command()
def export(
    out: Annotated[Path, typer.Argument(metavar="FILE", help="The CSV file to write.")] = Path("verdicts.csv"),
    history: Annotated[bool, typer.Option("--history", help="Every event ever, undone ones too, instead of what stands.")] = False,
    data_dir: DataDir = None,
    settings: SettingsFile = None,
) -> None:
    """Write the verdicts as CSV, a row for each curator and card."""
    from genemine.pipeline.review import export_file

    n = export_file(_settings(data_dir, settings), out, history=history)
    typer.echo(f"{out}: {n:,} {'events' if history else 'verdicts'}")


@app.command()
def report(
    precision: Annotated[float, typer.Option(help="The precision that advice on the threshold aims at.")] = 0.8,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of lines for people.")] = False,
    data_dir: DataDir = None,
    settings: SettingsFile = None,
) -> None:
    """Tell what the verdicts say: precision by band of score, agreement of curators, advice on the threshold."""
    from genemine.pipeline.review import report as told

    found = told(_settings(data_dir, settings), precision)
    typer.echo(json.dumps(asdict(found), indent=2, ensure_ascii=False) if as_json else "\n".join(_lines(found)))


def _lines(found: ReviewReport) -> list[str]:
    if not found.n_cards:
        return ["No verdict yet: `genemine review` serves the page, `genemine review queue` writes a spreadsheet"]
    lines = [f"{found.n_cards:,} cards judged, {found.n_disputed:,} of them disputed", ""]
    for name, counts in found.n_verdicts.items():
        lines.append(f"  {name}: " + ", ".join(f"{n:,} {verdict}" for verdict, n in sorted(counts.items(), key=lambda c: -c[1])))
    lines += ["", "Precision, from the cards drawn by chance alone (95 % interval)", ""]
    lines.append("  score           judged  right  precision")
    rows = [(f"{band.low:.2f} - {band.high:.2f}", band) for band in found.bands]
    rows.append((f"from {found.threshold:.3f}", found.at_threshold))
    for label, one in rows:
        share = "-" if one.precision is None else f"{one.precision:.2f}  ({one.interval[0]:.2f} - {one.interval[1]:.2f})"
        extra = f"  {one.n_open} disputed or unsure" if one.n_open else ""
        lines.append(f"  {label:<14}{one.n:>8}{one.n_right:>7}  {share}{extra}")
    lines += ["", "Agreement of curators", ""]
    for pair in found.agreements:
        kappa = "not to be told, both always said the same" if pair.kappa is None else f"{pair.kappa:.2f}"
        lines.append(f"  {pair.first} and {pair.second}: {pair.n:,} cards of both, {pair.same:.0%} the same, kappa {kappa}")
    if not found.agreements:
        lines.append("  no two curators judged the same card")
    lines += ["", f"Threshold for a precision of {found.advice.wanted:g}", "", f"  {found.advice.why}"]
    if found.advice.threshold is not None:
        lines.append(f"  in the settings: [relate] min_score = {found.advice.threshold:.3f}")
    return lines
