"""A user's own names and stop names, laid over any lexicon.

``names.tsv``: ``name<TAB>identifier<TAB>type`` a line, without a header; an identifier of ``-``: the name is never linked.
Lines that begin with ``#`` and empty ones are passed over. The type, Gene or Disease, may be left out where the lexicon has the
identifier, and for stop names, which then hold for both. The user's word decides: a name of the file no longer means the other
concepts that the lexicon gives it to. Names are compared as folded forms: "Cat-1" and "CAT1" are one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from genemine.errors import VocabularyError
from genemine.records import DISEASE, GENE

FILE = "names.tsv"
STOP = "-"
_TYPES = {"": (GENE, DISEASE), GENE.casefold(): (GENE,), DISEASE.casefold(): (DISEASE,)}


@dataclass(frozen=True)
class UserName:
    """One line: ``curie`` is "" for a stop name; ``types`` are those it may hold for."""

    name: str
    curie: str
    types: Sequence[str]
    where: str


def read_user_names(path: Path) -> tuple[list[UserName], str]:
    """Read a file, or the names.tsv of a folder.

    Returns:
        the lines, and the sha256 of the file.

    Raises:
        VocabularyError: the file cannot be read, or a line is broken; it is named.
    """
    if path.is_dir():
        path = path / FILE
    try:
        raw = path.read_bytes()
        lines = raw.decode("utf-8-sig").splitlines()
    except OSError as error:
        raise VocabularyError(f"{path}: cannot be read ({error.strerror}); check link.names in the settings") from error
    except UnicodeDecodeError as error:
        raise VocabularyError(f"{path}: not UTF-8 text ({error.reason}); save it as UTF-8") from error
    found = [_line(f"{path}:{number}", line) for number, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]
    return found, hashlib.sha256(raw).hexdigest()


def _line(where: str, line: str) -> UserName:
    fields = [value.strip() for value in line.split("\t")]
    if not 2 <= len(fields) <= 3:
        raise VocabularyError(f"{where}: {len(fields)} columns, expected a name, an identifier or -, and a type, separated by tabs")
    name, curie, type_ = (*fields, "")[:3]
    types = _TYPES.get(type_.casefold())
    if types is None:
        raise VocabularyError(f"{where}: the type is {type_!r}, expected {GENE} or {DISEASE}")
    if not name:
        raise VocabularyError(f"{where}: no name before the first tab")
    prefix, colon, local = curie.partition(":")
    if curie != STOP and not (colon and local and prefix and prefix == prefix.lower()):
        raise VocabularyError(
            f"{where}: the identifier is {curie!r}, expected one such as ncbigene:672 or mesh:D001943, or - for none"
        )
    return UserName(name, "" if curie == STOP else curie, types, where)
