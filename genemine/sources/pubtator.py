"""PubTator files: texts with mentions and relations, read and written without losing a character.

::

    99000001|t|Title words.
    99000001|a|Abstract words.
    99000001<TAB>0<TAB>5<TAB>Title<TAB>Gene<TAB>672
    99000001<TAB>Association<TAB>672<TAB>D001943<TAB>Novel

Offsets count characters of title + one separator + abstract. The corpora differ in the rest, and all of it is kept as it came: the
identifier may be missing or carry blanks, a seventh column may list the parts of a composite mention, a relation has a kind in its
second column and two identifiers or more, BioRED adds ``Novel`` or ``No``. A mention whose words do not stand at its offsets is
kept and told by :meth:`PubTatorDocument.misplaced`.

A score is written as a last column ``score=0.9312``: PubTator has no place for scores, and readers have to expect a seventh column
since BC5CDR.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from genemine.errors import RecordError, SourceError
from genemine.records import GENE, Link
from genemine.sources.mention_types import mention_type

GZIP_MAGIC = b"\x1f\x8b"
NO_IDENTIFIER = "-"
# How PubTator spells the identifiers: genes by their bare number of NCBI Gene, the others with a prefix in capitals.
_BARE_PREFIX = "ncbigene:"

_TEXT_LINE = re.compile(r"([^\s|]+)\|([ta])\|(.*)", re.DOTALL)
_SCORE = re.compile(r"score=([01](?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class PubTatorMention:
    """One mention line. ``identifier`` is None where the column is missing, ``extra`` what stands in the columns after it.

    ``line`` is its line in the file, 0 where it is not known; mentions that differ in it alone are equal.
    """

    start: int
    end: int
    text: str
    type: str
    identifier: str | None = None
    extra: tuple[str, ...] = ()
    score: float | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class PubTatorRelation:
    """One relation line: ``CID`` and two identifiers, or BioRED's kinds with ``Novel`` or ``No`` behind them."""

    kind: str
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PubTatorDocument:
    """One title and abstract with what is marked in them, in the order of the file."""

    pmid: str
    title: str
    abstract: str
    mentions: tuple[PubTatorMention, ...] = ()
    relations: tuple[PubTatorRelation, ...] = ()

    @property
    def text(self) -> str:
        """Title + one character + abstract, the text that the offsets count in."""
        return f"{self.title}\n{self.abstract}" if self.abstract else self.title

    def misplaced(self) -> tuple[PubTatorMention, ...]:
        """Mentions whose words do not stand at their offsets."""
        text = self.text
        return tuple(m for m in self.mentions if m.end > len(text) or text[m.start : m.end] != m.text)


def read_pubtator(path: Path) -> Iterator[PubTatorDocument]:
    """Read the documents of a PubTator file, plain or gzip; one that holds none gives none.

    Raises:
        SourceError: the file is missing, cannot be read or is no UTF-8.
        RecordError: a line is broken; names file and line.
    """
    yield from parse_pubtator(read_text(path), str(path))


def parse_pubtator(text: str, name: str) -> Iterator[PubTatorDocument]:
    """Read the documents of the text of a PubTator file; ``name`` stands in messages where a path would."""
    block: list[tuple[int, str]] = []
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.removesuffix("\r")
        if block and (not line.strip() or _begins_document(line)):
            yield _document(block, name)
            block = []
        if line.strip():
            block.append((number, line))
    if block:
        yield _document(block, name)


def read_text(path: Path) -> str:
    """Read a UTF-8 file, plain or gzip (told by its content), without a byte-order mark; line ends stay as they are.

    Raises:
        SourceError: the file is missing, cannot be read or is no UTF-8.
    """
    try:
        data = path.read_bytes()
        if data.startswith(GZIP_MAGIC):
            data = gzip.decompress(data)
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        where = f"{path}:{line_at(data, error.start)}"
        raise SourceError(f"{where}: not UTF-8 at byte {error.start}; save the file as UTF-8") from error
    except (OSError, EOFError, zlib.error) as error:
        raise SourceError(f"{path}: cannot be read ({error}); check the path and that the file is whole") from error


def line_at(data: bytes, position: int) -> int:
    """Number the line, from 1, that a byte stands in."""
    return data.count(b"\n", 0, position) + 1


def is_pubtator(text: str) -> bool:
    """Tell a PubTator file from plain text by its first line that is not blank."""
    first = text.lstrip().partition("\n")[0]
    return bool(_TEXT_LINE.match(first))


def write_pubtator(documents: Iterable[PubTatorDocument], *, with_scores: bool = False) -> str:
    """Write documents as the text of a PubTator file.

    A line feed, carriage return or tab inside of a text or name becomes one blank, so that every offset stays true.

    Args:
        documents: what to write.
        with_scores: write the scores that mentions have as a seventh column.
    """
    return "".join(_block(document, with_scores) for document in documents)


