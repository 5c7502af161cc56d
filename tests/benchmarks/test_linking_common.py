"""How a set of links is judged, and what exact string match finds."""

from __future__ import annotations

import pytest

from benchmarks.linking_accuracy import figures_of, fold_of
from benchmarks.linking_common import ExactMatch, SetScores, Tally, asked, canonical, is_right, tally
from genemine.link.lexicon import load_lexicon
from genemine.models.gold_links import GoldDocument
from genemine.records import DISEASE, GENE, Link, Mention

BREAST, OVARY = frozenset({"mesh:D001943"}), frozenset({"mesh:D010051", "omim:167000"})


@pytest.mark.parametrize(
    ("own", "strict", "lenient"),
    [
        ([BREAST, OVARY], 1, 1),
        ([BREAST, frozenset({"omim:167000"})], 1, 1),  # either identifier of a part will do
        ([BREAST], 0, 1),  # a part is missing
        ([BREAST, OVARY, frozenset({"mesh:D003920"})], 0, 1),  # one too many
        ([frozenset({"mesh:D003920"})], 0, 0),
        ([], 0, 0),
    ],
)
def test_strict_means_every_part_and_nothing_more(own: list[frozenset[str]], strict: int, lenient: int):
    gold = (BREAST, OVARY)
    mention, counts = Mention("1", 0, 25, "breast and ovarian cancer", DISEASE), Tally()
    counts.add([Link(mention, min(ids), xrefs=tuple(sorted(ids))) for ids in own] or [Link(mention)], gold)
    assert is_right(own, gold) == bool(strict)
    assert (counts.mentions, counts.strict, counts.lenient, counts.linked) == (1, strict, lenient, int(bool(own)))


def test_exact_match_takes_the_words_as_they_are_and_then_without_case():
    text = "BRCA1 in Breast cancer, brca1 and unheard disease"
    mentions = (
        Mention("1", 0, 5, "BRCA1", GENE),
        Mention("1", 9, 22, "BREAST cancer", DISEASE),
        Mention("1", 24, 29, "brca1", GENE),
        Mention("1", 34, 49, "unheard disease", DISEASE),
    )
    links = ExactMatch(load_lexicon()).link(text, mentions)
    assert [link.curie for link in links] == ["ncbigene:672", "mesh:D001943", "ncbigene:672", ""]


def test_mentions_without_an_identifier_and_genes_of_other_species_are_not_asked_for():
    lexicon = load_lexicon()
    mouse, human = frozenset({"ncbigene:12189"}), frozenset({"ncbigene:672"})
    assert asked((mouse, human), GENE, lexicon) == (human,)
    assert asked((mouse,), GENE, lexicon) == ()
    mentions = tuple(Mention("1", 6 * i, 6 * i + 5, "BRCA1", GENE) for i in range(3))
    document = GoldDocument("toy", "1", "BRCA1 BRCA1 BRCA1", mentions, ((human,), (mouse,), ()), {})
    assert tally(ExactMatch(lexicon), [document], GENE, lexicon) == Tally(mentions=1, strict=1, lenient=1, linked=1)


def test_sets_of_articles_are_summed():
    scores = SetScores()
    scores.add({"a", "b", "c"}, {frozenset({"a", "x"}), frozenset({"d"})})
    scores.add({"e"}, {frozenset({"e"})})
    assert (scores.precision, scores.recall, round(scores.f1, 4)) == (0.5, 2 / 3, 0.5714)
    assert (SetScores().precision, SetScores().recall, SetScores().f1) == (0.0, 0.0, 0.0)


def test_identifiers_are_spelt_as_the_lexicon_does():
    lexicon = load_lexicon()
    concept = next(concept for concept in lexicon.diseases.concepts if any(x.startswith("omim:") for x in concept.xrefs))
    spell = canonical(lexicon, DISEASE)
    assert {spell(curie) for curie in (concept.curie, *concept.xrefs)} == {concept.curie}
    assert spell("mesh:none") == "mesh:none"


def test_figures_have_their_baselines_beside_them():
    names = ("genemine", "exact string match", "rules, nothing learnt")
    found = {way: Tally(8, strict=strict, lenient=6) for way, strict in zip(names, (5, 2, 4), strict=True)}
    assert figures_of("gene", found) == {"gene_acc": 0.625, "gene_exact_acc": 0.25, "gene_rules_acc": 0.5, "gene_lenient_acc": 0.75}


def test_an_article_is_in_one_fold_of_five():
    folds = [fold_of(str(pmid)) for pmid in range(200)]
    assert set(folds) == set(range(5))
    assert folds == [fold_of(str(pmid)) for pmid in range(200)]
