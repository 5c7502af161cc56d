"""Every bad input ends with a message that says where, what and how to mend, exit status 2, and no traceback."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from genemine.resources import bundle_folder

Run = Callable[..., tuple[int, str, str]]


def test_the_live_service_is_not_asked_without_an_email(run: Run) -> None:
    status, _, error = run("collect", "--query", "BRCA1[tiab]")
    assert status == 2
    assert "NCBI_EMAIL" in error


def test_an_unknown_query_field_is_named(run: Run, server: str) -> None:
    status, _, error = run("collect", "--query", "BRCA1[gene_symbol]")
    assert status == 2
    assert "gene_symbol" in error


def test_dates_the_wrong_way_round_are_named(run: Run, server: str) -> None:
    status, _, error = run("collect", "--query", "BRCA1[tiab]", "--since", "2026-02-01", "--until", "2026-01-01")
    assert status == 2
    assert "2026-02-01 lies after the last day 2026-01-01" in error


def test_a_day_that_is_none_is_named(run: Run, server: str) -> None:
    status, _, error = run("collect", "--query", "BRCA1[tiab]", "--since", "2026-02-30")
    assert status == 2
    assert "--since '2026-02-30' is no day; write it as YYYY-MM-DD" in error


def test_an_empty_result_is_told(run: Run, server: str) -> None:
    status, _, error = run("collect", "--query", "BRCA1[tiab]", "--since", "1990-01-01", "--until", "1990-12-31")
    assert status == 2
    assert "no record" in error


def test_an_empty_query_is_told(run: Run, server: str) -> None:
    status, _, error = run("collect", "--query", "   ")
    assert status == 2
    assert "query" in error


def test_a_server_that_does_not_answer_is_named(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "once.toml").write_text("[entrez]\nmax_tries = 1\n")
    monkeypatch.setenv("GENEMINE_EUTILS_URL", "http://127.0.0.1:9/entrez/eutils/")
    status, _, error = run("collect", "--query", "BRCA1[tiab]", "--settings", "once.toml")
    assert status == 2
    assert "127.0.0.1:9" in error


def test_a_folder_without_xml_cannot_be_served(run: Run, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing here")
    status, _, error = run("eutils", "serve", str(tmp_path), "--port", "0")
    assert status == 2
    assert str(tmp_path) in error.replace(" ", "")


def test_mining_before_collecting_is_told(run: Run) -> None:
    status, _, error = run("mine")
    assert status == 2
    assert "collect" in error


def test_a_broken_corpus_line_is_named_with_its_number(run: Run, tmp_path: Path) -> None:
    (tmp_path / "gold.tsv").write_text("BRCA1\tB-Gene\nis\tO\nbroken\n")
    status, _, error = run("evaluate", "tagger", "--corpus", "gold.tsv", "--type", "Gene")
    assert status == 2
    assert "gold.tsv:3" in error


def test_a_broken_pair_corpus_line_is_named_with_its_number(run: Run, tmp_path: Path) -> None:
    (tmp_path / "gold.tsv").write_text("@GENE$ causes @DISEASE$ .\t1\n@GENE$ causes @DISEASE$ .\tyes\n")
    status, _, error = run("evaluate", "relations", "--corpus", "gold.tsv")
    assert status == 2
    assert "gold.tsv:2" in error


def test_a_bundle_of_another_version_is_refused(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "bundle"
    shutil.copytree(bundle_folder("tagger"), folder)
    config = json.loads((folder / "config.json").read_text())
    key = next(name for name in config if "format" in name)
    config[key] = 999
    (folder / "config.json").write_text(json.dumps(config))
    (tmp_path / "gold.tsv").write_text("BRCA1\tB-Gene\n")
    status, _, error = run("evaluate", "tagger", "--corpus", "gold.tsv", "--type", "Gene", "--bundle", str(folder))
    assert status == 2
    assert "999" in error


def test_xml_that_is_cut_off_costs_only_what_is_cut(run: Run, tmp_path: Path, sample_xml: Path) -> None:
    """Records before the break are mined, the break is quarantined, the summary counts it, and the status says so."""
    raw = tmp_path / "data" / "raw" / "mine" / "cut.xml.gz"
    raw.parent.mkdir(parents=True)
    whole = sample_xml.read_bytes()
    raw.write_bytes(gzip.compress(whole[: len(whole) // 2]))
    status, out, error = run("mine", "--data-dir", "data")
    assert status == 2
    assert "quarantine: file is cut off" in out
    assert "cut.xml.gz: file is cut off" in error
    assert "replace or remove the file and mine again" in error
    articles = pd.read_parquet(tmp_path / "data" / "processed" / "latest" / "articles.parquet")
    assert len(articles) > 10


def test_a_foreign_file_in_the_raw_folder_stops_no_other(run: Run, tmp_path: Path, sample_xml: Path) -> None:
    raw = tmp_path / "data" / "raw" / "mine"
    raw.mkdir(parents=True)
    (raw / "a.xml").write_text("<html>service unavailable</html>")
    (raw / "b.xml").write_bytes(sample_xml.read_bytes())
    status, out, error = run("mine", "--data-dir", "data")
    assert status == 2
    assert "quarantine: file cannot be read" in out
    assert "a.xml: file cannot be read" in error
    assert len(pd.read_parquet(tmp_path / "data" / "processed" / "latest" / "articles.parquet")) > 30


def test_settings_with_a_wrong_name_are_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("[link]\nmin_scores = 0.5\n")
    status, _, error = run("mine", "--settings", "settings.toml")
    assert status == 2
    assert "unknown setting 'link.min_scores'" in error


def test_a_data_folder_that_cannot_be_written_is_told_before_anything_is_asked(run: Run, server: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    status, _, error = run("collect", "--query", "BRCA1[tiab]", "--data-dir", "file")
    assert status == 2
    assert "cannot be written" in error


def test_help_teaches(run: Run) -> None:
    status, out, _ = run("--help")
    assert status == 0
    for command in ("collect", "mine", "run", "annotate", "evaluate", "train", "eutils"):
        assert command in out
    assert "NCBI_EMAIL" in out
    assert "BRCA1[tiab]" in out
    assert "[default: data]" in " ".join(run("mine", "--help")[1].replace("│", "").split())
