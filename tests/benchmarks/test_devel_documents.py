"""Sentences of a token file find back into their abstracts."""

from __future__ import annotations

import re

from benchmarks.devel_documents import rebuilt
from genemine.models.corpora import Example
from genemine.records import GENE
from genemine.sources.pubtator import PubTatorMention

TITLE = "Loss of TP53 (p53) in lung cancer."
ABSTRACT = "We saw TP53-null cells in nearly all of the tumours that were looked at KIT was never lost in any of them."
SENTENCES = (
    (("Another", "text", "on", "MYC", "."), (0, 0, 0, 1, 0)),
    (("Loss", "of", "TP53", "(", "p53", ")", "in", "lung", "cancer", "."), (0, 0, 1, 0, 1, 0, 0, 0, 0, 0)),
    (tuple(re.findall(r"\S+", "We saw TP53 - null cells in nearly all of the tumours that were looked at")), (0, 0, 1, *[0] * 13)),
    (tuple(re.findall(r"\S+", "KIT was never lost in any of them .")), (1, *[0] * 8)),
)


def test_a_text_gets_the_gold_mentions_of_its_own_sentences() -> None:
    examples = [Example(tokens, (labels,), "c") for tokens, labels in SENTENCES]
    assert all(len(example.tokens) == len(example.labels[0] or ()) for example in examples)
    texts = iter([("1", f"{TITLE}\n{ABSTRACT}\n"), ("2", "Quite another title\n" + 20 * "with words "), ("3", "Loss of")])
    (document,) = rebuilt(examples, texts)
    assert (document.pmid, document.title, document.abstract) == ("1", TITLE, ABSTRACT)
    places = (8, 12), (14, 17), (42, 46), (107, 110)
    assert document.mentions == tuple(PubTatorMention(a, b, document.text[a:b], GENE) for a, b in places)
    assert [mention.text for mention in document.mentions] == ["TP53", "p53", "TP53", "KIT"]
