"""The held-out texts of the tagger's benchmarks, and what a bundle finds in them.

Five token corpora with a test file each, scored on their own tokens; and BioRED's development part, raw text that goes the
product's way (sentences, tokens, tagger, mentions) and is compared by characters.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.common import shared_dir
from genemine.annotate.tagging import annotate
from genemine.config import AnnotateSettings
from genemine.models.corpora import CORPORA, Example, Output, read_examples
from genemine.models.decode import spans_of
from genemine.models.tagger import LstmTagger, load_tagger
from genemine.records import DISEASE, GENE, Article
from genemine.sources.pubtator import PubTatorDocument, gold_spans, read_pubtator

QUICK_STEP = 8  # --quick scores every eighth sentence and document
# (start, end, score) of every mention found in a sentence or document; start and end count tokens or characters
Found = list[tuple[int, int, float]]
Gold = set[tuple[int, int]]
BIORED_DEV = "relations/BioRED/Dev.PubTator"


@dataclass(frozen=True)
class TestCorpus:
    """A corpus with a test file: its name in models/corpora.py, how it is written, the type it annotates."""

    __test__ = False  # no test case, whatever its name begins with

    name: str
    title: str
    type: str


TEST_CORPORA = (
    TestCorpus("bc2gm", "BC2GM", GENE),
    TestCorpus("ncbi_disease", "NCBI-disease", DISEASE),
    TestCorpus("bc5cdr_disease", "BC5CDR-disease", DISEASE),
    TestCorpus("jnlpba", "JNLPBA", GENE),
    TestCorpus("bionlp13cg", "BioNLP13CG", GENE),
)


def read_part(data: Path, corpus: TestCorpus, part: str, step: int = 1) -> list[Example]:
    """Read every ``step``-th sentence of one part of a corpus; each has the labels of one output."""
    known = {c.name: c for c in CORPORA}[corpus.name]
    return read_examples(data, part, [known], [Output(corpus.name, corpus.type, (corpus.name,))])[::step]


def gold_of(examples: Sequence[Example]) -> list[Gold]:
    """List the gold spans of examples of :func:`read_part`, in tokens."""
    return [set(spans_of(labels)) for example in examples for labels in example.labels if labels is not None]


def guideline_output(tagger: LstmTagger, corpus: TestCorpus) -> int | None:
    """Find the output that learnt this corpus's guideline alone: the one of its name, else the one that no other corpus taught."""
    right_type = [i for i, output in enumerate(tagger.outputs) if output.type == corpus.type]
    by_name = [i for i in right_type if tagger.outputs[i].name == corpus.name]
    alone = [i for i in right_type if tagger.outputs[i].corpora == (corpus.name,)]
    return next(iter(by_name + alone), None)


def serving_output(tagger: LstmTagger, type_: str) -> int:
    """Find the output that production uses for a type."""
    return next(i for i in tagger.serving if tagger.outputs[i].type == type_)


def find_by_output(tagger: LstmTagger, examples: Sequence[Example], output: int) -> list[Found]:
    """Tag sentences by one output."""
    spans = tagger.tag_outputs([example.tokens for example in examples], [output])
    return [[(span.first, span.last, span.score) for span in one] for one in spans]


def read_biored_dev(data: Path, step: int = 1) -> list[PubTatorDocument]:
    """Read every ``step``-th document of BioRED's development part."""
    return list(read_pubtator(data / BIORED_DEV))[::step]


def find_in_text(tagger: LstmTagger, documents: Sequence[PubTatorDocument]) -> dict[str, list[Found]]:
    """Annotate raw texts as production does, by its default settings; gives what was found by type."""
    articles = [Article(document.pmid, document.title, document.abstract) for document in documents]
    annotated = list(annotate(articles, tagger, AnnotateSettings()))
    return {
        type_: [[(m.start, m.end, m.score) for m in article.mentions if m.type == type_] for article in annotated]
        for type_ in (GENE, DISEASE)
    }


def gold_in_text(documents: Sequence[PubTatorDocument], type_: str) -> list[Gold]:
    """List the gold spans of one type, in characters; BioRED's GeneOrGeneProduct is Gene, DiseaseOrPhenotypicFeature Disease."""
    return [gold_spans(document, type_) for document in documents]


def hits(gold: Sequence[Gold], found: Sequence[Found]) -> tuple[list[float], list[int]]:
    """Give the score of every found mention and whether it is gold, in the same order."""
    pairs = [(score, int((a, b) in want)) for want, have in zip(gold, found, strict=True) for a, b, score in have]
    return [score for score, _ in pairs], [hit for _, hit in pairs]


def bare(found: Sequence[Found]) -> list[Gold]:
    """Leave the scores out."""
    return [{(a, b) for a, b, _ in have} for have in found]


def begin(about: str | None) -> tuple[Path, LstmTagger, int]:
    """Read the arguments of a benchmark of one bundle; gives the data folder, the tagger and the step through the texts."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help=f"every {QUICK_STEP}th sentence and document only")
    parser.add_argument("--bundle", type=Path, help="folder of another bundle (default: the committed one)")
    arguments = parser.parse_args()
    step = QUICK_STEP if arguments.quick else 1
    tagger = load_tagger(arguments.bundle)
    print(f"{tagger.name}, bundle {tagger.fingerprint[:12]}{f', every {step}th sentence' if step > 1 else ''}\n")
    return shared_dir() / "data", tagger, step
