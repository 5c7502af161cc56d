"""The page itself: what it tells of a run, laid out by templates of this package into one file that asks nobody for anything."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from genemine.config import ReportSettings
from genemine.report import plots
from genemine.report.changes import MIN_CHANGE, other_reasons, told
from genemine.report.flow import BAND, WIDTH, draw, steps
from genemine.report.network import network, network_picture
from genemine.report.payload import payload, pieces, script_json
from genemine.report.read import MAX_LISTED, ReportTables, read_tables

SCRIPTS = ("base.js", "data.js", "evidence.js", "table.js", "views.js")
_LIBRARIES = ("python", "tensorflow", "keras", "scikit-learn", "duckdb", "pandas")


def report_page(
    folder: Path,
    manifest: Mapping[str, Any],
    previous: tuple[Path, Mapping[str, Any]] | None,
    settings: ReportSettings,
    reliability: Sequence[Mapping[str, Any]] = (),
) -> str:
    """Make the HTML of a run's report; the same run gives the same text.

    Args:
        folder: the folder with the run's tables.
        manifest: what is or will be its run.json.
        previous: folder and manifest of the complete run before it; None where there is none.
        settings: how much is shown.
        reliability: what scores of the run's pair classifier promise and what is true, a bin each; empty where nobody knows.

    Raises:
        StorageError: a table is missing or damaged.
    """
    tables = read_tables(folder, previous[0] if previous else None, settings)
    data = payload(tables)
    early, script = _text("early.js"), "\n".join(_text(name) for name in SCRIPTS)
    template = _environment().get_template("page.html.j2")
    return template.render(
        css=Markup(_text("page.css")),  # noqa: S704 (a file of this package)
        early=Markup(early),  # noqa: S704
        script=Markup(script),  # noqa: S704
        script_sources=Markup(" ".join(map(_source, (early, script)))),  # noqa: S704
        data=Markup(script_json(data)),  # noqa: S704 (holds no character that could end the script)
        pieces=pieces(tables),
        run=_run(manifest, previous),
        tiles=_tiles(manifest["counts"], tables),
        partly=_partly(tables),
        candidates=len(tables.candidates),
        compared=bool(manifest.get("curated", {}).get("file")),
        changes=_changes(manifest, previous, tables),
        flow=[draw(step) for step in steps(manifest["counts"], tables)],
        flow_width=WIDTH,
        flow_band=BAND,
        plots=_plots(tables, manifest, reliability),
        limits=_limits(manifest),
        facts=list(_facts(manifest)),
        settings=list(_settings(manifest.get("settings", {}))),
    )


def _environment() -> Environment:
    names = ("page.html.j2", "flow.svg.j2")
    return Environment(loader=DictLoader({name: _text(name) for name in names}), autoescape=True, undefined=StrictUndefined)


def _text(name: str) -> str:
    return (files(__package__) / "template" / name).read_text(encoding="utf-8")


def _source(script: str) -> str:
    """What the page's security policy calls a script by: any other, one from a title for instance, does not run."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def _run(manifest: Mapping[str, Any], previous: tuple[Path, Mapping[str, Any]] | None) -> dict[str, str]:
    return {
        "id": manifest["run_id"],
        "finished": manifest["finished"].replace("T", " ").replace("+00:00", " UTC"),
        "previous": previous[1]["run_id"] if previous else "",
        "version": manifest["versions"]["genemine"],
    }


def _tiles(counts: Mapping[str, Any], tables: ReportTables) -> list[dict[str, Any]]:
    """The numbers at the top, each leading to where it is explained."""
    shown = [
        ("records read", counts["records"], "overview"),
        ("articles kept", counts["articles"], "overview"),
        ("associations", counts["associations"], "associations"),
        ("only denied", counts["denied"], "associations"),
    ]
    if counts.get("implied"):
        shown.insert(3, ("implied by abstracts", counts["implied"], "associations"))
    if counts.get("candidates"):
        shown += [("in curated sources", tables.n_known, "associations"), ("candidates", counts["candidates"], "candidates")]
    if tables.changes:
        shown.append(("new since last run", tables.changes.counts["new"], "changes"))
    return [{"label": label, "n": n, "to": to} for label, n, to in shown]


