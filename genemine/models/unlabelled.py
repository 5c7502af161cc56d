"""Make one file of all unlabelled sentences: tokens as production cuts them, capitals given back, nothing that is held out."""

from __future__ import annotations

import gzip
import logging
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from genemine.annotate.tokens import tokenize
from genemine.models.corpora import read_examples
from genemine.models.corpus_files import CORPORA, OUTPUTS, TRAIN
from genemine.models.held_out import held_out_pmids, held_out_sentences
from genemine.models.leaks import HeldOut
from genemine.models.recase import is_lower_cased, learn_case
from genemine.models.text_ids import read_text_ids
from genemine.models.texts import sentences_of, unlabelled_texts

log = logging.getLogger(__name__)

GENE_INFO = "vocab/Homo_sapiens.gene_info.gz"  # its symbols tell how genes are written; may be missing


@dataclass(frozen=True)
class TextCounts:
    """What went into the file and what did not; ``pmids`` are those of the documents, as far as the sets tell them."""

    sentences: int
    tokens: int
    recased_sentences: int
    dropped_sentences: int
    dropped_documents: int
    pmids: tuple[str, ...]


def write_texts(data_dir: Path, out: Path) -> TextCounts:
    """Write one tokenised sentence a line: cased texts, training sentences of the labelled corpora, texts with their case back.

    A document is left out whole if its PMID is held out, a sentence if it holds a part of a held-out one.

    Raises:
        SourceError: texts or corpora are missing.
    """
    guard, forbidden = held_out_sentences(data_dir), held_out_pmids(data_dir)
    out.parent.mkdir(parents=True, exist_ok=True)
    n = dict.fromkeys(("sentences", "tokens", "recased", "dropped", "documents"), 0)
    pmids: set[str] = set()
    with tempfile.TemporaryDirectory(dir=out.parent) as folder:
        small, whole = Path(folder) / "lower", Path(folder) / "all"
        with small.open("w", encoding="utf-8") as lower, whole.open("w", encoding="utf-8") as cased:
            for text, pmid in _documents(data_dir):
                if pmid in forbidden:
                    n["documents"] += 1
                    continue
                sentences = sentences_of(text)
                kept = [s for s, held in zip(sentences, guard.touched(sentences), strict=True) if not held]
                n["dropped"] += len(sentences) - len(kept)
                pmids.update([pmid] if pmid and kept else [])
                (lower if is_lower_cased(text) else cased).writelines(_line(sentence) for sentence in kept)
            for tokens in _labelled(data_dir, guard):
                cased.write(" ".join(tokens) + "\n")
        n["recased"] = _recase(whole, small, read_symbols(data_dir))
        with whole.open(encoding="utf-8") as lines:
            for line in lines:
                n["sentences"] += 1
                n["tokens"] += line.count(" ") + 1
        whole.replace(out)
    log.info("texts: %s", n)
    return TextCounts(n["sentences"], n["tokens"], n["recased"], n["dropped"], n["documents"], tuple(sorted(pmids)))


def read_symbols(data_dir: Path) -> list[str]:
    """List human gene symbols, the official ones first; none where the vocabulary is missing."""
    path = data_dir / GENE_INFO
    if not path.is_file():
        log.warning("%s is missing: gene symbols of lower-cased texts stay in small letters", path)
        return []
    symbols, synonyms = [], []
    with gzip.open(path, "rt", encoding="utf-8") as rows:
        for row in rows:
            cells = row.split("\t")
            if len(cells) > 9 and cells[9] in ("protein-coding", "ncRNA") and not cells[2].startswith("LOC"):
                symbols.append(cells[2])
                synonyms += cells[4].split("|")
    return [name for name in (*symbols, *synonyms) if len(name) > 2 and name.isalnum()]


def _documents(data_dir: Path) -> Iterator[tuple[str, str]]:
    """Yield each text once, with its PMID."""
    seen: set[int] = set()
    for found in unlabelled_texts(data_dir / "abstracts"):
        if hash(found.text) not in seen:
            seen.add(hash(found.text))
            yield found.text, found.pmid


def _labelled(data_dir: Path, guard: HeldOut) -> Iterator[Sequence[str]]:
    for example in read_examples(data_dir, TRAIN, [corpus for corpus in CORPORA if not corpus.documents], OUTPUTS):
        if not guard.touched([" ".join(example.tokens)])[0]:
            yield example.tokens


def _line(sentence: str) -> str:
    return " ".join(token.text for token in tokenize(sentence)) + "\n"


def _recase(cased: Path, lower: Path, symbols: Sequence[str]) -> int:
    """Add the lower-cased sentences to the cased ones, capitals given back; count them."""
    recaser = learn_case(read_text_ids(cased), symbols)
    n = 0
    with lower.open(encoding="utf-8") as lines, cased.open("a", encoding="utf-8") as out:
        for line in lines:
            out.write(" ".join(recaser.sentence(line.split())) + "\n")
            n += 1
    return n
