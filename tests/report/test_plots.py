"""Pictures take their colours from the page, show every name as it is, and are the same for the same run."""

from __future__ import annotations

import re

import pandas as pd
from lxml import etree

from genemine.report.network import MAX_NAME, Network, network, network_picture
from genemine.report.plots import scores, years


def associations(*rows: tuple[str, str, float, str]) -> pd.DataFrame:
    columns = ["gene_curie", "disease_curie", "score", "direction"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(gene_name=frame["gene_curie"].str.upper(), disease_name=frame["disease_curie"], row=range(len(frame)))


def test_the_network_holds_the_best_associations_that_are_not_denied() -> None:
    frame = associations(
        ("g1", "d1", 0.9, "stated"), ("g2", "d2", 0.8, "stated"), ("g1", "d2", 0.7, "stated"), ("g3", "d3", 0, "denied")
    )
    assert network(frame, n=2) == Network((("g1", "G1"), ("g2", "G2")), (("d1", "d1"), ("d2", "d2")), ((0, 0, 0.9), (1, 1, 0.8)))
    assert [name for _, name in network(frame).genes] == ["G1", "G2"]


def test_the_order_of_names_crosses_no_lines_that_need_not_cross() -> None:
    net = network(associations(("g1", "d3", 0.9, "stated"), ("g2", "d1", 0.8, "stated"), ("g3", "d2", 0.7, "stated")))
    assert all(gene == disease for gene, disease, _ in net.lines)


def test_names_are_text_links_lead_to_pages_and_colours_are_the_pages() -> None:
    hostile = "<b>&$x^2$</b>"
    long = "N" * (MAX_NAME + 5)
    svg = network_picture(Network((("hgnc:1", hostile),), (("mesh:D1", long),), ((0, 0, 0.9),)))
    root = etree.fromstring(svg)
    texts = ["".join(text.itertext()).strip() for text in root.iter("{*}text")]
    assert texts == [hostile, long[: MAX_NAME - 1] + "…"]
    links = [link.get("{http://www.w3.org/1999/xlink}href") for link in root.iter("{*}a")]
    assert links == ["#gene=hgnc:1", "#disease=mesh:D1"]
    assert "var(--gene)" in svg
    assert re.findall(r"#0102", svg) == []


def test_the_same_figures_give_the_same_picture() -> None:
    by_score = pd.DataFrame({"bin": [3, 19], "direction": ["speculated", "stated"], "n": [2, 5]})
    by_year = pd.DataFrame({"year": [2001, 2004], "n_articles": [3, 2], "n_supporting": [1, 0]})
    assert scores(by_score) == scores(by_score)
    svg = years(by_year)
    assert svg == years(by_year)
    ids = re.findall(r'\sid="([^"]+)"', svg + scores(by_score))
    assert len(ids) == len(set(ids))  # two pictures of one page share none
