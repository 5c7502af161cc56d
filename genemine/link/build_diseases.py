"""Diseases of CTD's MEDIC or of MeSH itself, with the synonyms of the Disease Ontology."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from genemine.errors import VocabularyError
from genemine.link.build_entry import Entry
from genemine.link.build_files import Source, lines_of, rows_of
from genemine.link.concepts import DO_NAME, DO_SYNONYM, HEADING, SYNONYM
from genemine.link.variants import disease_key

_PREFIXES = {"MESH": "mesh", "OMIM": "omim", "DOID": "doid"}
_CREATED = re.compile(r"# Report created: \w+ (\w+ \d+) [\d:]+ \w+ (\d{4})")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)" (\w+)')
_XREF = {"MSH": "mesh", "MESH": "mesh", "MeSH": "mesh", "OMIM": "omim", "MIM": "omim", "UMLS_CUI": "umls"}
TAKEN = "name of the Disease Ontology that another disease has already"
OBSOLETE = "obsolete term of the Disease Ontology"
UNJOINED = "term of the Disease Ontology without a disease of MeSH or OMIM"


def read_medic(source: Source, diseases: dict[str, Entry]) -> Source:
    """Add the diseases of CTD's MEDIC.

    Raises:
        VocabularyError: the file is damaged or an identifier has an unknown prefix.
    """
    n_rows = 0
    for line_no, row in rows_of(source):
        n_rows += 1
        curie, *others = (_curie(source, line_no, one) for one in (row["DiseaseID"], *row["AltDiseaseIDs"].split("|")) if one)
        parents = tuple(_curie(source, line_no, one) for one in row["ParentIDs"].split("|") if one)
        trees = tuple(tree for tree in row["TreeNumbers"].split("|") if tree)
        disease = diseases.setdefault(curie, Entry(curie, {row["DiseaseName"]: HEADING}))
        disease.parents, disease.trees = parents, trees
        disease.xrefs.update(dict.fromkeys(others))
        for name in (row["DiseaseName"], *row["Synonyms"].split("|")):
            disease.add(name, SYNONYM)
    release = next((_medic_date(found) for _, line in lines_of(source.path) if (found := _CREATED.match(line))), "")
    return replace(source, rows=n_rows, release=release)


def _medic_date(found: re.Match[str]) -> str:
    try:
        return datetime.strptime(f"{found[1]} {found[2]}", "%b %d %Y").date().isoformat()
    except ValueError:
        return ""


def _curie(source: Source, line_no: int, identifier: str) -> str:
    prefix, _, local = identifier.removeprefix("DO:").partition(":")
    if prefix not in _PREFIXES or not local:
        raise VocabularyError(
            f"{source.path}:{line_no}: unknown identifier {identifier!r}, expected MESH:..., OMIM:... or DO:DOID:..."
        )
    return f"{_PREFIXES[prefix]}:{local}"


@dataclass
class Term:
    """One term of an OBO file."""

    curie: str = ""
    name: str = ""
    synonyms: list[str] = field(default_factory=list)  # exact ones only
    xrefs: list[str] = field(default_factory=list)
    parents: list[str] = field(default_factory=list)
    is_obsolete: bool = False


def read_terms(source: Source) -> tuple[Source, list[Term]]:
    """Read the terms of an OBO file, and its date from its head.

    Raises:
        VocabularyError: the file is damaged or holds no term.
    """
    terms: list[Term] = []
    release, is_term = "", False
    for _, line in lines_of(source.path):
        key, _, value = line.partition(": ")
        if line.startswith("["):
            is_term = line == "[Term]"
            if is_term:
                terms.append(Term())
        elif is_term:
            _add(terms[-1], key, value)
        elif key == "data-version" and (found := re.search(r"\d{4}-\d{2}-\d{2}", value)):
            release = found[0]
        elif key == "date" and (found := re.match(r"(\d{2}):(\d{2}):(\d{4})", value)):
            release = release or f"{found[3]}-{found[2]}-{found[1]}"
    if not any(term.curie and term.name for term in terms):
        raise VocabularyError(f"{source.path}: no term in it; is the download complete?")
    return replace(source, rows=len(terms), release=release), terms


def _add(term: Term, key: str, value: str) -> None:
    if key == "id":
        term.curie = value.replace("DOID:", "doid:")
    elif key == "name":
        term.name = value
    elif key == "synonym" and (found := _QUOTED.match(value)) and found[2] == "EXACT":
        term.synonyms.append(found[1].replace('\\"', '"'))
    elif key == "xref":
        prefix, _, local = value.split(" ", maxsplit=1)[0].partition(":")
        if prefix in _XREF and local and not local.startswith("PS"):  # PS: a series of phenotypes
            term.xrefs.append(f"{_XREF[prefix]}:{local}")
    elif key == "is_a":
        term.parents.append(value.split(" ", maxsplit=1)[0].replace("DOID:", "doid:"))
    elif key == "is_obsolete":
        term.is_obsolete = value == "true"


def join_terms(
    terms: list[Term], diseases: dict[str, Entry], phenotypes: Mapping[str, list[str]], dropped: Counter[str], *, own: bool
) -> None:
    """Add names and DOIDs of the Disease Ontology to the diseases that its terms refer to.

    Args:
        terms: of :func:`read_terms`.
        diseases: those of MEDIC or MeSH, by CURIE; changed here.
        phenotypes: OMIM numbers by UMLS concept; they become cross references too.
        dropped: counts by reason what is left out.
        own: terms that refer to no such disease become diseases of their own; it costs accuracy (docs/linking-vocabularies.md).
    """
    by_curie = {xref: disease for disease in reversed(diseases.values()) for xref in (*disease.xrefs, disease.curie)}
    by_curie.update(diseases)
    owner: dict[str, str] = {disease_key(name): curie for curie, disease in reversed(diseases.items()) for name in disease.names}
    joined: dict[str, str] = {}
    for term in terms:
        if term.is_obsolete:
            dropped[OBSOLETE] += 1
            continue
        disease = next((by_curie[one] for one in (*_first_choices(term), term.curie) if one in by_curie), None)
        if disease is None:
            if not own or disease_key(term.name) in owner:
                dropped[UNJOINED] += 1
                continue
            disease = diseases[term.curie] = Entry(term.curie, {term.name: DO_NAME})
        joined[term.curie] = disease.curie
        _add_term(disease, term, phenotypes, owner, by_curie, dropped)
    for term in terms:
        added = diseases.get(term.curie)
        if added is not None:
            added.parents = tuple(dict.fromkeys(joined[parent] for parent in term.parents if parent in joined))


def _first_choices(term: Term) -> Iterator[str]:
    """MeSH before OMIM: a term often lists the OMIM numbers of all its forms."""
    yield from (one for one in term.xrefs if one.startswith("mesh:"))
    omim = [one for one in term.xrefs if one.startswith("omim:")]
    yield from omim if len(omim) == 1 else ()


def _add_term(
    disease: Entry,
    term: Term,
    phenotypes: Mapping[str, list[str]],
    owner: dict[str, str],
    by_curie: Mapping[str, Entry],
    dropped: Counter[str],
) -> None:
    for name, kind in ((term.name, DO_NAME), *((synonym, DO_SYNONYM) for synonym in term.synonyms)):
        if owner.setdefault(disease_key(name), disease.curie) == disease.curie:
            disease.add(name, kind)
        else:
            dropped[TAKEN] += 1
    if term.curie != disease.curie:
        disease.xrefs[term.curie] = None
    omim = [one for one in term.xrefs if one.startswith("omim:")]
    omim += [one for xref in term.xrefs if xref.startswith("umls:") for one in phenotypes.get(xref.removeprefix("umls:"), ())]
    for one in omim:
        if one != disease.curie and one not in by_curie:
            disease.xrefs[one] = None
