"""Tokens with exact offsets, cut as the training corpora are cut.

BC2GM, NCBI-disease and BC5CDR come in one tokenisation (MTL-Bioinformatics-2016, 1,114,452 tokens): a run of letters and digits is
a token, every other character is a token of its own, decimals and hyphenated names included::

    BRCA1-null (p<0.05)  ->  BRCA1 - null ( p < 0 . 05 )

The corpora are pure ASCII. Beyond ASCII the same idea goes on: letters and digits of every script belong to the run ("TNFα" is one
token as "TNFalpha" is), a combining mark stays with its letter, a prime, dash or sign stands alone. The placeholders of the pair
corpora, ``@GENE$`` and ``@DISEASE$``, are one token each. Measured agreement: tests/annotate/test_tokens.py.
"""

from __future__ import annotations

import re

from genemine.records import Token

PLACEHOLDERS = ("@GENE$", "@DISEASE$")

# The Unicode blocks of combining marks: Diacritical Marks, their Extended and Supplement, Marks for Symbols, Half Marks.
_MARKS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_TOKEN = re.compile(rf"[^\W_](?:[^\W_]|[{_MARKS}])*|@(?:GENE|DISEASE)\$|\S")


def tokenize(text: str, offset: int = 0) -> tuple[Token, ...]:
    """Cut ``text`` into tokens that cover each of its non-space characters once.

    Args:
        text: any text.
        offset: where ``text`` begins in the larger text that the offsets shall refer to, in characters.
    """
    return tuple(Token(m.group(), m.start() + offset, m.end() + offset) for m in _TOKEN.finditer(text))
