"""Every row of the embedded lexicon says what the vocabularies of its sources say."""

from __future__ import annotations

import gzip
from collections import defaultdict
from pathlib import Path

import pytest

from genemine.link.lexicon import Lexicon, load_lexicon
from genemine.link.variants import disease_key, gene_key


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


def test_every_gene_row_agrees_with_ncbi_gene_and_hgnc(lexicon: Lexicon, shared: Path) -> None:
    genes = {}
    with gzip.open(shared / "data/vocab/Homo_sapiens.gene_info.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            fields = line.rstrip("\n").split("\t")
            if fields[0] == "9606":
                full_names = {fields[8], fields[11]}
                genes[f"ncbigene:{fields[1]}"] = ({fields[2], *fields[4].split("|")}, full_names, fields[5].split("|"))
    assert len(lexicon.genes.concepts) >= 300
    wrong = []
    for gene in lexicon.genes.concepts:
        symbols, full_names, cross_references = genes[gene.curie]
        hgnc = [f"hgnc:{ref.removeprefix('HGNC:HGNC:')}" for ref in cross_references if ref.startswith("HGNC:HGNC:")]
        if gene.name not in symbols or gene.names[1] not in full_names or list(gene.xrefs) != hgnc:
            wrong.append(gene)
    assert wrong == []


def test_every_disease_row_agrees_with_mesh_as_ctd_lists_it(lexicon: Lexicon, shared: Path) -> None:
    medic = {}
    with gzip.open(shared / "data/vocab/CTD_diseases.tsv.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith("#"):
                fields = [*line.rstrip("\n").split("\t"), *[""] * 9]
                medic[fields[1]] = ({fields[0], *fields[7].split("|")}, set(fields[2].split("|")))
    assert len(lexicon.diseases.concepts) >= 150
    wrong = []
    for disease in lexicon.diseases.concepts:
        names, others = medic[f"MESH:{disease.curie.removeprefix('mesh:')}"]
        foreign = [x for x in disease.xrefs if x.upper() not in others and f"DO:{x.upper()}" not in others]
        if disease.name not in names or foreign:
            wrong.append((disease, foreign))
    assert wrong == []


def test_mesh_headings_are_those_of_mesh(lexicon: Lexicon, shared: Path) -> None:
    """The descriptors (D...) of a second source; supplementary concepts (C...) are not in it."""
    rows = (shared / "data/vocab/mesh2015/terms.tsv").read_text(encoding="utf-8").splitlines()[1:]
    headings = {f"mesh:{mesh}": name for mesh, name in (row.split("\t") for row in rows)}
    checked = [d for d in lexicon.diseases.concepts if d.curie in headings]
    assert len(checked) >= 150
    other = {d.curie: (d.name, headings[d.curie]) for d in checked if d.name.lower() != headings[d.curie].lower()}
    assert other == {}


def test_no_name_belongs_to_two_rows(lexicon: Lexicon) -> None:
    for names, key_of in ((lexicon.genes, gene_key), (lexicon.diseases, disease_key)):
        owners = defaultdict(set)
        for row, _, name in names.every():
            owners[key_of(name)].add(names.concepts[row].curie)
        assert {key: curies for key, curies in owners.items() if len(curies) > 1} == {}


def test_no_gene_has_the_name_of_a_disease(lexicon: Lexicon) -> None:
    names = [name for gene in lexicon.genes.concepts for name in gene.names]
    assert [name for name in names if disease_key(name) in lexicon.diseases.keys] == []


def test_synonyms_have_three_letters_or_more(lexicon: Lexicon) -> None:
    short = {name for gene in lexicon.genes.concepts for name in gene.names[2:] if len(gene_key(name)) < 3}
    assert short == set()


def test_everything_that_the_sample_tells_of_is_there(lexicon: Lexicon) -> None:
    rows = (Path(__file__).parents[1] / "data/sample_pairs.tsv").read_text(encoding="utf-8").splitlines()
    header, pairs = rows[0].split("\t"), [row.split("\t") for row in rows[1:]]
    wanted = {pair[header.index(column)] for pair in pairs for column in ("gene_curie", "disease_curie")}
    known = {concept.curie for names in (lexicon.genes, lexicon.diseases) for concept in names.concepts}
    assert len(wanted) > 100
    assert wanted - known == set()
