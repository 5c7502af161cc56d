"""Genes chosen by the trees of the committed bundle, over the embedded lexicon."""

from __future__ import annotations

import pytest

from genemine.config import LinkSettings
from genemine.link import reasons
from genemine.link.knowledge import Knowledge
from genemine.link.lexicon import load_lexicon
from genemine.link.linker import Linker
from genemine.models.linker import load_knowledge
from genemine.records import GENE, Link, Mention
from genemine.resources import bundle_folder

PEOPLE = "We sequenced 120 patients and their families. "


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge(bundle_folder("linker"))


@pytest.fixture(scope="module")
def linker(knowledge: Knowledge) -> Linker:
    return Linker(load_lexicon(), LinkSettings(), knowledge)


def link(linker: Linker, text: str, *names: str, short_forms: dict[str, str] | None = None) -> list[Link]:
    mentions = [Mention("1", text.index(name), text.index(name) + len(name), name, GENE) for name in names]
    return linker.link(text, mentions, short_forms)


def test_a_symbol_among_patients_is_the_human_gene(linker: Linker):
    (found,) = link(linker, PEOPLE + "Mutations of BRCA1 were common.", "BRCA1")
    assert (found.curie, found.name, found.how) == ("ncbigene:672", "BRCA1", "exact")
    assert found.score > 0.9


def test_a_mouse_gene_has_no_identifier_of_a_human_one(linker: Linker):
    (found,) = link(linker, "Brca1-/- mice died early. Murine embryos of knockout mice were small.", "Brca1")
    assert (found.curie, found.reason) == ("", reasons.OTHER_SPECIES)
    assert found.score < 0.5


def test_a_name_of_two_genes_has_both(linker: Linker):
    found = link(linker, PEOPLE + "All carried mutations of BRCA1/2 genes.", "BRCA1/2")
    assert [one.curie for one in found] == ["ncbigene:672", "ncbigene:675"]
    assert {one.how for one in found} == {"composite"}


def test_a_name_that_nothing_is_known_of_has_none(linker: Linker):
    (found,) = link(linker, PEOPLE + "The gene Qzzxyv was new.", "Qzzxyv")
    assert (found.curie, found.reason) == ("", reasons.NO_MATCH)


def test_a_word_in_a_line_of_capitals_has_none(linker: Linker):
    (found,) = link(linker, "THE IMPACT OF DIET IN LARGE FAMILIES OF PATIENTS\nWe saw it.", "IMPACT")
    assert (found.curie, found.reason) == ("", reasons.CAPITALS)


def test_below_the_threshold_the_best_gene_is_named_as_unsure(knowledge: Knowledge):
    strict = Linker(load_lexicon(), LinkSettings(min_score=1.0), knowledge)
    (found,) = link(strict, PEOPLE + "Mutations of BRCA1 were common.", "BRCA1")
    assert (found.curie, found.matched, found.reason) == ("", "BRCA1", reasons.TOO_UNSURE)


def test_the_same_name_means_the_same_all_through_an_article(linker: Linker):
    text = PEOPLE + "TP53 was lost. In mice it is Trp53. Again TP53 was lost."
    places = [i for i in range(len(text)) if text.startswith("TP53", i)]
    found = linker.link(text, [Mention("1", i, i + 4, "TP53", GENE) for i in places])
    assert len({(one.curie, one.score) for one in found}) == 1


def test_an_article_is_linked_alike_whatever_came_before(linker: Linker, knowledge: Knowledge):
    texts = [PEOPLE + "APOE and CFTR were typed.", "Apoe of mice was cloned, CFTR was not.", PEOPLE + "CFTR and APOE."]
    names = ("APOE", "CFTR"), ("Apoe", "CFTR"), ("CFTR", "APOE")
    together = [link(linker, text, *own) for text, own in zip(texts, names, strict=True)]
    alone = [
        link(Linker(load_lexicon(), LinkSettings(), knowledge), text, *own)
        for text, own in zip(reversed(texts), reversed(names), strict=True)
    ]
    assert together == alone[::-1]


def test_an_article_without_genes_is_no_trouble(linker: Linker):
    assert linker.link("Nothing here.", []) == []
