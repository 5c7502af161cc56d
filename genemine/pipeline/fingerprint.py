"""Fingerprints: what a shard or a run was made from, as one digest."""

from __future__ import annotations

import dataclasses
import hashlib
import json


def fingerprint(*parts: object) -> str:
    """Digest strings, numbers, None and settings dataclasses into one hex sha256; equal parts give equal digests.

    Raises:
        TypeError: a part has no stable text, such as an object.
    """
    return hashlib.sha256(json.dumps([_plain(part) for part in parts], sort_keys=True).encode()).hexdigest()


def _plain(part: object) -> object:
    if dataclasses.is_dataclass(part) and not isinstance(part, type):
        return dataclasses.asdict(part)
    return part
