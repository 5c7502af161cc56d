"""Which files teach which output, and which sentences are held out."""

from __future__ import annotations

from collections import Counter
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
    held_out_pmids,
    read_examples,
    read_tests,
    training_examples,
)
from genemine.models.held_out import held_out_tests
from genemine.models.leaks import refuse_leaks


def test_each_public_corpus_teaches_only_the_outputs_that_name_it(shared: Path):
    """The devel parts: which outputs have labels in the sentences of a corpus. Corpora of documents have no devel part."""
    examples = read_examples(shared / "data", DEVEL, CORPORA, OUTPUTS)
    known = {
        e.corpus: [output.name for output, labels in zip(OUTPUTS, e.labels, strict=True) if labels is not None] for e in examples
    }
    assert known == {
        "bc2gm": ["bc2gm"],
        "jnlpba": ["jnlpba"],
        "bionlp13cg": ["bionlp13cg"],
        "ncbi_disease": ["disease", "ncbi_disease"],
        "bc5cdr_disease": ["disease", "bc5cdr_disease"],
    }
    assert len(examples) == 2_519 + 3_856 + 1_003 + 923 + 4_581


def test_every_corpus_names_outputs_of_its_own_types():
    """Each (corpus, type) has an output of its own, and no output names a corpus that does not annotate its type."""
    alone = {(output.corpora[0], output.type) for output in OUTPUTS if len(output.corpora) == 1}
    assert alone == {(corpus.name, type_) for corpus in CORPORA for type_ in corpus.types}
    types = {corpus.name: corpus.types for corpus in CORPORA}
    assert all(output.type in types[name] for output in OUTPUTS for name in output.corpora)


@pytest.fixture(scope="module")
def learnt(shared: Path) -> tuple[list[Example], int]:
    return training_examples(shared / "data", [TRAIN], CORPORA, OUTPUTS)


def test_what_is_learnt_from_each_corpus(learnt: tuple[list[Example], int]):
    """Sentences of the training parts, those less that the test and devel parts hold; docs/training.md says the same."""
    examples, n_dropped = learnt
    assert Counter(example.corpus for example in examples) == {
        "bc2gm": 12_421,
        "jnlpba": 14_503,
        "bionlp13cg": 3_022,
        "ncbi_disease": 5_326,
        "bc5cdr_disease": 4_428,
        "gnormplus": 3_910,
        "tmvar3": 3_398,
        "drugprot": 7_482,
        "biored": 3_196,
    }
    assert n_dropped == 2_183


def test_training_never_holds_a_sentence_or_document_that_is_held_out(shared: Path, learnt: tuple[list[Example], int]):
    """Neither of the test parts, of BioRED dev, nor, as devel was not asked for, of a devel part; the check finds one put in."""
    data, (kept, _) = shared / "data", learnt
    guard = held_out_tests(data, CORPORA, with_devel=True)
    assert not [example for example in kept if guard.equals(" ".join(example.tokens))]
    pmids = held_out_pmids(data, with_devel=True)
    assert len(pmids) == 100 + 500 + 100 + 100 + 500 - 23  # BioRED dev shares 16 with BC5CDR test, 6 and 1 with the devel parts
    assert not pmids & {example.pmid for example in kept}
    tests = read_tests(data, CORPORA, OUTPUTS)
    with pytest.raises(SourceError, match="1 training sentences are also test sentences"):
        refuse_leaks([*[e.tokens for e in kept[:50]], tests[7].tokens], guard, "train")


def test_devel_documents_teach_when_devel_does(shared: Path, learnt: tuple[list[Example], int]):
    """BioRED shares 45 training abstracts with the devel parts: held out while devel is to judge, learnt in the last training."""
    biored = [corpus for corpus in CORPORA if corpus.name == "biored"]
    last, _ = training_examples(shared / "data", [TRAIN, DEVEL], biored, OUTPUTS)
    assert len({e.pmid for e in last} - {e.pmid for e in learnt[0]}) == 45


def test_a_held_out_set_that_is_missing_stops_the_training(tmp_path: Path):
    for corpus in CORPORA[:5]:
        (tmp_path / corpus.folder).mkdir(parents=True)
        for part in ("train", "devel", "test"):
            (tmp_path / corpus.folder / f"{part}.tsv").write_text("a\tO\n", encoding="utf-8")
    with pytest.raises(SourceError, match=r"NCBItestset_corpus\.txt: no such file, nor with \.gz; docs/training\.md tells"):
        training_examples(tmp_path, [TRAIN], CORPORA[:1], OUTPUTS)


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
    with pytest.raises(SourceError, match=r"BC2GM-IOB: no train\.tsv or train\.tsv\.gz; give a folder with train\.tsv, train"):
        corpus_file(tmp_path, CORPORA[0], TRAIN)
