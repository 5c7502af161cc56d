"""Make a lexicon of whole vocabularies, as their homes publish them (docs/linking-vocabularies.md)."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from genemine.errors import VocabularyError
from genemine.link import build_files as files
from genemine.link import lexicon_file
from genemine.link.build_diseases import join_terms, read_medic, read_terms
from genemine.link.build_entry import Entry
from genemine.link.build_files import Source, find_sources
from genemine.link.build_genes import in_order, read_gene_info, read_hgnc, read_mim2gene
from genemine.link.build_mesh import read_mesh
from genemine.link.concepts import Concept
from genemine.link.lexicon import load_lexicon
from genemine.records import DISEASE, GENE

HUMAN = "9606"


@dataclass(frozen=True)
class BuildReport:
    """What was made.

    ``sources`` tell file, sha256, release (ISO date or "") and rows read of each vocabulary; ``passed`` are files of the folder
    that are none; ``genes``, ``diseases`` and ``names`` count what the lexicon holds; ``dropped`` counts what was left out, by
    reason.
    """

    folder: Path
    version: str
    sources: tuple[Source, ...]
    passed: tuple[Path, ...]
    genes: int
    diseases: int
    names: int
    dropped: Mapping[str, int]
    seconds: float

    def summary(self) -> str:
        """Tell it in a few lines."""
        made_of = [f"  {s.kind}: {s.path.name}, {s.rows:,} rows, release {s.release or 'not told'}" for s in self.sources]
        made_of += [f"  passed over: {path.name}" for path in self.passed]
        left_out = [f"  {count:,} left out: {reason}" for reason, count in sorted(self.dropped.items())]
        head = f"{self.folder}: {self.genes:,} genes and {self.diseases:,} diseases with {self.names:,} names, {self.seconds:.0f} s"
        return "\n".join([head, *made_of, *left_out, f"  version {self.version[:12]}"])


def build(
    sources: Mapping[str, Path] | Path,
    out: Path,
    progress: Callable[[int, int], None] | None = None,
    taxa: Collection[str] = (HUMAN,),
) -> BuildReport:
    """Make a lexicon folder.

    Args:
        sources: a folder, or files by any name. NCBI's gene_info and one of MEDIC and MeSH are needed; HGNC, the Disease Ontology
            and mim2gene_medgen are used where they are. Which file is which is told by what is in it.
        out: the folder, made if it is not there; a lexicon in it is replaced when the new one is whole.
        progress: called with files read and files in all.
        taxa: NCBI's numbers of the species whose genes are wanted.

    Raises:
        VocabularyError: a file is empty, damaged or foreign, or one that is needed is not there.
    """
    start = time.monotonic()
    found, passed = find_sources(sources)
    found.sort(key=lambda source: _STEPS.index(source.kind))
    _check(sources, found)
    work = _Work(tuple(taxa))
    read = []
    for done, source in enumerate(found):
        if progress:
            progress(done, len(found))
        read.append(work.read(source))
    concepts = work.concepts()
    counts = {kind: len(rows) for kind, rows in zip(("genes", "diseases"), concepts.values(), strict=True)}
    counts["names"] = sum(len(one.names) for rows in concepts.values() for one in rows)
    facts = {
        "built": datetime.now(UTC).date().isoformat(),
        "taxa": list(taxa),
        "counts": counts,
        "dropped": dict(sorted(work.dropped.items())),
        "sources": [source.facts() for source in read],
    }
    version = lexicon_file.write(out, concepts, facts)
    if progress:
        progress(len(found), len(found))
    return BuildReport(
        out, version, tuple(read), tuple(passed), **counts, dropped=dict(work.dropped), seconds=time.monotonic() - start
    )


def build_lexicon(gene_info: Path, medic: Path, folder: Path) -> tuple[int, int]:
    """Make a lexicon of human genes and MEDIC alone; give the number of genes and of diseases."""
    report = build({"gene_info": gene_info, "medic": medic}, folder)
    return report.genes, report.diseases


_STEPS = (files.GENE_INFO, files.HGNC, files.MIM2GENE, files.MEDIC, files.MESH, files.DISEASE_ONTOLOGY)  # the order of reading


def _check(sources: Mapping[str, Path] | Path, found: list[Source]) -> None:
    kinds = Counter(source.kind for source in found)
    where = sources if isinstance(sources, Path) else ", ".join(map(str, sources.values())) or "nothing given"
    if not kinds[files.GENE_INFO]:
        raise VocabularyError(f"{where}: no gene_info of NCBI Gene there; fetch it with `genemine vocab pull`")
    if not kinds[files.MEDIC] and not kinds[files.MESH]:
        raise VocabularyError(f"{where}: neither CTD's MEDIC nor MeSH there; fetch one with `genemine vocab pull`")
    for kind, count in kinds.items():
        if count > 1 and kind != files.GENE_INFO:
            names = ", ".join(source.path.name for source in found if source.kind == kind)
            raise VocabularyError(f"{where}: {count} files of {kind} ({names}); leave the newest of them there")


class _Work:
    """The genes and diseases as far as the files have been read."""

    def __init__(self, taxa: tuple[str, ...]) -> None:
        self._taxa = taxa
        self._genes: dict[str, Entry] = {}
        self._diseases: dict[str, Entry] = {}
        self._phenotypes: dict[str, list[str]] = {}
        self._gene_release = ""
        self.dropped: Counter[str] = Counter()

    def read(self, source: Source) -> Source:
        if source.kind == files.GENE_INFO:
            source = read_gene_info(source, self._taxa, self._genes)
            self._gene_release = max(self._gene_release, source.release)
        elif source.kind == files.HGNC:
            source = read_hgnc(source, self._genes, self._gene_release, self.dropped)
        elif source.kind == files.MIM2GENE:
            source, self._phenotypes = read_mim2gene(source, self._genes)
        elif source.kind == files.MEDIC:
            source = read_medic(source, self._diseases)
        elif source.kind == files.MESH:
            source = read_mesh(source, self._diseases)
        else:
            source, terms = read_terms(source)
            join_terms(terms, self._diseases, self._phenotypes, self.dropped, own=False)
        return source

    def concepts(self) -> dict[str, list[Concept]]:
        embedded = load_lexicon()
        return {
            GENE: self._made(in_order(self._genes), list(embedded.genes.concepts)),
            DISEASE: self._made(list(self._diseases.values()), list(embedded.diseases.concepts)),
        }

    def _made(self, entries: list[Entry], known: list[Concept]) -> list[Concept]:
        """Put what the embedded lexicon has first, with its synonyms: its genes and diseases are the best known."""
        best = {concept.curie: concept for concept in known}
        for entry in entries:
            concept = best.get(entry.curie)
            if concept is not None:
                _prefer(entry, concept)
        entries.sort(key=lambda entry: entry.curie not in best)
        return [entry.concept(self.dropped) for entry in entries]


def _prefer(entry: Entry, concept: Concept) -> None:
    """Put the names of the embedded lexicon behind the first name, since short lists of names that are really used come first."""
    first = next(iter(entry.names))
    embedded = {name: entry.names.get(name, kind) for name, kind in zip(concept.names, concept.kinds, strict=True) if name != first}
    rest = {name: kind for name, kind in entry.names.items() if name not in embedded}
    leading = {name: rest.pop(name) for name in list(rest) if name == first or rest[name] == "full name"}
    entry.names = {**leading, **embedded, **rest}
