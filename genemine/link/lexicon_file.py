"""A lexicon as two files that are mapped, not read: ``lexicon.bin`` (flat arrays, packed.py) and ``lexicon.json`` (where each array
lies in it, and what the lexicon was made of). The bytes of lexicon.bin, and with them the version, depend on the content alone.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from genemine.errors import VocabularyError
from genemine.link.concepts import Concept
from genemine.link.packed import Concepts, forms_of, pack
from genemine.records import DISEASE, GENE

MANIFEST, CONTENT = "lexicon.json", "lexicon.bin"
FORMAT = 2
_AGAIN = "make it again with `genemine vocab build`"
_ALIGN = 64  # bytes
_PROBES = 200  # names of each type whose forms are remembered
_CHUNK = 1 << 20

Arrays = dict[str, dict[str, np.ndarray]]


def write(root: Path, concepts: Mapping[str, Sequence[Concept]], facts: Mapping[str, Any]) -> str:
    """Write both files; a lexicon that stands there serves until the new one is whole.

    Args:
        root: made if it is not there.
        concepts: by type, in the order of preference.
        facts: go into lexicon.json beside what this function writes there.

    Returns:
        the version: the sha256 of lexicon.bin.
    """
    root.mkdir(parents=True, exist_ok=True)
    table, size = [], 0
    digest = hashlib.sha256()
    draft = root / f"{CONTENT}.part"
    with draft.open("wb") as out:
        for mention_type in (GENE, DISEASE):
            for name, array in pack(concepts[mention_type], mention_type).items():
                raw = array.tobytes() + b"\0" * (-array.nbytes % _ALIGN)
                table.append({"type": mention_type, "name": name, "dtype": array.dtype.str, "at": size, "length": len(array)})
                digest.update(raw)
                size += out.write(raw)
        out.flush()
        os.fsync(out.fileno())
    version = digest.hexdigest()
    forms = {mention_type: forms_digest(rows, mention_type) for mention_type, rows in concepts.items()}
    manifest = {"format": FORMAT, "version": version, "bytes": size, **facts, "forms": forms, "arrays": table}
    text = root / f"{MANIFEST}.part"
    text.write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    draft.replace(root / CONTENT)
    text.replace(root / MANIFEST)
    return version


def read(root: Path) -> tuple[Arrays, dict[str, Any]]:
    """Map both files of a folder.

    Returns:
        the arrays by type, and lexicon.json without what only this module needs.

    Raises:
        VocabularyError: a file is missing or damaged, or another version of genemine made it.
    """
    facts = _manifest(root / MANIFEST)
    path = root / CONTENT
    try:
        _check(path, facts)
        content = np.memmap(path, np.uint8, "r")
    except (OSError, ValueError) as error:
        raise VocabularyError(f"{path}: cannot be read ({error}); {_AGAIN}") from error
    arrays: Arrays = {GENE: {}, DISEASE: {}}
    for entry in facts.pop("arrays"):
        dtype = np.dtype(entry["dtype"])
        part = content[entry["at"] : entry["at"] + entry["length"] * dtype.itemsize]
        arrays[entry["type"]][entry["name"]] = part.view(dtype)
    forms = facts.pop("forms")
    for mention_type, of_type in arrays.items():
        if forms_digest(Concepts(of_type), mention_type) != forms[mention_type]:
            raise VocabularyError(
                f"{root}: this version of genemine compares names in another way than the one that made the lexicon; {_AGAIN}"
            )
    return arrays, facts


def forms_digest(concepts: Sequence[Concept], mention_type: str) -> str:
    """Give the sha256 of the forms of some names, by which a change of the rules for forms shows."""
    rows = [concepts[row] for row in range(min(len(concepts), _PROBES))]
    forms = [[of(name) for of in forms_of(mention_type).values()] for concept in rows for name in concept.names[:4]]
    return hashlib.sha256(json.dumps(forms).encode()).hexdigest()


def _manifest(path: Path) -> dict[str, Any]:
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise VocabularyError(f"{path}: cannot be read ({error}); {_AGAIN}") from error
    if not isinstance(facts, dict) or not {"format", "version", "bytes", "arrays", "forms"} <= facts.keys():
        raise VocabularyError(f"{path}: not the head of a lexicon; {_AGAIN}")
    if facts["format"] != FORMAT:
        raise VocabularyError(f"{path}: format {facts['format']}, this version of genemine reads {FORMAT}; {_AGAIN}")
    return facts


def _check(path: Path, facts: Mapping[str, Any]) -> None:
    """Compare the content with what the head says of it: 20 MB take about 20 ms."""
    digest = hashlib.sha256()
    with path.open("rb") as content:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
    if digest.hexdigest() != facts["version"]:
        raise VocabularyError(f"{path}: damaged, or not the file that {MANIFEST} was written for; {_AGAIN}")
