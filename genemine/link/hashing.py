"""One hash for all that is looked up by a form of a name: the same in every process and on every machine."""

from __future__ import annotations

import hashlib


def text_hash(text: str) -> int:
    """Hash a text to 64 bits, unsigned."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
