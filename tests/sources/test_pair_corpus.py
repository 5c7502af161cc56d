"""Pair corpora: two layouts, broken lines named, held-out copies found."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from genemine.errors import RecordError, SourceError
from genemine.sources.pair_corpus import LabelledSentence, check_no_leak, read_pair_corpus, without_copies

YES = LabelledSentence("@GENE$ causes @DISEASE$.", 1)
NO = LabelledSentence("We studied @GENE$ and @DISEASE$.", 0)


def write(path: Path, text: str) -> Path:
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


@pytest.mark.parametrize("name", ["train.tsv", "train.tsv.gz"])
def test_layout_without_header(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name, f"{YES.text}\t1\r\n\n{NO.text}\t0")
    assert read_pair_corpus(path) == [YES, NO]


def test_layout_with_header(tmp_path: Path) -> None:
    assert read_pair_corpus(write(tmp_path / "t.tsv", f"index\tsentence\tlabel\n0\t{YES.text}\t1\n1\t{NO.text}\t0\n")) == [YES, NO]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("@GENE$ and @DISEASE$", r"train.tsv:2: 1 columns where 2 are needed"),
        ("7\t@GENE$ and @DISEASE$\t1", r"train.tsv:2: 3 columns where 2 are needed"),
        ("@GENE$ and @DISEASE$\tyes", r"train.tsv:2: label 'yes' is neither 0 nor 1"),
        ("@GENE$ and asthma\t1", r"train.tsv:2: @DISEASE\$ stands 0 times"),
        ("@GENE$, @GENE$ and @DISEASE$\t1", r"train.tsv:2: @GENE\$ stands 2 times"),
    ],
)
def test_broken_line_is_named(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(RecordError, match=message):
        read_pair_corpus(write(tmp_path / "train.tsv", f"{YES.text}\t1\n{line}\n"))


def test_broken_files(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        read_pair_corpus(tmp_path / "none.tsv")
    with pytest.raises(SourceError, match="holds no sentence"):
        read_pair_corpus(write(tmp_path / "empty.tsv", "index\tsentence\tlabel\n"))
    (tmp_path / "latin.tsv").write_bytes(b"@GENE$ @DISEASE$\t1\nna\xefve\t0\n")
    with pytest.raises(RecordError, match=r"latin.tsv:2: not UTF-8"):
        read_pair_corpus(tmp_path / "latin.tsv")
    whole = gzip.compress(f"{YES.text}\t1\n".encode())
    (tmp_path / "cut.tsv.gz").write_bytes(whole[:20])
    with pytest.raises(SourceError, match="cut off"):
        read_pair_corpus(tmp_path / "cut.tsv.gz")
    (tmp_path / "plain.tsv.gz").write_bytes(b"@GENE$ @DISEASE$\t1\n")
    with pytest.raises(SourceError, match="cannot be read"):
        read_pair_corpus(tmp_path / "plain.tsv.gz")


def test_copies_are_found_whatever_case_and_spaces() -> None:
    copy = LabelledSentence("@gene$ CAUSES  @DISEASE$. ", 0)
    with pytest.raises(RecordError, match="1 held-out sentences also stand in the training part, the first: '@gene"):
        check_no_leak([YES, NO], [copy])
    assert without_copies([YES, NO], [copy]) == [NO]
    check_no_leak(without_copies([YES, NO], [copy]), [copy])


def test_all_folds_of_gad_and_euadr_are_read(shared: Path) -> None:
    """Counts as the data's README tells them; 1-28 test sentences a fold have copies in GAD's training files."""
    relations = shared / "data" / "relations"
    gad = [read_pair_corpus(relations / "GAD" / str(fold) / "test.tsv") for fold in range(1, 11)]
    assert sum(len(fold) for fold in gad) == 5330
    assert sum(sentence.label for fold in gad for sentence in fold) == 2801
    euadr = [read_pair_corpus(relations / "euadr" / str(fold) / "test.tsv") for fold in range(1, 11)]
    assert [sum(s.label == label for fold in euadr for s in fold) for label in (0, 1)] == [93, 262]
    train = read_pair_corpus(relations / "GAD" / "8" / "train.tsv")
    assert len(train) == 4797
    assert len(train) - len(without_copies(train, gad[7])) == 32
