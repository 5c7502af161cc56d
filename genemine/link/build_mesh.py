"""Diseases of MeSH's descriptors, as NLM publishes them in XML (desc2026.xml, desc2026.gz)."""

from __future__ import annotations

import gzip
import re
import zlib
from dataclasses import replace

from lxml import etree

from genemine.errors import VocabularyError
from genemine.link.build_entry import Entry
from genemine.link.build_files import Source
from genemine.link.concepts import HEADING, SYNONYM

_DISEASES = re.compile(r"C(?:0[1-9]|1\d|2[0-6])\b|F03\b")  # trees: diseases, mental disorders


def read_mesh(source: Source, diseases: dict[str, Entry]) -> Source:
    """Add the descriptors of MeSH's trees C and F03; entry terms are synonyms.

    Raises:
        VocabularyError: the file is damaged or holds no such descriptor.
    """
    by_tree: dict[str, str] = {}
    found: list[Entry] = []
    try:
        with source.path.open("rb") as raw:
            is_gzip = raw.read(2) == b"\x1f\x8b"
        with gzip.open(source.path, "rb") if is_gzip else source.path.open("rb") as stream:
            for _, record in etree.iterparse(stream, tag="DescriptorRecord", resolve_entities=False, no_network=True):
                entry = _entry(record)
                if entry is not None:
                    found.append(entry)
                    by_tree.update(dict.fromkeys(entry.trees, entry.curie))
                record.clear()
    except (OSError, EOFError, zlib.error, etree.XMLSyntaxError) as error:
        raise VocabularyError(f"{source.path}: cannot be read ({error}); fetch it again") from error
    if not found:
        raise VocabularyError(f"{source.path}: no disease (trees C and F03) in it; is it MeSH's file of descriptors?")
    for entry in found:
        above = (tree.rpartition(".")[0] for tree in entry.trees)
        entry.parents = tuple(dict.fromkeys(by_tree[tree] for tree in above if tree in by_tree))
        known = diseases.setdefault(entry.curie, entry)
        if known is not entry:  # MEDIC has it
            for name in entry.names:
                known.add(name, SYNONYM)
    year = re.search(r"20\d\d", source.path.name)
    return replace(source, rows=len(found), release=f"{year[0]}-01-01" if year else "")


def _entry(record: etree._Element) -> Entry | None:
    trees = tuple(tree for node in record.iterfind("TreeNumberList/TreeNumber") if (tree := node.text or ""))
    local, heading = record.findtext("DescriptorUI", ""), record.findtext("DescriptorName/String", "")
    if not (local and heading and any(_DISEASES.match(tree) for tree in trees)):
        return None
    entry = Entry(f"mesh:{local}", {heading: HEADING}, trees=trees)
    for term in record.iterfind("ConceptList/Concept/TermList/Term/String"):
        entry.add(term.text or "", SYNONYM)
    return entry
