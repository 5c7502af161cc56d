from __future__ import annotations

from pathlib import Path

import pytest

from genemine.config import LinkSettings
from genemine.link import reasons
from genemine.link.lexicon import load_lexicon
from genemine.link.linker import Linker
from genemine.link.score import score
from genemine.records import DISEASE, GENE, Link, Mention


@pytest.fixture(scope="module")
def linker() -> Linker:
    return Linker(load_lexicon())


def mention(text: str, words: str, mention_type: str = GENE, nth: int = 0) -> Mention:
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return Mention("1", start, start + len(words), words, mention_type)


def link(linker: Linker, text: str, words: str, mention_type: str = GENE, short_forms: dict[str, str] | None = None) -> list[Link]:
    return linker.link(text, [mention(text, words, mention_type)], short_forms)


def curies(links: list[Link]) -> list[str]:
    return [one.curie for one in links]


def test_a_link_says_what_matched_and_how(linker: Linker) -> None:
    text = "p53 is lost in many tumours."
    assert link(linker, text, "p53") == [
        Link(mention(text, "p53"), "ncbigene:7157", "TP53", "p53", "exact", score(GENE, "exact"), ("hgnc:11998",), "")
    ]


def test_links_come_in_the_order_of_the_mentions(linker: Linker) -> None:
    text = "Cystic fibrosis is caused by CFTR, not by BRCA2."
    mentions = [mention(text, "BRCA2"), mention(text, "Cystic fibrosis", DISEASE), mention(text, "CFTR")]
    assert curies(linker.link(text, mentions)) == ["ncbigene:675", "mesh:D003550", "ncbigene:1080"]


def test_an_article_without_mentions_has_no_links(linker: Linker) -> None:
    assert linker.link("No names here.", []) == []


def test_a_composite_mention_gets_a_link_for_each_part(linker: Linker) -> None:
    text = "BRCA1/2 in breast and ovarian cancer"
    genes = link(linker, text, "BRCA1/2")
    assert curies(genes) == ["ncbigene:672", "ncbigene:675"]
    assert {one.mention for one in genes} == {mention(text, "BRCA1/2")}
    assert {one.how for one in genes} == {"composite"}
    assert curies(link(linker, text, "breast and ovarian cancer", DISEASE)) == ["mesh:D001943", "mesh:D010051"]


def test_a_composite_with_an_unknown_part_is_not_linked_by_half(linker: Linker) -> None:
    text = "BRCA1 and ZZZ9"
    assert link(linker, text, text) == [Link(mention(text, text), reason=reasons.NO_MATCH)]


def test_a_fusion_names_two_genes(linker: Linker) -> None:
    assert curies(link(linker, "The BCR-ABL fusion", "BCR-ABL")) == ["ncbigene:613", "ncbigene:25"]


@pytest.mark.parametrize("family", ["Ras", "MAPK", "HLA", "caspases", "matrix metalloproteinases"])
def test_a_family_is_no_gene(linker: Linker, family: str) -> None:
    assert link(linker, f"{family} activity was measured.", family) == [
        Link(mention(family, family), reason="a family of genes, not one gene")
    ]


def test_a_symbol_that_is_a_word_needs_its_capitals(linker: Linker) -> None:
    assert curies(link(linker, "A variant of CAT in patients", "CAT")) == ["ncbigene:847"]
    assert link(linker, "Allergy to the cat in patients", "cat")[0].reason == reasons.NO_MATCH
    title = "ALL THE REST OF THE PATIENTS WAS WELL"
    assert link(linker, title, "REST")[0].reason == "a word in a line of capitals"
    assert curies(link(linker, "ALL ABOUT BRCA1 AND THE PATIENTS", "BRCA1")) == ["ncbigene:672"]


def test_a_mouse_gene_gets_none_and_says_so(linker: Linker) -> None:
    text = "Loss of Brca1 in mice causes mammary tumours."
    (none,) = link(linker, text, "Brca1")
    assert (none.curie, none.matched, none.reason) == ("", "BRCA1", "another species")


def test_a_mouse_symbol_that_no_human_gene_shares_is_another_species_too(linker: Linker) -> None:
    assert link(linker, "Trp53 was deleted in mice.", "Trp53")[0].reason == "another species"
    assert link(linker, "Zzp53 was deleted.", "Zzp53")[0].reason == reasons.NO_MATCH


def test_a_mention_with_a_border_too_narrow_is_linked_by_the_longer_name_of_the_text(linker: Linker) -> None:
    (one,) = link(linker, "Many patients with type 1 diabetes carry it.", "diabetes", DISEASE)
    assert (one.curie, one.matched, one.how) == ("mesh:D003922", "type 1 diabetes", "wider")
    (plain,) = link(linker, "Many patients with diabetes carry it.", "diabetes", DISEASE)
    assert (plain.curie, plain.how) == ("mesh:D003920", "exact")


