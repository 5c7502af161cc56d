"""``genemine review`` from the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.review_data import make_reviewable

Run = Callable[..., tuple[int, str, str]]


def test_from_a_queue_to_a_report(run: Run, tmp_path: Path) -> None:
    make_reviewable(tmp_path / "data", 200)
    status, out, _ = run("review", "queue", "queue.csv", "--size", "150")
    assert (status, out) == (
        0,
        "queue.csv: 150 cards; fill the column verdict with accept, reject, wrong gene, wrong disease, denied, unsure\n",
    )
    lines = (tmp_path / "queue.csv").read_text(encoding="utf-8-sig").splitlines()
    filled = [
        lines[0],
        *(
            line.replace(",,,0.", f",{verdict},,0.", 1)
            for line, verdict in zip(lines[1:], ["accept", "reject", "accept"] * 50, strict=True)
        ),
    ]
    (tmp_path / "queue.csv").write_text("\n".join(filled), encoding="utf-8")
    assert (
        run("review", "import", "queue.csv", "--curator", "Anna")[1]
        == "queue.csv: 150 new verdicts and notes of Anna, 0 that stood already\n"
    )
    (tmp_path / "queue.csv").write_text("\n".join(filled[:51]).replace(",reject,", ",accept,"), encoding="utf-8")
    run("review", "import", "queue.csv", "--curator", "Ben")
    out = run("review", "report")[1]
    assert "150 cards judged, 17 of them disputed" in out
    assert "  Anna: 100 accept, 50 reject" in out
    assert "  Anna and Ben: 50 cards of both, 66% the same, kappa 0.00" in out
    figures = json.loads(run("review", "report", "--json")[1])
    random_cards = sum(band["n"] + band["n_open"] for band in figures["bands"])
    assert random_cards == 30, "one in five"
    assert f"  from 0.500    {figures['at_threshold']['n']:>8}" in out
    assert run("review", "export")[1] == "verdicts.csv: 200 verdicts\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("serve", "--port", "0"), "data/processed/latest: no tables yet; run `genemine mine` first"),
        (("queue",), "data/processed/latest: no tables yet; run `genemine mine` first"),
        (("report", "--precision", "2"), "--precision 2.0: give a share between 0 and 1"),
        (("import", "nowhere.csv", "--curator", "a/b"), "curator 'a/b': give a name of 1 to 40 letters"),
        (("import", "nowhere.csv", "--curator", "Anna"), "nowhere.csv: cannot be read (No such file or directory)"),
    ],
)
def test_what_cannot_be_done_is_told(run: Run, tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    (tmp_path / "data" / "raw").mkdir(parents=True)
    status, _, error = run("review", *arguments)
    assert status == 2
    assert message in error


def test_a_port_that_is_taken_is_told(run: Run, tmp_path: Path) -> None:
    import socket

    make_reviewable(tmp_path / "data", 4)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        status, _, error = run("review", "serve", "--port", str(taken.getsockname()[1]))
    assert status == 2
    assert "cannot be listened at (Address already in use); give another with --port or --host" in error


def test_the_page_is_served_by_the_bare_command(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the server itself taken out: what it would listen at, and what is told."""
    import uvicorn

    make_reviewable(tmp_path / "data", 4)
    monkeypatch.setattr(uvicorn.Server, "run", lambda self, sockets: None)
    status, out, _ = run("review", "serve", "--port", "0", "--host", "0.0.0.0")
    assert status == 0
    assert "?token=" in out
    assert "what is sent over the network is not encrypted" in out
    monkeypatch.setattr("genemine.cli.review.PORT", 0)
    status, out, _ = run("review")
    assert status == 0
    assert out.startswith("Review at http://127.0.0.1:8770/\n")
    assert "0 verdicts, notes and undos are kept" in out
