"""NCBI's rate limit, by a clock that the tests set."""

from __future__ import annotations

import json

import pytest

from genemine.sample.limits import Gate

KEY = "0123456789abcdef0123456789abcdef0123"


class Clock:
    """Stands still until it is told to move."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_the_fourth_request_of_a_second_is_refused() -> None:
    gate = Gate(clock := Clock())
    assert [gate.refusal("10.0.0.1", None) for _ in range(3)] == [None] * 3
    refusal = gate.refusal("10.0.0.1", None)
    assert refusal is not None
    assert refusal.status == 429
    assert refusal.body == b'{"error":"API rate limit exceeded","api-key":"10.0.0.1","count":"4","limit":"3"}\n'
    assert "Retry-After" not in dict(refusal.headers)
    assert json.loads((gate.refusal("10.0.0.1", None) or refusal).body)["count"] == "5"
    clock.now += 1.0
    assert gate.refusal("10.0.0.1", None) is None


def test_requests_a_third_of_a_second_apart_all_pass() -> None:
    gate = Gate(clock := Clock())
    for _ in range(30):
        assert gate.refusal("10.0.0.1", None) is None
        clock.now += 0.3334


def test_a_key_buys_ten_and_each_caller_has_its_own_count() -> None:
    gate = Gate(Clock())
    assert [gate.refusal("10.0.0.1", KEY) for _ in range(10)] == [None] * 10
    refusal = gate.refusal("10.0.0.1", KEY)
    assert refusal is not None
    assert json.loads(refusal.body) == {"error": "API rate limit exceeded", "api-key": KEY, "count": "11", "limit": "10"}
    assert gate.refusal("10.0.0.1", None) is None
    assert gate.refusal("10.0.0.2", None) is None


@pytest.mark.parametrize("key", ["", "secret", KEY[:-1], KEY.upper()])
def test_a_key_of_another_form_is_refused(key: str) -> None:
    refusal = Gate(Clock()).refusal("10.0.0.1", key)
    assert refusal is not None
    assert refusal.status == 400
    assert json.loads(refusal.body) == {"error": "API key invalid", "api-key": key, "type": "invalid", "status": "unknown"}


def test_the_memory_of_callers_is_bounded() -> None:
    gate = Gate(clock := Clock())
    for n in range(10_000):
        gate.refusal(str(n), None)
    clock.now += 2
    gate.refusal("one more", None)
    assert len(gate._windows) == 1
