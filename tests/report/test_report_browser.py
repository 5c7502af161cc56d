"""The report in a browser, opened from the disk: what an analyst does with it, and what nobody may do to it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from benchmarks.report_data import SENTENCES, Corpus
from tests.report.hard import ATTACK, LONG, N

if TYPE_CHECKING:
    from playwright.sync_api import Page

TABLE = "#association-table"


@pytest.fixture
def opened(page: Page, report: Path) -> Page:
    """The report, opened; any request besides the file itself fails the test that uses it."""
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(report.as_uri())
    page.wait_for_selector(f"{TABLE} tbody tr")
    assert requests == [report.as_uri()]
    return page


def column(page: Page, head: str, table: str = TABLE) -> list[str]:
    """The texts of one column of a table, as far as the page shows its rows."""
    heads = [text.strip(" ▲▼") for text in page.locator(f"{table} th").all_inner_texts()]
    return page.locator(f"{table} tbody tr:not(.detail) td:nth-child({heads.index(head) + 1})").all_inner_texts()


def wait_for_count(page: Page, text: str) -> None:
    page.locator(f"{TABLE} .count", has_text=text).wait_for()


def test_rows_are_sorted_by_any_head_and_paged(opened: Page, corpus: Corpus) -> None:
    assert opened.get_attribute(f"{TABLE} th:has-text('Score')", "aria-sort") == "descending"
    years = sorted(row["first_year"] for row in corpus.associations if row["first_year"])
    head = opened.locator(f"{TABLE} th", has_text="From")
    head.locator("button").press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    assert [int(text) for text in column(opened, "From")] == years[:25]
    head.locator("button").press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    assert [int(text) for text in column(opened, "From")] == years[::-1][:25]
    opened.get_by_role("button", name="Next").first.click()
    assert [int(text) for text in column(opened, "From")] == years[::-1][25:50]


def test_rows_are_filtered_by_text_direction_knowledge_score_and_articles(opened: Page, corpus: Corpus) -> None:
    rows = corpus.associations
    new = [row for row in rows if not row["known_in"] and row["score"] >= 0.9]
    opened.select_option("[name=known]", "new")
    opened.fill("[name=least]", "0.9")
    wait_for_count(opened, f"{len(new)} of {N} associations")
    assert column(opened, "Gene") == [row["gene_name"] for row in new][:25]
    opened.get_by_role("button", name="Reset").click()
    opened.select_option("[name=direction]", "denied")
    n_denied = sum(row["direction"] == "denied" for row in rows)
    wait_for_count(opened, f"{n_denied} of {N} associations")
    assert set(column(opened, "Articles say")) == {"only denied"}
    opened.get_by_role("button", name="Reset").click()
    opened.keyboard.press("/")
    opened.keyboard.type(rows[5]["gene_name"] + " " + rows[5]["disease_curie"])
    wait_for_count(opened, f"1 of {N} associations")
    assert column(opened, "Disease") == [rows[5]["disease_name"]]
    opened.fill("[name=articles]", "6")
    opened.locator(f"{TABLE} .pages", has_text="No association fits the filters.").wait_for()


def test_evidence_opens_with_names_marked_and_attention_shaded(opened: Page, corpus: Corpus) -> None:
    row = corpus.associations[3]
    sentences = [one for one in corpus.evidence if one["association_id"] == row["association_id"]]
    opener = opened.locator(f"{TABLE} .opener").nth(3)
    opener.press("Enter")
    assert opener.get_attribute("aria-expanded") == "true"
    shown = opened.locator("ol.sentences > li")
    shown.first.wait_for()
    assert shown.locator(".sentence").all_inner_texts() == [one["sentence"] for one in sentences]
    assert len(sentences) == SENTENCES
    assert shown.first.locator("mark:not(.disease)").all_inner_texts() == [row["gene_name"]]
    assert "".join(shown.first.locator("mark.disease").all_inner_texts()) == row["disease_name"]
    assert shown.locator(".heat").count() > SENTENCES
    assert column(opened, "Reviewed")[2:5] == ["", "accepted", ""]
    assert ["accepted" in text for text in shown.locator(".source").all_inner_texts()] == [True, False, False, False, False]
    links = opened.locator("tr.detail a").evaluate_all("all => all.map((a) => a.href)")
    assert f"https://pubmed.ncbi.nlm.nih.gov/{sentences[0]['pmid']}/" in links
    assert f"https://www.ncbi.nlm.nih.gov/gene/{row['gene_curie'].removeprefix('ncbigene:')}" in links
    assert any(link.startswith(("https://meshb.nlm.nih.gov/", "https://omim.org/")) for link in links)
    opener.press("Enter")
    assert opened.locator("tr.detail").count() == 0


def test_an_attack_in_a_name_or_a_title_is_text(opened: Page, corpus: Corpus) -> None:
    """Names, titles, cues and sentences that hold scripts are shown as they are, in the table, in the picture and on a page."""
    assert column(opened, "Gene")[0] == corpus.associations[0]["gene_name"]
    opened.locator(f"{TABLE} .opener").first.click()
    opened.locator("ol.sentences > li").first.wait_for()
    assert ATTACK in opened.locator("ol.sentences .source").first.inner_text()
    opened.locator(f"{TABLE} td.gene a").first.click()
    assert opened.locator("#entity h2").inner_text() == corpus.associations[0]["gene_name"]
    opened.locator("#tab-overview").click()
    assert opened.locator("figure svg a", has_text="GENE</script>").count() == 1
    assert opened.title() == "genemine 20261129T020000Z-00000002"


def test_a_long_sentence_stays_within_the_page(opened: Page) -> None:
    for width in (1280, 400):
        opened.set_viewport_size({"width": width, "height": 800})
        opener = opened.locator(f"{TABLE} .opener").nth(1)
        if opener.get_attribute("aria-expanded") == "false":
            opener.click()
        opened.locator("ol.sentences > li").first.wait_for()
        assert LONG.strip() in opened.locator(".sentence").first.inner_text()
        assert opened.evaluate("document.documentElement.scrollWidth") <= width


def test_pages_of_genes_and_diseases_have_addresses(opened: Page, corpus: Corpus) -> None:
    """A gene is found by its number in NCBI Gene or HGNC; its page has all its associations and what lies above them."""
    row = next(row for row in corpus.associations[4:] if row["direction"] != "denied")
    curie, name, xrefs = next(gene for gene in corpus.genes if gene[0] == row["gene_curie"])
    own = [one for one in corpus.associations if one["gene_curie"] == curie]
    for address in (curie, xrefs.split("|")[0]):
        opened.evaluate(f"location.hash = 'gene={address}'")
        opened.wait_for_selector("#entity:not([hidden])")
        assert opened.locator("#entity h2").inner_text() == name
        assert column(opened, "Disease", "#entity div:first-of-type") == [one["disease_name"] for one in own]
    above = corpus.associations[0]["disease_curie"]  # make_run lets the first of each four be inherited
    opened.evaluate(f"location.hash = 'disease={above}'")
    opened.wait_for_selector("#entity h3")
    assert opened.locator("#entity h3").inner_text() == "Genes by the articles of the diseases directly below"
    opened.evaluate("location.hash = 'gene=ncbigene:0'")
    opened.wait_for_selector("text=No association of this report has the gene ncbigene:0.")


def test_what_changed_and_candidates_are_a_key_away(opened: Page, corpus: Corpus) -> None:
    opened.locator("#tab-associations").press("ArrowRight")
    assert opened.evaluate("document.activeElement.id") == "tab-candidates"
    new = corpus.associations[1]["association_id"]
    candidates = [row for row in corpus.associations if not row["known_in"] and row["direction"] != "denied"]
    candidates.sort(key=lambda row: row["association_id"] != new)  # new ones first
    assert column(opened, "Disease", "#candidate-table") == [row["disease_name"] for row in candidates][:25]
    opened.keyboard.press("ArrowRight")
    second, third = corpus.associations[1:3]
    assert column(opened, "What", "#change-table") == ["new", "▲ risen", "gone"]
    assert column(opened, "Gene", "#change-table") == [second["gene_name"], third["gene_name"], "GONE1"]
    assert column(opened, "By", "#change-table") == ["", "+0.250", ""]


def test_dark_follows_the_system_until_the_reader_chooses(opened: Page) -> None:
    def ground() -> str:
        return str(opened.evaluate("getComputedStyle(document.body).backgroundColor"))

    light = ground()
    opened.emulate_media(color_scheme="dark")
    dark = ground()
    assert light != dark
    opened.get_by_role("button", name="Show in light colours").click()
    assert ground() == light
    opened.reload()
    assert ground() == light
    opened.emulate_media(media="print")
    assert ground() == "rgb(255, 255, 255)"
