"""The abstracts that `ranking` mines, as raw shards: all of ../shared/data but those that the pair classifier learnt from.

Left out are the articles of BioRED and EU-ADR, by PMID and by text, and every text that has a long run of words of a sentence of
GAD, EU-ADR or BioRED. Lower-cased texts get their capitals back word by word (:mod:`genemine.models.recase`); a number that was
taken out of a name stays unknown. A text whose PMID nobody tells gets a number from 90,000,001 on; ``texts.tsv`` tells which.
"""

from __future__ import annotations

import csv
import gzip
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from xml.sax.saxutils import escape

from benchmarks.abstracts_data import Text, every_abstract
from genemine.annotate.sentences import split_sentences
from genemine.annotate.tokens import tokenize
from genemine.models.held_out import relation_sentences
from genemine.models.leaks import PLACEHOLDER, letters
from genemine.models.recase import Recaser, is_lower_cased, learn_case
from genemine.models.text_ids import number_texts
from genemine.models.unlabelled import read_symbols
from genemine.sources.pubtator import read_pubtator

SOURCE, RECORDS = "abstracts", "records"  # folders of raw shards: texts of sets, records of PubMed
PER_SHARD = 500
FIRST_NUMBER = 90_000_001
LONG_RUN = 10  # words: no stock phrase is as long
BIORED = ("Train.PubTator.gz", "Dev.PubTator")
_NEXT_SENTENCE = re.compile(r"(?<=[^\W_]{2}[.?!])\s+|(?<=[)\]%][.?!])\s+")
_HEAD, _TAIL = '<?xml version="1.0" encoding="utf-8"?>\n<PubmedArticleSet>\n', "</PubmedArticleSet>\n"


@dataclass(frozen=True)
class Learnt:
    """What the pair classifier learnt from: PMIDs, and runs of :data:`LONG_RUN` words."""

    pmids: frozenset[str]
    runs: frozenset[int]

    def has(self, text: Text) -> bool:
        """True for an article that was learnt from, or that shares a long run of words with a sentence that was."""
        return text.pmid in self.pmids or not self.runs.isdisjoint(_runs(letters(text.whole)))


def learnt(data: Path) -> Learnt:
    """Read the corpora of relations."""
    documents = [one for name in BIORED for one in read_pubtator(data / "relations" / "BioRED" / name)]
    pmids = {document.pmid for document in documents}
    with (data / "relations" / "EU-ADR-corpus" / "EUADR_target_disease.csv").open(encoding="latin-1", newline="") as lines:
        pmids |= {row["PMID"] for row in csv.DictReader(lines, delimiter="\t")}
    sentences = [*relation_sentences(data), *(document.text for document in documents)]
    runs = {run for sentence in sentences for part in PLACEHOLDER.split(sentence) for run in _runs(letters(part))}
    return Learnt(frozenset(pmids), frozenset(runs))


def _runs(words: Sequence[str]) -> list[int]:
    return [hash(run) for run in zip(*(words[k:] for k in range(LONG_RUN)), strict=False)]


def write_shards(data: Path, raw: Path, step: int = 1) -> dict[str, int]:
    """Write all texts and records of PubMed as raw shards below ``raw``, or every ``step``-th text with case alone; gives counts.

    ``texts.tsv`` beside them tells of each text its PMID or number, its set, and its name there. What stands already is not
    written again: the file is the last to be written.
    """
    told = raw / "texts.tsv"
    if told.exists():
        return dict(zip(("texts", "left_out", "recased"), map(int, told.read_text().splitlines()[0].split()[1:]), strict=True))
    seen, texts = learnt(data), every_abstract(data, cased=step > 1)
    kept = [text for text in texts if not seen.has(text)]
    numbered = list(_numbered(kept))
    if step == 1:
        recaser = _recaser(data, [text for text in texts if not is_lower_cased(text.whole)])
    else:  # to learn how words are written takes a minute
        numbered = [text for text in numbered if not is_lower_cased(text.whole)][::step]
        recaser = Recaser({})
    n_recased = 0
    (raw / SOURCE).mkdir(parents=True, exist_ok=True)
    for first in range(0, len(numbered), PER_SHARD):
        own = numbered[first : first + PER_SHARD]
        cased = [_with_case(text, recaser) for text in own]
        n_recased += sum(text is not old for text, old in zip(cased, own, strict=True))
        with gzip.open(raw / SOURCE / f"{first // PER_SHARD:04}.xml.gz", "wt", encoding="utf-8", compresslevel=1) as file:
            file.writelines([_HEAD, *map(_record, cased), _TAIL])
    if step == 1:
        _copy_records(data, raw / RECORDS)
    counts = {"texts": len(numbered), "left_out": len(texts) - len(kept), "recased": n_recased}
    lines = ["# " + " ".join(map(str, counts.values())), *(f"{text.pmid}\t{text.origin}" for text in numbered)]
    told.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return counts


def _numbered(texts: Iterable[Text]) -> Iterator[Text]:
    used: set[str] = set()
    for number, text in enumerate(texts, start=FIRST_NUMBER):
        is_first = text.pmid.isdigit() and text.pmid not in used
        yield text if is_first else replace(text, pmid=str(number))
        used.add(text.pmid)


def _copy_records(data: Path, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for path in sorted((data / "pubmed-xml").rglob("*.xml*")):
        name = "-".join(path.relative_to(data / "pubmed-xml").parts)
        shutil.copyfile(path, folder / name)


def _recaser(data: Path, cased: Sequence[Text]) -> Recaser:
    sentences = ([token.text for token in tokenize(sentence.text)] for text in cased for sentence in split_sentences(text.whole))
    recaser = learn_case(number_texts(sentences), read_symbols(data))
    return replace(recaser, numbered={})  # which number it was is not to be guessed


def _with_case(text: Text, recaser: Recaser) -> Text:
    if not is_lower_cased(text.whole):
        return text
    return replace(text, title=recased(text.title, recaser), abstract=recased(text.abstract, recaser))


def recased(text: str, recaser: Recaser) -> str:
    """Give the words of a lower-cased text their capitals, and nothing else of it."""
    out, done = [], 0
    firsts = {0, *(found.end() for found in _NEXT_SENTENCE.finditer(text))}
    for token in tokenize(text):
        form = recaser.forms.get(token.text, token.text)
        if token.start in firsts and form == token.text:
            form = form[:1].upper() + form[1:]
        out += [text[done : token.start], form]
        done = token.end
    return "".join([*out, text[done:]])


def _record(text: Text) -> str:
    year = f"<Year>{text.year}</Year>" if text.year else ""
    return (
        f'<PubmedArticle><MedlineCitation><PMID Version="1">{text.pmid}</PMID><Article><Journal><JournalIssue><PubDate>{year}'
        f"</PubDate></JournalIssue></Journal><ArticleTitle>{escape(text.title)}</ArticleTitle>"
        f"<Abstract><AbstractText>{escape(text.abstract)}</AbstractText></Abstract></Article></MedlineCitation></PubmedArticle>\n"
    )
