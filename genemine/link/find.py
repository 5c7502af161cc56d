"""From one name to concepts: the ways a name is looked up, surest first, without any look at the article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from genemine.link.lexicon import Hit, Lexicon
from genemine.link.score import BROADER, EXACT, FOLDED, REORDERED, STRIPPED
from genemine.link.variants import (
    disease_bag,
    disease_key,
    gene_key,
    strip_disease_words,
    strip_gene_words,
    without_parentheses,
)
from genemine.records import GENE

# leading words that narrow a disease without making it another one, as singular words of a disease key
_MODIFIER = re.compile(
    r"early|late|onset|adult|childhood|juvenile|infantile|pediatric|premature|presenile|senile|elderly|familial|sporadic|inherited|"
    r"hereditary|genetic|monogenic|autosomal|dominant|recessive|linked|x|isolated|nonsyndromic|syndromic|non|idiopathic|primary|"
    r"secondary|recurrent|relapsed|refractory|advanced|metastatic|localized|invasive|aggressive|severe|mild|moderate|classic|classical|"
    r"typical|atypical|common|rare|symptomatic|asymptomatic|progressive|acute|chronic|active|complicated|uncomplicated|human|female|male|"
    r"congenital|neonatal|milder|newly|diagnosed|untreated|prelingual|profound|prodromal|preclinical|postmenopausal|premenopausal|unilateral|bilateral|clinical|overt|pure|solid|induced|related|associated|other|this|these|type|\d"
)
# what is left of a name after its leading words are dropped says nothing when it is one of these
_TOO_BROAD = re.compile("disease|disorder|syndrome|condition|deficiency|defect|abnormality|injury|failure|toxicity")
_NAMED_GENE = re.compile(r".*\b(?:genes?|oncogene|protein) (\S+)$")  # "the potassium channel gene KCNQ1"
_SHORTEST_FOLDED = 3  # letters and digits: shorter keys fold too much together


@dataclass(frozen=True, slots=True)
class Find:
    """The concepts that a name may mean, and the way they were found."""

    how: str
    hits: tuple[Hit, ...]


def find(lexicon: Lexicon, words: frozenset[str], mention_type: str, name: str) -> Find | None:
    """Return the surest find of a name, or None.

    Args:
        lexicon: where to look.
        words: gene symbols that are words; they match in capitals only.
        mention_type: Gene or Disease.
        name: the words of a mention or of its long form.
    """
    ways = _gene_ways(lexicon, words, name) if mention_type == GENE else find_disease_ways(lexicon, name)
    return next((Find(how, tuple(hits)) for how, hits in ways if hits), None)


def find_whole_disease(lexicon: Lexicon, name: str) -> Find | None:
    """Give what :func:`find` gives for a disease found by its whole name, exactly or folded; None for one found otherwise."""
    diseases = lexicon.diseases
    if hits := diseases.hits(diseases.exact, name):
        return Find(EXACT, tuple(hits))
    key = disease_key(name)
    hits = diseases.hits(diseases.keys, key) if len(key) >= _SHORTEST_FOLDED or name.isupper() else []
    return Find(FOLDED, tuple(hits)) if hits else None


def _gene_ways(lexicon: Lexicon, words: frozenset[str], name: str) -> Iterator[tuple[str, list[Hit]]]:
    stripped = strip_gene_words(name)
    named = _NAMED_GENE.match(stripped)
    for how, form in _forms(name, named[1] if named else stripped):
        if form.upper() in words and not form.isupper():
            continue
        genes = lexicon.genes
        yield how, genes.hits(genes.exact, form)
        key = gene_key(form)
        if len(key) >= _SHORTEST_FOLDED:
            yield (FOLDED if how == EXACT else how), genes.hits(genes.keys, key)
            if key.endswith("s") and not form.endswith("S"):
                yield STRIPPED, genes.hits(genes.keys, key[:-1])
            if key.startswith("h") and form[:1] == "h" and form[1:2].isupper():
                yield STRIPPED, genes.hits(genes.keys, key[1:])  # hMLH1: the human one


def find_disease_ways(lexicon: Lexicon, name: str) -> Iterator[tuple[str, list[Hit]]]:
    """Give every way of looking up a disease with what it found, surest first."""
    diseases = lexicon.diseases
    for how, form in _forms(name, strip_disease_words(name)):
        yield how, diseases.hits(diseases.exact, form)
        key = disease_key(form)
        if len(key) >= _SHORTEST_FOLDED or form.isupper():
            yield (FOLDED if how == EXACT else how), diseases.hits(diseases.keys, key)
            yield (REORDERED if how == EXACT else how), diseases.hits(diseases.bags, disease_bag(key))
    words = disease_key(strip_disease_words(name)).split()
    for dropped in range(1, len(words)):
        if not _MODIFIER.fullmatch(words[dropped - 1]):
            return
        rest = words[dropped:]
        if len(rest) == 1 and _TOO_BROAD.fullmatch(rest[0]):
            return
        yield BROADER, diseases.hits(diseases.bags, disease_bag(" ".join(rest)))


def _forms(name: str, stripped: str) -> Iterator[tuple[str, str]]:
    yield EXACT, name
    if stripped != name:
        yield STRIPPED, stripped
    for part in without_parentheses(name):
        yield STRIPPED, part