def identifier(links: Iterable[Link]) -> str:
    """Spell the identifiers of one mention as PubTator does: ``672``, ``MESH:D001943``, ``-`` for none.

    Several are joined by ``;`` for genes and by ``|`` for diseases, as the PubTator service and BC5CDR do.
    """
    found = [(link.mention.type, spelt(link)) for link in links if link.curie]
    joint = ";" if found and found[0][0] == GENE else "|"
    return joint.join(dict.fromkeys(text for _, text in found)) or NO_IDENTIFIER


def spelt(link: Link) -> str:
    """Spell one identifier as PubTator does, the number of NCBI Gene where the link has it."""
    curies = [link.curie, *link.xrefs]
    prefix, _, number = next((curie for curie in curies if curie.startswith(_BARE_PREFIX)), link.curie).partition(":")
    return number if f"{prefix}:" == _BARE_PREFIX else f"{prefix.upper()}:{number}"


def gold_spans(document: PubTatorDocument, type_: str) -> set[tuple[int, int]]:
    """Give the character spans (start, end) of one type, the names of the corpora for it included.

    Args:
        document: a document of a gold corpus.
        type_: ``Gene`` or ``Disease``.
    """
    return {(m.start, m.end) for m in document.mentions if mention_type(m.type) == type_}


def _begins_document(line: str) -> bool:
    found = _TEXT_LINE.match(line)
    return bool(found) and found[2] == "t"  # type: ignore[index]


def _document(block: list[tuple[int, str]], name: str) -> PubTatorDocument:
    number, line = block[0]
    title = _TEXT_LINE.match(line)
    if title is None or title[2] != "t":
        raise RecordError(f"{name}:{number}: {line[:60]!r} begins a document; it must begin with 'PMID|t|title'")
    pmid, abstract, rest = title[1], "", block[1:]
    second = _TEXT_LINE.match(rest[0][1]) if rest else None
    if second is not None:
        if second[1] != pmid:
            raise RecordError(f"{name}:{rest[0][0]}: abstract of {second[1]} after the title of {pmid}; give both lines one PMID")
        abstract, rest = second[3], rest[1:]
    mentions: list[PubTatorMention] = []
    relations: list[PubTatorRelation] = []
    for number, line in rest:
        found = _mention_or_relation(line, pmid, name, number)
        if isinstance(found, PubTatorMention):
            mentions.append(found)
        else:
            relations.append(found)
    return PubTatorDocument(pmid, title[3], abstract, tuple(mentions), tuple(relations))


def _mention_or_relation(line: str, pmid: str, name: str, number: int) -> PubTatorMention | PubTatorRelation:
    fields, where = line.split("\t"), f"{name}:{number}"
    if fields[0] != pmid:
        raise RecordError(
            f"{where}: {line[:60]!r} does not belong to {pmid}; a mention line is 'PMID<TAB>start<TAB>end<TAB>words<TAB>type', "
            "with the PMID of the title above it"
        )
    if len(fields) > 1 and not _is_number(fields[1]):
        if len(fields) < 4:
            raise RecordError(f"{where}: {line[:60]!r} has {len(fields)} columns; a relation needs PMID, kind and two identifiers")
        return PubTatorRelation(fields[1], tuple(fields[2:]))
    if len(fields) < 5 or not _is_number(fields[2]) or not 0 <= int(fields[1]) < int(fields[2]):
        raise RecordError(
            f"{where}: {line[:60]!r} is no mention; needed are PMID, start, end (after start), words and type, tabs between"
        )
    extra = tuple(fields[6:])
    score = _SCORE.fullmatch(extra[-1]) if extra else None
    return PubTatorMention(
        int(fields[1]),
        int(fields[2]),
        fields[3],
        fields[4],
        fields[5] if len(fields) > 5 else None,
        extra[:-1] if score else extra,
        float(score[1]) if score else None,
        number,
    )


def _is_number(field: str) -> bool:
    return field.removeprefix("-").isdecimal() and len(field) < 12  # no text is longer, and int() refuses thousands of digits


def _block(document: PubTatorDocument, with_scores: bool) -> str:
    lines = [f"{document.pmid}|t|{_one_line(document.title)}", f"{document.pmid}|a|{_one_line(document.abstract)}"]
    for m in document.mentions:
        fields = [document.pmid, str(m.start), str(m.end), _one_line(m.text).replace("\t", " "), m.type]
        scored = with_scores and m.score is not None
        if m.identifier is not None or m.extra or scored:
            fields.append(NO_IDENTIFIER if m.identifier is None else m.identifier)
        fields += m.extra
        if scored:
            fields.append(f"score={m.score:.4f}")
        lines.append("\t".join(fields))
    lines += ["\t".join([document.pmid, r.kind, *r.arguments]) for r in document.relations]
    return "\n".join(lines) + "\n\n"


def _one_line(text: str) -> str:
    return text.replace("\n", " ").replace("\r", " ")
