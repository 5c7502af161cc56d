"""Figures of document context: seen documents are left out, each rule is told alone."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.document_context import Corpus, count_new, guideline_tagger, told_corpus, unseen
from genemine.annotate.abbreviations import find_abbreviations
from genemine.annotate.sentences import split_sentences
from genemine.models.corpora import Output
from genemine.models.decode import Chain
from genemine.models.fingerprints import sentence_codes
from genemine.models.tagger import LstmTagger
from genemine.records import DISEASE, GENE, AnnotatedArticle, Mention
from genemine.sources.pubtator import PubTatorDocument, PubTatorMention

TITLE, ABSTRACT = "Cystic fibrosis (CF).", "The CF of these many children was followed for years. CF is CF."


@pytest.fixture
def corpus() -> Corpus:
    """One document; the tagger found the long form and the last short form, gold are these and the short form before."""
    document = PubTatorDocument("1", TITLE, ABSTRACT)
    text, sentences = document.text, split_sentences(document.text)
    last = text.rindex("CF")
    places = [(0, 15), (17, 19), (last, last + 2)]
    gold = tuple(PubTatorMention(a, b, text[a:b], DISEASE) for a, b in places)
    found = tuple(Mention("1", a, b, text[a:b], DISEASE, 0.9, i) for (a, b), i in ((places[0], 0), (places[2], 2)))
    article = AnnotatedArticle("1", sentences, found, find_abbreviations(sentences))
    return Corpus("tiny", (DISEASE,), [PubTatorDocument("1", TITLE, ABSTRACT, gold)], [article])


def test_f1_before_and_after(corpus: Corpus, capsys: pytest.CaptureFixture[str]) -> None:
    """Before: 2 of 3, all right. After: all three, and two more."""
    assert told_corpus(corpus) == {"tiny_disease_before": 0.8, "tiny_disease_after": 0.75}
    lines = capsys.readouterr().out.splitlines()
    assert lines[2].split() == ["as", "tagged", "1.0000", "0.6667", "0.8000", "+0.00"]
    assert lines[-1].split() == ["all", "0.6000", "1.0000", "0.7500", "-5.00"]


def test_new_mentions_are_counted_by_rule_and_score(corpus: Corpus) -> None:
    counts: dict[tuple[str, str, float], list[int]] = {}
    count_new(corpus, counts)
    assert counts == {("long_form", DISEASE, 0.94): [1, 3], ("repeat", DISEASE, 0.81): [1, 3]}


def test_a_document_with_a_sentence_of_the_training_is_seen(corpus: Corpus) -> None:
    other = sentence_codes(["Quite another sentence of the same length, or so."])
    assert unseen(corpus.tagged, other) == [True]
    assert unseen(corpus.tagged, sentence_codes(["The CF of these many children was followed for years ."])) == [False]
    assert unseen(corpus.tagged, sentence_codes(["CF is CF."])) == [True], "short sentences tell nothing"


def test_an_output_of_the_corpus_alone_takes_the_place_of_the_one_that_serves() -> None:
    outputs = (Output("both", DISEASE, ("a", "b")), Output("gene", GENE, ("a",)), Output("a", DISEASE, ("a",)))
    chain = Chain(np.zeros((3, 3, 3)), np.zeros((3, 3)))
    tagger = LstmTagger("t", lambda inputs: inputs[0], None, outputs, (0, 1), chain, np.ones(3))  # type: ignore[arg-type]
    assert guideline_tagger(tagger, "a", (DISEASE,)).serving == (2, 1)
    assert guideline_tagger(tagger, "b", (DISEASE,)).serving == (0, 1)
