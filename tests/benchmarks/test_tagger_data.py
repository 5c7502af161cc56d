"""Which output scores a corpus, and what counts as a hit."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.tagger_data import (
    TEST_CORPORA,
    bare,
    find_by_output,
    find_in_text,
    gold_in_text,
    gold_of,
    guideline_output,
    hits,
    read_biored_dev,
    read_part,
    serving_output,
)
from genemine.models.corpora import DEVEL, Example, Output
from genemine.models.decode import Chain
from genemine.models.tagger import LstmTagger
from genemine.models.vocabulary import build_vocabulary
from genemine.sources.pubtator import PubTatorDocument, PubTatorMention

BC2GM, NCBI, BC5CDR, JNLPBA, _ = TEST_CORPORA
OUTPUTS = (
    Output("gene", "Gene", ("bc2gm",)),
    Output("disease", "Disease", ("ncbi_disease", "bc5cdr_disease")),
    Output("ncbi_disease", "Disease", ("ncbi_disease", "silver")),
)


def emit(inputs: list[np.ndarray]) -> np.ndarray:
    """The first output calls the word "gene" a mention, the second "fever", the third none."""
    emissions = np.full((*inputs[0].shape, 3, 3), -30.0, np.float32)
    emissions[..., 0] = 0.0
    emissions[..., 0, 1] = np.where(inputs[0] == 2, 6.0, -6.0)
    emissions[..., 1, 1] = np.where(inputs[0] == 3, 6.0, -6.0)
    return emissions


def toy() -> LstmTagger:
    vocabulary = build_vocabulary(["gene", "fever"], np.ones((2, 3), np.float32), [])
    return LstmTagger("toy", emit, vocabulary, OUTPUTS, (0, 1), Chain(np.zeros((3, 3, 3)), np.zeros((3, 3))), np.ones(3))


def test_a_corpus_is_scored_by_the_output_of_its_name_or_that_it_alone_taught_else_by_none():
    tagger = toy()
    assert [guideline_output(tagger, corpus) for corpus in (BC2GM, NCBI, BC5CDR, JNLPBA)] == [0, 2, None, None]
    assert [serving_output(tagger, type_) for type_ in ("Gene", "Disease")] == [0, 1]


def test_one_output_alone_is_read_with_its_scores():
    examples = [Example(("gene", "fever"), ((1, 0),), "bc2gm"), Example(("fever",), ((0,),), "bc2gm")]
    found = find_by_output(toy(), examples, 0)
    assert bare(found) == [{(0, 1)}, set()]
    assert gold_of(examples) == [{(0, 1)}, set()]
    assert found[0][0][2] > 0.99


def test_raw_text_is_found_and_compared_by_characters_and_type():
    mentions = (PubTatorMention(7, 12, "fever", "DiseaseOrPhenotypicFeature"), PubTatorMention(0, 4, "gene", "GeneOrGeneProduct"))
    document = PubTatorDocument("1", "A gene.", "fever", mentions)
    found = find_in_text(toy(), [document])
    assert {type_: bare(spans) for type_, spans in found.items()} == {"Gene": [{(2, 6)}], "Disease": [{(8, 13)}]}
    assert gold_in_text([document], "Disease") == [{(7, 12)}]
    assert gold_in_text([document], "Gene") == [{(0, 4)}]


def test_a_hit_is_a_mention_with_both_borders_of_a_gold_one():
    found = [[(0, 2, 0.9), (3, 4, 0.4)], [(0, 2, 0.8)]]
    assert hits([{(0, 2), (3, 5)}, set()], found) == ([0.9, 0.4, 0.8], [1, 0, 0])


def test_every_corpus_has_its_gold_spans(shared: Path):
    """Counts of mentions as ../shared/data/README.md tells them."""
    counted = {corpus.name: sum(map(len, gold_of(read_part(shared / "data", corpus, DEVEL)))) for corpus in TEST_CORPORA}
    assert counted == {"bc2gm": 3061, "ncbi_disease": 787, "bc5cdr_disease": 4246, "jnlpba": 8575, "bionlp13cg": 1360}
    assert len(read_biored_dev(shared / "data")) == 100
    assert len(read_biored_dev(shared / "data", 8)) == 13
