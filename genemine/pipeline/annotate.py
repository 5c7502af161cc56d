"""Annotate a file: PubTator or plain text in, PubTator with mentions, identifiers and scores out.

The text is neither cleaned nor moved, so every offset is one of the input text.
"""

from __future__ import annotations

import gzip
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Protocol, TextIO, cast

from genemine.annotate.tagging import TokenTagger, annotate
from genemine.config import AnnotateSettings, Settings
from genemine.errors import GenemineError, SourceError, StorageError
from genemine.pipeline.workers import cores, map_in_order
from genemine.records import AnnotatedArticle, Article, Link, Mention, StepReport
from genemine.sources.plain_text import parse_plain_text
from genemine.sources.pubtator import (
    NO_IDENTIFIER,
    PubTatorDocument,
    PubTatorMention,
    identifier,
    is_pubtator,
    parse_pubtator,
    read_text,
    write_pubtator,
)
from genemine.storage.files import whole_file

log = logging.getLogger(__name__)

CHUNK_CHARS = 100_000  # characters of the documents that one worker gets at once: about 25,000 tokens, 0.3 s
_MEND = "run it again, or set annotate.workers to 1 (--workers 1), which needs the least memory"


class MentionLinker(Protocol):
    """Finds the identifiers of the mentions of one article."""

    def link(self, text: str, mentions: Sequence[Mention], short_forms: Mapping[str, str] | None = None) -> Sequence[Link]:
        """Link mentions: at least one link for each, in their order; ``short_forms`` gives the long form of each abbreviation."""
        ...


