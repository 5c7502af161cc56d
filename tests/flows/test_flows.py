"""The flows through Prefect's own engine, and the deployments as prefect.yaml tells them."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from prefect.exceptions import ParameterTypeError
from prefect.utilities.callables import parameter_schema

from flows.nightly import nightly
from genemine.pipeline.sample import SAMPLE_QUERY, SAMPLE_TODAY, serving

ROOT = Path(__file__).resolve().parents[2]
DEPLOYMENTS: dict[str, dict[str, Any]] = {
    one["name"]: one for one in yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]
}


def flow_of(name: str) -> Any:
    module, _, function = DEPLOYMENTS[name]["entrypoint"].partition(":")
    return getattr(importlib.import_module(module.removesuffix(".py").replace("/", ".")), function)


def test_a_second_night_does_nothing(prefect: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The nightly flow collects and mines the sample; the next night finds nothing new and leaves the tables alone.

    Where it is told to, it prunes at its end.
    """
    (tmp_path / "settings.toml").write_text("[retention]\nnightly = true\n")
    killed = tmp_path / "processed" / "runs" / ".20250101T000000Z-0123abcd.gone"
    killed.mkdir(parents=True)
    with serving() as url:
        monkeypatch.setenv("GENEMINE_EUTILS_URL", url)
        arguments = {"query": SAMPLE_QUERY, "first_days": 0, "data_dir": str(tmp_path), "today": SAMPLE_TODAY, "source": "sample"}
        arguments["settings_file"] = str(tmp_path / "settings.toml")
        first = nightly(**arguments)
        second = nightly(**arguments)
    assert not first.reused
    assert not killed.exists()
    assert first.counts["articles"] > 80
    assert json.loads((first.folder / "run.json").read_text())["run_id"] == first.run_id
    assert second.reused
    assert second.folder.resolve() == first.folder.resolve()


def test_the_nightly_deployment_runs_at_two_with_a_time_zone_one_at_a_time() -> None:
    deployment = DEPLOYMENTS["nightly"]
    assert deployment["schedules"] == [{"cron": "0 2 * * *", "timezone": "America/New_York", "active": True}]
    assert deployment["concurrency_limit"] == {"limit": 1, "collision_strategy": "CANCEL_NEW"}


def test_every_deployment_has_a_flow_that_takes_its_parameters() -> None:
    assert set(DEPLOYMENTS) == {"nightly", "mine-query", "bulk", "train"}
    for name, deployment in DEPLOYMENTS.items():
        fields = parameter_schema(flow_of(name)).properties
        assert set(deployment.get("parameters", {})) <= set(fields)


def test_every_field_of_the_forms_says_what_it_is() -> None:
    for name in DEPLOYMENTS:
        for field, about in parameter_schema(flow_of(name)).properties.items():
            assert about.get("description"), f"{name}: {field} has no description"


@pytest.mark.parametrize(
    "wrong",
    [{"query": ""}, {"query": "x", "first_days": -1}, {"query": "x", "today": "yesterday"}, {"query": "x", "until": "2026-01-01"}],
)
def test_a_wrong_form_is_refused_before_the_run(wrong: dict[str, Any]) -> None:
    with pytest.raises((ParameterTypeError, TypeError)):
        nightly.validate_parameters(wrong)
