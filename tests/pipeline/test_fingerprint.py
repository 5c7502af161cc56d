from __future__ import annotations

import pytest

from genemine.config import LinkSettings
from genemine.pipeline.fingerprint import fingerprint


def test_equal_parts_give_equal_digests_and_any_change_another() -> None:
    parts = ("annotate", None, 0.5, LinkSettings())
    assert fingerprint(*parts) == fingerprint("annotate", None, 0.5, LinkSettings())
    others = [("relate", *parts[1:]), ("annotate", "", 0.5, LinkSettings()), (*parts[:3], LinkSettings(min_score=0.6))]
    assert len({fingerprint(*other) for other in others} | {fingerprint(*parts)}) == 4


def test_what_has_no_stable_text_is_refused() -> None:
    with pytest.raises(TypeError):
        fingerprint(object())
