"""Verdicts are kept once, in order, for good; what stands is what was not taken back."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genemine.errors import RecordError, StorageError
from genemine.review.consensus import judged
from genemine.review.events import NOTE, UNDO, VERDICTS, Event, Standing, curator_name, read_story, verdict_of
from genemine.review.verdicts import VerdictStore, read_verdicts


def said(number: int, verdict: str = "accept", card: str = "c1", curator: str = "Anna", **more: object) -> Event:
    return Event(f"event-{number}", curator, verdict, card, **more)  # type: ignore[arg-type]


def test_what_was_added_is_there_for_the_next_process_and_sent_twice_counts_once(tmp_path: Path) -> None:
    path = tmp_path / "review" / "verdicts.sqlite"
    assert read_verdicts(path) == []
    with VerdictStore(path) as store, VerdictStore(path) as other:
        (kept,) = store.add([said(1, sentence="<β>", score=0.5, is_random=True)])
        assert other.story().by_id == {"event-1": kept}, "another process sees it at once"
        assert store.add([said(1)]) == other.add([said(1)]) == [kept]
        with pytest.raises(RecordError, match="event event-1: kept already, with another verdict"):
            other.add([said(2), said(1, "reject")])
        assert [event.seq for event in store.events()] == [1], "all or none"
    assert read_verdicts(path) == [kept]
    assert kept.at.startswith("20")
    assert (kept.sentence, kept.score, kept.is_random) == ("<β>", 0.5, True)


def test_an_event_cannot_be_changed_or_deleted(tmp_path: Path) -> None:
    path = tmp_path / "verdicts.sqlite"
    with VerdictStore(path) as store:
        store.add([said(1)])
    raw = sqlite3.connect(path)
    for statement in ("DELETE FROM events", "UPDATE events SET verdict = 'reject'"):
        with pytest.raises(sqlite3.IntegrityError, match="only ever added"):
            raw.execute(statement)
    raw.close()


def test_undo_takes_back_the_newest_again_and_again(tmp_path: Path) -> None:
    with VerdictStore(tmp_path / "verdicts.sqlite") as store:
        store.add([said(1), said(2, "reject"), said(3, NOTE, note="hm"), said(4, "denied", curator="Ben")])
        undone = store.undo("undo-1", "Anna")
        assert undone is not None
        assert (undone.verdict, undone.undoes, undone.card_id) == (UNDO, "event-3", "c1")
        assert store.undo("undo-1", "Anna") == undone, "sent twice"
        found = store.story().of("Anna")["c1"]
        assert (found.verdict and found.verdict.verdict, found.note) == ("reject", None)
        store.undo("undo-2", "Anna")
        store.undo("undo-3", "Anna")
        assert store.story().of("Anna")["c1"] == Standing()
        assert store.undo("undo-4", "Anna") is None
        assert [card.verdict for card in judged(store.events())] == ["denied"]
        assert len(store.events()) == 7, "the history stays"


@given(
    st.lists(st.tuples(st.sampled_from(["Anna", "Ben"]), st.sampled_from([*VERDICTS, NOTE, UNDO]), st.sampled_from(["c1", "c2"])))
)
def test_a_story_read_step_by_step_is_the_story_read_at_once(steps: list[tuple[str, str, str]]) -> None:
    """With undos that take back the newest; and what stands is what a pen on paper would leave."""
    story, kept = read_story([]), list[Event]()
    paper: dict[str, list[Event]] = {"Anna": [], "Ben": []}
    for number, (curator, verdict, card) in enumerate(steps):
        last = story.last(curator)
        if verdict == UNDO and last is None:
            continue
        undoes, at = (last.event_id, last.card_id) if verdict == UNDO and last else ("", card)
        event = said(number, verdict, at, curator, undoes=undoes)
        kept.append(event)
        story.read(event)
        if verdict == UNDO:
            paper[curator].pop()
        else:
            paper[curator].append(event)
    again = read_story(kept)
    for curator, lines in paper.items():
        assert again.of(curator) == story.of(curator)
        for card, found in story.of(curator).items():
            verdicts = [e for e in lines if e.card_id == card and e.verdict != NOTE]
            notes = [e for e in lines if e.card_id == card and e.verdict == NOTE]
            assert found == Standing(verdicts[-1] if verdicts else None, notes[-1] if notes else None)


def test_curators_together_accept_reject_or_differ() -> None:
    events = [said(1), said(2, "accept", curator="Ben"), said(3, "wrong gene", "c2"), said(4, "reject", "c2", "Ben"),
              said(5, "accept", "c3", is_random=True), said(6, "denied", "c3", "Ben"), said(7, "unsure", "c4"),
              said(8, "unsure", "c5"), said(9, "reject", "c5", "Ben")]  # fmt: skip
    assert [(one.verdict, one.given, one.n_curators, one.is_random) for one in judged(events)] == [
        ("accepted", ("accept",), 2, False),
        ("rejected", ("reject", "wrong gene"), 2, False),
        ("disputed", ("accept", "denied"), 2, True),
        ("unsure", ("unsure",), 1, False),
        ("rejected", ("reject", "unsure"), 2, False),
    ]


def test_names_and_verdicts_are_read_as_people_write_them() -> None:
    assert curator_name("  Anna \t Björk ") == "Anna Björk"
    assert [verdict_of(text) for text in ("Wrong_Gene", " accept ", "WRONG-disease")] == ["wrong gene", "accept", "wrong disease"]
    for text in ("", "a/b", "x" * 41, "a\u202eb"):
        with pytest.raises(RecordError, match="give a name of 1 to 40 letters"):
            curator_name(text)
    with pytest.raises(RecordError, match="'yes' is no verdict; write one of accept, reject"):
        verdict_of("yes")


def test_files_that_are_no_verdicts_are_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no database at all, and long enough for SQLite to see it" * 20)
    with pytest.raises(StorageError, match=r"text: verdicts cannot be read \(file is not a database\)"):
        VerdictStore(tmp_path / "text")
    other = sqlite3.connect(tmp_path / "other")
    other.execute("CREATE TABLE t (x)")
    other.close()
    with pytest.raises(StorageError, match="other: an SQLite file of another program"):
        VerdictStore(tmp_path / "other")
    with VerdictStore(tmp_path / "new") as store:
        store._connection.execute("PRAGMA user_version = 9")
    with pytest.raises(StorageError, match="new: verdicts of version 9, this program reads 1"):
        VerdictStore(tmp_path / "new")
    with VerdictStore(tmp_path / "fresh") as store, pytest.raises(RecordError, match="'perhaps' of 'Anna' is no verdict"):
        store.add([said(1, "perhaps")])
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="file: cannot be written"):
        VerdictStore(tmp_path / "file" / "verdicts.sqlite")
