"""How good a tagger or a pair classifier is on a gold corpus; reports for people and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Literal

from genemine.annotate.tagging import annotate
from genemine.config import AnnotateSettings, RelateSettings
from genemine.errors import ConfigError, SourceError
from genemine.evaluate.relations import RelationEvaluation, evaluate_relations
from genemine.evaluate.spans import SpanScores, score_spans
from genemine.models.relation_encode import example_of
from genemine.models.tagger import LstmTagger, evaluate_tagger
from genemine.pipeline.models import pair_classifier, tagger
from genemine.records import Article, PairExample
from genemine.sources.bioc import read_bioc
from genemine.sources.iob import TaggedSentence, read_iob
from genemine.sources.mention_types import mention_type
from genemine.sources.pair_corpus import read_pair_corpus
from genemine.sources.pubtator import PubTatorDocument, gold_spans, read_pubtator

CorpusFormat = Literal["iob", "pubtator", "bioc"]


def evaluate_mentions(
    corpus: Path, file_format: CorpusFormat, type_: str, settings: AnnotateSettings, output: str | None = None
) -> dict[str, Any]:
    """Score the tagger strictly: a mention counts when both borders and the type are those of a gold mention.

    Args:
        corpus: the gold file, plain or gzip.
        file_format: "iob" scores given tokens; "pubtator" and "bioc" score characters of raw text, so sentence and
            token faults count too.
        type_: "Gene" or "Disease"; mentions of the other type are ignored.
        settings: names the bundle.
        output: the name of one of the bundle's outputs; None takes what production uses.

    Returns:
        precision, recall and f1 in [0, 1], the counts, and what was measured.

    Raises:
        SourceError, RecordError: the corpus cannot be read; BundleError: nor can the bundle; ConfigError: there is no such output.
    """
    gold = _gold(corpus, file_format)  # first: quicker than loading a model
    model = tagger(settings)
    if output and output not in [o.name for o in model.outputs]:
        raise ConfigError(f"the bundle has no output '{output}'; it has {', '.join(o.name for o in model.outputs)}")
    if not gold:
        raise SourceError(f"{corpus}: holds nothing to score; is it really {file_format}?")
    scores = _scores(gold, type_, model, settings, output, corpus)
    return {
        "corpus": str(corpus),
        "format": file_format,
        "type": type_,
        "model": model.name,
        "output": output or "production",
        "precision": scores.precision,
        "recall": scores.recall,
        "f1": scores.f1,
        "tp": scores.tp,
        "fp": scores.fp,
        "fn": scores.fn,
        "gold": scores.tp + scores.fn,
        "found": scores.tp + scores.fp,
    }


def _gold(corpus: Path, file_format: CorpusFormat) -> list[TaggedSentence] | list[PubTatorDocument]:
    """Read a gold file; tags of types that are neither Gene nor Disease become O."""
    if file_format != "iob":
        return list((read_pubtator if file_format == "pubtator" else read_bioc)(corpus))
    return [
        replace(sentence, tags=tuple(tag if mention_type(tag[2:]) else "O" for tag in sentence.tags))
        for sentence in read_iob(corpus)
    ]


def _scores(
    gold: Sequence[TaggedSentence | PubTatorDocument],
    type_: str,
    model: LstmTagger,
    settings: AnnotateSettings,
    output: str | None,
    corpus: Path,
) -> SpanScores:
    sentences = [one for one in gold if isinstance(one, TaggedSentence)]
    if sentences:
        return evaluate_tagger(model, sentences, type_, output, str(corpus))
    documents = [one for one in gold if isinstance(one, PubTatorDocument)]
    articles = (Article(document.pmid, document.title, document.abstract) for document in documents)
    found = ({(m.start, m.end) for m in article.mentions if m.type == type_} for article in annotate(articles, model, settings))
    return score_spans((gold_spans(document, type_) for document in documents), found)


def evaluate_pairs(corpus: Path, settings: RelateSettings, train: Path | None = None) -> dict[str, Any]:
    """Score the pair classifier on labelled sentences (``sentence<TAB>label``, mentions as @GENE$ and @DISEASE$).

    Args:
        corpus: the gold file.
        settings: names the bundle.
        train: labelled sentences to fit the logistic-regression baseline on; None leaves that baseline out.

    Returns:
        the figures of the classifier, of always-yes and of the logistic regression.

    Raises:
        SourceError, RecordError: a corpus cannot be read; BundleError: nor can the bundle.
    """
    examples, labels = _labelled(corpus)
    baseline = _labelled(train) if train else None
    result = evaluate_relations(pair_classifier(settings), examples, labels, baseline)
    return {"corpus": str(corpus), "model": result.name, **_figures(result)}


def _labelled(corpus: Path) -> tuple[list[PairExample], list[int]]:
    sentences = read_pair_corpus(corpus)
    return [example_of(sentence.text) for sentence in sentences], [sentence.label for sentence in sentences]


def _figures(result: RelationEvaluation) -> dict[str, Any]:
    figures: dict[str, Any] = {**asdict(result.model), "calibration_error": result.calibration_error}
    if result.logreg:
        figures |= {f"logreg_{name}": getattr(result.logreg, name) for name in ("precision", "recall", "f1", "auprc", "mcc")}
    return figures
