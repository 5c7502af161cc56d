"""A plan decides by seed, kind of request and count alone; a bad plan is told before anything is served."""

from __future__ import annotations

import time
import tomllib
import urllib.request
from pathlib import Path

import pytest

from genemine.errors import ConfigError
from genemine.sample.faultplan import FaultPlan, Rule, load_plan, make_plan
from genemine.sample.faults import KINDS, MEANINGS, Call, Fault
from genemine.sample.index import Index
from genemine.sample.server import serving

PLAN = """
seed = 7
most_in_a_row = 2
[[fault]]
kind = "status"
status = 503
requests = "efetch"
probability = 0.25
[[fault]]
kind = "delay"
seconds = 0.5
requests = ["esearch", "epost"]
numbers = [1, 3]
[[fault]]
kind = "cut"
numbers = [2]
"""


def calls(*utilities: str) -> list[Call]:
    """Requests that all differ."""
    return [Call(number, utility, {"id": str(number)}) for number, utility in enumerate(utilities, 1)]


def test_a_plan_is_read_from_toml(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(PLAN)
    plan = load_plan(path)
    assert (plan.seed, plan.most_in_a_row) == (7, 2)
    assert plan.rules == (
        Rule(Fault("status", 503), ("efetch",), 0.25),
        Rule(Fault("delay", seconds=0.5), ("esearch", "epost"), numbers=frozenset({1, 3})),
        Rule(Fault("cut"), numbers=frozenset({2})),
    )


def test_exact_numbers_count_the_requests_of_one_kind_or_all() -> None:
    plan = make_plan({"fault": [{"kind": "html", "requests": "efetch", "numbers": [2]}, {"kind": "cut", "numbers": [5]}]})
    told = [plan(call) for call in calls("esearch", "efetch", "esearch", "efetch", "einfo", "efetch")]
    assert told == [None, None, None, Fault("html"), Fault("cut"), None]
    assert plan.summary() == "faults: 2 of 6 requests went wrong (1 efetch html, 1 einfo cut)"


def test_the_same_seed_spoils_the_same_requests_whatever_else_is_asked() -> None:
    rules = [Rule(Fault("cut"), ("efetch",), 0.3)]

    def spoiled(seed: int, *utilities: str) -> list[bool]:
        plan = FaultPlan(rules, seed)
        return [plan(call) is not None for call in calls(*utilities)]

    alone = spoiled(1, *["efetch"] * 300)
    assert alone == spoiled(1, *["efetch"] * 300)
    assert alone != spoiled(2, *["efetch"] * 300)
    assert 60 < sum(alone) < 120
    among = FaultPlan(rules, 1)
    told = [(call.utility, among(call) is not None) for call in calls(*["esearch", "efetch", "einfo"] * 300)]
    assert [wrong for utility, wrong in told if utility == "efetch"] == alone
    assert not any(wrong for utility, wrong in told if utility != "efetch")


def test_one_request_goes_wrong_only_so_often_in_a_row() -> None:
    plan = FaultPlan([Rule(Fault("html"), probability=1.0)], most_in_a_row=2)
    same, other = Call(1, "efetch", {"id": "1"}), Call(1, "efetch", {"id": "2"})
    assert [plan(same) is not None for _ in range(6)] == [True, True, False, True, True, False]
    assert [plan(call) is not None for call in (same, other, same, other, same, other)] == [True, True, True, True, False, False]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("seed = ", r"plan\.toml: not valid TOML \(.*docs/faults\.md has an example"),
        ("", r"plan\.toml: the plan holds no fault; write each as a table \[\[fault\]\]; docs/faults\.md"),
        ("fault = 3", "the plan holds no fault"),
        ("sede = 1", "unknown name 'sede' at the top; known: seed, most_in_a_row, fault"),
        ("seed = 1.5\n[[fault]]", "seed is 1.5; a whole number is needed"),
        ("most_in_a_row = 0\n[[fault]]", "most_in_a_row is 0; a whole number from 1 on is needed"),
        ('[[fault]]\nkind = "kaput"', "fault 1: kind is 'kaput'; known: status, html"),
        ("[[fault]]\nnumbers = [1]", "fault 1: kind is None; known"),
        ('[[fault]]\nkind = "cut"', r"fault 1: give either probability \(0 to 1\) or numbers"),
        ('[[fault]]\nkind = "cut"\nnumbers = [1]\nprobability = 0.1', "give either probability"),
        ('[[fault]]\nkind = "cut"\nnumbers = [0]', r"numbers is \[0\]; a list of whole numbers from 1 on"),
        ('[[fault]]\nkind = "cut"\nnumbers = []', r"numbers is \[\]; a list"),
        ('[[fault]]\nkind = "cut"\nprobability = 2', "probability is 2; a number from 0 to 1 is needed"),
        ('[[fault]]\nkind = "cut"\nprobability = true', "probability is True; a number"),
        ('[[fault]]\nkind = "cut"\nnumbers = [1]\n[[fault]]\nkind = "status"\nstatus = 200', "fault 2: status is 200"),
        ('[[fault]]\nkind = "delay"\nseconds = -1', "seconds is -1; a number from 0 to 86400"),
        ('[[fault]]\nkind = "delay"\nseconds = nan', "seconds is nan; a number"),
        ('[[fault]]\nkind = "cut"\nrequests = "elink"', "requests is 'elink'; known: esearch, epost, efetch, einfo, a list"),
        ('[[fault]]\nkind = "cut"\nrequests = []', r"requests is \[\]; known"),
        ('[[fault]]\nkind = "cut"\nprobabilty = 1', "unknown name 'probabilty' in fault 1"),
    ],
)  # fmt: skip
def test_a_bad_plan_is_told_with_what_to_mend(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=message):
        load_plan(path)


