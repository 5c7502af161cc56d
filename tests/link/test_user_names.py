from __future__ import annotations

from pathlib import Path

import pytest

from genemine.errors import VocabularyError
from genemine.link.concepts import USER
from genemine.link.lexicon import load_lexicon
from genemine.link.linker import Linker
from genemine.link.reasons import STOPPED
from genemine.records import GENE, Link, Mention


def names_file(tmp_path: Path, text: str) -> Path:
    (tmp_path / "names.tsv").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_name_of_ones_own_decides_over_the_lexicon(tmp_path: Path) -> None:
    plain = load_lexicon()
    lexicon = load_lexicon(
        "", names_file(tmp_path, "# mine\nRNF-53\tncbigene:672\np53\tncbigene:672\tGene\nZZ9\tncbigene:1\tgene\n")
    )
    genes = lexicon.genes
    (mine,) = genes.hits(genes.keys, "rnf53")
    assert (mine.concept.curie, mine.matched, mine.kind) == ("ncbigene:672", "RNF-53", USER)
    assert [hit.concept.name for hit in plain.genes.hits(plain.genes.keys, "p53")] == ["TP53"]
    assert [hit.concept.name for hit in genes.hits(genes.keys, "p53")] == ["BRCA1"]
    assert [hit.concept.curie for hit in genes.hits(genes.exact, "ZZ9")] == ["ncbigene:1"]
    assert genes.row_of("ncbigene:1") == len(plain.genes.concepts) == len(genes.concepts) - 1
    assert lexicon.version != plain.version


def test_a_stop_name_is_found_by_no_form(tmp_path: Path) -> None:
    lexicon = load_lexicon("", names_file(tmp_path, "P53\t-\n") / "names.tsv")
    genes = lexicon.genes
    assert [genes.hits(index, form) for index, form in ((genes.exact, "p53"), (genes.exact, "P53"), (genes.keys, "p53"))] == [
        [],
        [],
        [],
    ]
    assert genes.is_stopped("p-53")
    assert not genes.is_stopped("TP53")
    assert "p53" not in {name for _, _, name in genes.every()}
    assert genes.hits(genes.exact, "TP53")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("p53\n", r"names\.tsv:1: 1 columns, expected a name"),
        ("# x\n\np53\t672\n", r"names\.tsv:3: the identifier is '672'"),
        ("p53\t-\tProtein\n", r"names\.tsv:1: the type is 'Protein', expected Gene or Disease"),
        ("\tncbigene:672\n", r"names\.tsv:1: no name"),
        ("zz\tncbigene:0\n", r"names\.tsv:1: the lexicon has no ncbigene:0; give a type"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(VocabularyError, match=message):
        load_lexicon("", names_file(tmp_path, text))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(VocabularyError, match=r"gone\.tsv: cannot be read \(No such file"):
        load_lexicon("", tmp_path / "gone.tsv")


def test_the_type_is_that_of_the_identifier(tmp_path: Path) -> None:
    lexicon = load_lexicon("", names_file(tmp_path, "qq\tmesh:D001943\n"))
    assert lexicon.names(GENE).hits(lexicon.genes.exact, "qq") == []
    assert [hit.concept.name for hit in lexicon.diseases.hits(lexicon.diseases.bags, "qq")] == ["Breast Neoplasms"]


def test_a_stopped_mention_says_so(tmp_path: Path) -> None:
    mention = Mention("1", 0, 3, "p53", GENE)
    linker = Linker(load_lexicon("", names_file(tmp_path, "P53\t-\tGene\n")))
    assert linker.link("p53 and breast cancer", [mention]) == [Link(mention, reason=STOPPED)]
