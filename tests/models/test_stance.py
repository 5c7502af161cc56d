"""The learnt stance: what it learns from, that nothing tested with is among it, and the bundle."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import numpy as np
import pytest

from genemine.config import CUES, RelateSettings
from genemine.errors import BundleError, SourceError
from genemine.models.stance import load_stance, save_stance
from genemine.models.stance_data import LEARN, READ, TEST, StanceRow, read_stances
from genemine.models.stance_training import folds, learn_stance
from genemine.pipeline.models import stances
from genemine.records import PairExample
from genemine.relate.cues import stance
from genemine.relate.learnt_stance import CueWeights, LearntStance
from genemine.resources import bundle_folder


@pytest.fixture(scope="module")
def rows(shared: Path) -> list[StanceRow]:
    return read_stances(shared / "data/relations")


def row(text: str, *, denied: bool = False, supposed: bool = False, group: str = "") -> StanceRow:
    return StanceRow(PairExample(tuple(text.split())), denied, supposed, READ, group=group)


def words(text: PairExample) -> set[tuple[str, ...]]:
    found = re.findall(r"\w+", " ".join(token for token in text.tokens if not token.startswith("@")).casefold())
    return {tuple(found[at : at + 6]) for at in range(len(found) - 5)}


def test_no_sentence_that_is_tested_with_shares_six_words_with_one_learnt_from(rows: list[StanceRow]) -> None:
    read = [one for one in rows if one.corpus == READ]
    tested = set().union(*(words(one.example) for one in read if one.part == TEST))
    learnt = set().union(*(words(one.example) for one in read if one.part == LEARN))
    assert tested
    assert learnt
    assert not tested & learnt


def test_the_rows_are_those_of_the_card(rows: list[StanceRow]) -> None:
    learnt = [one for one in rows if one.part == LEARN]
    card = (bundle_folder("stance") / "card.md").read_text(encoding="utf-8")
    assert f"{len(learnt)} sentences learnt from" in card
    assert f"| ten folds: read denied | {sum(r.corpus == READ for r in learnt)} |" in card


def test_the_shipped_weights_call_the_read_test_sentences_as_the_card_says(rows: list[StanceRow]) -> None:
    tested = [one for one in rows if one.part == TEST and one.corpus == READ]
    learnt = stances(RelateSettings())
    called = np.asarray([(said.negated, said.speculative) for said in (learnt(one.example) for one in tested)])
    labels = np.asarray([(one.denied, one.supposed) for one in tested])
    shares = [(called & labels).sum(axis=0) / called.sum(axis=0), (called & labels).sum(axis=0) / labels.sum(axis=0)]
    card = (bundle_folder("stance") / "card.md").read_text(encoding="utf-8")
    for number, output in enumerate(("denied", "speculated")):
        told = (
            f"| test: read {output} | {len(tested)} | {labels[:, number].sum()} | {shares[0][number]:.3f} | {shares[1][number]:.3f}"
        )
        assert told in card


def test_folds_keep_groups_together() -> None:
    found = folds([row("@GENE$ causes @DISEASE$", group=str(n % 4)) for n in range(12)], 2)
    for learnt_from, rest in found:
        assert {n % 4 for n in learnt_from}.isdisjoint({n % 4 for n in rest})


def test_it_learns_which_cues_speak_of_the_pair() -> None:
    examples = []
    for n, name in enumerate(["TP53", "BRCA1", "APOE", "CFTR", "MYH7", "FBN1"] * 4):
        examples += [
            row(f"{name} : @GENE$ is not associated with @DISEASE$", denied=True, group=f"a{n % 12}"),
            row(f"{name} is not associated with asthma ; @GENE$ causes @DISEASE$", group=f"b{n % 12}"),
            row(f"{name} : @GENE$ may cause @DISEASE$", supposed=True, group=f"c{n % 12}"),
            row(f"{name} may be ; @GENE$ causes @DISEASE$", group=f"d{n % 12}"),
        ]
    learnt, chances = learn_stance(examples)
    said = [learnt(one.example) for one in examples]
    assert [(one.negated, one.speculative) for one in said] == [(one.denied, one.supposed) for one in examples]
    assert (chances >= 0.5).tolist() == [[one.denied, one.supposed] for one in examples]


def test_a_bundle_comes_back_as_it_was_written(tmp_path: Path) -> None:
    made = LearntStance("stance 1", CueWeights({"word=not": 0.5, "a": -2.0}, 0.25, 2.0, -1.0, 0.125), CueWeights({}, 1.0))
    save_stance(tmp_path / "stance", made, about={"sentences": 3}, card="# card")
    assert load_stance(tmp_path / "stance") == made
    with pytest.raises(BundleError, match="a bundle of kind 'tagger' where 'stance' is needed"):
        load_stance(bundle_folder("tagger"))


def test_the_settings_choose_who_tells_the_stance() -> None:
    assert stances(RelateSettings(stance=CUES)) is stance
    assert isinstance(stances(RelateSettings()), LearntStance)


def test_corpora_without_the_sentences_that_were_read_are_told(tmp_path: Path) -> None:
    for folder in ("GAD-BLURB", "BioRED"):
        (tmp_path / folder).mkdir()
    for name in ("train.tsv", "dev.tsv", "test.tsv"):
        (tmp_path / "GAD-BLURB" / name).write_text("@GENE$ causes @DISEASE$\t1\n")
    (tmp_path / "BioRED/Train.PubTator.gz").write_bytes(gzip.compress(b"1|t|x\n1|a|y\n"))
    (tmp_path / "BioRED/Dev.PubTator").write_text("1|t|x\n1|a|y\n")
    with pytest.raises(SourceError, match="none of the sentences that were read for their stance is in GAD-BLURB"):
        read_stances(tmp_path)
