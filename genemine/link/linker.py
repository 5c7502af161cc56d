"""Give every mention of an article its identifier, or say why it has none.

One mention may get several links: ``BRCA1/2`` names two genes and ``breast and ovarian cancer`` two diseases, and each gets its own
link with the same mention. A mention that gets none has one link without ``curie``, whose ``reason`` is one of :data:`REASONS`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from importlib.resources import files

from genemine.config import LinkSettings
from genemine.link import score as scores
from genemine.link.composite import disease_parts, gene_parts
from genemine.link.context import in_capitals, is_other_species, species_words, wider_names
from genemine.link.find import Find, find, find_whole_disease
from genemine.link.lexicon import Hit, Lexicon
from genemine.link.variants import disease_key, gene_key
from genemine.records import GENE, Link, Mention

NO_MATCH = "no name of the lexicon matches"
FAMILY = "a family of genes, not one gene"
OTHER_SPECIES = "another species"
CAPITALS = "a word in a line of capitals"
OTHER_MEANING = "the article gives this abbreviation another meaning"
TOO_UNSURE = "below link.min_score"
REASONS = (NO_MATCH, FAMILY, OTHER_SPECIES, CAPITALS, OTHER_MEANING, TOO_UNSURE)

_REMEMBERED = 100_000  # names; about 50 MB at most
_SHORTEST_PART = 3  # characters: the D2 of "cyclin D1 and D2" is not the gene called D2
_LONGEST_RISKY = 5  # characters: a longer short form that the lexicon knows is hardly ever something else


def read_names(file_name: str) -> tuple[str, ...]:
    """Read a list of names that ships with the lexicon: one a line below the header."""
    text = (files("genemine.resources") / "lexicon" / file_name).read_text(encoding="utf-8")
    return tuple(line.strip() for line in text.splitlines()[1:] if line.strip())


class Linker:
    """Links mentions to the concepts of one lexicon; the same input gives the same links in any batch."""

    def __init__(self, lexicon: Lexicon, settings: LinkSettings | None = None) -> None:
        self.lexicon = lexicon
        self.settings = settings or LinkSettings()
        self._words = frozenset(read_names("words.tsv"))
        self._find = lru_cache(maxsize=_REMEMBERED)(partial(find, lexicon, self._words))  # names repeat within and across articles
        self._find_whole_disease = lru_cache(maxsize=_REMEMBERED)(partial(find_whole_disease, lexicon))
        self._families = frozenset(gene_key(name) for name in read_names("families.tsv"))

    @property
    def version(self) -> str:
        """The version of the lexicon, for run.json."""
        return self.lexicon.version

    def link(self, text: str, mentions: Sequence[Mention], short_forms: Mapping[str, str] | None = None) -> list[Link]:
        """Link the mentions of one article.

        Args:
            text: the article's text, into which the offsets of the mentions point.
            mentions: of this article.
            short_forms: short form -> long form, as the article defines its abbreviations.

        Returns:
            at least one link for each mention, in the order of the mentions.
        """
        article = _Article(self, text, mentions, short_forms or {})
        return [link for mention in mentions for link in article.links(mention)]

    def find(self, mention_type: str, name: str) -> Find | None:
        """Look one name up, without any article."""
        return self._find(mention_type, name)

    def find_whole_disease(self, name: str) -> Find | None:
        """Look up a disease by its whole name: exactly or folded, no other way."""
        return self._find_whole_disease(name)

    def is_family(self, name: str) -> bool:
        """True for a name that means several genes at once."""
        key = gene_key(name)
        return key in self._families or (key.endswith("s") and key[:-1] in self._families)

    def is_word(self, name: str) -> bool:
        """True for a gene symbol that is a word too."""
        return name.upper() in self._words


class _Article:
    """The links of one article: what its other mentions and abbreviations say about each."""

    def __init__(self, linker: Linker, text: str, mentions: Sequence[Mention], short_forms: Mapping[str, str]) -> None:
        self.linker = linker
        self.text = text
        self.short_forms = short_forms
        self.species = species_words(text)
        self.forms = {_key(m.type, m.text) for m in mentions} | {_key(GENE, long) for long in short_forms.values()}
        self.forms |= {_key(m.type, short_forms[m.text]) for m in mentions if m.text in short_forms}
        self.sure = Counter(
            hit.concept.curie for mention in mentions if (hit := self._only_hit(mention.type, mention.text)) is not None
        )

    def links(self, mention: Mention) -> list[Link]:
        if mention.type == GENE and self.linker.is_family(mention.text) and mention.text not in self.short_forms:
            return [Link(mention, reason=FAMILY)]
        if mention.type == GENE and self.linker.is_word(mention.text) and in_capitals(self.text, mention.start, mention.end):
            return [Link(mention, reason=CAPITALS)]
        found = self._by_abbreviation(mention) or self._by_wider(mention) or self._by_name(mention) or self._by_parts(mention)
        return found or [Link(mention, reason=self._why_unmatched(mention))]

    def _why_unmatched(self, mention: Mention) -> str:
        """Tell a rodent symbol that no human gene shares (Trp53) from a name that nothing is known of."""
        is_other = mention.type == GENE and is_other_species(
            self.text, mention.start, mention.text, mention.text.upper(), self.species
        )
        return OTHER_SPECIES if is_other else NO_MATCH

    def _by_wider(self, mention: Mention) -> list[Link]:
        """Link a disease by the longer name that the text goes on to give: "diabetes" in "type 1 diabetes"."""
        if mention.type == GENE:
            return []
        for name in wider_names(self.text, mention.start, mention.end):
            found = self.linker.find_whole_disease(name)
            if found is not None:
                hit, _ = self._choose(mention.type, found)
                return [self._link(mention, hit, scores.WIDER)]
        return []

    def _by_abbreviation(self, mention: Mention) -> list[Link]:
        long = self.short_forms.get(mention.text)
        if long is None:
            return []
        by_long = self.linker.find(mention.type, long)
        by_short = self.linker.find(mention.type, mention.text)
        if by_long is not None and by_long.how != scores.BROADER:
            hit, _ = self._choose(mention.type, by_long)
            same = by_short is not None and any(other.concept.curie == hit.concept.curie for other in by_short.hits)
            return [self._link(mention, hit, by_short.how if same and by_short is not None else scores.ABBREVIATION)]
        if by_short is not None and self._is_risky(mention.text) and not _share_words(long, by_short):
            return self._by_whole(mention, by_long) if by_long is not None else [Link(mention, reason=OTHER_MEANING)]
        return []

    def _by_name(self, mention: Mention) -> list[Link]:
        found = self.linker.find(mention.type, mention.text)
        if found is None or (found.how == scores.BROADER and self._parts(mention)):
            return []
        return self._by_whole(mention, found)

    def _by_whole(self, mention: Mention, found: Find) -> list[Link]:
        hit, how = self._choose(mention.type, found)
        return [self._link(mention, hit, how)]

    def _by_parts(self, mention: Mention) -> list[Link]:
        return [self._link(mention, hit, scores.COMPOSITE) for hit in self._parts(mention)]

    def _parts(self, mention: Mention) -> list[Hit]:
        proposals = gene_parts(mention.text) if mention.type == GENE else disease_parts(mention.text)
        for parts in proposals:
            if mention.type == GENE and any(len(gene_key(part)) < _SHORTEST_PART for part in parts):
                continue
            finds = [self.linker.find(mention.type, part) for part in parts]
            good = [found for found in finds if found is not None and found.how != scores.BROADER]
            if len(good) == len(parts):
                hits = [self._choose(mention.type, found)[0] for found in good]
                return list({hit.concept.curie: hit for hit in hits}.values())
        return []

    def _choose(self, mention_type: str, found: Find) -> tuple[Hit, str]:
        """Choose among concepts that share a name: one that the article names otherwise too, else by symbol, else the first row."""
        hits = found.hits
        if len(hits) == 1:
            return hits[0], found.how
        named = [self._evidence(mention_type, hit) for hit in hits]
        best = max(named)
        if best and named.count(best) == 1:
            return hits[named.index(best)], found.how
        preferred = [hit for hit in hits if hit.preferred]
        if len(preferred) == 1:
            return preferred[0], found.how
        return (preferred or list(hits))[0], scores.AMBIGUOUS

    def _evidence(self, mention_type: str, hit: Hit) -> int:
        """Count the other names of a concept that the article's mentions show."""
        own = {_key(mention_type, name) for name in hit.concept.names if name != hit.matched} - {_key(mention_type, hit.matched)}
        return len(own & self.forms) + self.sure[hit.concept.curie]

    def _only_hit(self, mention_type: str, name: str) -> Hit | None:
        found = self.linker.find(mention_type, name)
        return found.hits[0] if found is not None and len(found.hits) == 1 and found.how != scores.BROADER else None

    def _is_risky(self, short: str) -> bool:
        return len(short) <= _LONGEST_RISKY and not any(char.isdigit() for char in short)

    def _link(self, mention: Mention, hit: Hit, how: str) -> Link:
        if mention.type == GENE and is_other_species(self.text, mention.start, mention.text, hit.matched, self.species):
            return Link(mention, matched=hit.matched, how=how, reason=OTHER_SPECIES)
        value = scores.score(mention.type, how)
        if value < self.linker.settings.min_score:
            return Link(mention, matched=hit.matched, how=how, score=value, reason=TOO_UNSURE)
        return Link(mention, hit.concept.curie, hit.concept.name, hit.matched, how, value, hit.concept.xrefs)


def _key(mention_type: str, name: str) -> str:
    return gene_key(name) if mention_type == GENE else disease_key(name)


def _share_words(long: str, found: Find) -> bool:
    """True when a long form and one of the names found have a word of four letters in common."""
    words = {word for word in disease_key(long).split() if len(word) > 3}
    return any(words & set(disease_key(name).split()) for hit in found.hits for name in hit.concept.names)
