"""``genemine quarantine``: look at what could not be read, and try it again."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from genemine.cli.options import DataDir, SettingsFile
from genemine.cli.progress import stages
from genemine.config import Settings, load_settings

app = typer.Typer(
    help="""Look at what could not be read as a record, and try it again.

    Whatever efetch or a file gave that is no record is kept in the ledger with its bytes and the reason; nothing is thrown away.
    """,
    no_args_is_help=True,
)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of lines for people.")]


def _settings(data: Path | None, file: Path | None) -> Settings:
    return load_settings(file, os.environ, data_dir=data)


@app.command("list")
def list_(data_dir: DataDir = None, as_json: AsJson = False, settings: SettingsFile = None) -> None:
    """List the entries: number, where it came from, PMID, reason, details, bytes, since when."""
    from genemine.pipeline.quarantine import list_entries

    entries = list_entries(_settings(data_dir, settings))
    if as_json:
        typer.echo(json.dumps([asdict(entry) for entry in entries], indent=2, ensure_ascii=False))
        return
    if not entries:
        typer.echo("quarantine is empty: every record could be read")
        return
    rows = [[str(e.id), e.source, e.pmid or "?", e.reason, e.detail, f"{e.size:,}", e.added_at[:10]] for e in entries]
    _table(("id", "source", "PMID", "reason", "detail", "bytes", "since"), rows)
    reasons = ", ".join(f"{n:,} {reason}" for reason, n in Counter(entry.reason for entry in entries).most_common())
    typer.echo(f"\n{len(entries):,} in quarantine: {reasons}")
    typer.echo("Look at one: genemine quarantine show ID; try all again: genemine quarantine retry")


@app.command()
def show(
    number: Annotated[int, typer.Argument(metavar="ID", help="The number that `list` gives.")],
    out: Annotated[Path | None, typer.Option(help="A file to write the bytes to.  \\[default: the screen]")] = None,
    data_dir: DataDir = None,
    settings: SettingsFile = None,
) -> None:
    """Give the bytes of one entry, exactly as they came."""
    from genemine.pipeline.quarantine import save_entry, show_entry

    chosen = _settings(data_dir, settings)
    if out is not None:
        typer.echo(f"{out}: {save_entry(chosen, number, out):,} bytes")
        return
    raw = show_entry(chosen, number).raw
    if sys.stdout.isatty():  # bytes that nobody could read are not to steer the terminal
        typer.echo("".join(char if char.isprintable() or char in "\n\t" else "�" for char in raw.decode(errors="replace")))
    else:
        sys.stdout.buffer.write(raw)


@app.command()
def retry(data_dir: DataDir = None, as_json: AsJson = False, settings: SettingsFile = None) -> None:
    """Read every entry again with this version's parser, and ask PubMed again for what it sent as no XML.

    What reads now leaves quarantine, and its file is cleaned again by the next `genemine mine`. Nothing leaves unread.
    """
    from genemine.pipeline.quarantine import MENDED
    from genemine.pipeline.quarantine import retry as try_again

    with stages("files") as progress:
        report = try_again(_settings(data_dir, settings), progress)
    if as_json:
        document = {"counts": report.counts, "batches": report.batches, "entries": [asdict(one) for one in report.outcomes]}
        typer.echo(json.dumps(document, indent=2, ensure_ascii=False))
        return
    if not report.outcomes:
        typer.echo("quarantine is empty: nothing to try")
        return
    _table(("id", "source", "PMID", "", "why"), [[str(o.id), o.source, o.pmid or "?", o.state, o.why] for o in report.outcomes])
    typer.echo("\n" + ", ".join(f"{n:,} {state}" for state, n in report.counts.items()))
    if report.counts[MENDED]:
        typer.echo("Now run `genemine mine`, so that the tables hold what was mended")


def _table(names: tuple[str, ...], rows: list[list[str]]) -> None:
    """Columns for people; tabs between them where the output is piped."""
    console = Console(highlight=False)
    if not console.is_terminal:
        for row in ([*names], *rows):
            typer.echo("\t".join(" ".join(cell.split()) for cell in row))
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in names:
        table.add_column(name, overflow="fold", justify="right" if name in ("id", "bytes") else "left")
    for row in rows:
        table.add_row(*map(Text, row))  # a detail may hold what rich takes for markup
    console.print(table)
