"""Token files with one tag a token (IOB2): ``token<TAB>tag`` a line, a blank line between sentences.

BC2GM, NCBI-disease and BC5CDR come in this form, and it is the simplest one in which to bring one's own training data.
Lines ``-DOCSTART-<TAB>O`` (they stand between documents) are no tokens and are left out.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from genemine.errors import RecordError, SourceError
from genemine.sources.pubtator import line_at

DOCUMENT_START = "-DOCSTART-"


@dataclass(frozen=True, slots=True)
class TaggedSentence:
    """One sentence: ``tags[i]`` is the IOB2 tag of ``tokens[i]`` ("O", "B-Gene", "I-Gene").

    ``document`` counts the lines ``-DOCSTART-`` before it, ``line`` is that of its first token (0: not known); sentences that
    differ in these alone are equal.
    """

    tokens: tuple[str, ...]
    tags: tuple[str, ...]
    document: int = field(default=0, compare=False)
    line: int = field(default=0, compare=False)


def read_iob(path: Path, bare: str = "") -> Iterator[TaggedSentence]:
    """Read the sentences of one token file, plain or gzip.

    Args:
        path: the file.
        bare: the type of tags that name none: with "Gene", B is read as B-Gene. "" refuses them.

    Raises:
        SourceError: the file is missing, cannot be read or is no UTF-8.
        RecordError: a line has no tab or no IOB2 tag, or an ``I-`` tag follows nothing of its type; names file and line.
    """
    try:
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        text = data.decode("utf-8-sig")
    except (OSError, EOFError) as error:
        raise SourceError(f"{path}: token file cannot be read ({error}); check the path and that the download is whole") from error
    except UnicodeDecodeError as error:
        where = f"{path}:{line_at(data, error.start)}"
        raise SourceError(f"{where}: not UTF-8 at byte {error.start}; save the file as UTF-8") from error
    yield from parse_iob(io.StringIO(text, newline=None), str(path), bare)  # line ends of any system


def parse_iob(lines: Iterable[str], name: str, bare: str = "") -> Iterator[TaggedSentence]:
    """Read the sentences of token lines; ``name`` stands in messages where a path would, ``bare`` as for :func:`read_iob`."""
    tokens: list[str] = []
    tags: list[str] = []
    document = first = 0
    for number, raw in enumerate(lines, start=1):
        line = raw.rstrip("\r\n")
        if not line.strip():
            if tokens:
                yield TaggedSentence(tuple(tokens), tuple(tags), document, first)
                tokens, tags = [], []
            continue
        token, tag = _token_and_tag(line, tags[-1] if tags else "O", f"{name}:{number}", bare)
        if token == DOCUMENT_START:
            document += 1
            continue
        first = first if tokens else number
        tokens.append(token)
        tags.append(tag)
    if tokens:
        yield TaggedSentence(tuple(tokens), tuple(tags), document, first)


def _token_and_tag(line: str, previous: str, where: str, bare: str) -> tuple[str, str]:
    """Split one line and check its tag against the tag before it."""
    fields = line.split("\t")
    if len(fields) != 2 or not fields[0].strip():
        raise RecordError(f"{where}: {line[:60]!r} is not 'token<TAB>tag'; write one token and its tag, with one tab between them")
    token, tag = fields[0], fields[1].strip()
    if tag == "O":
        return token, tag
    if bare and tag in ("B", "I"):
        tag = f"{tag}-{bare}"
    prefix, type_ = tag[:2], tag[2:]
    if prefix not in ("B-", "I-") or not type_:
        raise RecordError(
            f"{where}: {tag!r} is no IOB2 tag; use O, B-TYPE for the first token of a mention and I-TYPE for the rest"
        )
    if prefix == "I-" and previous[2:] != type_:
        raise RecordError(f"{where}: {tag!r} follows {previous!r}; in IOB2 a mention begins with B-{type_}")
    return token, tag