def test_an_abbreviation_is_what_the_article_says_it_is(linker: Linker) -> None:
    text = "Familial hypercholesterolaemia (FH) is frequent. FH leads to early death."
    (by_long,) = link(linker, text, "FH", DISEASE, {"FH": "Familial hypercholesterolaemia"})
    assert (by_long.curie, by_long.how, by_long.matched) == ("mesh:D006938", "abbreviation", "familial hypercholesterolemia")
    assert link(linker, text, "FH", DISEASE)[0].reason == reasons.NO_MATCH


def test_an_abbreviation_with_another_meaning_is_not_linked(linker: Linker) -> None:
    text = "Computed axial tomography (CAT) was done."
    (none,) = link(linker, text, "CAT", short_forms={"CAT": "Computed axial tomography"})
    assert (none.curie, none.reason) == ("", "the article gives this abbreviation another meaning")


def test_an_abbreviation_that_its_long_form_supports_stays_exact(linker: Linker) -> None:
    text = "cystic fibrosis transmembrane conductance regulator (CFTR)"
    (one,) = link(linker, text, "CFTR", short_forms={"CFTR": "cystic fibrosis transmembrane conductance regulator"})
    assert (one.curie, one.how) == ("ncbigene:1080", "exact")


def test_a_symbol_with_a_digit_outweighs_a_long_form_that_the_lexicon_lacks(linker: Linker) -> None:
    text = "breast cancer susceptibility locus one (BRCA1)"
    (one,) = link(linker, text, "BRCA1", short_forms={"BRCA1": "breast cancer susceptibility locus one"})
    assert one.curie == "ncbigene:672"


def test_a_link_below_the_least_score_is_none_and_keeps_what_matched() -> None:
    strict = Linker(load_lexicon(), LinkSettings(min_score=0.9))
    text = "familial early-onset breast cancer"
    (none,) = link(strict, text, text, DISEASE)
    assert (none.curie, none.matched, none.how, none.reason) == ("", "Breast Neoplasms", "broader", "below link.min_score")
    assert none.score == pytest.approx(score(DISEASE, "broader"))


def shared_name_lexicon(tmp_path: Path) -> Linker:
    (tmp_path / "genes.tsv").write_text(
        "id\tsymbol\tname\tsynonyms\txrefs\nncbigene:1\tAAA1\tfirst gene\tPX1|alphin\t\n"
        "ncbigene:2\tBBB1\tsecond gene\tPX1|betin\t\nncbigene:3\tPX9\tthird gene\t\t\nncbigene:4\tCCC1\tfourth gene\tPX9\t\n",
        encoding="utf-8",
    )
    (tmp_path / "diseases.tsv").write_text("id\tname\tsynonyms\txrefs\nmesh:D1\tAnemia\t\t\n", encoding="utf-8")
    return Linker(load_lexicon(tmp_path))


def test_the_article_decides_between_genes_that_share_a_name(tmp_path: Path) -> None:
    linker = shared_name_lexicon(tmp_path)
    text = "PX1, also called betin"
    found = linker.link(text, [mention(text, "PX1"), mention(text, "betin")])
    assert [(one.curie, one.how) for one in found] == [("ncbigene:2", "exact"), ("ncbigene:2", "exact")]


def test_without_a_word_from_the_article_the_first_row_is_a_guess_and_a_symbol_goes_before_a_synonym(tmp_path: Path) -> None:
    linker = shared_name_lexicon(tmp_path)
    assert [(one.curie, one.how) for one in link(linker, "PX1 alone", "PX1")] == [("ncbigene:1", "ambiguous")]
    assert [(one.curie, one.how) for one in link(linker, "PX9 alone", "PX9")] == [("ncbigene:3", "exact")]


def test_the_same_article_gives_the_same_links_in_any_batch(linker: Linker) -> None:
    text = "BRCA1 and p53 in breast cancer of patients with Fanconi anaemia."
    mentions = [mention(text, "BRCA1"), mention(text, "p53"), mention(text, "breast cancer", DISEASE)]
    before = linker.link(text, mentions)
    linker.link("Mice, mice, mice.", [mention("Brca1", "Brca1")])
    assert linker.link(text, mentions) == before


def test_every_reason_is_listed() -> None:
    assert len(set(reasons.REASONS)) == 7


def test_the_version_is_that_of_the_lexicon(linker: Linker) -> None:
    assert linker.version == linker.lexicon.version