def annotate_file(
    source: Path,
    target: Path,
    settings: Settings,
    *,
    with_scores: bool,
    tagger: TokenTagger | None = None,
    linker: MentionLinker | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> StepReport:
    """Write the mentions found in ``source`` to ``target``; mentions that the input brings along are left out.

    Args:
        source: a PubTator file or plain text, told apart by content; may be gzip.
        target: a PubTator file; gzip if its name ends in ``.gz``. It is there whole or not at all.
        settings: ``settings.annotate`` and ``settings.link`` are used. The output is the same for any number of workers.
        with_scores: write the score of each mention as a last column.
        tagger: finds the mentions, in this process; None takes that of the settings, in as many processes as they say.
        linker: gives them identifiers where ``tagger`` is given; without one each has ``-``.
        progress: told the number of documents done and of all.

    Raises:
        SourceError: the input is missing, empty or no text.
        RecordError: a line of a PubTator input is broken.
        StorageError: the output cannot be written.
        BundleError, VocabularyError: the tagger or the lexicon of the settings cannot be read.
        WorkerError: a process that shared the work died.
    """
    began = time.perf_counter()
    documents = read_documents(source)
    if tagger is not None:
        chunks: Iterator[AnnotatedChunk] = map(Annotator(tagger, linker, settings.annotate, with_scores), _chunks(documents))
    else:
        chunks = _by_settings(documents, settings, with_scores)
    counts: Counter[str] = Counter(documents=0, sentences=0, mentions=0, linked=0)
    try:
        with whole_file(target) as temporary, _open_text(temporary, packed=target.suffix == ".gz") as out:
            for chunk in chunks:
                out.write(chunk.text)
                counts.update(chunk.counts)
                if progress:
                    progress(counts["documents"], len(documents))
    except StorageError as error:
        why = getattr(error.__cause__, "strerror", None) or error.__cause__
        raise StorageError(f"{target}: cannot be written ({why}); make its folder writable or name another output file") from error
    log.info("annotate: %d documents in, %d mentions out, %d linked", counts["documents"], counts["mentions"], counts["linked"])
    return StepReport("annotate", dict(counts), time.perf_counter() - began)


@dataclass(frozen=True)
class AnnotatedChunk:
    """Some documents as they are written, and their counts."""

    text: str
    counts: dict[str, int]


@dataclass(frozen=True)
class Annotator:
    """Annotates some documents at once."""

    tagger: TokenTagger
    linker: MentionLinker | None
    settings: AnnotateSettings
    with_scores: bool

    def __call__(self, documents: Sequence[PubTatorDocument]) -> AnnotatedChunk:
        """Find mentions and write them down; a document on which the tagger fails is written without, and counted."""
        try:
            return self._annotated(documents)
        except GenemineError:
            raise
        except Exception as error:
            if len(documents) == 1:
                log.warning("PMID %s: left without mentions (%s: %s)", documents[0].pmid, type(error).__name__, error)
                return AnnotatedChunk(write_pubtator([replace(documents[0], mentions=())]), {"documents": 1, "failed": 1})
            parts = [self([document]) for document in documents]
            counts: Counter[str] = Counter()
            for part in parts:
                counts.update(part.counts)
            return AnnotatedChunk("".join(part.text for part in parts), dict(counts))

    def _annotated(self, documents: Sequence[PubTatorDocument]) -> AnnotatedChunk:
        counts: Counter[str] = Counter(documents=len(documents))
        texts = []
        for document, article in annotate_documents(documents, self.tagger, self.settings):
            marked = _marked(document, article, self.linker)
            texts.append(write_pubtator([marked], with_scores=self.with_scores))
            counts["sentences"] += len(article.sentences)
            counts["mentions"] += len(marked.mentions)
            counts["linked"] += sum(m.identifier != NO_IDENTIFIER for m in marked.mentions)
        return AnnotatedChunk("".join(texts), dict(counts))


def load_annotator(settings: Settings, with_scores: bool) -> Annotator:
    """Load the tagger and the linker of the settings."""
    from genemine.pipeline.models import linker, tagger

    return Annotator(tagger(settings.annotate), linker(settings.link), settings.annotate, with_scores)


def _by_settings(documents: Sequence[PubTatorDocument], settings: Settings, with_scores: bool) -> Iterator[AnnotatedChunk]:
    chunks = _chunks(documents)
    n_workers = min(settings.annotate.workers or cores(), len(chunks))
    if n_workers <= 1:
        return map(load_annotator(settings, with_scores), chunks)
    return map_in_order(partial(load_annotator, settings, with_scores), chunks, n_workers, _MEND)


def _chunks(documents: Sequence[PubTatorDocument]) -> list[Sequence[PubTatorDocument]]:
    """Cut documents into chunks of about CHUNK_CHARS characters, at least one document each."""
    chunks: list[list[PubTatorDocument]] = []
    n_chars = CHUNK_CHARS
    for document in documents:
        if n_chars >= CHUNK_CHARS:
            chunks.append([])
            n_chars = 0
        chunks[-1].append(document)
        n_chars += len(document.title) + len(document.abstract)
    return [tuple(chunk) for chunk in chunks]


def read_documents(source: Path) -> list[PubTatorDocument]:
    """Read a PubTator file, or a plain text as one document.

    Raises:
        SourceError: the file is missing, empty or no text.
        RecordError: a line of a PubTator file is broken.
    """
    text = read_text(source)
    if not text.strip():
        raise SourceError(f"{source}: no text in it; give a PubTator file or plain text")
    if "\0" in text:
        raise SourceError(f"{source}: not a text file (it holds a zero byte); give a PubTator file or plain text")
    return list(parse_pubtator(text, str(source))) if is_pubtator(text) else [parse_plain_text(text, source)]


def annotate_documents(
    documents: Sequence[PubTatorDocument], tagger: TokenTagger, settings: AnnotateSettings
) -> Iterator[tuple[PubTatorDocument, AnnotatedArticle]]:
    """Tag documents; gives each with what was found in it, offsets into ``document.text``."""
    articles = (Article(document.pmid, document.title, document.abstract) for document in documents)
    yield from zip(documents, annotate(articles, tagger, settings), strict=True)


def _marked(document: PubTatorDocument, article: AnnotatedArticle, linker: MentionLinker | None) -> PubTatorDocument:
    links = [Link(mention) for mention in article.mentions]
    if linker is not None:
        short_forms = {abbreviation.short: abbreviation.long for abbreviation in article.abbreviations}
        links = list(linker.link(document.text, article.mentions, short_forms))
    marked = tuple(
        PubTatorMention(m.start, m.end, m.text, m.type, identifier(found), score=m.score)
        for m, found in groupby(links, key=lambda link: link.mention)
    )
    return PubTatorDocument(document.pmid, document.title, document.abstract, marked)


def _open_text(path: Path, *, packed: bool) -> TextIO:
    if packed:
        return cast(TextIO, gzip.open(path, "wt", encoding="utf-8", newline="\n"))
    return path.open("w", encoding="utf-8", newline="\n")
