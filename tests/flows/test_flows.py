"""The flows through Prefect's own engine, and the deployments as prefect.yaml tells them."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from prefect import flow
from prefect.blocks.system import Secret
from prefect.client.orchestration import get_client
from prefect.exceptions import ParameterTypeError
from prefect.utilities.callables import parameter_schema

from flows.nightly import nightly
from flows.release import release
from flows.settings import settings_from
from genemine.errors import HeldBackError
from genemine.pipeline.sample import SAMPLE_QUERY, SAMPLE_TODAY, serving

ROOT = Path(__file__).resolve().parents[2]
DEPLOYMENTS: dict[str, dict[str, Any]] = {
    one["name"]: one for one in yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]
}


def flow_of(name: str) -> Any:
    module, _, function = DEPLOYMENTS[name]["entrypoint"].partition(":")
    return getattr(importlib.import_module(module.removesuffix(".py").replace("/", ".")), function)


def artifact(key: str) -> str:
    with get_client(sync_client=True) as client:
        answer = client.request("GET", "/artifacts/{key}/latest", path_params={"key": key})
    return str(answer.json()["data"])


def test_three_nights(prefect: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first collects and mines the sample; the second has nothing new; the third's tables are held back until released.

    Where it is told to, a night prunes at its end.
    """
    (tmp_path / "settings.toml").write_text("[retention]\nnightly = true\n")
    killed = tmp_path / "processed" / "runs" / ".20250101T000000Z-0123abcd.gone"
    killed.mkdir(parents=True)
    (tmp_path / "strict.toml").write_text("[relate]\nmin_score = 0.9\n[gate]\nmin_articles = 10\nmin_rows = 10\n")
    with serving() as url:
        monkeypatch.setenv("GENEMINE_EUTILS_URL", url)
        arguments = {"query": SAMPLE_QUERY, "first_days": 0, "data_dir": str(tmp_path), "today": SAMPLE_TODAY, "source": "sample"}
        arguments["settings_file"] = str(tmp_path / "settings.toml")
        first = nightly(**arguments)
        second = nightly(**arguments, return_state=True)
        arguments["settings_file"] = str(tmp_path / "strict.toml")
        third = nightly(**arguments, return_state=True)
    assert not first.reused
    assert not killed.exists()
    assert first.counts["articles"] > 80
    assert json.loads((first.folder / "run.json").read_text())["run_id"] == first.run_id
    report = second.result()
    assert (second.name, report.reused, report.folder.resolve()) == ("Nothing new", True, first.folder.resolve())
    assert second.message == f"No record is new or revised. The tables of run {first.run_id} stand."
    with pytest.raises(HeldBackError, match=r"associations: .* of those before are gone"):
        third.result()
    assert third.name == "Held back"
    (run_id,) = {path.name for path in first.folder.parent.iterdir()} - {first.run_id}
    assert artifact("gate").startswith("# Gate: held back")
    assert f"# Run {run_id}" in artifact("run")
    assert first.counts["associations"] > 100
    done = release(run=run_id, why="fewer wrong rows", by="Ada", data_dir=str(tmp_path))
    assert done == f"run {run_id} is in use now"
    assert (tmp_path / "processed" / "latest").resolve().name == run_id


def test_a_key_that_the_environment_lacks_comes_from_a_secret_block(prefect: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NCBI_API_KEY", raising=False)

    @flow(name="key")
    def key() -> bool:
        return settings_from("data", "").entrez.api_key == "0" * 36

    assert not key()
    Secret(value="0" * 36).save("ncbi-api-key")
    assert key()
    monkeypatch.setenv("NCBI_API_KEY", "1" * 36)
    assert not key()


def test_the_nightly_deployment_runs_at_two_with_a_time_zone_one_at_a_time() -> None:
    deployment = DEPLOYMENTS["nightly"]
    assert deployment["schedules"] == [{"cron": "0 2 * * *", "timezone": "America/New_York", "active": True}]
    assert deployment["concurrency_limit"] == {"limit": 1, "collision_strategy": "CANCEL_NEW"}


def test_every_deployment_has_a_flow_that_takes_its_parameters() -> None:
    assert set(DEPLOYMENTS) == {"nightly", "mine-query", "mine", "release", "bulk", "train"}
    for name, deployment in DEPLOYMENTS.items():
        fields = parameter_schema(flow_of(name)).properties
        assert set(deployment.get("parameters", {})) <= set(fields)


def test_every_field_of_the_forms_has_a_title_a_help_text_and_its_place() -> None:
    for name in DEPLOYMENTS:
        fields = parameter_schema(flow_of(name)).properties
        for field, about in fields.items():
            assert about.get("description"), f"{name}: {field} has no description"
            assert about["title"] != field, f"{name}: {field} has no title"
        assert [about["position"] for about in fields.values()] == list(range(len(fields)))


def test_choices_dates_and_bounds_stand_in_the_form() -> None:
    fields = parameter_schema(nightly).properties
    assert fields["use"]["enum"] == ["as the settings say", "balanced", "high_precision", "high_recall"]
    assert fields["unlike"]["enum"] == ["hold back", "put in use"]
    assert fields["today"]["anyOf"][0] == {"format": "date", "type": "string"}
    assert (fields["first_days"]["minimum"], fields["first_days"]["maximum"]) == (0, 36_500)


@pytest.mark.parametrize(
    "wrong",
    [
        {"query": ""},
        {"query": "x", "use": "best"},
        {"query": "x", "first_days": -1},
        {"query": "x", "today": "yesterday"},
        {"query": "x", "until": "2026-01-01"},
    ],
)
def test_a_wrong_form_is_refused_before_the_run(wrong: dict[str, Any]) -> None:
    with pytest.raises((ParameterTypeError, TypeError)):
        nightly.validate_parameters(wrong)
