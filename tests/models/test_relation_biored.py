"""BioRED's relations of documents as labels of sentences."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from genemine.models.relation_biored import DocumentPair, read_biored
from genemine.records import PairExample

TITLE = "ABC1 and DEF2 in lupus."
ABSTRACT = "ABC1 and more ABC1 cause lupus. DEF2 was a control."
LINES = [
    f"1|t|{TITLE}",
    f"1|a|{ABSTRACT}",
    "1\t0\t4\tABC1\tGeneOrGeneProduct\t11",
    "1\t9\t13\tDEF2\tGeneOrGeneProduct\t22,33",
    "1\t17\t22\tlupus\tDiseaseOrPhenotypicFeature\tD008180",
    "1\t24\t28\tABC1\tGeneOrGeneProduct\t11",
    "1\t38\t42\tABC1\tGeneOrGeneProduct\t11",
    "1\t49\t54\tlupus\tDiseaseOrPhenotypicFeature\tD008180",
    "1\t56\t60\tDEF2\tChemicalEntity\tD000001",
    "1\tAssociation\tD008180\t11\tNovel",
    "1\tBind\t33\tD008180\tNo",
]


def test_pairs_are_those_of_identifiers_and_marked_at_the_nearest_mentions(tmp_path: Path) -> None:
    path = tmp_path / "one.PubTator"
    path.write_text("\n".join(LINES) + "\n\n")
    title = PairExample(("ABC1", "and", "@GENE$", "in", "@DISEASE$", "."))
    found = read_biored(path)
    assert sorted(found[:2], key=lambda pair: pair.label) == [DocumentPair("1", title, 0), DocumentPair("1", title, 1)]
    assert found[2:] == [
        DocumentPair("1", PairExample(("@GENE$", "and", "DEF2", "in", "@DISEASE$", ".")), 1),
        DocumentPair("1", PairExample(("ABC1", "and", "more", "@GENE$", "cause", "@DISEASE$", ".")), 1),
    ]


def test_biored_gives_these_pairs(shared: Path) -> None:
    folder = shared / "data" / "relations" / "BioRED"
    train, dev = read_biored(folder / "Train.PubTator.gz"), read_biored(folder / "Dev.PubTator")
    assert Counter(pair.label for pair in train) == {1: 1778, 0: 592}
    assert Counter(pair.label for pair in dev) == {1: 493, 0: 186}
    assert not {pair.pmid for pair in train} & {pair.pmid for pair in dev}
