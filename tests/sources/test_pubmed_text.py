from __future__ import annotations

import time

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


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        ("<mfrac><mi>a</mi><mi>b</mi></mfrac>", "a/b"),
        ("<mfrac><mrow><mi>a</mi><mo>+</mo><mn>1</mn></mrow><mrow><mn>2</mn><mi>b</mi></mrow></mfrac>", "(a+1)/2b"),
        ("<mfrac><mfrac><mi>a</mi><mi>b</mi></mfrac><mi>c</mi></mfrac>", "(a/b)/c"),
        ('<mfrac linethickness="0pt"><mi>n</mi><mi>k</mi></mfrac>', "(n k)"),
        ("<mfrac><mi>a</mi></mfrac>", "a"),
        ("<msqrt><mi>x</mi><mo>+</mo><mn>1</mn></msqrt>", "√(x+1)"),
        ("<mroot><mi>x</mi><mn>3</mn></mroot>", "3√x"),
        ("<mfenced><mi>x</mi><mi>y</mi></mfenced>", "(x,y)"),
        ('<mfenced open="[" close="]"><mi>x</mi></mfenced>', "[x]"),
        ("<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>", "xi2"),
        ("<mmultiscripts><mi>He</mi><mn>2</mn><none/><mprescripts/><none/><mn>3</mn></mmultiscripts>", "3He2"),
        ("<mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>0</mn></mtd></mtr><mtr><mtd><mn>0</mn></mtd></mtr></mtable>", "1 0 0"),
        ("<mi>x</mi><annotation encoding='TeX'>x</annotation>", "x"),
    ],
)
def test_formulas_are_written_on_one_line(inside: str, words: str) -> None:
    assert element_text(etree.fromstring(f'<t><math xmlns="http://www.w3.org/1998/Math/MathML">{inside}</math></t>')) == words


def test_long_runs_of_marks_and_brackets_take_no_time() -> None:
    started = time.perf_counter()
    assert plain_title("." * 1_000_000 + "x") == ("." * 1_000_000 + "x", False)
    assert element_text(etree.fromstring("<t>" + "\n " * 1_000_000 + "x</t>")) == "x"
    assert time.perf_counter() - started < 5


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
