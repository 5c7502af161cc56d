"""The example of automations is one that Prefect takes, and waits for states that the flows end in."""

from __future__ import annotations

from pathlib import Path

import yaml
from prefect.events.schemas.automations import AutomationCore, Posture

from flows.states import GAPS, HELD, NOTHING_NEW

FILE = Path(__file__).resolve().parents[2] / "docs" / "automations.yaml"


def test_prefect_takes_the_automations_and_they_wait_for_the_names_of_our_states() -> None:
    failure, missed = (AutomationCore.model_validate(one) for one in yaml.safe_load(FILE.read_text())["automations"])
    assert (failure.trigger.posture, missed.trigger.posture) == (Posture.Reactive, Posture.Proactive)
    assert {f"prefect.flow-run.{name}" for name in ("Failed", "Crashed", HELD, GAPS)} <= failure.trigger.expect
    assert missed.trigger.expect == {f"prefect.flow-run.{name}" for name in ("Completed", NOTHING_NEW, GAPS)}
    assert [action.type for one in (failure, missed) for action in one.actions] == ["send-notification"] * 2
