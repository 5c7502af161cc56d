"""The bundle's own list of training sentences proves that none is held out, and finds each that is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genemine.errors import BundleError
from genemine.models.bundle import Bundle, read_bundle
from genemine.models.corpora import CORPORA, DEVEL, OUTPUTS, TRAIN, Example, training_examples
from genemine.models.corpus_files import BIORED_DEV, DEVEL_DOCUMENTS, HELD_OUT_DOCUMENTS
from genemine.models.fingerprints import (
    CODE_BITS,
    SHORT_BITS,
    Leaks,
    bundle_fingerprints,
    leaks_of_bundle,
    n_learnt,
    pack,
    read_fingerprints,
    sentence_codes,
    unpack,
)
from genemine.models.tagger import KIND, default_bundle

TEST_SENTENCE = "Germline mutations of this gene cause a syndrome ."


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder of corpora of one sentence a part; PMID 17 is a held-out document."""
    for folder, name in (*((c.folder, c.documents) for c in CORPORA if c.documents), *HELD_OUT_DOCUMENTS, *DEVEL_DOCUMENTS):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / name).write_text("", encoding="utf-8")
    (tmp_path / BIORED_DEV[0] / BIORED_DEV[1]).write_text("17|t|A title of dev.\n17|a|\n", encoding="utf-8")
    for corpus in CORPORA:
        if not corpus.documents:
            (tmp_path / corpus.folder).mkdir(parents=True)
            for part, words in (("train", "Alpha one"), ("devel", "beta"), ("test", TEST_SENTENCE)):
                text = "".join(f"{word}\tO\n" for word in words.split())
                (tmp_path / corpus.folder / f"{part}.tsv").write_text(text, encoding="utf-8")
    return tmp_path


def example(text: str, pmid: str = "") -> Example:
    return Example(tuple(text.split()), (None,), "toy", pmid)


def bundle(arrays: dict[str, np.ndarray]) -> Bundle:
    return Bundle(KIND, "toy 1.0", {}, arrays, "")


def test_a_clean_training_has_no_leak(data: Path):
    arrays = bundle_fingerprints(data, [example("Alpha one", "12")], ["Some text.", "1 2 3", "Another text."], ["3"])
    assert leaks_of_bundle(bundle(arrays), data) == Leaks((), ())
    read = read_fingerprints(arrays, "toy")
    assert read.labelled.tolist() == sentence_codes(["alpha one"]).tolist()
    assert read.pmids.tolist() == [3, 12]
    assert (len(read.texts), len(read.resolved)) == (2, 0)


def test_each_way_of_leaking_is_found(data: Path):
    known = " ".join(TEST_SENTENCE.lower().split()[:-1])
    labelled = bundle_fingerprints(data, [example(TEST_SENTENCE.upper())])
    assert leaks_of_bundle(bundle(labelled), data) == Leaks((known,), ())
    unlabelled = bundle_fingerprints(data, [], ["Some text.", f"{TEST_SENTENCE} 17", "a TITLE of dev"])
    assert leaks_of_bundle(bundle(unlabelled), data) == Leaks(("a title of dev", known), ())
    document = bundle_fingerprints(data, [example("Alpha one", "17")])
    assert leaks_of_bundle(bundle(document), data) == Leaks((), ("17",))


def test_unlabelled_sentences_that_share_a_short_code_with_a_held_out_one_are_no_leak(data: Path, monkeypatch: pytest.MonkeyPatch):
    """With codes cut to 2 bits every one of the texts is like some held-out sentence; told apart by their whole codes."""
    monkeypatch.setattr("genemine.models.fingerprints.SHORT_BITS", 2)
    texts = [f"{a}{b} text" for a in "abcdefgh" for b in "xyz"]
    arrays = bundle_fingerprints(data, [], texts)
    assert 0 < len(read_fingerprints(arrays, "toy").resolved) <= 24
    assert leaks_of_bundle(bundle(arrays), data) == Leaks((), ())
    leaky = bundle_fingerprints(data, [], [*texts, TEST_SENTENCE])
    assert len(leaks_of_bundle(bundle(leaky), data).sentences) == 1


def test_sentences_that_were_learnt_are_counted_but_for_stock_phrases():
    learnt = sentence_codes([TEST_SENTENCE, "Methods ."])
    changed = TEST_SENTENCE.replace("gene", "protein")
    assert n_learnt([TEST_SENTENCE, changed, TEST_SENTENCE.upper(), "Methods ."], learnt) == 2
    assert n_learnt(["7 " * 40, TEST_SENTENCE], np.empty(0, np.uint64)) == 0


@given(st.sets(st.integers(0, 2**CODE_BITS - 1)))
def test_what_is_packed_comes_back(values: set[int]):
    rising = np.array(sorted(values), np.uint64)
    assert unpack(pack(rising)).tolist() == rising.tolist()


def test_a_million_sentences_fit_a_megabyte():
    """Packed and zipped as a bundle is."""
    import zlib

    codes = np.unique(np.random.default_rng(1).integers(0, 2**SHORT_BITS, 1_000_000, np.uint64))
    assert len(zlib.compress(pack(codes).tobytes())) < 1_050_000


@pytest.mark.parametrize("arrays", [{}, {"fingerprints_labelled": np.zeros(3, np.uint8)}])
def test_a_bundle_without_a_whole_list_is_refused(data: Path, arrays: dict[str, np.ndarray]):
    with pytest.raises(BundleError, match=r"toy 1\.0: the bundle has no list of fingerprints .* train it anew"):
        leaks_of_bundle(bundle(arrays), data)


def test_the_shipped_tagger_saw_nothing_that_is_held_out(shared: Path):
    """By its own list: no sentence of a test part or of BioRED dev, none of their PMIDs; and the list is whole."""
    shipped = read_bundle(default_bundle(), KIND)
    taught = {name for output in shipped.config["outputs"] for name in output["corpora"]}
    if taught == {"bc2gm", "ncbi_disease", "bc5cdr_disease"} and "fingerprints" not in shipped.config:
        pytest.skip("the shipped tagger is of the recipe that kept no list of fingerprints")
    assert leaks_of_bundle(shipped, shared / "data") == Leaks((), ())
    trained = read_fingerprints(shipped.arrays, shipped.name)
    corpora = [corpus for corpus in CORPORA if corpus.name in taught]
    examples, _ = training_examples(shared / "data", [TRAIN, DEVEL], corpora, OUTPUTS)
    assert np.array_equal(trained.labelled, sentence_codes(" ".join(e.tokens) for e in examples))
    assert {e.pmid for e in examples if e.pmid} <= {str(pmid) for pmid in trained.pmids.tolist()}
    assert len(trained.texts) > 500_000
