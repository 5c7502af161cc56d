"""Sentences end where people end them, and hardly ever inside of a name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genemine.annotate.sentences import split_sentences
from genemine.annotate.tokens import tokenize
from genemine.records import Sentence, Token


def test_title_and_abstract_with_offsets() -> None:
    assert split_sentences("p53 loss\n Cancer. We saw.") == (
        Sentence(0, 0, 8, "p53 loss", (Token("p53", 0, 3), Token("loss", 4, 8))),
        Sentence(1, 10, 17, "Cancer.", (Token("Cancer", 10, 16), Token(".", 16, 17))),
        Sentence(2, 18, 25, "We saw.", (Token("We", 18, 20), Token("saw", 21, 24), Token(".", 24, 25))),
    )


@pytest.mark.parametrize(
    "marked",
    [
        "Some genes, e.g. BRCA1 and i.e. Alzheimer genes, differ vs. Controls as in Fig. 2 and Figs. A to C.",
        "Growth of E. coli and S. Typhimurium fell (p < 0.05).|It rose again.",
        "It fell, p < 0.05.|We saw 12 mice.|20 died.",
        "The rate was 0. 05 (P =. 01) at theta = 0. 12 in all.",
        "As Miller et al. (2001) and Maier et al. [12] say, and Klein et al. Genetics 5.",
        "As shown by Maier et al.|We disagree.",
        "W. M. Linehan, Jr., and E. A. Maher in Am. J. Hum. Genet. 55 said so.",
        "Patients had hepatitis C.|Treatment failed.|They lacked vitamin D.|This matters.",
        "Rats got 5 mg/kg i.v.|Rats slept.|It binds i.v. ACC-9653 (5 mg/kg i.p.) 5 days after in the U.S. Navy.",
        "It was lost.|p53 was mutated.|mRNA fell.|beta-Catenin rose.",
        'Is it so?|Yes!|(It is not.)|"Quoted."|Then more? a little.',
        "In 1993.|12 patients came.",
        "It was seen no. 5 of chr. 7 at vol. 3 once.",
        "The gene (cloned in 1993. Then lost) is back.|An open ( bracket ends.|So it does.",
        "BACKGROUND: Little is known.|METHODS AND RESULTS: We looked.|CONCLUSION: More work.",
        "AIM: To see whether it works|METHODS: We looked at 5|RESULTS: None.",
    ],
)
def test_boundaries(marked: str) -> None:
    """A bar stands where a sentence has to end; everywhere else none may."""
    assert [sentence.text for sentence in split_sentences(marked.replace("|", " "))] == marked.split("|")


@pytest.mark.parametrize("text", ["", " \n\t ", "\n\n"])
def test_no_words_no_sentences(text: str) -> None:
    assert split_sentences(text) == ()


@given(st.text(alphabet=st.sampled_from("aB1 .?()\n\"'é-") | st.characters(), max_size=200))
def test_sentences_cover_each_character_once(text: str) -> None:
    sentences = split_sentences(text)
    covered = [place for sentence in sentences for place in range(sentence.start, sentence.end)]
    assert covered == sorted(set(covered))
    assert {place for place, char in enumerate(text) if not char.isspace()} <= set(covered)
    assert [sentence.index for sentence in sentences] == list(range(len(sentences)))
    for sentence in sentences:
        assert text[sentence.start : sentence.end] == sentence.text == sentence.text.strip() != ""
        assert "\n" not in sentence.text
        assert sentence.tokens == tokenize(sentence.text, sentence.start)


@pytest.mark.parametrize(("corpus", "lowest_precision", "lowest_f1"), [("NCBI-disease", 0.999, 0.978), ("BC5CDR", 0.998, 0.997)])
def test_agreement_with_the_corpora(references: list, corpus: str, lowest_precision: float, lowest_f1: float) -> None:
    """F1 of sentence starts: .978 and .997; most of the difference are boundaries that the token files set within numbers."""
    n_right = n_found = n_gold = 0
    for reference in references:
        if reference.corpus == corpus:
            found = {sentence.start for sentence in split_sentences(reference.text)}
            n_right += len(found & reference.sentence_starts)
            n_found += len(found)
            n_gold += len(reference.sentence_starts)
    assert n_gold > 900
    assert n_right / n_found >= lowest_precision
    assert 2 * n_right / (n_found + n_gold) >= lowest_f1


def test_no_gold_mention_is_cut(references: list) -> None:
    mentions = [(r.text, start, end) for r in references for start, end in r.mentions]
    starts = {r.text: {sentence.start for sentence in split_sentences(r.text)} for r in references}
    assert len(mentions) == 787 + 9_591
    assert [text[start:end] for text, start, end in mentions if any(start < cut < end for cut in starts[text])] == []


@pytest.mark.timeout(10)
def test_no_text_is_slow() -> None:
    """Every full stop is judged by what stands near it; judged by all of its sentence, this would take half a minute."""
    assert len(split_sentences("(a. 5 " * 60_000)) == 1