def _partly(tables: ReportTables) -> dict[str, int]:
    n_all, n_shown = sum(tables.directions.values()), len(tables.associations)
    return {"associations": n_all if n_shown < n_all else 0, "shown": n_shown}


def _changes(
    manifest: Mapping[str, Any], previous: tuple[Path, Mapping[str, Any]] | None, tables: ReportTables
) -> dict[str, Any] | None:
    if previous is None or tables.changes is None:
        return None
    return {
        "counts": tables.changes.counts,
        "least": MIN_CHANGE,
        "most": MAX_LISTED,
        "cut": max(tables.changes.counts.values()) > MAX_LISTED,
        "reasons": other_reasons(manifest, previous[1]),
    }


def _plots(tables: ReportTables, manifest: Mapping[str, Any], reliability: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    drawn: list[dict[str, Any]] = []
    if len(tables.by_score):
        words = "Bars: how many associations have a score in each twentieth from 0 to 1"
        drawn.append({"caption": "Scores of associations", "told": words, "svg": Markup(plots.scores(tables.by_score))})  # noqa: S704
    if len(tables.by_year):
        words = "Bars: articles of each year, and those of them with a supporting sentence"
        drawn.append({"caption": "Articles by year", "told": words, "svg": Markup(plots.years(tables.by_year))})  # noqa: S704
    drawn.append(_reliability(manifest["models"]["relations"]["name"], reliability))
    net = network(tables.associations)
    if net.lines:
        caption = f"Genes and diseases of the {len(net.lines)} best associations"
        svg = Markup(network_picture(net))  # noqa: S704 (matplotlib escapes names)
        drawn.append({"caption": caption, "told": caption, "svg": svg, "wide": True})
    return [{"wide": False, "note": "", **one} for one in drawn]


def _reliability(model: str, bins: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The plot, or in its place why there is none."""
    caption = "Reliability of sentence scores"
    if not bins:
        words = f"Not drawn: the bundle of {model} that is here holds no figures of it, or is not the one that made this run."
        return {"caption": caption, "told": words, "svg": ""}
    n = sum(one["n"] for one in bins)
    words = (
        f"Dots: of {n:,} sentences with a known answer, the share that is right among those of about the same score; a line: equal"
    )
    note = f"{model} on {n:,} sentences of its devel part, each half calibrated on the other. The larger a dot, the more sentences."
    return {"caption": caption, "told": words, "note": note, "svg": Markup(plots.reliability(bins))}  # noqa: S704


def _limits(manifest: Mapping[str, Any]) -> list[str]:
    limits = []
    if not manifest.get("curated", {}).get("file"):
        limits.append("No curated pairs were given, so no row tells whether it is known.")
    if manifest.get("settings", {}).get("entrez", {}).get("source") == "sample":
        limits.append(
            "The records came from a PubMed on this machine (source “sample”). Those of the embedded sample, PMIDs from 99000001 "
            "on, are made up: their links lead to no article."
        )
    return limits


def _facts(manifest: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    models, lexicon, curated = (manifest.get(name, {}) for name in ("models", "lexicon", "curated"))
    for name, label in (("tagger", "Tagger"), ("relations", "Pair classifier")):
        yield label, f"{models[name]['name']} (sha256 {models[name]['sha256'][:12]})"
    yield "Lexicon", f"{lexicon['name']} (version {lexicon['version'][:12]})"
    yield "Curated pairs", f"{curated['file']} (sha256 {curated['sha256'][:12]})" if curated.get("file") else "none"
    versions = manifest["versions"]
    yield "genemine", versions["genemine"]
    yield "Libraries", ", ".join(f"{name} {versions[name]}" for name in _LIBRARIES if name in versions)
    yield "Run", f"{manifest['run_id']}, {manifest['started']} to {manifest['finished']}"
    yield "Fingerprint", manifest["fingerprint"]
    n = len(manifest["inputs"])
    yield "Made from", f"{n:,} raw file{'s' if n != 1 else ''}; run.json names each with its sha256"


def _settings(settings: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """All settings but the address of a person: reports are passed on."""
    for stage, values in settings.items():
        if isinstance(values, Mapping):
            yield from ((f"{stage}.{name}", told(value)) for name, value in values.items() if name != "email")
