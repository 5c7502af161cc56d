from __future__ import annotations

import gzip
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genemine.errors import SourceError
from genemine.sources.unpack import unpack

WORDS = b" ".join(b"word%d" % number for number in range(2000))


def unpacked(data: bytes, size: int = 1000) -> tuple[bytes, str]:
    """What was given, and the message of the error after it."""
    given_bytes = b""
    try:
        for chunk in unpack(io.BytesIO(data), size):
            assert 0 < len(chunk) <= size
            given_bytes += chunk
    except SourceError as error:
        return given_bytes, str(error)
    return given_bytes, ""


@settings(deadline=None)
@given(st.lists(st.binary(max_size=3000), min_size=1, max_size=3), st.integers(min_value=1, max_value=4000))
def test_gzip_members_are_unpacked_one_after_the_other(members: list[bytes], size: int) -> None:
    packed = b"".join(gzip.compress(member) for member in members)
    assert unpacked(packed, size) == (b"".join(members), "")


def test_plain_bytes_pass_and_zeros_may_follow_gzip() -> None:
    assert unpacked(WORDS) == (WORDS, "")
    assert unpacked(gzip.compress(WORDS) + b"\0" * 512) == (WORDS, "")
    assert unpacked(b"") == (b"", "")


@pytest.mark.parametrize("cut", [1, 8, 9, 500])
def test_all_that_stands_before_a_cut_is_given(cut: int) -> None:
    found, message = unpacked(gzip.compress(WORDS)[:-cut])
    assert message == "the gzip file is cut off"
    assert WORDS.startswith(found)
    assert len(found) > 0.8 * len(WORDS)


def test_all_that_stands_before_damage_is_given() -> None:
    packed = bytearray(gzip.compress(WORDS))
    packed[-6] ^= 0xFF
    assert unpacked(bytes(packed)) == (WORDS, "damaged gzip file (Error -3 while decompressing data: incorrect data check)")
    assert unpacked(gzip.compress(WORDS) + b"more")[0] == WORDS
    assert unpacked(gzip.compress(WORDS) + b"more")[1].startswith("damaged gzip file")
