"""The quality gate: is a run enough like the one before to take its place? Figures in, a line for each out.

A line that says FAIL holds the run's tables back. A figure is out of bounds only if it is so by share and by number: a small
corpus, where few rows are a large share, and a large night, which brings many rows, are no faults. Rates are looked at on the
articles that both runs have; new articles are compared with them by a wider bound, which finds a night whose texts came empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from genemine.config import GateSettings
from genemine.evaluate.drift import stability_index
from genemine.pipeline.validate_report import Line, failed, number, passed
from genemine.tables.compare import RunComparison

LOOK = "look at what differs between the two runs; mend it and mine again, or release the run if it is meant to be so"
FEWER = "look for raw files that were removed or damaged (`genemine validate`) and mine again; or release the run if they are to go"
# what was left out may become less for good reasons, and the associations have lines of their own
NOT_WEIGHED = ("associations", "dropped", "duplicates")


def judge(
    compared: RunComparison, tables: tuple[Mapping[str, int], Mapping[str, int]], copies: tuple[int, int], settings: GateSettings
) -> tuple[Line, ...]:
    """Give a line for each thing that is compared.

    Args:
        compared: the run before and the new one, beside each other.
        tables: rows of each table, before and after.
        copies: articles left out as copies, before and after.
        settings: the bounds.
    """
    if compared.articles[0] < settings.min_articles:
        told = f"the run before has {number(compared.articles[0], 'article')}; runs are compared from {settings.min_articles:,} on"
        return (passed("size", told),)
    return (
        _gone("articles", *compared.articles, compared.articles_gone, settings),
        _fallen(*tables, settings),
        *_of_kept_articles(compared, settings),
        _new_articles(compared, settings),
        _copies(compared, copies, settings),
        _gone("associations", *compared.associations, compared.associations_gone, settings),
        _grown(compared, settings),
        _drift("association scores", "pairs of as many articles", compared.association_scores, settings),
    )


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """What made the two runs, where it differs: models, vocabulary, curated pairs, program and settings of their ``run.json``."""
    for name in ("tagger", "relations"):
        if before["models"][name]["sha256"] != after["models"][name]["sha256"]:
            yield f"model {name}"
    for name, key in (("lexicon", "version"), ("curated", "sha256")):
        if before.get(name, {}).get(key) != after.get(name, {}).get(key):
            yield {"lexicon": "vocabulary", "curated": "curated pairs"}[name]
    if before["versions"]["genemine"] != after["versions"]["genemine"]:
        yield f"genemine {before['versions']['genemine']} then, {after['versions']['genemine']} now"
    for stage in ("clean", "copies", "annotate", "link", "relate", "curated"):
        old, new = (manifest["settings"].get(stage, {}) for manifest in (before, after))
        for key in sorted({*old, *new}):
            if old.get(key) != new.get(key):
                yield f"setting {stage}.{key}: {old.get(key)!r} then, {new.get(key)!r} now"


def _told(check: str, what: str, out: bool, mend: str = LOOK) -> Line:
    return failed(check, what, mend) if out else passed(check, what)


def _gone(name: str, before: int, after: int, gone: int, settings: GateSettings) -> Line:
    share = gone / before if before else 0.0
    what = f"{before:,} before, {after:,} now; {gone:,} ({share:.1%}) of those before are gone (at most {settings.max_gone:.0%})"
    return _told(name, what, share > settings.max_gone and gone >= settings.min_rows, FEWER if name == "articles" else LOOK)


def _fallen(before: Mapping[str, int], after: Mapping[str, int], settings: GateSettings) -> Line:
    fell = {
        name: f"{name} from {n:,} to {after.get(name, 0):,} rows"
        for name, n in before.items()
        if name not in NOT_WEIGHED
        and n - after.get(name, 0) >= settings.min_rows
        and n - after.get(name, 0) > settings.max_fall * n
    }
    what = f"fell by more than {settings.max_fall:.0%}: {'; '.join(fell.values()) or 'none'}"
    return _told("rows", what, bool(fell))


def _of_kept_articles(compared: RunComparison, settings: GateSettings) -> Iterator[Line]:
    """The rates of the articles that both runs have."""
    n_kept = compared.articles[0] - compared.articles_gone
    before, after = compared.mentions_kept
    change = abs(after - before) / before if before else float(after > 0)
    rates = (before / max(n_kept, 1), after / max(n_kept, 1))
    what = f"{rates[0]:.2f} before, {rates[1]:.2f} now, in {n_kept:,} articles of both runs (±{settings.max_change:.0%} at most)"
    yield _told("mentions an article", what, change > settings.max_change and abs(after - before) >= settings.min_rows)
    old, new = compared.linked_kept
    what = f"{old:.1%} before, {new:.1%} now, in articles of both runs (±{settings.max_change:.0%} at most)"
    moved = abs(new - old)
    yield _told("linked mentions", what, moved > settings.max_change and moved * max(before, after) >= settings.min_rows)
    yield _drift("sentence scores", "pairs in articles of both runs", compared.sentence_scores, settings)


def _drift(name: str, of: str, scores: tuple[Sequence[int], Sequence[int]], settings: GateSettings) -> Line:
    n, drift = min(sum(part) for part in scores), stability_index(*scores)
    what = f"stability index {drift:.3f} over {n:,} {of} (at most {settings.max_drift:g})"
    return _told(name, what, drift > settings.max_drift and n >= settings.min_rows)


def _new_articles(compared: RunComparison, settings: GateSettings) -> Line:
    """A night whose texts came empty, or in a form that is read wrongly, has far fewer mentions an article."""
    old = compared.mentions_before / max(compared.articles[0], 1)
    new = compared.mentions_new / max(compared.articles_new, 1)
    times = max(old, new) / max(min(old, new), 1e-9)
    if not compared.articles_new:
        return passed("new articles", "none")
    what = (
        f"{compared.articles_new:,}, {new:.2f} mentions each; {old:.2f} before ({settings.max_times:g} times more or fewer at most)"
    )
    out = old > 0 and times > settings.max_times and compared.articles_new >= settings.min_rows
    return _told("new articles", what, out, f"look at the texts of the new articles in articles.csv; {LOOK}")


def _copies(compared: RunComparison, copies: tuple[int, int], settings: GateSettings) -> Line:
    old, new = (n / max(n + kept, 1) for n, kept in zip(copies, compared.articles, strict=True))
    what = f"{old:.1%} of all articles before, {new:.1%} now (at most {settings.max_copies:.0%} more)"
    out = new - old > settings.max_copies and copies[1] - copies[0] >= settings.min_rows
    return _told("copies", what, out, f"look at duplicates.csv: are they copies? {LOOK}")


def _grown(compared: RunComparison, settings: GateSettings) -> Line:
    """A classifier or a lexicon that says yes to everything makes more associations of the same articles."""
    old, new = (pairs / max(n, 1) for pairs, n in zip(compared.associations, compared.articles, strict=True))
    grown = compared.associations[1] - compared.associations[0]
    what = f"{old:.2f} before, {new:.2f} now (at most {settings.max_fall:.0%} more)"
    return _told("associations an article", what, new > old * (1 + settings.max_fall) and grown >= settings.min_rows)
