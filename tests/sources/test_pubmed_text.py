from __future__ import annotations

import pytest
from lxml import etree

from genemine.errors import RecordError
from genemine.sources.pubmed_text import abstract_parts, element_text, plain_title

MATHML = 'xmlns:mml="http://www.w3.org/1998/Math/MathML"'


@pytest.mark.parametrize(
    ("xml", "words"),
    [
        ("<t/>", ""),
        ("<t>\n  Two\n  lines </t>", "Two lines"),
        ("<t>H<sub>2</sub>O and <i>in <b>vivo</b></i>, <u>x</u></t>", "H2O and in vivo, x"),
        ("<t>One<p>Two</p>three<br/>four</t>", "One Two three four"),
        ("<t>no\u00a0break \u2009thin</t>", "no\u00a0break \u2009thin"),
        (f"<t>a<mml:math {MATHML}>\n <mml:mi> x </mml:mi>\n <mml:mo>=</mml:mo>\n</mml:math> b</t>", "ax= b"),
        (
            f"<t>x<DispFormula><mml:math {MATHML}><mml:mn>1</mml:mn><mml:mspace/><mml:mn>2</mml:mn></mml:math></DispFormula>y</t>",
            "x 1 2 y",
        ),
    ],
)
def test_all_words_and_only_the_white_space_that_is_seen(xml: str, words: str) -> None:
    assert element_text(etree.fromstring(xml)) == words


def test_no_element_has_no_words() -> None:
    assert element_text(None) == ""
    assert abstract_parts(None) == []


def test_entities_that_nobody_knows_are_an_error() -> None:
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True)
    known, unknown = (etree.fromstring(f'<!DOCTYPE t SYSTEM "t.dtd"><t>a &{name}; b</t>', parser) for name in ("beta", "betta"))
    assert element_text(known) == "a β b"
    with pytest.raises(RecordError, match="text cannot be read: the entity &betta; is unknown"):
        element_text(unknown)


@pytest.mark.parametrize(
    ("printed", "title", "was_translated"),
    [
        ("[The beriberi heart].", "The beriberi heart.", True),
        ("[How far?].", "How far?", True),
        ("[How far]?", "How far?", True),
        ("[Effect of [3H]thymidine].", "Effect of [3H]thymidine.", True),
        ("[Words]", "Words", True),
        ("[18F]CFA as a probe.", "[18F]CFA as a probe.", False),
        ("[A] and [B].", "[A] and [B].", False),
        ("[Open.", "[Open.", False),
        ("Closed].", "Closed].", False),
        ("[Not Available].", "", False),
        ("[In Process Citation]", "", False),
        ("A title.", "A title.", False),
        ("", "", False),
    ],
)
def test_brackets_of_translated_titles(printed: str, title: str, was_translated: bool) -> None:
    assert plain_title(printed) == (title, was_translated)
