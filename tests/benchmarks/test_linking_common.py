"""What exact string match finds, and how sets of identifiers are counted."""

from __future__ import annotations

from benchmarks.linking_accuracy import figures_of, fold_of
from benchmarks.linking_common import ExactMatch, SetScores, canonical
from genemine.evaluate.linking import Tally
from genemine.link.lexicon import load_lexicon
from genemine.records import DISEASE, GENE, Mention


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
