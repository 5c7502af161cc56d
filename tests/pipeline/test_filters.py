"""What the settings filter out is counted by reason, and taken back when the settings change."""

from __future__ import annotations

import gzip
from collections import Counter
from dataclasses import replace
from pathlib import Path

from genemine.config import CleanSettings, Settings
from genemine.pipeline.stages import CLEAN
from genemine.records import Article, Dropped
from genemine.storage.layout import Layout
from genemine.storage.shards import read_shard

RECORD = """<PubmedArticle><MedlineCitation><PMID>{pmid}</PMID><Article><ArticleTitle>A gene {pmid}.</ArticleTitle>
<Language>{language}</Language><PublicationTypeList><PublicationType>{kind}</PublicationType></PublicationTypeList></Article>
</MedlineCitation></PubmedArticle>"""


def read(settings: Settings) -> tuple[list[str], Counter[tuple[str, str]]]:
    """The PMIDs kept, and how often each (reason, detail) was given."""
    report = CLEAN("own/a", settings)
    layout = Layout(settings.data_dir)
    kept = [article.pmid for article in read_shard(layout.shard("articles", "own/a"), Article)]
    dropped = read_shard(layout.shard("dropped", "own/a"), Dropped)
    assert report.counts.get("dropped", 0) == len(dropped)
    return kept, Counter((one.reason, one.detail) for one in dropped)


def test_filters_are_counted_by_reason_and_can_be_taken_back(tmp_path: Path) -> None:
    folder = tmp_path / "raw" / "own"
    folder.mkdir(parents=True)
    kinds = [("eng", "Journal Article"), ("fre", "Journal Article"), ("eng", "Editorial"), ("chi", "Letter"), ("eng", "Letter")]
    records = (RECORD.format(pmid=pmid, language=language, kind=kind) for pmid, (language, kind) in enumerate(kinds, 1))
    (folder / "a.xml.gz").write_bytes(gzip.compress(f"<PubmedArticleSet>{''.join(records)}</PubmedArticleSet>".encode()))
    settings = Settings(data_dir=tmp_path, clean=CleanSettings(languages=("eng",), exclude_types=("letter", "editorial")))
    assert read(settings) == (
        ["1"],
        Counter(
            {
                ("language not wanted", "fre"): 1,
                ("language not wanted", "chi"): 1,
                ("publication type not wanted", "Editorial"): 1,
                ("publication type not wanted", "Letter"): 1,
            }
        ),
    )
    assert read(replace(settings, clean=CleanSettings())) == (["1", "2", "3", "4", "5"], Counter())
