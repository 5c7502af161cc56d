"""Gene-disease pairs of whole abstracts: those that BioRED's curators relate, in any way, on its development part.

    python -m benchmarks.document_pairs [--quick]

``gold``: mentions and identifiers of the curators; the shipped models say which pairs are related. ``raw``: the committed tagger
and linker (all vocabularies of ../shared/data) read the bare text first; a pair is right where the curators relate the same two
identifiers, and pairs of genes that the lexicon lacks (other species) count as missed. The article model and its threshold come
from BioRED's training part; the sentence classifier chose its last epoch and calibration on this part, so it flatters a little.
Beside each: every pair that a sentence names (co-occurrence); every pair whose best sentence reaches the classifier's threshold.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.common import emit, shared_dir
from benchmarks.linking_common import canonical, whole_lexicon
from genemine.annotate.sentences import split_sentences
from genemine.annotate.tagging import annotate
from genemine.config import AnnotateSettings, LinkSettings, RelateSettings
from genemine.evaluate.ranking import average_precision
from genemine.link.lexicon import Lexicon
from genemine.link.linker import Linker
from genemine.models.linker import load_knowledge
from genemine.models.relation import AnyClassifier
from genemine.models.relation_biored import BioredDocument, read_biored_documents
from genemine.models.tagger import load_tagger
from genemine.pipeline.models import pair_classifier
from genemine.records import DISEASE, GENE, Article, Link, Sentence
from genemine.relate.article_pairs import Key, features
from genemine.relate.pairs import pair_examples
from genemine.resources import bundle_folder
from genemine.sources.pubtator import read_pubtator


@dataclass
class Counts:
    """Pairs summed over documents."""

    right: int = 0
    called: int = 0
    gold: int = 0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.right / (self.called + self.gold) if self.called + self.gold else 0.0


@dataclass(frozen=True)
class Read:
    """One document as the models see it: scores of its pairs in sentences and of all its pairs."""

    sentences: dict[Key, float]
    pairs: dict[Key, float]


def read_document(sentences: Sequence[Sentence], links: Sequence[Link], classifier: AnyClassifier, *, is_gold: bool) -> Read:
    """Score the pairs of one document."""
    settings = RelateSettings(max_pairs_per_sentence=10_000)
    found = [pair for sentence in sentences for pair in pair_examples(sentence, links, settings, is_gold=is_gold).pairs]
    scores = classifier.score([pair.example for pair in found])
    scored = [((pair.gene.curie, pair.disease.curie), score) for pair, score in zip(found, scores, strict=True)]
    best: dict[Key, float] = {}
    for key, score in scored:
        best[key] = max(score, best.get(key, 0.0))
    assert classifier.articles is not None
    rows = list(features(sentences, links, scored))
    chances = classifier.articles.chances([row for _, _, row in rows])
    return Read(best, {(g.curie, d.curie): float(c) for (g, d, _), c in zip(rows, chances, strict=True)})


def raw_links(documents: Sequence[BioredDocument], texts: dict[str, Article], lexicon: Lexicon) -> list[list[Link]]:
    """Tag and link the bare texts as production does."""
    linker = Linker(lexicon, LinkSettings(), load_knowledge(bundle_folder("linker")))
    articles = [texts[document.pmid] for document in documents]
    found = annotate(articles, load_tagger(), AnnotateSettings())
    return [
        list(linker.link(article.text, one.mentions, {a.short: a.long for a in one.abbreviations}))
        for article, one in zip(articles, found, strict=True)
    ]


def told(name: str, counts: Counts) -> str:
    """Write one line of the table."""
    precision = counts.right / counts.called if counts.called else 0.0
    return f"{name:<34}{counts.gold:>6}{precision:>8.3f}{counts.right / max(counts.gold, 1):>8.3f}{counts.f1:>8.3f}"


def score(name: str, reads: Sequence[Read], gold: Sequence[set[Key]], classifier: AnyClassifier) -> dict[str, float]:
    """Compare with the curators; gives F1 by way."""
    assert classifier.articles is not None
    limit = classifier.articles.threshold
    ways: dict[str, Callable[[Read], set[Key]]] = {
        "": lambda read: {key for key, chance in read.pairs.items() if chance >= limit},
        "sentences_": lambda read: {key for key, chance in read.sentences.items() if chance >= classifier.threshold},
        "cooccurrence_": lambda read: set(read.sentences),
    }
    figures = {}
    for way, called in ways.items():
        counts = Counts()
        for read, wanted in zip(reads, gold, strict=True):
            found = called(read)
            counts.right, counts.called = counts.right + len(found & wanted), counts.called + len(found)
            counts.gold += len(wanted)
        print(told(f"{name} {way.rstrip('_') or 'article model'}", counts))
        figures[f"biored_dev_{name}_{way}f1"] = round(counts.f1, 4)
    return figures


def main() -> None:
    """Measure and print; the last line is one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="every fourth abstract only")
    step = 4 if parser.parse_args().quick else 1
    path = shared_dir() / "data" / "relations" / "BioRED" / "Dev.PubTator"
    documents = read_biored_documents(path)[::step]
    classifier = pair_classifier(RelateSettings())
    print(f"{'':<34}{'gold':>6}{'P':>8}{'R':>8}{'F1':>8}")
    gold = [set(document.related) for document in documents]
    reads = [read_document(document.sentences, document.links, classifier, is_gold=True) for document in documents]
    figures = score("gold", reads, gold, classifier)
    labels = np.array([key in wanted for read, wanted in zip(reads, gold, strict=True) for key in read.pairs])
    chances = np.array([chance for read in reads for chance in read.pairs.values()])
    figures["biored_dev_gold_auprc"] = round(average_precision(labels, chances), 4)
    lexicon = whole_lexicon()
    texts = {one.pmid: Article(one.pmid, one.title, one.abstract) for one in read_pubtator(path)}
    spell_gene, spell_disease = canonical(lexicon, GENE), canonical(lexicon, DISEASE)
    wanted = [{(spell_gene(f"ncbigene:{g}"), spell_disease(_curie(d))) for g, d in document.related} for document in documents]
    found = []
    for document, links in zip(documents, raw_links(documents, texts, lexicon), strict=True):
        found.append(read_document(split_sentences(texts[document.pmid].text), links, classifier, is_gold=False))
    figures |= score("raw", found, wanted, classifier)
    emit(figures)


def _curie(identifier: str) -> str:
    return f"omim:{identifier.removeprefix('OMIM:')}" if identifier.startswith("OMIM:") else f"mesh:{identifier}"


if __name__ == "__main__":
    main()
