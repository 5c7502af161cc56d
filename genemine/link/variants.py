"""Forms of a name that are compared: spelling that makes no difference is taken out of the lexicon's name and of the mention alike.

===========  ==========================================================  ==============================
form         what no longer differs                                      example
===========  ==========================================================  ==============================
gene key     case, dashes, spaces, Greek, Roman numerals                 ``TNF-α`` = ``TNFA``
disease key  case, dashes, possessives, plurals, British spelling,       ``Huntington's diseases`` =
             Greek, Roman numerals, commas                               ``huntington disease``
disease bag  word order, small words; cancer, tumour and neoplasm        ``cancer of the breast`` =
             are one word                                                ``Neoplasms, Breast``
===========  ==========================================================  ==============================
"""

from __future__ import annotations

import re
from functools import lru_cache

from genemine.text import GREEK_NAMES, fold

_WORDS = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"\d+")  # a word of its own in disease names: "alpha1-antitrypsin" is "alpha 1-antitrypsin"
_NON = re.compile(r"\bnon ")  # "non-polyposis" is "nonpolyposis"
_POSSESSIVE = re.compile(r"(?<=\w)['’`´]s\b|(?<=s)['’`´](?=\s|$)")
_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "xi": "11", "xii": "12", "xiii": "13"}
# a single letter is a Roman numeral only after these words ("type I", "factor V")
_NUMBERED = frozenset({"type", "factor", "types", "class", "group", "grade", "stage"})
_SINGLE_ROMAN = {"i": "1", "v": "5", "x": "10"}
# names longer than two letters only: "mu", "nu", "xi", "pi" are symbols of their own
_GREEK_LETTER = {
    name: name[0] for name in GREEK_NAMES.values() if name in {"alpha", "beta", "gamma", "delta", "epsilon", "kappa", "zeta"}
}
_GREEK_PART = re.compile(r"(?<=[a-z0-9])(?:alpha|beta|gamma|delta|epsilon|kappa|zeta)(?=\d*$)|^(?:alpha|beta|gamma|delta)(?=\d)")

# British -> American, as parts of folded words
_SPELLING = tuple(
    (re.compile(british), american)
    for british, american in (
        (r"tumour", "tumor"),
        (r"aemi", "emi"),
        (r"haem", "hem"),
        (r"oedem", "edem"),
        (r"oesoph", "esoph"),
        (r"oestro", "estro"),
        (r"leukaem", "leukem"),
        (r"paed", "ped"),
        (r"coeli", "celi"),
        (r"diarrhoea", "diarrhea"),
        (r"phaeo", "pheo"),
        (r"gynaec", "gynec"),
        (r"anaes", "anes"),
        (r"faec", "fec"),
        (r"caec", "cec"),
        (r"ischaem", "ischem"),
        (r"foet", "fet"),
        (r"behaviour", "behavior"),
        (r"colour", "color"),
        (r"fibre", "fiber"),
        (r"aetio", "etio"),
        (r"amoeb", "ameb"),
        (r"dyspnoea", "dyspnea"),
        (r"apnoea", "apnea"),
    )
)
_BRITISH = re.compile("|".join(pattern.pattern for pattern, _ in _SPELLING))

_IRREGULAR = {
    "carcinomata": "carcinoma",
    "metastases": "metastasis",
    "diabetes": "diabetes",
    "diabetic": "diabetes",
    "feet": "foot",
    "women": "woman",
    "men": "men",
    "herpes": "herpes",
    "rickets": "rickets",
    "measles": "measles",
    "mumps": "mumps",
    "pancreas": "pancreas",
    "cancerous": "cancer",
}
# adjectives that stand for the disease itself in "hypertensive patients"; only where they are the whole name
_ADJECTIVES = {
    "hypertensive": "hypertension",
    "hypotensive": "hypotension",
    "epileptic": "epilepsy",
    "ischemic": "ischemia",
    "parkinsonian": "parkinsonism",
    "schizophrenic": "schizophrenia",
    "nephrotic": "nephrotic syndrome",
    "thrombotic": "thrombosis",
    "obese": "obesity",
    "autistic": "autism",
    "asthmatic": "asthma",
    "anemic": "anemia",
    "leukemic": "leukemia",
    "psychotic": "psychosis",
    "psoriatic": "psoriasis",
    "hemophilic": "hemophilia",
    "cirrhotic": "cirrhosis",
    "atherosclerotic": "atherosclerosis",
    "thalassemic": "thalassemia",
    "depressed": "depression",
    "demented": "dementia",
}
_SMALL_WORDS = frozenset({"of", "the", "in", "with", "and", "or", "to", "a", "an", "by", "due", "from", "for", "on"})
_CANCER_WORDS = frozenset({"cancer", "tumor", "neoplasm", "malignancy", "neoplasia"})
# nouns of organs for the adjectives that names use beside them
_ORGANS = {
    "prostatic": "prostate",
    "ovarian": "ovary",
    "mammary": "breast",
    "renal": "kidney",
    "hepatic": "liver",
    "pulmonary": "lung",
    "gastric": "stomach",
    "pancreatic": "pancreas",
    "colonic": "colon",
    "cardiac": "heart",
    "cerebral": "brain",
    "cervical": "cervix",
    "testicular": "testis",
    "endometrial": "endometrium",
}

