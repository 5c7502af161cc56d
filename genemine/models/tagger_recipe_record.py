"""Parts of the record behind a tagger's card that follow from the data and from the finished tagger alone; plain values only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from genemine.models.corpora import (
    DEVEL,
    TEST,
    TRAIN,
    Corpus,
    Output,
    file_sha256,
    part_file,
    path_below,
    read_examples,
)
from genemine.models.decode import spans_of
from genemine.models.tagger import LstmTagger
from genemine.models.tagger_scores import platt_pairs


def corpora_record(data_dir: Path, corpora: Sequence[Corpus], outputs: Sequence[Output]) -> dict[str, Any]:
    """Tell of each corpus its types, the outputs that it teaches, and of each part file, sha256, sentences and mentions.

    Raises:
        SourceError, RecordError: a file is missing or broken.
    """
    return {
        corpus.name: {
            "types": list(corpus.types),
            "teaches": ", ".join(output.name for output in outputs if corpus.name in output.corpora),
            "parts": {
                part: {"file": path_below(path, data_dir), "sha256": file_sha256(path), **_counts(data_dir, part, corpus)}
                for part, path in ((part, part_file(data_dir, corpus, part)) for part in (TRAIN, DEVEL, TEST))
                if path is not None
            },
        }
        for corpus in corpora
    }


def _counts(data_dir: Path, part: str, corpus: Corpus) -> dict[str, int]:
    outputs = [Output(type_, type_, (corpus.name,)) for type_ in corpus.types]
    examples = read_examples(data_dir, part, [corpus], outputs)
    mentions = sum(len(spans_of(labels)) for example in examples for labels in example.labels if labels is not None)
    return {"sentences": len(examples), "mentions": mentions}


def outputs_record(tagger: LstmTagger, devel: Mapping[str, float], test: Mapping[str, float]) -> list[dict[str, Any]]:
    """Tell of each output what taught it, whether it serves, its calibration, and the calibration errors given by its name."""
    pairs = platt_pairs(tagger)
    return [
        {
            "name": output.name,
            "type": output.type,
            "corpora": list(output.corpora),
            "serves": number in tagger.serving,
            "temperature": round(float(tagger.temperature[number]), 4),
            **dict(zip(("slope", "shift"), pairs.get(output.name, ()), strict=False)),
            **({"devel_ece": devel[output.name]} if output.name in devel else {}),
            **({"test_ece": test[output.name]} if output.name in test else {}),
        }
        for number, output in enumerate(tagger.outputs)
    ]
