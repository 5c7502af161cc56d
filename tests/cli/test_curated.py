from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

from genemine.sample.bulk_server import serving

Run = Callable[..., tuple[int, str, str]]

HPO = (
    "ncbi_gene_id\tgene_symbol\tassociation_type\tdisease_id\tsource\n"
    "NCBIGene:672\tBRCA1\tPOLYGENIC\tOMIM:114480\tx\nNCBIGene:672\tBRCA1\tPOLYGENIC\tORPHA:99999999\tx\n"
)


def test_tables_tell_what_curators_know(run: Run, server: str, tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "hpo.txt").write_text(HPO)
    (tmp_path / "s.toml").write_text('[curated]\nfile = "curated.parquet"\n')
    status, out, _ = run("curated", "build", "files", "--to", "curated.parquet")
    assert status == 0
    assert "hpo.txt: HPO, 2 rows, 2 pairs; 1 under disease ids that the lexicon does not know" in out
    assert '[curated] file = "curated.parquet"' in out
    assert run("curated", "status", "--settings", "s.toml")[1] == out.rpartition("Name it")[0]
    status, out, _ = run("run", "--query", "BRCA1[tiab] OR BRCA2[tiab]", "--since", "2024-01-01", "--settings", "s.toml")
    assert status == 0
    assert "candidates in no curated source" in out
    assert "Open candidates.csv first" in out
    latest = tmp_path / "data" / "processed" / "latest"
    with (latest / "associations.csv").open(encoding="utf-8-sig", newline="") as file:
        known = {(row["gene_name"], row["disease_name"]): row["known_in"] for row in csv.DictReader(file)}
    assert known.pop(("BRCA1", "Breast Neoplasms")) == "HPO"
    assert set(known.values()) == {""}
    with (latest / "candidates.csv").open(encoding="utf-8-sig", newline="") as file:
        assert ("BRCA1", "Breast Neoplasms") not in {(row["gene_name"], row["disease_name"]) for row in csv.DictReader(file)}


def test_pull_and_build_need_no_settings(run: Run, tmp_path: Path) -> None:
    (tmp_path / "served").mkdir()
    (tmp_path / "served" / "genes_to_disease.txt").write_text(HPO)
    with serving(tmp_path / "served") as server:
        status, out, err = run("curated", "pull", "--mirror", server.url, "--only", "hpo", "--only", "gene2phenotype")
    assert (status, "genes_to_disease.txt     0.0 MB  fetched" in out) == (2, True)
    assert "error: 1 of 2 files could not be fetched: AllG2P.csv" in err
    status, out, _ = run("curated", "build")
    assert (status, "It serves from the next run on" in out) == (0, True)
    assert run("curated", "status")[1] == out.rpartition("It serves")[0]
    status, out, _ = run("curated", "pull", "--help")
    assert "Fetch current releases from their publishers" in out


def test_a_foreign_file_is_refused_by_name(run: Run, tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "notes.txt").write_text("hello\n")
    status, _, err = run("curated", "build", "files", "--to", "x.parquet")
    assert status == 2
    assert "notes.txt, line 1: the columns are of no known file of curated pairs" in err
    assert not (tmp_path / "x.parquet").exists()
    assert "no curated pairs given" in run("curated", "status")[2]
