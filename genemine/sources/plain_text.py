"""Plain text files as documents whose offsets are those of the file."""

from __future__ import annotations

import re
from pathlib import Path

from genemine.sources.pubtator import PubTatorDocument, read_text

# A line feed between two lines of one paragraph; an empty line, or the feed after a full stop or colon, ends a sentence.
_WRAP = re.compile(r"(?<=[^\s.?!:;])([^\S\n]*)\n(?=[^\S\n]*\S)")


def read_plain_text(path: Path) -> PubTatorDocument:
    """Read a whole file, plain or gzip, as one document; see :func:`parse_plain_text`.

    Raises:
        SourceError: the file is missing, cannot be read or is no UTF-8.
    """
    return parse_plain_text(read_text(path), path)


def parse_plain_text(text: str, path: Path) -> PubTatorDocument:
    """Make one document of the text of a file: the first line is its title, the rest its abstract.

    Nothing is taken away and nothing is moved: ``document.text[start:end]`` lies at ``start`` in the file's characters (a
    byte-order mark does not count). A line feed that only wraps a paragraph becomes a blank, for a name broken over two lines would
    be no name. The id is the file's name without its endings.
    """
    title, _, rest = text.partition("\n")
    name = re.sub(r"[\s|]", "_", path.name.split(".")[0]) or "document"
    return PubTatorDocument(name, title, _WRAP.sub(r"\1 ", rest))
