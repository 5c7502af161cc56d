"""The rules of the house are executed, not remembered."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted(path for folder in ("genemine", "flows", "benchmarks") for path in (ROOT / folder).rglob("*.py"))


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def test_the_layers_of_the_design_hold() -> None:
    """import-linter finds no import against the layers, and no framework outside of its place."""
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([str(linter), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


def test_no_file_is_longer_than_300_lines() -> None:
    long = {str(path.relative_to(ROOT)): n for path in SOURCES if (n := len(path.read_text(encoding="utf-8").splitlines())) > 300}
    assert long == {}


def test_every_dependency_is_bounded_and_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    declared = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = {line.split("==")[0].lower() for line in lock.splitlines() if "==" in line}
    for requirement in declared:
        assert re.search(r">=.*,<", requirement), f"{requirement} has no lower and upper bound"
        assert re.split(r"[>=\[]", requirement)[0].lower() in pinned
    assert "://" not in lock


def test_the_given_packages_are_declared_and_used() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    declared = {re.split(r"[>=\[]", requirement)[0] for requirement in project["project"]["dependencies"]}
    imported = {
        match
        for path in SOURCES
        for match in re.findall(r"^\s*(?:from|import) (\w+)", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    }
    for package, module in (
        ("biopython", "Bio"),
        ("requests", "requests"),
        ("pandas", "pandas"),
        ("scikit-learn", "sklearn"),
        ("tensorflow", "tensorflow"),
        ("prefect", "prefect"),
    ):
        assert package in declared
        assert module in imported


def test_no_machine_path_stands_in_the_repository() -> None:
    """Paths of one machine's home or work folder break everywhere else."""
    pattern = re.compile(r"(?<![\w./])/(?:work|home|root|Users)/\w")
    found = {
        str(path.relative_to(ROOT))
        for path in tracked("*.py", "*.md", "*.toml", "*.yaml", "*.lock", "Makefile", ".ci/run")
        if path.exists() and path.name != "test_house.py" and pattern.search(path.read_text(encoding="utf-8"))
    }
    assert found == set()


def test_weights_stay_small() -> None:
    """At most 20 MB a bundle."""
    bundles = ROOT / "genemine" / "resources" / "bundles"
    for bundle in ("tagger", "relations"):
        assert 0 < sum(path.stat().st_size for path in (bundles / bundle).rglob("*") if path.is_file()) <= 20e6
