"""What the rules of document context give: strict F1 (characters and type) of raw texts before and after, each rule alone and all.

The default measures on documents that no training has seen: the test parts of NCBI-disease and BC5CDR, and BioRED's development
part. ``--devel`` measures on those that the rules and their numbers were chosen on, less every document of which the bundle was
trained on a sentence; then few are left for a bundle that has learnt from all corpora, so give one that has not by ``--bundle``.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.common import emit, shared_dir
from benchmarks.devel_documents import CG, read_cg_devel
from genemine.annotate.consistency import RULES, consistent
from genemine.annotate.tagging import annotate
from genemine.config import AnnotateSettings
from genemine.errors import BundleError
from genemine.evaluate.spans import score_spans
from genemine.models.bundle import read_bundle
from genemine.models.corpora import CORPORA, DEVEL, TRAIN, Output, held_out_pmids, read_examples
from genemine.models.fingerprints import read_fingerprints, sentence_codes
from genemine.models.tagger import KIND, LstmTagger, default_bundle, load_tagger
from genemine.records import DISEASE, GENE, AnnotatedArticle, Article, Mention
from genemine.sources.pubtator import PubTatorDocument, gold_spans, read_pubtator

QUICK_STEP = 8  # --quick scores every eighth document
_TELLING = 40  # characters; shorter sentences ("Methods.", "We report a case.") stand in many documents
_BOTH = (GENE, DISEASE)
_HELD_OUT: dict[str, tuple[str, tuple[str, ...]]] = {
    "ncbi_disease_test": ("normalised/ncbi-disease/NCBItestset_corpus.txt", (DISEASE,)),
    "bc5cdr_test": ("normalised/bc5cdr/CDR_TestSet.PubTator.txt.gz", (DISEASE,)),
    "biored_dev": ("relations/BioRED/Dev.PubTator", _BOTH),
}
_CHOSEN_ON: dict[str, tuple[str, tuple[str, ...]]] = {
    "gnormplus": ("normalised/gnormplus/GNormPlus_Train.PubTator", (GENE,)),
    "drugprot": ("normalised/drugprot/DrugProt_Test.PubTator.gz", (GENE,)),
    "tmvar3": ("normalised/tmvar3/tmVar3_Train.PubTator", _BOTH),
    "biored": ("relations/BioRED/Train.PubTator.gz", _BOTH),
    CG: ("", (GENE,)),
    "ncbi_disease": ("normalised/ncbi-disease/NCBIdevelopset_corpus.txt", (DISEASE,)),
    "bc5cdr_disease": ("normalised/bc5cdr/CDR_DevelopmentSet.PubTator.txt.gz", (DISEASE,)),
}
Span = tuple[int, int]


@dataclass(frozen=True)
class Corpus:
    """The documents of one corpus as they were tagged, sentence by sentence."""

    name: str
    types: tuple[str, ...]
    documents: list[PubTatorDocument]
    tagged: list[AnnotatedArticle]

    def found(self, rules: frozenset[str]) -> list[tuple[Mention, ...]]:
        """The mentions of each document under these rules; under none as they were tagged."""
        return [consistent(a.sentences, a.mentions, a.abbreviations, rules) if rules else a.mentions for a in self.tagged]

    def gold(self, type_: str) -> list[set[Span]]:
        """The gold mentions of one type."""
        return [gold_spans(document, type_) for document in self.documents]


def seen_codes(folder: Path, data: Path) -> np.ndarray:
    """Give the codes of the labelled sentences a bundle has seen: by its own list, or by the corpora its outputs name."""
    bundle = read_bundle(folder, KIND)
    try:
        return read_fingerprints(bundle.arrays, bundle.name).labelled
    except BundleError:
        named = {name for output in bundle.config["outputs"] for name in output["corpora"]}
        corpora = [corpus for corpus in CORPORA if corpus.name in named]
        outputs = [Output(corpus.name, corpus.types[0], (corpus.name,)) for corpus in corpora]
        examples = (example for part in (TRAIN, DEVEL) for example in read_examples(data, part, corpora, outputs))
        return sentence_codes(" ".join(example.tokens) for example in examples)


def unseen(tagged: Sequence[AnnotatedArticle], seen: np.ndarray) -> list[bool]:
    """Tell for each document whether the bundle was trained on none of its telling sentences."""
    return [
        not np.isin(sentence_codes(s.text for s in article.sentences if len(s.text) >= _TELLING), seen).any() for article in tagged
    ]


def load_corpus(data: Path, name: str, tagger: LstmTagger, seen: np.ndarray | None, step: int) -> Corpus:
    """Tag the documents of a corpus, less those that are held out or seen where ``seen`` is given."""
    path, types = (_HELD_OUT | _CHOSEN_ON)[name]
    read = read_pubtator(data / path) if path else read_cg_devel(data)
    documents = {document.pmid: document for document in read if not document.misplaced()}
    for pmid in held_out_pmids(data) if seen is not None else ():
        documents.pop(pmid, None)
    chosen = list(documents.values())[::step]
    articles = [Article(document.pmid, document.title, document.abstract) for document in chosen]
    tagged = list(annotate(articles, tagger, AnnotateSettings(consistency=False)))
    kept = unseen(tagged, seen) if seen is not None else [True] * len(chosen)
    return Corpus(
        name, types, [d for d, k in zip(chosen, kept, strict=True) if k], [t for t, k in zip(tagged, kept, strict=True) if k]
    )


def guideline_tagger(tagger: LstmTagger, name: str, types: tuple[str, ...]) -> LstmTagger:
    """Let the outputs that learnt a corpus's own guideline alone serve, as far as the tagger has them."""
    own = {output.type: k for k, output in enumerate(tagger.outputs) if output.corpora == (name,) and output.type in types}
    return replace(tagger, serving=tuple(own.get(tagger.outputs[k].type, k) for k in tagger.serving))


