"""The data that a report carries: columns as compact JSON, and the sentences packed in pieces that a browser opens when asked."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Sequence
from typing import Any

import pandas as pd

from genemine.relate.known import NOT_COMPARED
from genemine.report.changes import KINDS, Changes
from genemine.report.read import ReportTables
from genemine.report.sentences import attention, number, span
from genemine.tables.links import HOMES, PUBMED
from genemine.tables.schema import LIST_SEPARATOR

# Associations a packed piece: opening one row unpacks some thousand sentences, in a few milliseconds.
PIECE = 500
_COUNTS = {
    "articles": "n_articles",
    "stated": "n_articles_stated",
    "supposed": "n_articles_speculated",
    "denied": "n_articles_denied",
    "retracted": "n_retracted",
    "sentences": "n_sentences",
    "deniedSentences": "n_denied",
    "first": "first_year",
    "last": "last_year",
}


def script_json(value: Any) -> str:
    """JSON that is harmless inside of a script element: no ``<``, ``>`` or ``&`` stands in it, so nothing can end it.

    Raises:
        ValueError: a number is not finite, which JSON cannot tell.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for char in "<>&\u2028\u2029":  # the last two end a line in JavaScript
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def payload(tables: ReportTables) -> dict[str, Any]:
    """Everything but the sentences, as columns; genes and diseases once, as [identifier, name, further identifiers]."""
    shown = tables.associations
    genes, diseases = (_entities(tables, kind) for kind in ("gene", "disease"))
    gene_places, disease_places = ({entity[0]: at for at, entity in enumerate(entities)} for entities in (genes, diseases))
    sources, known = number(shown["known_in"].fillna("").tolist())
    places = {association_id: at for at, association_id in enumerate(shown["association_id"])}
    return {
        "genes": genes,
        "diseases": diseases,
        "rows": {
            "id": shown["association_id"].tolist(),
            "gene": [gene_places[curie] for curie in shown["gene_curie"]],
            "disease": [disease_places[curie] for curie in shown["disease_curie"]],
            "score": _rounded(shown["score"], 4),
            "probability": _rounded(shown["probability"], 3)
            if "probability" in shown
            else [None] * len(shown),  # older runs have none
            "direction": shown["direction"].tolist(),
            "known": known,
            "q": _significant(shown["q_value"]),
            "trend": _rounded(shown["trend"], 2),
            "verdict": [verdict or "" for verdict in _plain(shown["verdict"])],
            "years": [[] if years is None or isinstance(years, float) else [int(n) for n in years] for years in shown["years"]],
            **{short: _plain(shown[column]) for short, column in _COUNTS.items()},
        },
        "sources": [source.split(LIST_SEPARATOR) if source else [] for source in sources],
        "compared": bool(len(shown)) and NOT_COMPARED not in sources,
        "candidates": _candidates(tables.candidates, places),
        "inherited": {
            "gene": [gene_places[curie] for curie in tables.inherited["gene_curie"]],
            "disease": [disease_places[curie] for curie in tables.inherited["disease_curie"]],
            "score": _rounded(tables.inherited["score"], 4),
            "articles": _plain(tables.inherited["n_articles"]),
            "own": _plain(tables.inherited["n_own_articles"]),
        },
        "changes": _changes(tables.changes, places),
        "piece": PIECE,
        "pubmed": PUBMED,
        "homes": HOMES,
    }


def _entities(tables: ReportTables, kind: str) -> list[list[str]]:
    columns = [f"{kind}_curie", f"{kind}_name"]
    both = pd.concat([tables.associations[columns], tables.inherited[columns]]).drop_duplicates(columns[0])
    return [[curie, name, tables.xrefs.get(curie, "")] for curie, name in both.itertuples(index=False)]


def _candidates(frame: pd.DataFrame, places: dict[str, int]) -> dict[str, list[Any]]:
    return {"at": [places[association_id] for association_id in frame["association_id"]], "promise": _rounded(frame["promise"], 4)}


def _changes(changes: Changes | None, places: dict[str, int]) -> dict[str, Any] | None:
    """``at`` is the row of the association, -1 where it is gone; its names then stand in ``names``."""
    if changes is None:
        return None
    rows = changes.rows
    at = [places.get(association_id, -1) for association_id in rows["association_id"]]
    names = zip(rows["gene_name"], rows["disease_name"], strict=True)
    return {
        "at": at,
        "kind": [KINDS.index(kind) for kind in rows["kind"]],
        "names": [None if place >= 0 else list(pair) for place, pair in zip(at, names, strict=True)],
        "oldScore": _rounded(rows["old_score"], 4),
        "newScore": _rounded(rows["new_score"], 4),
        "oldArticles": _plain(rows["old_articles"]),
        "newArticles": _plain(rows["new_articles"]),
    }


def pieces(tables: ReportTables) -> list[str]:
    """The sentences of PIECE associations at a time, as zlib-packed JSON in base64; as many pieces as the associations need."""
    order = {association_id: at for at, association_id in enumerate(tables.associations["association_id"])}
    evidence = tables.evidence.assign(place=tables.evidence["association_id"].map(order))
    n_pieces = -(-len(order) // PIECE)
    by_piece = dict(iter(evidence.groupby(evidence["place"] // PIECE)))
    return [_packed(by_piece[at]) if at in by_piece else "" for at in range(n_pieces)]


def _packed(frame: pd.DataFrame) -> str:
    articles, article_at = number(list(zip(*(_plain(frame[name]) for name in ("pmid", "year", "title", "flags")), strict=True)))
    sentences, sentence_at = number(frame["sentence"].tolist())
    columns = {
        "articles": articles,
        "sentences": sentences,
        "place": _plain(frame["place"]),
        "article": article_at,
        "sentence": sentence_at,
        "stance": frame["stance"].tolist(),
        "score": _rounded(frame["score"], 3),
        "cue": [cue or "" for cue in _plain(frame["cue"])],
        "verdict": [verdict or "" for verdict in _plain(frame["verdict"])],
        "repeat": [int(bool(repeat)) for repeat in _plain(frame["is_repeat"])],
        "gene": _spans(frame, "gene"),
        "disease": _spans(frame, "disease"),
        "attention": [
            attention(cell, len(sentence)) for cell, sentence in zip(_plain(frame["attention"]), frame["sentence"], strict=True)
        ],
    }
    text = json.dumps(columns, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return base64.b64encode(zlib.compress(text.encode(), 6)).decode()


def _spans(frame: pd.DataFrame, kind: str) -> list[tuple[int, int]]:
    columns = (_plain(frame[name]) for name in ("sentence", f"{kind}_text", f"{kind}_start", f"{kind}_end"))
    return [span(*cells) for cells in zip(*columns, strict=True)]


def _plain(column: pd.Series) -> list[Any]:
    """Python's own values, None for empty cells, whole numbers whole."""
    values: Sequence[Any] = column.astype(object).where(column.notna(), None).tolist()
    return [int(value) if isinstance(value, float) and value.is_integer() else value for value in values]


def _rounded(column: pd.Series, digits: int) -> list[float | None]:
    return [None if value is None else round(float(value), digits) for value in _plain(column)]


def _significant(column: pd.Series) -> list[float | None]:
    return [None if value is None else float(f"{value:.2g}") for value in _plain(column)]
