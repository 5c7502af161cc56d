"""Mentions of documents become tags of whole tokens; what does not fit is counted and never taught wrongly."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from genemine.models.decode import spans_of
from genemine.models.labelled import LabelledSentence, find_mention, labelled_document, tagged_sentence
from genemine.sources.iob import TaggedSentence
from genemine.sources.pubtator import PubTatorDocument, PubTatorMention, read_pubtator


def document(
    *mentions: tuple[str, str, int], title: str = "BRCA1 in gout.", abstract: str = "TP53-null mice. No gout."
) -> PubTatorDocument:
    """Mark words of a type, each at its place in the text moved by so many characters."""
    text = f"{title}\n{abstract}"
    made = []
    for words, type_, shift in mentions:
        start = (text.index(words) if words in text else 0) + shift
        made.append(PubTatorMention(start, start + len(words), words, type_))
    return PubTatorDocument("7", title, abstract, tuple(made))


def label(read: PubTatorDocument, *types: str) -> tuple[list[LabelledSentence], dict[str, int]]:
    counts: Counter[str] = Counter()
    sentences = list(labelled_document(read, types or ("Gene",), counts))
    return sentences, {why: n for why, n in counts.items() if n}


def test_a_document_is_cut_into_labelled_sentences_of_each_type():
    read = document(("BRCA1", "GeneOrGeneProduct", 0), ("gout", "SpecificDisease", 0), ("mice", "Species", 0))
    sentences, counts = label(read, "Gene", "Disease")
    assert sentences == [
        LabelledSentence(("BRCA1", "in", "gout", "."), {"Gene": (1, 0, 0, 0), "Disease": (0, 0, 1, 0)}, "7"),
        LabelledSentence(("TP53", "-", "null", "mice", "."), {"Gene": (0,) * 5, "Disease": (0,) * 5}, "7"),
        LabelledSentence(("No", "gout", "."), {"Gene": (0,) * 3, "Disease": (0,) * 3}, "7"),
    ]
    assert counts == {}


def test_a_mention_beside_its_offsets_is_taken_from_where_its_words_are():
    sentences, counts = label(document(("TP53-null", "Gene", 3)))
    assert sentences[1].labels == {"Gene": (1, 2, 2, 0, 0)}
    assert counts == {"moved": 1}


def test_the_nearest_of_equal_words_is_meant():
    read = document(title="p53 and p53.", abstract="p53 again.")
    at = [find_mention(read.text, PubTatorMention(start, start + 3, "p53", "Gene")) for start in (1, 6, 12)]
    assert at == [(0, 3), (8, 11), (13, 16)]


def test_a_mention_whose_words_are_nowhere_near_leaves_its_sentence_unlabelled_for_its_type_alone():
    read = document(("KRAS", "Gene", 0), ("gout", "Disease", 0))
    sentences, counts = label(read, "Gene", "Disease")
    assert [sorted(s.labels) for s in sentences] == [["Disease"], ["Disease", "Gene"], ["Disease", "Gene"]]
    assert counts == {"not found": 1}


def test_a_mention_over_two_sentences_leaves_both_unlabelled():
    sentences, counts = label(document(("mice. No gout", "Gene", 0)))
    assert [sorted(s.labels) for s in sentences] == [["Gene"], [], []]
    assert counts == {"crosses sentences": 1}


def test_a_mention_inside_of_a_token_grows_to_the_whole_token():
    sentences, counts = label(document(("TP5", "Gene", 0)))
    assert sentences[1].labels == {"Gene": (1, 0, 0, 0, 0)}
    assert counts == {"inside a token": 1}


def test_white_space_at_the_edges_of_a_mention_is_no_part_of_it():
    sentences, counts = label(document((" in ", "Gene", 0)))
    assert (sentences[0].labels, counts) == ({"Gene": (0, 1, 0, 0)}, {})


def test_of_overlapping_mentions_of_one_type_the_longer_is_kept():
    read = document(("TP53", "Gene", 0), ("TP53-null", "Gene", 0), ("TP53-null mice", "Disease", 0))
    sentences, counts = label(read, "Gene", "Disease")
    assert sentences[1].labels == {"Gene": (1, 2, 2, 0, 0), "Disease": (1, 2, 2, 2, 0)}
    assert counts == {"overlapping": 1}


def test_tags_of_other_types_are_o():
    tags = TaggedSentence(("a", "b", "c"), ("B-GENE", "I-GENE", "B-cell_type"))
    assert tagged_sentence(tags, ("Gene",)) == LabelledSentence(("a", "b", "c"), {"Gene": (1, 2, 0)})


@given(st.data())
def test_labels_of_mentions_at_token_borders_are_these_mentions(data: st.DataObject):
    words = data.draw(st.lists(st.sampled_from(["p53", "gout", "BRCA1", "Mice", "α2", "of"]), min_size=1, max_size=8))
    text, first = " ".join(words), data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first + 1, len(words)))
    start, end = len(" ".join(words[:first])) + (first > 0), len(" ".join(words[:last]))
    read = PubTatorDocument("1", text, "", (PubTatorMention(start, end, text[start:end], "Gene"),))
    (sentence,), counts = label(read)
    assert (spans_of(sentence.labels["Gene"]), counts) == ([(first, last)], {})


def test_what_did_not_fit_in_the_public_documents(shared: Path):
    """No Gene of the two corpora with wrong offsets is lost to them or to a sentence border; one goes as it overlaps another."""
    found: Counter[str] = Counter()
    n = 0
    for name in ("gnormplus/GNormPlus_Train.PubTator", "tmvar3/tmVar3_Train.PubTator"):
        for read in read_pubtator(shared / "data" / "normalised" / name):
            n += sum(len(spans_of(s.labels["Gene"])) for s in labelled_document(read, ("Gene",), found))
    assert {why: k for why, k in found.items() if k} == {"moved": 20, "inside a token": 27, "overlapping": 1}
    assert n == 4_246 + 2_640 - 1
