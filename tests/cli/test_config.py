"""``genemine config``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]


def test_every_setting_is_shown_with_where_it_comes_from_and_no_secret(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "my.toml").write_text("[bulk]\nbase_url = 'https://me:sesame@mirror.example.org/'\n")
    monkeypatch.setenv("NCBI_API_KEY", "open-sesame")
    status, out, err = run("config", "--settings", "my.toml", "--data-dir", "there", "--json")
    assert (status, err) == (0, "")
    assert "sesame" not in out
    told = {entry["setting"]: (entry["value"], entry["origin"]) for entry in json.loads(out)}
    assert told["data_dir"] == ("there", "option")
    assert told["bulk.base_url"] == ("https://***@mirror.example.org/", "my.toml")
    assert told["entrez.api_key"] == ("(set, not shown)", "NCBI_API_KEY")
    assert told["link.min_score"] == (0.5, "default")


def test_one_table_and_only_what_changed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENEMINE_LINK_MIN_SCORE", "0.7")
    monkeypatch.setenv("GENEMINE_TRAIN_EPOCHS", "3")
    status, out, _ = run("config", "link", "--changed")
    assert (status, out) == (0, "link.min_score\t0.7\tGENEMINE_LINK_MIN_SCORE\tlinks below become an honest none\n")


def test_a_table_that_does_not_exist_is_named(run: Run) -> None:
    status, _, err = run("config", "links")
    assert status == 2
    assert "there is no table 'links' of settings; known: entrez, bulk" in err
