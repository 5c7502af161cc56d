"""The mentions and associated pairs of a run as files for tools that curators work with: PubTator, BioC, brat, Label Studio."""

from __future__ import annotations

import gzip
import io
import logging
import os
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TextIO

from genemine.config import Settings
from genemine.errors import ConfigError, SourceError, StorageError
from genemine.pipeline.models import pair_classifier
from genemine.records import StepReport
from genemine.relate.classify import support_threshold
from genemine.sources import bioc_write, brat, label_studio
from genemine.sources.marked import ASSOCIATION, MarkedArticle
from genemine.sources.pubtator import (
    PubTatorDocument,
    PubTatorMention,
    PubTatorRelation,
    identifier,
    read_text,
    spelt,
    write_pubtator,
)
from genemine.storage.files import whole_file
from genemine.storage.layout import Layout
from genemine.storage.manifest import MANIFEST, latest_run, read_manifest
from genemine.storage.query import duck
from genemine.tables.marked import Wanted, choose, open_run, read_marked

log = logging.getLogger(__name__)

FORMATS = ("pubtator", "bioc", "brat", "label-studio")
_PACKED = ".gz"
Articles = Iterator[MarkedArticle]


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What to export: a format of :data:`FORMATS`, where to, and of which articles, mentions and pairs.

    ``run`` is a run id or a run's folder, empty for the newest; ``names`` are genes and diseases that every article names;
    ``pmids`` is a file with one PMID a line; ``min_pair_score`` None takes the threshold of the run.
    """

    format: str
    target: Path
    run: str = ""
    names: tuple[str, ...] = ()
    pmids: Path | None = None
    min_score: float = 0.0
    min_pair_score: float | None = None
    with_scores: bool = False


def export(request: ExportRequest, settings: Settings, progress: Callable[[int, int], None] | None = None) -> StepReport:
    """Write the export; the file or folder is there whole or not at all.

    Args:
        request: what and where to.
        settings: the data folder, and the pair classifier for runs that do not tell their threshold.
        progress: told the number of articles done and of all.

    Raises:
        ConfigError: the format is not known, a name is empty, or scores are asked of another format than PubTator.
        SourceError: the file of PMIDs cannot be used, or no article is chosen.
        StorageError: there is no such run, a table of it cannot be read, or the target cannot be written.
    """
    if request.format not in FORMATS:
        raise ConfigError(f"format {request.format!r} is not known; use one of {', '.join(FORMATS)}")
    if request.with_scores and request.format != FORMATS[0]:
        raise ConfigError(f"--scores is for pubtator; {request.format} carries the scores anyway, leave it out")
    if not all(name.strip() for name in request.names):
        raise ConfigError("--query is empty; write a gene or disease, such as ncbigene:672, BRCA1 or mesh:D001943")
    began = time.perf_counter()
    folder = find_run(request.run, Layout(settings.data_dir))
    pmids = read_pmids(request.pmids) if request.pmids else None
    threshold = _threshold(folder, settings) if request.min_pair_score is None else request.min_pair_score
    wanted = Wanted(request.names, pmids, request.min_score, threshold)
    counts: Counter[str] = Counter(articles=0, mentions=0, pairs=0)
    with duck("tables", folder) as connection:
        open_run(connection, folder)
        n_articles = _check(choose(connection, wanted), wanted, folder)

        def marked() -> Articles:
            for found in read_marked(connection, wanted):
                one = MarkedArticle(*found)
                yield one
                counts.update(articles=1, mentions=len(one.marks), pairs=len(one.pairs))
                if progress:
                    progress(counts["articles"], n_articles)

        _WRITERS[request.format](marked(), request, folder.name)
    log.info("export: %d articles, %d mentions, %d pairs to %s", *counts.values(), request.target)
    return StepReport("export", dict(counts), time.perf_counter() - began, (folder.name,))


def find_run(run: str, layout: Layout) -> Path:
    """The folder of a run: the newest, one by its id, or a folder that is one.

    Raises:
        StorageError: there is none.
    """
    folders = [layout.run(run), Path(run)] if run else [found] if (found := latest_run(layout)) else []
    for folder in folders:
        if (folder / MANIFEST).is_file():
            return folder.resolve()
    if run:
        raise StorageError(f"{layout.runs}: no run {run!r}; `ls {layout.runs}` shows their ids, without one the newest is taken")
    raise StorageError(f"{layout.data_dir}: no run yet; mine first (`genemine mine`), or give the folder with --data-dir")


def read_pmids(path: Path) -> frozenset[str]:
    """The PMIDs of a file, one a line; empty lines and what follows a ``#`` are skipped.

    Raises:
        SourceError: the file cannot be read, a line is no PMID, or there is none.
    """
    pmids = set()
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        pmid = line.partition("#")[0].strip()
        if pmid and not (pmid.isascii() and pmid.isdecimal()):
            raise SourceError(f"{path}:{number}: {pmid[:40]!r} is no PMID; write one number a line, such as 7545954")
        if pmid:
            pmids.add(pmid)
    if not pmids:
        raise SourceError(f"{path}: no PMID in it; write one number a line")
    return frozenset(pmids)


def _threshold(folder: Path, settings: Settings) -> float:
    noted = read_manifest(folder)["models"]["relations"].get("threshold")
    return float(noted) if noted is not None else support_threshold(pair_classifier(settings.relate), settings.relate)


def _check(counts: dict[str, int], wanted: Wanted, folder: Path) -> int:
    for name in wanted.names:
        if not counts[name]:
            raise SourceError(
                f"{folder.name}: no article names {name!r}; write an identifier or name of its tables, such as ncbigene:672, BRCA1 "
                "or mesh:D001943 (columns curie, name and xrefs of mentions)"
            )
    if not counts["articles"]:
        raise SourceError(f"{folder.name}: no article is left; fewer --query, other --pmids or a lower --min-score choose more")
    return counts["articles"]


def _write_pubtator(articles: Articles, request: ExportRequest, _run: str) -> None:
    with _text_file(request.target) as out:
        for marked in articles:
            out.write(write_pubtator([_pubtator(marked, request.with_scores)], with_scores=request.with_scores))


def _pubtator(marked: MarkedArticle, with_scores: bool) -> PubTatorDocument:
    article = marked.article
    mentions = tuple(
        PubTatorMention(m.start, m.end, m.text, m.type, identifier(mark.links), score=m.score)
        for mark in marked.marks
        for m in (mark.mention,)
    )
    relations = tuple(
        PubTatorRelation(ASSOCIATION, (spelt(gene), spelt(disease), *([f"score={score:.4f}"] if with_scores else [])))
        for gene, disease, score in marked.concept_pairs()
    )
    return PubTatorDocument(article.pmid, article.title, article.abstract, mentions, relations)


def _write_bioc(articles: Articles, request: ExportRequest, run: str) -> None:
    made = date.fromisoformat(f"{run[:4]}-{run[4:6]}-{run[6:8]}") if run[:8].isdecimal() else date.today()
    with _text_file(request.target) as out:
        out.write(bioc_write.bioc_head(f"genemine {run}", made))
        out.writelines(map(bioc_write.bioc_document, articles))
        out.write(bioc_write.FOOT)


def _write_brat(articles: Articles, request: ExportRequest, _run: str) -> None:
    with _whole_folder(request.target) as folder:
        (folder / brat.CONFIG_NAME).write_text(brat.CONFIG, encoding="utf-8")
        for marked in articles:
            path = folder / f"{marked.article.pmid}.txt"
            path.write_text(brat.brat_text(marked), encoding="utf-8", newline="\n")
            path.with_suffix(".ann").write_text(brat.brat_annotations(marked), encoding="utf-8", newline="\n")


def _write_label_studio(articles: Articles, request: ExportRequest, run: str) -> None:
    with _whole_folder(request.target) as folder:
        (folder / label_studio.CONFIG_NAME).write_text(label_studio.CONFIG, encoding="utf-8")
        with (folder / label_studio.TASKS_NAME).open("w", encoding="utf-8", newline="\n") as out:
            for n, marked in enumerate(articles):
                out.write(("[\n" if n == 0 else ",\n") + label_studio.task(marked, f"genemine {run}"))
            out.write("\n]\n")


_WRITERS = dict(zip(FORMATS, (_write_pubtator, _write_bioc, _write_brat, _write_label_studio), strict=True))


@contextmanager
def _text_file(target: Path) -> Iterator[TextIO]:
    """A text file, packed if its name ends in ``.gz``; packed alike whenever and wherever it is written."""
    try:
        with whole_file(target) as temporary, temporary.open("wb") as raw:
            if target.suffix == _PACKED:
                with (
                    gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as packed,
                    io.TextIOWrapper(packed, "utf-8", newline="\n") as out,
                ):
                    yield out
            else:
                with io.TextIOWrapper(raw, "utf-8", newline="\n") as out:
                    yield out
    except StorageError as error:
        raise _cannot_write(target, error.__cause__ or error) from error


@contextmanager
def _whole_folder(target: Path) -> Iterator[Path]:
    """A new folder, renamed to its name when all is in it."""
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            raise StorageError(f"{target}: there is something already; name a new or an empty folder with --to")
        draft.mkdir(parents=True)
        yield draft
        draft.replace(target)
    except OSError as error:
        raise _cannot_write(target, error) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _cannot_write(target: Path, error: BaseException) -> StorageError:
    why = getattr(error, "strerror", None) or error
    return StorageError(f"{target}: cannot be written ({why}); make its folder writable or name another with --to")
