"""The whole chain over every real record of ../shared, with baselines in place of the LSTMs: nothing that is served is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from genemine.annotate.lexicon_tagger import LexiconTagger
from genemine.config import load_settings
from genemine.link.lexicon import load_lexicon
from genemine.pipeline import mine as mining
from genemine.pipeline import stages
from genemine.pipeline import tabulate as tabulating
from genemine.pipeline.collect import collect_new
from genemine.pipeline.sample import SAMPLE_QUERY, SAMPLE_TODAY
from genemine.records import DISEASE, GENE
from genemine.relate.classify import CoOccurrence
from genemine.sample.index import load_folder
from genemine.sample.server import serving
from genemine.tables.files import read_table


def lexicon_tagger() -> LexiconTagger:
    lexicon = load_lexicon()
    return LexiconTagger(
        [(name, type_) for type_ in (GENE, DISEASE) for concept in lexicon.names(type_).concepts for name in concept.names]
    )


def test_every_pmid_served_is_in_articles_or_dropped(shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tagger = lexicon_tagger()
    for module in (stages, tabulating):
        monkeypatch.setattr(module, "tagger", lambda _: tagger)
        monkeypatch.setattr(module, "pair_classifier", lambda _: CoOccurrence())
    index = load_folder(shared / "data" / "pubmed-xml")
    with serving(index, rate_limit=False) as url:
        settings = load_settings(data_dir=tmp_path, entrez__base_url=url)
        collected = collect_new(SAMPLE_QUERY, settings, SAMPLE_TODAY, first_days=0)
    report = mining.mine(settings)
    articles, dropped = (list(read_table(report.folder, name)["pmid"]) for name in ("articles", "dropped"))
    assert collected.found == collected.fetched == len(index.records) == 1287
    assert collected.missing == ()
    assert len(set(articles)) == len(articles)
    assert set(articles) | set(dropped) == {str(pmid) for pmid in index.records}
    assert not set(articles) & set(dropped)
    assert report.counts["dropped"] == {"clean: no title and no abstract": 7, "dedup: same DOI": 1}
    duplicates = read_table(report.folder, "duplicates")
    # two records of one Cochrane review, whose title and DOI stayed while its abstract was rewritten; PDQ's templates are no copies
    assert duplicates[["pmid", "kept_pmid", "reason"]].to_numpy().tolist() == [["11406024", "11034741", "same DOI"]]
    assert report.counts["associations"] > 0
