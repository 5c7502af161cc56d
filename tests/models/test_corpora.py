"""Which files teach which output, and which sentences are held out."""

from __future__ import annotations

from pathlib import Path

import pytest

from genemine.errors import SourceError
from genemine.models.corpora import (
    CORPORA,
    DEVEL,
    OUTPUTS,
    TRAIN,
    Corpus,
    Example,
    Output,
    corpora_in,
    corpus_file,
    held_out_sentences,
    read_examples,
    read_tests,
    training_examples,
)
from genemine.models.leaks import refuse_leaks


def test_each_public_corpus_teaches_only_the_outputs_of_its_type(shared: Path):
    """One sentence of each corpus: labels where it annotates, None where it does not."""
    examples = read_examples(shared / "data", DEVEL, CORPORA, OUTPUTS)
    known = {example.corpus: [labels is not None for labels in example.labels] for example in examples}
    assert [output.name for output in OUTPUTS] == ["gene", "disease", "ncbi_disease", "bc5cdr_disease"]
    assert known == {
        "bc2gm": [True, False, False, False],
        "ncbi_disease": [False, True, True, False],
        "bc5cdr_disease": [False, True, False, True],
    }
    assert len(examples) == 2_519 + 923 + 4_581


def test_training_never_holds_a_test_sentence_of_the_public_corpora(shared: Path):
    """The corpora do repeat sentences between train and test: those go, and what is left passes the check of the run."""
    data = shared / "data"
    kept, n_dropped = training_examples(data, [TRAIN], CORPORA, OUTPUTS)
    assert (len(kept), n_dropped) == (22_359, 199)
    tests = read_tests(data, CORPORA, OUTPUTS)
    with pytest.raises(SourceError, match="1 training sentences are also test sentences"):
        refuse_leaks([*[e.tokens for e in kept[:50]], tests[7].tokens], held_out_sentences(data), "train")


def test_own_files_come_before_the_public_corpora_and_tell_their_types(tmp_path: Path):
    (tmp_path / "train.tsv").write_text("BRCA1\tB-protein\n.\tO\n", encoding="utf-8")
    (tmp_path / "devel.tsv").write_text("TP53\tB-GENE\ngene\tI-GENE\n", encoding="utf-8")
    corpora, outputs = corpora_in(tmp_path)
    assert corpora == (Corpus("own", ".", ("Gene",)),)
    assert outputs == (Output("gene", "Gene", ("own",)),)
    assert read_examples(tmp_path, DEVEL, corpora, outputs) == [Example(("TP53", "gene"), ((1, 2),), "own")]
    assert read_tests(tmp_path, corpora, outputs) == []
    assert corpora_in(tmp_path / "elsewhere") == (CORPORA, OUTPUTS)


def test_a_missing_part_is_named_with_what_would_do(tmp_path: Path):
    with pytest.raises(SourceError, match=r"BC2GM-IOB: no train\.tsv or train\.tsv\.gz; give a folder with train\.tsv and devel"):
        corpus_file(tmp_path, CORPORA[0], TRAIN)
