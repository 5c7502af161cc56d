"""Annotate a file: PubTator or plain text in, PubTator with mentions, identifiers and scores out.

The text is neither cleaned nor moved, so every offset is one of the input text.
"""

from __future__ import annotations

import gzip
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Protocol, TextIO, cast

from genemine.annotate.tagging import TokenTagger, annotate
from genemine.config import AnnotateSettings, Settings
from genemine.errors import SourceError, StorageError
from genemine.records import GENE, AnnotatedArticle, Article, Link, Mention, StepReport
from genemine.sources.plain_text import parse_plain_text
from genemine.sources.pubtator import (
    NO_IDENTIFIER,
    PubTatorDocument,
    PubTatorMention,
    is_pubtator,
    parse_pubtator,
    read_text,
    write_pubtator,
)
from genemine.storage.files import whole_file

log = logging.getLogger(__name__)

# How PubTator spells the identifiers: genes by their bare number of NCBI Gene, the others with a prefix in capitals.
_BARE_PREFIX = "ncbigene:"


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
    tagger: TokenTagger,
    linker: MentionLinker | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> StepReport:
    """Write the mentions that ``tagger`` finds in ``source`` to ``target``; mentions that the input brings along are left out.

    Args:
        source: a PubTator file or plain text, told apart by content; may be gzip.
        target: a PubTator file; gzip if its name ends in ``.gz``. It is there whole or not at all.
        settings: ``settings.annotate`` is used.
        with_scores: write the score of each mention as a last column.
        tagger: finds the mentions.
        linker: gives them identifiers; without one each has ``-``.
        progress: told the number of documents done and of all.

    Raises:
        SourceError: the input is missing, empty or no text.
        RecordError: a line of a PubTator input is broken.
        StorageError: the output cannot be written.
    """
    began = time.perf_counter()
    documents = read_documents(source)
    counts: Counter[str] = Counter(documents=len(documents), sentences=0, mentions=0, linked=0)
    try:
        with whole_file(target) as temporary, _open_text(temporary, packed=target.suffix == ".gz") as out:
            for done, (document, article) in enumerate(annotate_documents(documents, tagger, settings.annotate), start=1):
                marked = _marked(document, article, linker)
                out.write(write_pubtator([marked], with_scores=with_scores))
                counts["sentences"] += len(article.sentences)
                counts["mentions"] += len(marked.mentions)
                counts["linked"] += sum(m.identifier != NO_IDENTIFIER for m in marked.mentions)
                if progress:
                    progress(done, len(documents))
    except StorageError as error:
        why = getattr(error.__cause__, "strerror", None) or error.__cause__
        raise StorageError(f"{target}: cannot be written ({why}); make its folder writable or name another output file") from error
    log.info("annotate: %d documents in, %d mentions out, %d linked", counts["documents"], counts["mentions"], counts["linked"])
    return StepReport("annotate", dict(counts), time.perf_counter() - began)


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


def identifier(links: Iterable[Link]) -> str:
    """Spell the identifiers of one mention as PubTator does: ``672``, ``MESH:D001943``, ``-`` for none.

    Several are joined by ``;`` for genes and by ``|`` for diseases, as the PubTator service and BC5CDR do.
    """
    found = [(link.mention.type, _spelt(link)) for link in links if link.curie]
    joint = ";" if found and found[0][0] == GENE else "|"
    return joint.join(dict.fromkeys(spelt for _, spelt in found)) or NO_IDENTIFIER


def _spelt(link: Link) -> str:
    curies = [link.curie, *link.xrefs]
    prefix, _, number = next((curie for curie in curies if curie.startswith(_BARE_PREFIX)), link.curie).partition(":")
    return number if f"{prefix}:" == _BARE_PREFIX else f"{prefix.upper()}:{number}"


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
