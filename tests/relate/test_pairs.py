from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genemine.config import RelateSettings
from genemine.records import DISEASE, GENE, Link, Mention, PairExample, Sentence, Token
from genemine.relate.pairs import Pair, SentencePairs, pair_examples


def sentence(text: str, start: int = 0, index: int = 0) -> Sentence:
    tokens = tuple(Token(m.group(), start + m.start(), start + m.end()) for m in re.finditer(r"\w+|[^\w\s]", text))
    return Sentence(index, start, start + len(text), text, tokens)


def link(of: Sentence, words: str, mention_type: str, curie: str, nth: int = 0) -> Link:
    at = -1
    for _ in range(nth + 1):
        at = of.text.index(words, at + 1)
    return Link(Mention("1", of.start + at, of.start + at + len(words), words, mention_type, sentence_index=of.index), curie, words)


def test_one_pair_with_its_marks_and_everything_else_in_clear_text() -> None:
    s = sentence("BRCA1, like TP53, raises the risk of breast cancer.", start=100, index=2)
    gene, disease = link(s, "BRCA1", GENE, "ncbigene:672"), link(s, "breast cancer", DISEASE, "mesh:D001943")
    other = link(s, "TP53", GENE, "")
    tokens = ("@GENE$", ",", "like", "TP53", ",", "raises", "the", "risk", "of", "@DISEASE$", ".")
    assert pair_examples(s, [gene, other, disease]) == SentencePairs((Pair("1", s, gene, disease, PairExample(tokens)),), 0)


def test_every_linked_gene_meets_every_linked_disease_nearest_first() -> None:
    s = sentence("BRCA1 and BRCA2 in breast cancer and anemia")
    links = [
        link(s, "BRCA1", GENE, "g:1"),
        link(s, "BRCA2", GENE, "g:2"),
        link(s, "breast cancer", DISEASE, "d:1"),
        link(s, "anemia", DISEASE, "d:2"),
    ]
    found = pair_examples(s, links)
    assert [(p.gene.curie, p.disease.curie) for p in found.pairs] == [
        ("g:2", "d:1"),
        ("g:1", "d:1"),
        ("g:2", "d:2"),
        ("g:1", "d:2"),
    ]
    assert found.dropped == 0


def test_overlapping_mentions_make_no_pair() -> None:
    s = sentence("G6PD deficiency is common")
    assert pair_examples(s, [link(s, "G6PD", GENE, "g:1"), link(s, "G6PD deficiency", DISEASE, "d:1")]).pairs == ()


@pytest.mark.parametrize(
    "text",
    [
        "A tumor suppressor gene, TP53.",
        "TP53 and tumor necrosis factor rose.",
        "A tumor-promoting ester and TP53.",
        "Tumor-suppressive TP53.",
    ],
)
def test_a_disease_word_that_begins_another_name_makes_no_pair(text: str) -> None:
    s = sentence(text, start=7)
    word = "Tumor" if "Tumor" in text else "tumor"
    assert pair_examples(s, [link(s, "TP53", GENE, "g:1"), link(s, word, DISEASE, "d:1")]).pairs == ()


def test_a_disease_word_within_a_gene_makes_no_pair_with_another() -> None:
    s = sentence("Wilms tumor 1 protein and IGF2 in Wilms tumor")
    inside, outside = link(s, "Wilms tumor", DISEASE, "d:1"), link(s, "Wilms tumor", DISEASE, "d:1", nth=1)
    found = pair_examples(s, [link(s, "Wilms tumor 1 protein", GENE, ""), link(s, "IGF2", GENE, "g:2"), inside, outside])
    assert [(pair.gene.curie, pair.disease) for pair in found.pairs] == [("g:2", outside)]


@pytest.mark.parametrize(
    ("text", "gene", "n_pairs"),
    [
        ("ACE inhibitors in heart failure.", "ACE", 0),
        ("Angiotensin-converting enzyme inhibition in heart failure.", "Angiotensin-converting enzyme", 0),
        ("Insulin resistance and heart failure.", "Insulin", 0),
        ("Erythropoietin therapy of heart failure.", "Erythropoietin", 0),
        ("ACE polymorphism in heart failure.", "ACE", 1),
        ("Insulin and heart failure.", "Insulin", 1),
        ("EGFR inhibitors in heart failure.", "EGFR", 1),
    ],
)
def test_a_gene_that_begins_the_name_of_a_drug_makes_no_pair(text: str, gene: str, n_pairs: int) -> None:
    s = sentence(text, start=7)
    found = pair_examples(s, [link(s, gene, GENE, "g:1"), link(s, "heart failure", DISEASE, "d:1")])
    assert len(found.pairs) == n_pairs


def test_the_nearest_mentions_stand_for_a_pair_named_twice() -> None:
    s = sentence("RET is a gene; in thyroid cancer RET mutates")
    near, far = link(s, "RET", GENE, "g:1", nth=1), link(s, "RET", GENE, "g:1")
    (pair,) = pair_examples(s, [far, near, link(s, "thyroid cancer", DISEASE, "d:1")]).pairs
    assert pair.gene == near
    assert pair.example.tokens == ("RET", "is", "a", "gene", ";", "in", "@DISEASE$", "@GENE$", "mutates")


def test_a_composite_mention_gives_a_pair_for_each_of_its_links() -> None:
    s = sentence("BRCA1/2 in breast cancer")
    disease = link(s, "breast cancer", DISEASE, "d:1")
    found = pair_examples(s, [link(s, "BRCA1/2", GENE, "g:1"), link(s, "BRCA1/2", GENE, "g:2"), disease])
    assert [p.gene.curie for p in found.pairs] == ["g:1", "g:2"]
    assert {p.example.tokens for p in found.pairs} == {("@GENE$", "in", "@DISEASE$")}


def test_mentions_of_other_sentences_are_passed_over() -> None:
    first, second = sentence("BRCA1 here"), sentence("breast cancer there", start=11, index=1)
    assert pair_examples(first, [link(first, "BRCA1", GENE, "g:1"), link(second, "breast cancer", DISEASE, "d:1")]).pairs == ()


def test_a_long_list_is_cut_to_the_nearest_pairs_and_the_rest_is_counted() -> None:
    s = sentence("AA BB CC in xx yy")
    links = [link(s, name, GENE, f"g:{name}") for name in ("AA", "BB", "CC")]
    links += [link(s, name, DISEASE, f"d:{name}") for name in ("xx", "yy")]
    found = pair_examples(s, links, RelateSettings(max_pairs_per_sentence=2))
    assert [(p.gene.curie, p.disease.curie) for p in found.pairs] == [("g:CC", "d:xx"), ("g:BB", "d:xx")]
    assert found.dropped == 4


@given(st.permutations(range(4)))
def test_the_order_of_the_links_does_not_matter(order: list[int]) -> None:
    s = sentence("AA BB in xx yy")
    links = [link(s, name, GENE, f"g:{name}") for name in ("AA", "BB")] + [
        link(s, name, DISEASE, f"d:{name}") for name in ("xx", "yy")
    ]
    assert pair_examples(s, [links[i] for i in order]) == pair_examples(s, links)
