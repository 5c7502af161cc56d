"""Which gene-disease pairs of a sentence are asked about, and how a classifier is shown them.

Only linked mentions make pairs: a pair without identifiers could not be summed over articles. In the example the two mentions
become one token each, ``@GENE$`` and ``@DISEASE$``; every other mention stays in clear text, as in the corpora that classifiers
learn from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from genemine.config import RelateSettings
from genemine.records import DISEASE, GENE, Link, PairExample, Sentence

GENE_MARK = "@GENE$"
DISEASE_MARK = "@DISEASE$"
# "tumor suppressor", "tumour necrosis factor", "tumor-promoting": corpora call the first word a disease, yet none is spoken of
_NAME_AFTER = re.compile(r"[\s-]+(?:suppress(?:or|ors|ive|ing|ion)|necrosis[\s-]+factors?|promot(?:er|ers|ing))\b", re.IGNORECASE)

# "ACE inhibitors", "insulin therapy", "calcitonin treatment" are drugs and "insulin resistance" a state: no gene is spoken of.
# Other inhibitors tell of their targets ("EGFR inhibitors"), so only these classes of drugs are known by name
_NO_GENE = re.compile(
    r"(?:(?:ACE|angiotensin[\s-]+(?:I[\s-]+)?converting[\s-]+enzyme)[\s-]+inhibit(?:ors?|ion)"
    r"|insulin[\s-]+(?:resistan(?:ce|t)|sensitivity|glargine|pumps?)"
    r"|(?:insulin|erythropoietin|EPO|calcitonin|leptin|oxytocin|vasopressin)[\s-]+(?:therapy|treatment|replacement|treated))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Pair:
    """One gene and one disease of one sentence, with what the classifier reads of it."""

    pmid: str
    sentence: Sentence
    gene: Link
    disease: Link
    example: PairExample


@dataclass(frozen=True, slots=True)
class SentencePairs:
    """The pairs of one sentence, nearest first; ``dropped`` counts those beyond what one sentence may give."""

    pairs: tuple[Pair, ...] = field(default=())
    dropped: int = 0


def pair_examples(
    sentence: Sentence, links: Iterable[Link], settings: RelateSettings | None = None, *, is_gold: bool = False
) -> SentencePairs:
    """Make the pairs of one sentence.

    Mentions that overlap make no pair, nor does a word that is part of another name: the tumor of "tumor suppressor", or of the
    gene mention "tumor necrosis factor"; the gene of "ACE inhibitors" and "insulin resistance". Where the same gene and the
    same disease are named several times, the two mentions with the fewest characters between them stand for the pair. Of more
    than ``settings.max_pairs_per_sentence`` pairs the nearest are kept.

    Args:
        sentence: with its tokens.
        links: of the article or of the sentence; those outside of the sentence and those without identifier are passed over.
        settings: None for the defaults.
        is_gold: the mentions are those of curators, so no rule says which of them are parts of other names.
    """
    limit = (settings or RelateSettings()).max_pairs_per_sentence
    named = [link for link in links if sentence.start <= link.mention.start and link.mention.end <= sentence.end]
    inside = [link for link in named if link.curie and (is_gold or not _is_part_of_name(link, named, sentence))]
    nearest: dict[tuple[str, str], tuple[int, int, int, Link, Link]] = {}
    for gene in inside:
        if gene.mention.type != GENE:
            continue
        for disease in inside:
            if disease.mention.type != DISEASE or _overlap(gene, disease):
                continue
            candidate = (_gap(gene, disease), gene.mention.start, disease.mention.start, gene, disease)
            key = (gene.curie, disease.curie)
            if key not in nearest or candidate[:3] < nearest[key][:3]:
                nearest[key] = candidate
    ordered = sorted(nearest.items(), key=lambda item: (*item[1][:3], item[0]))
    pairs = tuple(_pair(sentence, gene, disease) for _, (_, _, _, gene, disease) in ordered[:limit])
    return SentencePairs(pairs, max(0, len(ordered) - limit))


def mark(sentence: Sentence, spans: Sequence[tuple[int, int, str]]) -> tuple[str, ...]:
    """Give the sentence's tokens with each (start, end, mark) replaced by its mark; a token that a span touches is part of it."""
    return tuple(text for _, _, text in _marked(sentence, spans))


def places(pair: Pair) -> list[tuple[int, int]]:
    """Give start and end, in characters of the sentence, of each token of the pair's example; a mark has those of its mention."""
    begin = pair.sentence.start
    return [(start - begin, end - begin) for start, end, _ in _marked(pair.sentence, _spans(pair.gene, pair.disease))]


def _marked(sentence: Sentence, spans: Sequence[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    ordered = sorted(spans)
    out: list[tuple[int, int, str]] = []
    for token in sentence.tokens:
        marks = [span for span in ordered if token.start < span[1] and span[0] < token.end]
        out.extend(span for span in marks if not out or out[-1] != span)
        if not marks:
            out.append((token.start, token.end, token.text))
    return out


def _spans(gene: Link, disease: Link) -> tuple[tuple[int, int, str], tuple[int, int, str]]:
    return (gene.mention.start, gene.mention.end, GENE_MARK), (disease.mention.start, disease.mention.end, DISEASE_MARK)


def _pair(sentence: Sentence, gene: Link, disease: Link) -> Pair:
    return Pair(gene.mention.pmid, sentence, gene, disease, PairExample(mark(sentence, _spans(gene, disease))))


def _overlap(gene: Link, disease: Link) -> bool:
    return gene.mention.start < disease.mention.end and disease.mention.start < gene.mention.end


def _is_part_of_name(link: Link, named: Sequence[Link], sentence: Sentence) -> bool:
    """True for a disease that begins another name or lies within a longer gene mention, for a gene that begins a drug's name."""
    start, end = link.mention.start, link.mention.end
    if link.mention.type != DISEASE:
        drug = _NO_GENE.match(sentence.text, start - sentence.start)
        return drug is not None and drug.end() > end - sentence.start
    genes = [(one.mention.start, one.mention.end) for one in named if one.mention.type == GENE]
    is_within = any(first <= start and end <= last and last - first > end - start for first, last in genes)
    return is_within or _NAME_AFTER.match(sentence.text, end - sentence.start) is not None


def _gap(gene: Link, disease: Link) -> int:
    """Count the characters between two mentions that do not overlap."""
    return max(gene.mention.start, disease.mention.start) - min(gene.mention.end, disease.mention.end)
