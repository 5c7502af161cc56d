"""The server of one's own: its help teaches how to write a plan of faults, and a bad one is told before anything is served."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

Run = Callable[..., tuple[int, str, str]]


def test_help_teaches_how_faults_are_planned(run: Run) -> None:
    status, out, _ = run("eutils", "serve", "--help")
    assert status == 0
    for words in ("--faults", "docs/faults.md", "[[fault]]", "probability = 0.05", "numbers = [2]"):
        assert words in out


def test_a_bad_plan_of_faults_is_told(run: Run, tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text('[[fault]]\nkind = "kaput"\nnumbers = [1]\n')
    status, _, error = run("eutils", "serve", "--port", "0", "--faults", "plan.toml")
    assert status == 2
    assert "error: plan.toml: fault 1: kind is 'kaput'; known: status, html" in error
