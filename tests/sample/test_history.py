"""WebEnv and query keys, by a clock that the tests set."""

from __future__ import annotations

import re

from genemine.sample.history import MAX_ENVIRONMENTS, History


def test_sets_are_kept_under_keys_that_count_up() -> None:
    history = History()
    key, web_env = history.keep([3, 1, 2])
    assert re.fullmatch(r"MCID_[0-9a-f]{24}", web_env)
    assert (key, history.keep([9], web_env)) == (1, (2, web_env))
    assert (history.recall(web_env, 1), history.recall(web_env, 2)) == ((3, 1, 2), (9,))


def test_what_is_unknown_is_none() -> None:
    history = History()
    _, web_env = history.keep([1])
    assert (history.recall("MCID_other", 1), history.recall(web_env, 2), history.recall(web_env, 0)) == (None, None, None)


def test_a_web_env_expires_eight_hours_after_its_last_use() -> None:
    now = [0.0]
    history = History(lambda: now[0])
    _, web_env = history.keep([1])
    now[0] = 8 * 3600 - 1
    assert history.recall(web_env, 1) == (1,)
    now[0] += 8 * 3600 - 1
    assert history.recall(web_env, 1) == (1,)
    now[0] += 8 * 3600
    assert history.recall(web_env, 1) is None
    key, renewed = history.keep([5], web_env)
    assert key == 1
    assert renewed != web_env


def test_the_one_longest_unused_makes_room() -> None:
    now = [0.0]
    history = History(lambda: now[0])
    first = history.keep([1])[1]
    for _ in range(MAX_ENVIRONMENTS + 5):
        now[0] += 1
        last = history.keep([2])[1]
    assert history.recall(first, 1) is None
    assert history.recall(last, 1) == (2,)
    assert len(history._kept) == MAX_ENVIRONMENTS
