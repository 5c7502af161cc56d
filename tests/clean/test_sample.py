"""The embedded records, read, cleaned and selected: each oddity of genemine/sample/README.md ends where it should."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from genemine.clean.dedup import Batch, select
from genemine.clean.filters import clean
from genemine.config import CleanSettings, CopySettings
from genemine.records import Article, Deletion, Dropped
from genemine.sample import records_folder
from genemine.sources.pubmed_xml import parse_file


@dataclass(frozen=True)
class Sample:
    """What became of the sample's records."""

    n_read: int
    kept: dict[str, Article]
    dropped: dict[str, list[tuple[str, str]]]


@pytest.fixture(scope="module")
def sample() -> Sample:
    batches: list[Batch] = []
    dropped: list[Dropped] = []
    n_read = 0
    for path in sorted(records_folder().glob("*.xml*")):
        found = list(parse_file(path))
        articles = [record for record in found if isinstance(record, Article)]
        deletions = [record for record in found if isinstance(record, Deletion)]
        assert len(articles) + len(deletions) == len(found), "nothing of the sample is quarantined"
        n_read += len(articles)
        cleaned = list(clean(articles, CleanSettings()))
        dropped += [record for record in cleaned if isinstance(record, Dropped)]
        batches.append(Batch([record for record in cleaned if isinstance(record, Article)], deletions))
    selection = select(batches, CopySettings())
    reasons: dict[str, list[tuple[str, str]]] = {}
    for record in (*dropped, *selection.dropped):
        reasons.setdefault(record.pmid, []).append((record.reason, record.detail))
    return Sample(n_read, {a.pmid: a for a in (batches[b].articles[r] for b, r in selection.kept)}, reasons)


def test_every_record_is_kept_or_dropped_with_its_reason(sample: Sample) -> None:
    assert sample.n_read == len(sample.kept) + sum(map(len, sample.dropped.values()))
    assert {pmid: [reason for reason, _ in reasons] for pmid, reasons in sample.dropped.items()} == {
        "99000006": ["stale revision"],
        "99000024": ["stale revision"],
        "99000070": ["no title and no abstract"],
        "99000071": ["near copy"],
        "99000072": ["exact copy"],
        "99000073": ["deleted by PubMed"],
        "99000079": ["stale revision"],
    }


def test_flags(sample: Sample) -> None:
    assert {pmid: article.flags for pmid, article in sample.kept.items() if article.flags} == {
        "99000027": ("translated_title",),
        "99000036": ("erratum",),
        "99000044": ("translated_title",),
        "99000058": ("retracted",),
        "99000059": ("retraction_notice",),
        "99000061": ("preprint",),
        "99000074": ("book",),
        "99000075": ("book",),
        "99000076": ("expression_of_concern",),
        "99000077": ("expression_of_concern",),
        "99000078": ("erratum",),
        "99000095": ("translated_title",),
    }


def test_words_are_whole_and_clean(sample: Sample) -> None:
    for article in sample.kept.values():
        assert "<" not in article.title
        assert "TRUNCATED" not in article.abstract
        assert "Copyright" not in article.abstract
        assert not article.title.startswith("[")
        assert all(article.text[part.start : part.end].strip() for part in article.sections)
    assert [part.label for part in sample.kept["99000097"].sections].count("") == 1
    assert [pmid for pmid, article in sample.kept.items() if not article.abstract] == [
        "99000057",
        "99000059",
        "99000077",
        "99000078",
    ]


def test_no_doi_is_one_of_a_reference(sample: Sample) -> None:
    dois = [article.doi for article in sample.kept.values() if article.doi]
    assert len(dois) == len(set(dois))
    assert all(doi.startswith("10.99999/genemine") for doi in dois)