def test_a_plan_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"fault plan cannot be read \(No such file or directory\); check the path"):
        load_plan(tmp_path / "none.toml")
    with pytest.raises(ConfigError, match="fault plan cannot be read"):
        load_plan(tmp_path)


def test_every_kind_is_described() -> None:
    assert tuple(MEANINGS) == KINDS
    page = (Path(__file__).resolve().parents[2] / "docs" / "faults.md").read_text(encoding="utf-8")
    assert [kind for kind in KINDS if f"| `{kind}` |" not in page] == []


def test_the_example_of_the_docs_is_a_plan() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "faults.md").read_text(encoding="utf-8")
    example = page.split("```toml\n")[1].split("```")[0]
    assert len(make_plan(tomllib.loads(example)).rules) >= 3


def test_a_plan_serves(library: Index) -> None:
    """The kinds that change what an answer holds, one after the other, over HTTP."""
    kinds = ["empty", "torn", "doubled", "missing", "foreign", "dribble"]
    plan = make_plan(
        {
            "most_in_a_row": 10,
            "fault": [{"kind": kind, "requests": "efetch", "numbers": [n], "seconds": 0.0001} for n, kind in enumerate(kinds, 1)],
        }
    )

    def fetch() -> bytes:
        with urllib.request.urlopen(f"{url}efetch.fcgi?id=101,102,103", timeout=10) as answer:
            return bytes(answer.read())

    with serving(library, rate_limit=False, faults=plan) as url:
        whole = len(b"".join(library.records[pmid].xml for pmid in (101, 102, 103)))
        assert fetch() == b""
        torn = fetch()
        assert whole / 4 < len(torn) < whole
        assert not torn.endswith(b"</PubmedArticleSet>")
        assert [fetch().count(b"<PubmedArticle>") for _ in range(2)] == [4, 2]
        assert fetch().count(b"<PMID ") == 4
        assert fetch().endswith(b"</PubmedArticleSet>")


def test_a_dribbling_answer_takes_its_time(library: Index) -> None:
    plan = FaultPlan([Rule(Fault("dribble", seconds=0.002), probability=1.0)])
    with serving(library, rate_limit=False, faults=plan) as url:
        start = time.monotonic()
        with urllib.request.urlopen(f"{url}einfo.fcgi", timeout=10) as answer:
            body = answer.read()
        assert time.monotonic() - start >= 0.002 * len(body)


def test_an_esearch_may_lack_an_id(library: Index) -> None:
    plan = FaultPlan([Rule(Fault("missing"), numbers=frozenset({1}))])
    with serving(library, rate_limit=False, faults=plan) as url:
        found = []
        for _ in range(2):
            with urllib.request.urlopen(f"{url}esearch.fcgi?term=melanoma", timeout=10) as answer:
                found.append(answer.read().count(b"<Id>"))
    assert found == [1, 2]
