"""Which full stops end a sentence: the words before them and the words after.

Three groups of abbreviations: those after which a sentence never ends ("e.g.", "vs.", "Fig."), those that need a number ("no. 5")
and those that end one only before a usual first word ("et al. We ...").
"""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NEVER_LAST = _words("e.g eg i.e cf vs v viz ca approx resp fig figs eq eqs ref refs dr prof st dept")
# Words of journal titles in citations ("Am. J. Hum. Genet. 55"), case and all.
_CITED = _words("Am Acad Biochem Biol Br Chem Clin Engl Eur Genet Hum Int Jr Lett Med Mol Mutat Nat Natl Neurol Proc Res Sci")
_BEFORE_NUMBER = _words("no nos p pp chr vol ed nl ec")
_SELDOM_LAST = _words("al sp spp subsp ssp etc inc ltd co")
_FIRST_WORDS = _words(
    """A After All Although An As At Both But By Conclusion Conclusions Despite Each For From Furthermore Here Herein Hence However
    If In It Its Mice Moreover Most Mutations Nevertheless No None Of On One Our Patients Since Some Such That The Their There
    Therefore These They This Those Thus To Two Using We When Whereas Whether While With
    BACKGROUND CONCLUSION CONCLUSIONS METHODS RESULTS"""
)
# What a single letter may follow at the end of a sentence ("hepatitis C."); elsewhere it is an initial ("by E.").
_LETTERED = _words(
    """hepatitis vitamin vitamins group groups type types subtype subtypes protein factor factors class stage grade hemophilia
    haemophilia influenza phase apolipoprotein immunoglobulin hemoglobin haemoglobin patient family cyclin lamin cathepsin exon
    allele variant haplotype antigen"""
)
_DOTTED = re.compile(r"(?:[A-Za-z]\.)+[A-Za-z]")  # "i.v", "U.S"
_YEAR = re.compile(r"(?:19|20)\d\d")
_NAME_IN_LOWER_CASE = re.compile(r"[a-z]+\d|(?:alpha|beta|gamma)-|[^A-Z]+[A-Z]")


def stop_is_final(last_word: str, first_word: str, *, before: str = "", closed: bool = False) -> bool:
    """Judge the full stop of "before last_word. First_word".

    Args:
        last_word: what stands before the full stop, without opening brackets and quotes; may be empty.
        first_word: what follows the white space, without opening brackets and quotes; not empty.
        before: the word before ``last_word``.
        closed: a quote or bracket closes between the full stop and the white space: "(... et al.) We".
    """
    if not closed and (last_word.lower() in _NEVER_LAST or last_word in _CITED):
        return False
    if first_word[0].isdigit():
        return _before_number(last_word, closed)
    if first_word[0].islower():
        return bool(_NAME_IN_LOWER_CASE.match(first_word)) and len(last_word) > 2 and not closed
    return _before_capital(last_word, first_word, before, closed)


def _before_number(last_word: str, closed: bool) -> bool:
    """Numbers may hold a full stop and a space: "P < 0. 05", "P =. 01", "EC 1. 1. 49"."""
    if closed or last_word[-1:] in (")", "]", "%"):
        return not _DOTTED.fullmatch(last_word)  # "(60 mg/kg i.p.) 5 days after"
    if _YEAR.fullmatch(last_word):
        return True
    if _DOTTED.fullmatch(last_word) or last_word.lower() in _BEFORE_NUMBER | _SELDOM_LAST:
        return False
    return len(last_word) > 1 and last_word[-1].isalpha()


def _before_capital(last_word: str, first_word: str, before: str, closed: bool) -> bool:
    usual = first_word in _FIRST_WORDS
    capitalised = first_word[0].isupper() and first_word[1:].islower()
    if _DOTTED.fullmatch(last_word):  # "given i.v. Rats were" but "given i.v. ACC-9653" and "U.S. Caucasians"
        return usual or (capitalised and last_word.islower())
    if closed:
        return True
    if len(last_word) == 1 and last_word.isupper():
        return len(first_word) > 1 and (usual or (capitalised and before.lower() in _LETTERED))
    return usual or last_word.lower() not in _SELDOM_LAST