# words around a gene's name that leave it the same gene, sequence variants among them: "LRRK2 G2019S", "APOE ε4 allele"
_GENE_WORD = re.compile(
    r"genes?|proteins?|c?dna|mrnas?|transcripts?|locus|loci|alleles?|mutations?|mutants?|polymorphisms?|promoter|variants?|human|"
    r"wild|type|wild-?type|native|recombinant|(?:proto-?)?oncogene|oncoprotein|products?|isoforms?|antigen|the|tumou?r|suppressor|"
    r"susceptibility|candidate|exons?|codons?|genotypes?|haplotypes?|\d+|\(?[acdefghiklmnpqrstvwy]\d{2,4}(?:[acdefghiklmnpqrstvwyx*]|fs|del)\)?|rs\d{3,}|[ε*]\d+|[cp]\.\S+"
)
# words after a disease's name that leave it the same disease
_DISEASE_WORD = re.compile(
    r"patients?|famil(?:y|ies)|cases?|phenotypes?|susceptibility|risk|genes?|kindreds?|carriers?|locus|probands?"
)


def gene_key(name: str) -> str:
    """Give the form under which gene symbols and names are compared: ``Interleukin-1 β`` -> ``interleukin1b``."""
    words = [_GREEK_PART.sub(lambda m: m.group()[0], _GREEK_LETTER.get(word, word)) for word in _WORDS.findall(fold(name))]
    return "".join(_numerals(words))


def disease_key(name: str) -> str:
    """Give the form under which disease names are compared: ``Huntington's diseases`` -> ``huntington disease``."""
    key = " ".join(_numerals([part for word in name.split() for part in _disease_words(word)]))
    if "non " in key:
        key = _NON.sub("non", key)
    return _ADJECTIVES.get(key, key)


@lru_cache(maxsize=50_000)  # words repeat, names less so
def _disease_words(word: str) -> tuple[str, ...]:
    """Cut what stands between two spaces into the words of a disease key."""
    folded = _POSSESSIVE.sub("", fold(word).replace("’", "'"))
    if _BRITISH.search(folded):
        for pattern, american in _SPELLING:
            folded = pattern.sub(american, folded)
    return tuple(map(_singular, _WORDS.findall(_DIGITS.sub(r" \g<0> ", folded))))


def disease_bag(key: str) -> str:
    """Give a disease key without its order: ``cancer of the breast`` -> ``breast neoplasm``."""
    words = {"neoplasm" if word in _CANCER_WORDS else _ORGANS.get(word, word) for word in key.split() if word not in _SMALL_WORDS}
    return " ".join(sorted(words))


def strip_gene_words(text: str) -> str:
    """Take words such as gene, protein or mutation off both ends of a mention; the text itself when nothing else would be left."""
    return _strip_words(text, _GENE_WORD, at_start=True)


def strip_disease_words(text: str) -> str:
    """Take words such as patients or families off the end of a mention; the text itself when nothing else would be left."""
    return _strip_words(text, _DISEASE_WORD, at_start=False)


def without_parentheses(text: str) -> tuple[str, ...]:
    """Give the words outside of a bracket, and those inside where it ends the name: ``retinoblastoma (RB1)`` -> both."""
    match = re.search(r"\s*[(\[]([^()\[\]]+)[)\]]\s*", text)
    if match is None:
        return ()
    outside = f"{text[: match.start()]} {text[match.end() :]}".strip()
    at_end = match.end() == len(text)
    return tuple(part for part in (outside, match.group(1) if at_end else "") if part)


def _strip_words(text: str, passing: re.Pattern[str], at_start: bool) -> str:
    words = text.split()
    while len(words) > 1 and passing.fullmatch(words[-1].casefold().strip(".,;()")):
        words.pop()
    while at_start and len(words) > 1 and passing.fullmatch(words[0].casefold().strip(".,;()")):
        words.pop(0)
    return " ".join(words)


def _numerals(words: list[str]) -> list[str]:
    out: list[str] = []
    for i, word in enumerate(words):
        follows = i > 0 and words[i - 1] in _NUMBERED
        out.append(_ROMAN.get(word) or (_SINGLE_ROMAN.get(word, word) if follows else word))
    return out


def _singular(word: str) -> str:
    known = _IRREGULAR.get(word)
    if known is not None:
        return known
    if len(word) < 5 or word.endswith(("ss", "us", "is", "itis", "osis")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if word.endswith("oses"):
        return word[:-2] + "is"
    return word[:-1] if word.endswith("s") else word
