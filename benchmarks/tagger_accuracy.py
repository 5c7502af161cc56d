"""Strict entity F1 of the committed tagger on five whole test files and on BioRED's development part, beside published figures.

On a test file a mention counts when its first and last token are those of a gold mention; each file is scored by the output of
its own annotation guideline (``*_f1``) and by the output that production uses for the type (``*_serving_f1``). BioRED's part is
raw text: it goes through the product's own sentences, tokens and tagger, and a mention counts when its characters and its type
are those of a gold mention. The bundle's training saw none of these sentences (card.md); BioRED's development part chose which
outputs serve, so its two figures flatter a little.
"""

from __future__ import annotations

import time
from pathlib import Path

from benchmarks.common import emit
from benchmarks.tagger_data import (
    TEST_CORPORA,
    TestCorpus,
    bare,
    begin,
    find_by_output,
    find_in_text,
    gold_in_text,
    gold_of,
    guideline_output,
    read_biored_dev,
    read_part,
    serving_output,
)
from genemine.evaluate.spans import SpanScores, score_spans
from genemine.models.corpora import TEST
from genemine.models.tagger import LstmTagger
from genemine.records import DISEASE, GENE

Row = tuple[float | None, ...]
# F1 on the same test files, from ../shared/ANCHORS.md: BC2GM, NCBI-disease, BC5CDR-disease; None where none is given there
BASELINES: dict[str, Row] = {
    "CRF, hand-made features (measured there on these files)": (73.5, 79.2, 79.5),
    "spaCy 3.8 NER from nothing (measured there on these files)": (None, 79.7, None),
    "LSTM-CRF (Habibi 2017)": (77.82, 84.44, None),
    "BiLSTM-CRF (Lample's, run by Wang 2018)": (80.51, 85.80, None),
    "MTM-CW, multi-task BiLSTM-CRF (Wang 2018)": (80.74, 86.14, 84.95),
    "CollaboNet (2019)": (79.73, 86.36, 84.08),
    "BiLM-NER, LSTM with LM pre-training (Sachan 2018)": (81.69, 87.34, None),
    "DTranNER, BiLSTM + ELMo (2020)": (84.56, 88.62, 87.22),
    "BioBERT v1.1 (paper)": (84.72, 89.71, 87.15),
    "BioBERT v1.1 (released recipe)": (83.41, 88.30, 86.37),
    "PubMedBERT": (84.52, 87.82, None),
    "BioLinkBERT-large": (85.18, 88.76, None),
    "BERN2": (83.7, 88.6, None),
}
# F1 on BioRED, published for its test part (ours is on the development part): gene, disease
BIORED_BASELINES: dict[str, Row] = {
    "AIONER, BioRED alone (its test part)": (92.35, 83.47),
    "AIONER, all corpora (its test part)": (92.40, 88.07),
}


def measure(tagger: LstmTagger, data: Path, corpus: TestCorpus, step: int) -> tuple[SpanScores, SpanScores, int, str]:
    """Score one test file by its guideline's output and by the serving one; gives also the tokens tagged and the output's name."""
    examples = read_part(data, corpus, TEST, step)
    gold, serving = gold_of(examples), serving_output(tagger, corpus.type)
    own = guideline_output(tagger, corpus)
    n_tokens = sum(len(example.tokens) for example in examples)
    production = score_spans(gold, bare(find_by_output(tagger, examples, serving)))
    if own is None or own == serving:
        told = tagger.outputs[serving].name + (", serving: no output of its own" if own is None else ", serving")
        return production, production, n_tokens, told
    return score_spans(gold, bare(find_by_output(tagger, examples, own))), production, 2 * n_tokens, tagger.outputs[own].name


def measure_biored(tagger: LstmTagger, data: Path, step: int) -> dict[str, SpanScores]:
    """Score the production outputs on the raw text of BioRED's development part, by type."""
    documents = read_biored_dev(data, step)
    found = find_in_text(tagger, documents)
    return {type_: score_spans(gold_in_text(documents, type_), bare(found[type_])) for type_ in (GENE, DISEASE)}


def told(name: str, scores: SpanScores, by: str) -> str:
    """Write one line of the table."""
    return f"{name:<22}{scores.precision:>8.4f}{scores.recall:>8.4f}{scores.f1:>8.4f}{scores.tp + scores.fn:>8}  {by}"


def figures_of(key: str, scores: SpanScores) -> dict[str, float]:
    """Name the figures of one score."""
    named = {"f1": scores.f1, "precision": scores.precision, "recall": scores.recall}
    return {f"{key}_{name}": round(value, 4) for name, value in named.items()}


def comparison(heads: tuple[str, ...], rows: dict[str, Row]) -> list[str]:
    """Write a table of F1 figures in per cent."""
    lines = [f"\n{'F1 of':<60}" + "".join(f"{head:>9}" for head in heads)]
    return lines + [f"{name:<60}" + "".join(f"{v:>9.2f}" if v else f"{'-':>9}" for v in row) for name, row in rows.items()]


def main() -> None:
    """Measure and print."""
    data, tagger, step = begin(__doc__)
    tagger.tag([["warm", "up"]])
    print(f"{'corpus':<22}{'P':>8}{'R':>8}{'F1':>8}{'gold':>8}  by output")
    began, n_tokens = time.perf_counter(), 0
    figures: dict[str, float] = {}
    for corpus in TEST_CORPORA:
        own, production, n, name = measure(tagger, data, corpus, step)
        n_tokens += n
        print(told(corpus.title, own, name))
        if own is not production:
            print(told("", production, f"{tagger.outputs[serving_output(tagger, corpus.type)].name}, serving"))
        figures |= figures_of(corpus.name, own) | {f"{corpus.name}_serving_f1": round(production.f1, 4)}
    figures["tokens_per_second"] = round(n_tokens / (time.perf_counter() - began))
    for type_, scores in measure_biored(tagger, data, step).items():
        print(
            told(f"BioRED dev, {type_.lower()}", scores, f"{tagger.outputs[serving_output(tagger, type_)].name}, serving, raw text")
        )
        figures |= figures_of(f"biored_dev_{type_.lower()}", scores)
    ours: Row = tuple(100 * figures[f"{name}_f1"] for name in ("bc2gm", "ncbi_disease", "bc5cdr_disease"))
    biored: Row = tuple(100 * figures[f"biored_dev_{name}_f1"] for name in ("gene", "disease"))
    print(*comparison(("BC2GM", "NCBI", "BC5CDR"), {"this bundle": ours, **BASELINES}), sep="\n")
    print(*comparison(("gene", "disease"), {"this bundle (development part, raw text)": biored, **BIORED_BASELINES}), sep="\n")
    print("Baselines: ../shared/ANCHORS.md, which names their papers.")
    emit(figures)


if __name__ == "__main__":
    main()