def spans(found: Sequence[tuple[Mention, ...]], type_: str) -> list[set[Span]]:
    """The spans of one type in each document."""
    return [{(m.start, m.end) for m in mentions if m.type == type_} for mentions in found]


def told_corpus(corpus: Corpus) -> dict[str, float]:
    """Print one corpus's tables; gives F1 before and after."""
    figures: dict[str, float] = {}
    choices = {"as tagged": frozenset[str](), **{rule: frozenset({rule}) for rule in sorted(RULES)}, "all": RULES}
    found = {name: corpus.found(rules) for name, rules in choices.items()}
    for type_ in corpus.types:
        gold = corpus.gold(type_)
        scores = {name: score_spans(gold, spans(mentions, type_)) for name, mentions in found.items()}
        before, after = scores["as tagged"].f1, scores["all"].f1
        print(f"\n{corpus.name + ', ' + type_:<32}{'P':>8}{'R':>8}{'F1':>8}{'change':>8}   {len(gold)} documents")
        for name, one in scores.items():
            print(f"  {name:<30}{one.precision:>8.4f}{one.recall:>8.4f}{one.f1:>8.4f}{100 * (one.f1 - before):>+8.2f}")
        key = f"{corpus.name}_{type_.lower()}"
        figures |= {f"{key}_before": round(before, 4), f"{key}_after": round(after, 4)}
    return figures


def count_new(corpus: Corpus, counts: dict[tuple[str, str, float], list[int]]) -> None:
    """Count the new mentions that each rule alone makes, by the score it gives them, and how many of them are right."""
    for rule in sorted(RULES - {"brackets"}):  # which keeps the scores as they were
        for article, mentions, document in zip(corpus.tagged, corpus.found(frozenset({rule})), corpus.documents, strict=True):
            old = {(m.start, m.end, m.type) for m in article.mentions}
            for mention in mentions:
                if mention.type in corpus.types and (mention.start, mention.end, mention.type) not in old:
                    count = counts.setdefault((rule, mention.type, mention.score), [0, 0])
                    count[0] += (mention.start, mention.end) in gold_spans(document, mention.type)
                    count[1] += 1


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help=f"every {QUICK_STEP}th document only")
    parser.add_argument("--devel", action="store_true", help="the documents that the rules were chosen on")
    parser.add_argument("--guideline", action="store_true", help="tag each corpus by the output of its own guideline")
    parser.add_argument("--corpora", nargs="+", metavar="NAME", help=f"only these of {', '.join(_HELD_OUT | _CHOSEN_ON)}")
    parser.add_argument("--bundle", type=Path, help="folder of another bundle (default: the committed one)")
    arguments = parser.parse_args()
    data, tagger = shared_dir() / "data", load_tagger(arguments.bundle)
    figures: dict[str, float] = {}
    counts: dict[tuple[str, str, float], list[int]] = {}
    n_documents, seconds, seen = 0, 0.0, None
    for name in arguments.corpora or (_CHOSEN_ON if arguments.devel else _HELD_OUT):
        if name in _CHOSEN_ON and seen is None:
            seen = seen_codes(arguments.bundle or default_bundle(), data)
        used = guideline_tagger(tagger, name, (_HELD_OUT | _CHOSEN_ON)[name][1]) if arguments.guideline else tagger
        corpus = load_corpus(data, name, used, seen if name in _CHOSEN_ON else None, QUICK_STEP if arguments.quick else 1)
        figures |= told_corpus(corpus)
        count_new(corpus, counts)
        began = time.process_time()
        corpus.found(RULES)
        seconds += time.process_time() - began
        n_documents += len(corpus.documents)
    print(f"\n{'new mentions, each rule alone':<32}{'score':>8}{'right':>8}{'of':>8}")
    for (rule, type_, score), (right, n) in sorted(counts.items()):
        print(f"  {rule + ', ' + type_:<30}{score:>8.2f}{right / n:>8.2f}{n:>8}")
    emit(figures | {"documents": n_documents, "ms_per_document": round(1000 * seconds / max(1, n_documents), 3)})


if __name__ == "__main__":
    main()
