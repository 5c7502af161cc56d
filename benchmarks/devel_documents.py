"""Documents of a token file's development part: its sentences put back into the abstracts that they were cut from.

BioNLP13CG's token files name no document, but its abstracts are among AnatEM's, so every one of the 100 is found by its letters.
JNLPBA's cannot be rebuilt: its one-class file deals the sentences of all abstracts out to train and devel by chance.
"""

from __future__ import annotations

import tarfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from genemine.models.corpora import CORPORA, DEVEL, Example, Output, read_examples
from genemine.models.decode import spans_of
from genemine.records import GENE
from genemine.sources.pubtator import PubTatorDocument, PubTatorMention

ANATEM = "abstracts/anatem/anatem-standoff-all.tar.gz"
CG = "bionlp13cg"
SHORTEST = 100  # letters; AnatEM also has sections that are but a heading


def read_cg_devel(data: Path) -> list[PubTatorDocument]:
    """Rebuild the abstracts of BioNLP13CG's development part with its gold genes."""
    known = next(corpus for corpus in CORPORA if corpus.name == CG)
    examples = read_examples(data, DEVEL, [known], [Output(CG, GENE, (CG,))])
    return list(rebuilt(examples, _texts(data / ANATEM)))


def rebuilt(examples: Sequence[Example], texts: Iterator[tuple[str, str]]) -> Iterator[PubTatorDocument]:
    """Find which of the texts (name, text) the sentences were cut from, blanks apart; gives those with the sentences' gold genes.

    Args:
        examples: with the labels of one output, in the order of the texts that they come from.
        texts: candidates, each a title, a line feed and an abstract.
    """
    letters, gold = _joined(examples)
    for name, text in texts:
        title, _, abstract = text.strip().partition("\n")
        document = PubTatorDocument(name, title, abstract.strip())
        kept = [place for place, character in enumerate(document.text) if not character.isspace()]
        begin = letters.find("".join(document.text.split()))
        if begin >= 0 and len(kept) >= SHORTEST:
            inside = [(a - begin, b - begin) for a, b in gold if begin <= a and b <= begin + len(kept)]
            spans = [(kept[a], kept[b - 1] + 1) for a, b in inside]
            mentions = tuple(PubTatorMention(a, b, document.text[a:b], GENE) for a, b in spans)
            yield PubTatorDocument(name, document.title, document.abstract, mentions)


def _joined(examples: Sequence[Example]) -> tuple[str, list[tuple[int, int]]]:
    """Join all tokens without blanks; gives the letters and where the gold mentions lie in them."""
    parts: list[str] = []
    gold: list[tuple[int, int]] = []
    length = 0
    for example in examples:
        begins = [length]
        for token in example.tokens:
            length += len(token)
            begins.append(length)
        parts += example.tokens
        gold += [(begins[first], begins[last]) for first, last in spans_of(example.labels[0] or ())]
    return "".join(parts), gold


def _texts(packed: Path) -> Iterator[tuple[str, str]]:
    with tarfile.open(packed) as members:
        for member in members:
            file = members.extractfile(member) if member.name.endswith(".txt") else None
            if file is not None:
                yield Path(member.name).stem, file.read().decode("utf-8")
