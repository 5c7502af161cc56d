"""What an article says elsewhere corrects what was found in one sentence."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genemine.annotate.abbreviations import find_abbreviations
from genemine.annotate.consistency import RULES, consistent
from genemine.annotate.sentences import split_sentences
from genemine.annotate.tagging import annotate
from genemine.config import AnnotateSettings
from genemine.records import DISEASE, GENE, Article, Mention, TokenSpan

Found = tuple[str, int, str, float]  # the words, which occurrence of them (from 0), type, score


def mentions_of(text: str, *found: Found) -> list[Mention]:
    """Mentions at occurrences of words in a text."""
    sentences, mentions = split_sentences(text), []
    for words, nth, type_, score in found:
        start = -1
        for _ in range(nth + 1):
            start = text.index(words, start + 1)
        index = next(sentence.index for sentence in sentences if sentence.start <= start < sentence.end)
        mentions.append(Mention("1", start, start + len(words), words, type_, score, index, "m"))
    return mentions


def corrected(text: str, *found: Found, rules: frozenset[str] = RULES) -> list[tuple[int, str, str, float, int]]:
    """Start, words, type, score and sentence of the mentions after correction."""
    sentences = split_sentences(text)
    result = consistent(sentences, mentions_of(text, *found), find_abbreviations(sentences), rules)
    assert all(text[m.start : m.end] == m.text and (m.pmid, m.model) == ("1", "m") for m in result)
    return [(m.start, m.text, m.type, m.score, m.sentence_index) for m in result]


def test_a_name_found_with_a_high_score_is_found_everywhere() -> None:
    text = "TP53 fell. We saw TP53, TP53R2 and tp53. Anti-TP53 rose."
    assert corrected(text, ("TP53", 0, GENE, 0.96)) == [
        (0, "TP53", GENE, 0.96, 0),
        (18, "TP53", GENE, 0.81, 1),
        (46, "TP53", GENE, 0.81, 2),
    ]


def test_names_in_words_are_found_in_any_case() -> None:
    text = "Breast cancer is common. In breast cancer, CANCER and breast cancers grow."
    assert corrected(text, ("Breast cancer", 0, DISEASE, 0.85)) == [
        (0, "Breast cancer", DISEASE, 0.85, 0),
        (28, "breast cancer", DISEASE, 0.81, 1),
    ]


def test_a_place_with_a_mention_gets_no_other() -> None:
    """Neither inside of a longer mention nor where the other type was found."""
    text = "CF is rare. CF patients and the CF gene were seen."
    found = ("CF", 0, DISEASE, 0.95), ("CF patients", 0, DISEASE, 0.6), ("CF gene", 0, GENE, 0.9)
    assert corrected(text, *found, rules=frozenset({"repeat"})) == [
        (0, "CF", DISEASE, 0.95, 0),
        (12, "CF patients", DISEASE, 0.6, 1),
        (32, "CF gene", GENE, 0.9, 1),
    ]


def test_a_low_score_is_repeated_nowhere() -> None:
    assert corrected("KIT is. KIT was.", ("KIT", 0, GENE, 0.79)) == [(0, "KIT", GENE, 0.79, 0)]
    assert corrected("MS is. MS was.", ("MS", 0, DISEASE, 0.69)) == [(0, "MS", DISEASE, 0.69, 0)]


APC = "Adenomatous polyposis coli (APC) is inherited. APC begins early. Loss of APC is seen."


def test_a_short_form_takes_the_type_of_its_long_form() -> None:
    found = ("Adenomatous polyposis coli", 0, DISEASE, 0.9), ("APC", 1, GENE, 0.97), ("APC", 2, DISEASE, 0.4)
    assert corrected(APC, *found) == [
        (0, "Adenomatous polyposis coli", DISEASE, 0.9, 0),
        (28, "APC", DISEASE, 0.94, 0),
        (47, "APC", DISEASE, 0.94, 1),
        (73, "APC", DISEASE, 0.4, 2),
    ]


def test_a_doubtful_long_form_decides_nothing() -> None:
    found = ("Adenomatous polyposis coli", 0, DISEASE, 0.6), ("APC", 1, GENE, 0.7)
    assert [m[1:3] for m in corrected(APC, *found)] == [("Adenomatous polyposis coli", DISEASE), ("APC", GENE)]


@pytest.mark.parametrize(("score", "kept"), [(0.89, 0), (0.9, 2)])
def test_the_short_form_of_something_else_is_no_gene(score: float, kept: int) -> None:
    """A long form that is neither gene nor disease counts, unless the tagger is quite sure of the short form."""
    text = "Endothelial cells (EC) grow. EC were seen."
    assert len(corrected(text, ("EC", 0, GENE, 0.6), ("EC", 1, GENE, score), rules=frozenset({"long_form"}))) == kept


def test_a_short_form_explained_twice_in_two_ways_stays() -> None:
    text = "Atopic dermatitis (AD) and adult donors (AD) differ. AD was."
    found = ("Atopic dermatitis", 0, DISEASE, 0.9), ("AD", 2, GENE, 0.5)
    assert corrected(text, *found, rules=frozenset({"long_form"})) == [
        (0, "Atopic dermatitis", DISEASE, 0.9, 0),
        (53, "AD", GENE, 0.5, 1),
    ]


def test_a_disease_twice_is_no_gene_once() -> None:
    text = "EDS is rare. EDS was seen. So EDS fell."
    assert corrected(text, ("EDS", 0, DISEASE, 0.95), ("EDS", 1, GENE, 0.9), ("EDS", 2, DISEASE, 0.8)) == [
        (0, "EDS", DISEASE, 0.95, 0),
        (13, "EDS", DISEASE, 0.81, 1),
        (30, "EDS", DISEASE, 0.8, 2),
    ]


def test_a_gene_as_often_as_a_disease_stays() -> None:
    text = "EDS is rare. EDS was seen."
    found = ("EDS", 0, DISEASE, 0.95), ("EDS", 1, GENE, 0.9)
    assert [m[2] for m in corrected(text, *found)] == [DISEASE, GENE]


@pytest.mark.parametrize(
    ("text", "score", "kept"),
    [
        ("PBS is. PBS was. PBS fell.", 0.69, 0),
        ("PBS is. PBS was. PBS fell.", 0.7, 1),
        ("PBS is. PBS was.", 0.3, 1),
    ],
)
def test_a_name_found_once_in_many_places_is_dropped(text: str, score: float, kept: int) -> None:
    assert len(corrected(text, ("PBS", 1, GENE, score))) == kept


@pytest.mark.parametrize(
    ("text", "given", "left"),
    [
        ("The (LH) subunit gene.", "LH) subunit gene", []),
        ("The beta-APP (A4) grew.", "beta-APP (A4", ["beta-APP"]),
        ("The alpha(1) chain.", "alpha(1) chain", ["alpha(1) chain"]),
        ("The CD34(+) cells.", "CD34(+", ["CD34(+"]),
    ],
)
def test_brackets(text: str, given: str, left: list[str]) -> None:
    assert [m[1] for m in corrected(text, (given, 0, GENE, 0.6))] == left


def test_no_rules_no_change_and_no_mentions_nothing() -> None:
    assert corrected(APC, ("APC", 1, GENE, 0.97), rules=frozenset()) == [(47, "APC", GENE, 0.97, 1)]
    assert corrected(APC) == []
    assert consistent((), (), ()) == ()


def test_letters_that_change_length_when_folded_move_no_offset() -> None:
    text = "İİ and Lung cancer is. In lung cancer it is."
    assert [m[:2] for m in corrected(text, ("Lung cancer", 0, DISEASE, 0.95))] == [(7, "Lung cancer"), (26, "lung cancer")]


class OneGene:
    """Finds "KIT" in the first sentence only."""

    name = "one"

    def tag(self, sentences: list[list[str]]) -> list[list[TokenSpan]]:  # type: ignore[override]
        return [[TokenSpan(0, 1, GENE, 0.96)] if tokens[:2] == ["KIT", "is"] else [] for tokens in sentences]


def test_the_setting_switches_it_off_and_scores_are_cut_afterwards() -> None:
    article = Article("1", "KIT is here.", "We saw KIT.")
    starts = [
        [m.start for m in next(annotate([article], OneGene(), settings)).mentions]
        for settings in (AnnotateSettings(), AnnotateSettings(consistency=False), AnnotateSettings(min_score=0.9))
    ]
    assert starts == [[0, 20], [0], [0]]


WORDS = [
    "APC",
    "apc",
    "TP53",
    "adult",
    "polyposis",
    "coli",
    "Adult polyposis coli (APC)",
    "breast",
    "Breast cancer",
    "(",
    ")",
    "(CF)",
    ",",
    "İ",
]


@st.composite
def tagged_texts(draw: st.DrawFn) -> tuple[str, list[Mention]]:
    """A text of few words, so that they come again, and mentions that do not overlap within a type."""
    sentences = draw(st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=7), min_size=1, max_size=5))
    text = (
        " ".join(" ".join(words).capitalize() + "." for words in sentences)
        if draw(st.booleans())
        else (". ".join(" ".join(words) for words in sentences) + ".")
    )
    mentions = []
    for sentence in split_sentences(text):
        for type_ in (GENE, DISEASE):
            position = 0
            while position < len(sentence.tokens):
                first = position + draw(st.integers(0, 4))
                last = first + draw(st.integers(1, 3))
                if last <= len(sentence.tokens):
                    start, end = sentence.tokens[first].start, sentence.tokens[last - 1].end
                    score = draw(st.sampled_from([0.3, 0.6, 0.75, 0.85, 0.92, 0.99]))
                    mentions.append(Mention("1", start, end, text[start:end], type_, score, sentence.index, "m"))
                position = last
    return text, mentions


@given(tagged_texts(), st.sets(st.sampled_from(sorted(RULES))), st.randoms(use_true_random=False))
def test_what_holds_of_every_outcome(tagged: tuple[str, list[Mention]], rules: set[str], chance: random.Random) -> None:
    """Offsets true, borders of tokens, sorted, no overlap within a type, and the same for any order of the input."""
    text, mentions = tagged
    sentences = split_sentences(text)
    abbreviations = find_abbreviations(sentences)
    result = consistent(sentences, mentions, abbreviations, rules)
    starts = {token.start: s.index for s in sentences for token in s.tokens}
    ends = {token.end: s.index for s in sentences for token in s.tokens}
    for mention in result:
        assert text[mention.start : mention.end] == mention.text
        assert starts[mention.start] == ends[mention.end] == mention.sentence_index
        assert 0 <= mention.score <= 1
    assert list(result) == sorted(result, key=lambda m: (m.start, m.end, m.type))
    for type_ in (GENE, DISEASE):
        spans = [(m.start, m.end) for m in result if m.type == type_]
        assert all(before[1] <= after[0] for before, after in pairwise(spans))
    shuffled = chance.sample(mentions, len(mentions))
    assert consistent(sentences, shuffled, abbreviations, rules) == result


@given(tagged_texts())
def test_corrected_mentions_settle(tagged: tuple[str, list[Mention]]) -> None:
    """Corrected again and again, mentions come to rest within a few rounds, and each single new mention stays right where it is."""
    text, mentions = tagged
    sentences = split_sentences(text)
    abbreviations = find_abbreviations(sentences)
    before, now = tuple(mentions), consistent(sentences, mentions, abbreviations)
    rounds = 1
    while now != before:
        before, now = now, consistent(sentences, now, abbreviations)
        rounds += 1
    assert rounds <= 4
