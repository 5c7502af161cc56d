"""The records that stages hand to each other; all that they share.

**Offsets** are 0-based, in characters (code points), end exclusive, into ``Article.text`` = title + one line feed + abstract, as
PubTator counts:

======================  ===========================================
``text[start:end]``     the words of a mention, exactly
title only              ``text == title``, no separator
astral characters       count one, as in Python
======================  ===========================================

**Scores** are calibrated probabilities in [0, 1]. **CURIEs** have lower-case prefixes: ``ncbigene:672``, ``hgnc:1100``,
``mesh:D001943``, ``omim:114480``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

GENE = "Gene"
DISEASE = "Disease"
MENTION_TYPES = (GENE, DISEASE)


@dataclass(frozen=True, slots=True)
class Section:
    """One labelled part of a structured abstract, as offsets into ``Article.text``."""

    label: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Article:
    """One revision of one PubMed record.

    ``revised`` is the ISO date of DateRevised ("" if the record has none); ``version`` the PMID version; newest is the largest
    (version, revised). ``flags`` are a subset of :data:`ARTICLE_FLAGS`. ``digest`` is equal for articles with the same folded
    title and abstract ("" where the text is too short to tell). ``source`` names the raw shard.
    """

    pmid: str
    title: str
    abstract: str
    version: int = 1
    revised: str = ""
    sections: tuple[Section, ...] = ()
    journal: str = ""
    year: int | None = None
    pub_date: str = ""
    doi: str = ""
    languages: tuple[str, ...] = ()
    publication_types: tuple[str, ...] = ()
    vernacular_title: str = ""
    flags: tuple[str, ...] = ()
    digest: str = ""
    source: str = ""

    @property
    def text(self) -> str:
        """Title + line feed + abstract; the title alone where there is no abstract."""
        return f"{self.title}\n{self.abstract}" if self.abstract else self.title


ARTICLE_FLAGS = ("retracted", "retraction_notice", "expression_of_concern", "erratum", "preprint", "book", "translated_title")


@dataclass(frozen=True, slots=True)
class Deletion:
    """A PMID that PubMed asks to delete (DeleteCitation)."""

    pmid: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Dropped:
    """A record that did not reach the tables, and why.

    ``stage`` is one of "quarantine", "clean", "dedup"; ``reason`` is a short fixed phrase to count by, ``detail`` the specifics.
    """

    pmid: str
    stage: str
    reason: str
    detail: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article as the rule about copies sees it: a number for its words, and whether they are enough to mean a copy if equal."""

    pmid: str
    text: int
    digested: bool
    doi: str = ""
    kind: str = "paper"
    retracted: bool = False
    preprint: bool = False


@dataclass(frozen=True, slots=True)
class AlikeTexts:
    """Two texts and their Jaccard similarity; ``near`` enough to be copies by their words alone, or else under one DOI only."""

    text_a: int
    text_b: int
    similarity: float
    near: bool


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An article left out as a copy of one that is kept; ``reason`` is "exact copy", "same DOI" or "near copy"."""

    pmid: str
    kept_pmid: str
    reason: str
    similarity: float


@dataclass(frozen=True, slots=True)
class Quarantined(Dropped):
    """What could not be read as a record, with the bytes as they came, so that it can be looked at and tried again."""

    raw: bytes = b""


class Token(NamedTuple):
    """A token of a sentence; ``start``/``end`` are offsets into the text that holds the sentence.

    A tuple, since an article has hundreds and a dataclass takes four times as long to make.
    """

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a text with its tokens; ``index`` counts from 0 within the article (the title comes first)."""

    index: int
    start: int
    end: int
    text: str
    tokens: tuple[Token, ...] = ()


@dataclass(frozen=True, slots=True)
class TokenSpan:
    """A tagger's find: tokens ``first`` to ``last`` (exclusive) name something of ``type``; ``score`` in [0, 1]."""

    first: int
    last: int
    type: str
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Mention:
    """A span of text that names a gene or a disease; ``model`` names the tagger and version that found it."""

    pmid: str
    start: int
    end: int
    text: str
    type: str
    score: float = 1.0
    sentence_index: int = 0
    model: str = ""


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """A short form that an article explains, "BRCA1" in "breast cancer 1 (BRCA1)"; the offsets are those of the explanation."""

    short: str
    short_start: int
    short_end: int
    long: str
    long_start: int
    long_end: int


@dataclass(frozen=True, slots=True)
class AnnotatedArticle:
    """The sentences of one article, the mentions in them and the abbreviations it explains, in the order of the text."""

    pmid: str
    sentences: tuple[Sentence, ...]
    mentions: tuple[Mention, ...] = ()
    abbreviations: tuple[Abbreviation, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A mention and the identifier it was given, or an honest none.

    ``curie`` is "" for an unlinked mention and ``reason`` then says why. ``name`` is the preferred symbol or name, ``matched`` the
    name of the lexicon that matched, ``how`` the way ("exact", "folded", "abbreviation", ...), ``xrefs`` further CURIEs of the same
    thing.
    """

    mention: Mention
    curie: str = ""
    name: str = ""
    matched: str = ""
    how: str = ""
    score: float = 0.0
    xrefs: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PairExample:
    """What a pair classifier reads: the tokens of a sentence, the two mentions replaced by ``@GENE$`` and ``@DISEASE$``."""

    tokens: tuple[str, ...]


class Attended(NamedTuple):
    """Characters of a sentence, counted from its start, and their percent of what raised a classifier's score."""

    start: int
    end: int
    percent: int


@dataclass(frozen=True, slots=True)
class Relation:
    """One gene-disease pair in one sentence.

    ``score`` is the classifier's probability that the sentence states an association between the two. ``negated`` and
    ``speculative`` come from cue words near the pair; ``cue`` is the words themselves, ``denied_score`` and ``speculated_score``
    the chances behind them (1 or 0 where no learnt weights are used). ``model`` names classifier and version.
    ``attention`` tells which words raised the score, in the order of the sentence, parts below 1 % left out; () where the
    classifier does not say.
    """

    pmid: str
    sentence_index: int
    sentence_start: int
    sentence_end: int
    sentence_text: str
    gene: Link
    disease: Link
    score: float
    negated: bool = False
    speculative: bool = False
    cue: str = ""
    model: str = ""
    attention: tuple[Attended, ...] = ()
    denied_score: float = 0.0
    speculated_score: float = 0.0


@dataclass(frozen=True, slots=True)
class ArticlePair:
    """One gene and one disease that an article names, in one sentence or not.

    ``score`` is the probability that a curator would record the two as related after reading the abstract; ``n_sentences`` name
    both.
    """

    pmid: str
    gene_curie: str
    gene_name: str
    disease_curie: str
    disease_name: str
    score: float
    n_sentences: int = 0


@dataclass(frozen=True, slots=True)
class StepReport:
    """What one step did: counts by name, for the summary, run.json and the flow's log."""

    step: str
    counts: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    notes: tuple[str, ...] = ()
