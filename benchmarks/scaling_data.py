"""Any number of abstracts as raw shards, for benchmarks of whole corpora.

The real abstracts of ../shared/data come first; what is missing is made of their sentences, drawn at random, under a real title.
All are shuffled, so that a thousand of them are like a hundred thousand.
"""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from benchmarks.abstracts_data import Text, cased_abstracts, real_abstracts
from benchmarks.mutations_data import SENTENCE_END

SEED = 20261129
PER_SHARD = 1_000
FIRST_PMID = 70_000_001
_HEAD, _TAIL = '<?xml version="1.0" encoding="utf-8"?>\n<PubmedArticleSet>\n', "</PubmedArticleSet>\n"


def texts(data: Path, n_texts: int) -> list[Text]:
    """So many abstracts, the same on every machine; a few thousand come from the three sets that are quick to read."""
    rng = random.Random(SEED)
    found = cased_abstracts(data) if n_texts <= 10_000 else real_abstracts(data)
    if n_texts > len(found):
        found += _made(found, n_texts - len(found), rng)
    rng.shuffle(found)
    return found[:n_texts]


def _made(real: Sequence[Text], n_texts: int, rng: random.Random) -> Iterator[Text]:
    sentences = sorted({one for text in real for one in SENTENCE_END.split(text.abstract) if 60 <= len(one) <= 300})
    for _ in range(n_texts):
        title, other = (rng.choice(real).title.rstrip(".") for _ in range(2))
        yield Text(f"{title}: {other}", " ".join(rng.choices(sentences, k=rng.randrange(6, 10))))


def write_shards(chosen: Sequence[Text], folder: Path, per_shard: int = PER_SHARD) -> int:
    """Write abstracts as raw shards ``folder/00000.xml.gz`` and so on; gives the number of shards."""
    folder.mkdir(parents=True, exist_ok=True)
    starts = range(0, len(chosen), per_shard)
    for number, start in enumerate(starts):
        records = (_record(FIRST_PMID + at, chosen[at]) for at in range(start, min(start + per_shard, len(chosen))))
        text = "".join([_HEAD, *records, _TAIL])
        # no time of writing: shards made of the same bytes carry the same fingerprint
        (folder / f"{number:05}.xml.gz").write_bytes(gzip.compress(text.encode(), compresslevel=1, mtime=0))
    return len(starts)


def _record(pmid: int, text: Text) -> str:
    return (
        f'<PubmedArticle><MedlineCitation><PMID Version="1">{pmid}</PMID><Article><Journal><JournalIssue><PubDate><Year>2020</Year>'
        f"</PubDate></JournalIssue></Journal><ArticleTitle>{escape(text.title)}</ArticleTitle>"
        f"<Abstract><AbstractText>{escape(text.abstract)}</AbstractText></Abstract></Article></MedlineCitation></PubmedArticle>\n"
    )
