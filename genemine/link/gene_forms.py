"""Further forms under which a gene's name is looked up when the name as it stands is not in the lexicon.

Each form has a way, and ways are ordered by how little they change: the ranker learns how much each is worth.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from genemine.link.variants import strip_gene_words, without_parentheses
from genemine.text import GREEK_NAMES, fold

# ways, surest first; "near", "memory" and "member" are made elsewhere
WAYS = (
    *("exact", "key", "stripped", "bracket", "human prefix", "plural", "bag", "core bag", "prefix", "mass", "head", "tail"),
    *("short tail", "pro", "rodent", "cut", "member", "near", "memory"),
)
EXACT, KEY, STRIPPED, BRACKET, HUMAN_PREFIX, PLURAL, BAG, CORE_BAG, PREFIX, MASS, HEAD, TAIL = range(12)
SHORT_TAIL, PRO, RODENT, CUT, MEMBER, NEAR, MEMORY = range(12, 19)

_TOKEN = re.compile(r"[a-z]+|\d+")
_GREEK = {name: name[0] for name in GREEK_NAMES.values() if name in {"alpha", "beta", "gamma", "delta", "epsilon", "kappa", "zeta"}}
_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "xi": "11", "xii": "12", "xiii": "13"}
_SINGLE_ROMAN = {"i": "1", "v": "5", "x": "10"}
_SMALL = frozenset(("of", "the", "and", "in", "to", "for", "with", "by", "from", "a", "an", "or", "on", "at"))
# words that a name has or lacks without becoming another gene's
_PASSING_WORDS = (
    "gene protein human isoform precursor homolog homologue subunit chain type member family subfamily polypeptide like specific "
    "associated factor molecule antigen receptor kinase enzyme product mrna cdna oncogene proto variant transcript putative "
    "containing group superfamily cellular"
)
_PASSING = frozenset(_PASSING_WORDS.split())
_TAIL = re.compile(
    r"(?:receptors?|kinases?|antigens?|ligands?|factors?|enzymes?|subunits?|chains?|isoforms?|channels?|hormones?|peptides?|"
    r"polypeptides?|molecules?|complex(?:es)?|homolog(?:ue)?s?|family|members?|precursors?|domains?|proteins?|genes?|ags?|"
    r"transcription|repeats?|oncogenes?|m?rnas?|cytokines?|transporters?|inhibitors?|activators?|proteases?|enzymes?|"
    r"phosphatases?|pathway|signal(?:l)?ing)"
)
_SHORT_TAIL = {"receptor": "r", "receptors": "r", "ligand": "l", "kinase": "k", "factor": "f", "protein": "p", "antigen": "a"}
_MASS = re.compile(r"^(?:[pP]\d{2,3}|gp\d{2,3}|Gp\d{2,3})[ -]?(?=\(?[A-Za-z]{2})")
_PREFIX = re.compile(r"^(?:[cvn]-(?=[A-Za-z])|(?:pro|anti|pre|phospho|p)-(?=[A-Za-z]))")
_HUMAN = re.compile(r"^(?:h(?:[-.]|(?=[A-Z0-9]))|hu(?:man)?[- ]?(?=[A-Z0-9])|Hs(?=[A-Z]))")
_RODENT = re.compile(r"^(?:[mrzbx](?=[A-Z]))")


def gene_tokens(name: str) -> tuple[str, ...]:
    """Cut a name into words of letters and numbers: ``TNF-α1`` -> tnf, a, 1; Greek as its letter, Roman numerals as numbers."""
    found = _TOKEN.findall(fold(name))
    out = []
    for i, word in enumerate(found):
        plain = _GREEK.get(word) or _ROMAN.get(word) or (_SINGLE_ROMAN.get(word) if i else None) or word
        out.append(plain)
    return tuple(out)


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Give the part of a word that its endings leave: transferring -> transfer."""
    if len(word) < 5 or word.isdigit():
        return word
    if word.endswith("ies"):
        word = word[:-3] + "y"
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed", "or", "er", "ion", "ive", "al", "ic"):
        if word.endswith(ending) and len(word) - len(ending) >= 5:
            return word[: -len(ending)].rstrip("e")
    return word.rstrip("e")


def gene_bag(tokens: tuple[str, ...]) -> str:
    """Give the words of a name without their order, small words and endings."""
    return " ".join(sorted({stem(word) for word in tokens if word not in _SMALL}))


def core_bag(tokens: tuple[str, ...]) -> str:
    """Give the bag without the words that names have or lack at will; "" where nothing of three letters is left."""
    kept = {stem(word) for word in tokens if word not in _SMALL and word not in _PASSING}
    return " ".join(sorted(kept)) if any(len(word) > 2 and word.isalpha() for word in kept) else ""


def key_forms(name: str) -> Iterator[tuple[int, str]]:
    """Give (way, form) of the forms that are looked up by their key, as they stand before the key is made."""
    yield KEY, name
    stripped = strip_gene_words(name)
    if stripped != name:
        yield STRIPPED, stripped
    for part in without_parentheses(name):
        yield BRACKET, part
    if "(" in stripped:
        yield BRACKET, stripped.replace("(", " ").replace(")", " ")
    for pattern, way in ((_HUMAN, HUMAN_PREFIX), (_PREFIX, PREFIX), (_MASS, MASS), (_RODENT, RODENT)):
        rest = pattern.sub("", stripped, count=1)
        if rest != stripped:
            yield way, rest
    words = stripped.split()
    if len(words) > 1:
        last = words[-1].casefold()
        if last in _SHORT_TAIL:
            yield SHORT_TAIL, " ".join(words[:-1]) + _SHORT_TAIL[last]
        kept = list(words)
        while len(kept) > 1 and _TAIL.fullmatch(kept[-1].casefold()):
            kept.pop()
        if len(kept) < len(words):
            yield TAIL, " ".join(kept)
        if len(words[0]) > 2:
            yield HEAD, " ".join(words[1:])
            yield HEAD, words[0]
        yield HEAD, words[-1]
    elif "-" in stripped.strip("-"):
        first, _, rest = stripped.partition("-")
        yield HEAD, first
        yield HEAD, rest


def key_variants(key: str, form: str) -> Iterator[tuple[int, str]]:
    """Give (way, key) of keys that differ from a key in an ending or a beginning."""
    if key.endswith("s") and not form.endswith("S"):
        yield PLURAL, key[:-1]
    yield PRO, f"pro{key}"
    for ending in ("1", "a", "1a", "a1", "r", "l", "2", "b"):
        yield MEMBER, key + ending
    if len(key) > 3:
        yield CUT, key[:-1]
