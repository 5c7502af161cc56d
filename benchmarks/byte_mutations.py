"""Ways in which the bytes of a file are damaged, each a function of a random generator and a sound file of PubMed XML.

A mutation gives the damaged bytes, and what an attentive reader of them could still see: for a packed file what can be unpacked
before its damage, for one in another encoding the same text in UTF-8.
"""

from __future__ import annotations

import gzip
import re
import zlib
from dataclasses import dataclass
from random import Random

_NAMES = (
    "utf-16",
    "ascii",
    "iso-8859-1",
    "windows-1252",
    "utf-7",
    "ucs-4",
    "utf-32",
    "ebcdic-cp-us",
    "klingon",
    "",
    "utf8",
    "rot13",
)
_CONTROLS = (
    b"\x00", b"\x01", b"\x08", b"\x0b", b"\x0c", b"\x1b", b"\x1f", b"\x7f", b"\xc2\x85", b"\xef\xbf\xbe", b"\xef\xbf\xbf",
    b"\xed\xa0\x80", b"\xc0\x80", b"\xff", b"\xfe", b"\x80", b"\xf8\x88\x80\x80\x80", b"\xe2\x80", b"\xf4\x90\x80\x80",
)  # fmt: skip
RECORD = re.compile(rb"<PubmedArticle>.*?</PubmedArticle>", re.DOTALL)


@dataclass(frozen=True)
class Mutated:
    """A damaged file: its bytes, what can still be seen of them, and whether letters beyond ASCII have kept their meaning."""

    data: bytes
    visible: bytes
    letters: bool = True  # False: the declared encoding says that they are other letters
    ends_early: bool = False  # True: something behind the end is missing, and that has to be told


def same(data: bytes) -> Mutated:
    """Damaged bytes that show all that they hold."""
    return Mutated(data, data)


def place(rng: Random, base: bytes) -> int:
    """Any place of a file."""
    return rng.randrange(len(base) + 1)


def _span(rng: Random, base: bytes) -> tuple[int, int]:
    start = place(rng, base)
    return start, min(len(base), start + int(10 ** rng.uniform(0, 5)))


def insert(base: bytes, at: int, what: bytes) -> bytes:
    """Put bytes in at a place."""
    return base[:at] + what + base[at:]


def between_records(rng: Random, base: bytes) -> int:
    """A place before or after any record."""
    return rng.choice([found.start() for found in RECORD.finditer(base)] + [found.end() for found in RECORD.finditer(base)])


def flip_bytes(rng: Random, base: bytes) -> Mutated:
    """Replace some bytes by any."""
    data = bytearray(base)
    for _ in range(rng.randint(1, 20)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    return same(bytes(data))


def delete_range(rng: Random, base: bytes) -> Mutated:
    """Leave out a range."""
    start, end = _span(rng, base)
    return same(base[:start] + base[end:])


def double_range(rng: Random, base: bytes) -> Mutated:
    """Write a range twice."""
    start, end = _span(rng, base)
    return same(base[:end] + base[start:])


def move_range(rng: Random, base: bytes) -> Mutated:
    """Put a range somewhere else."""
    start, end = _span(rng, base)
    rest = base[:start] + base[end:]
    return same(insert(rest, place(rng, rest), base[start:end]))


def zero_sector(rng: Random, base: bytes) -> Mutated:
    """Overwrite some sectors of a disk with zeros."""
    start = place(rng, base) // 512 * 512
    size = min(512 * rng.randint(1, 8), len(base) - start)
    return same(base[:start] + bytes(size) + base[start + size :])


def cut_off(rng: Random, base: bytes) -> Mutated:
    """Break the file off."""
    body = base.rstrip()
    end = rng.randrange(len(body))
    return Mutated(base[:end], base[:end], ends_early=True)


def cut_gzip(rng: Random, base: bytes) -> Mutated:
    """Pack the file and break it off."""
    packed = gzip.compress(base, 6, mtime=0)
    data = packed[: rng.randrange(2, len(packed))]
    return Mutated(data, _unpackable(data), ends_early=True)


def damage_gzip(rng: Random, base: bytes) -> Mutated:
    """Pack the file and change bytes of it."""
    packed = bytearray(gzip.compress(base, 6, mtime=0))
    for _ in range(rng.randint(1, 3)):
        packed[rng.randrange(10, len(packed))] ^= rng.randrange(1, 256)
    return Mutated(bytes(packed), _unpackable(bytes(packed)), ends_early=True)


def _unpackable(data: bytes) -> bytes:
    """Unpack a byte at a time up to the damage."""
    member, out = zlib.decompressobj(wbits=31), []
    try:
        for at in range(len(data)):
            out.append(member.decompress(data[at : at + 1]))
    except zlib.error:
        pass
    return b"".join(out)


def declare_encoding(rng: Random, base: bytes) -> Mutated:
    """Declare an encoding that is not the file's."""
    name = rng.choice(_NAMES)
    body = re.sub(rb"^\s*<\?xml.*?\?>", b"", base.removeprefix(b"\xef\xbb\xbf"), flags=re.DOTALL)
    data = f'<?xml version="1.0" encoding="{name}"?>'.encode() + body
    return Mutated(data, data, letters=name in ("", "utf8"))


def encode_anew(rng: Random, base: bytes) -> Mutated:
    """Write the file in another encoding, declared or not."""
    text = base.decode("utf-8-sig", errors="replace")
    name = rng.choice(["utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1252", "utf-8-sig", "utf-7"])
    if rng.random() < 0.5:
        text = re.sub(r"^\s*<\?xml.*?\?>", f'<?xml version="1.0" encoding="{name.removesuffix("-sig")}"?>', text, flags=re.DOTALL)
    data = text.encode(name, errors="xmlcharrefreplace" if rng.random() < 0.5 else "replace")
    return Mutated(data, base, letters=name in ("utf-8-sig", "utf-16"))


def insert_controls(rng: Random, base: bytes) -> Mutated:
    """Put in characters that XML forbids, and bytes that are no UTF-8."""
    data = base
    for _ in range(rng.randint(1, 3)):
        data = insert(data, place(rng, data), rng.choice(_CONTROLS) * rng.choice([1, 1, 1, 100]))
    return same(data)


def insert_boms(rng: Random, base: bytes) -> Mutated:
    """Put in byte-order marks of any kind."""
    bom = rng.choice([b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff", b"+/v8"])
    at = rng.choice([0, 0, between_records(rng, base), place(rng, base)])
    return same(insert(base, at, bom * rng.choice([1, 2])))


def mix_line_ends(rng: Random, base: bytes) -> Mutated:
    """Write each line end in any way."""
    return same(re.sub(rb"\r?\n", lambda _: rng.choice([b"\n", b"\r\n", b"\r", b"\n\n", b"\r\r\n", b"\n\t "]), base))


def join_files(rng: Random, base: bytes) -> Mutated:
    """Write a file twice into one, as bytes or as members of a gzip file."""
    middle = rng.choice([b"", b"\n", b"\x00" * 512, b"\n\n--boundary\n", b" "])
    form = rng.choice(["plain", "members", "gzip"])
    packed = gzip.compress(base, 1, mtime=0)
    data = packed + packed if form == "members" else base + middle + base
    return Mutated(gzip.compress(data, 1, mtime=0) if form == "gzip" else data, base + middle + base)


def resume_wrongly(rng: Random, base: bytes) -> Mutated:
    """Go on at the wrong byte, as a download does that was resumed wrongly."""
    at = place(rng, base)
    back = max(0, at - rng.randint(-5000, 5000))
    return same(base[:at] + base[back:])


BYTE_KINDS = (
    flip_bytes, delete_range, double_range, move_range, zero_sector, cut_off, cut_gzip, damage_gzip,
    declare_encoding, encode_anew, insert_controls, insert_boms, mix_line_ends, join_files, resume_wrongly,
)  # fmt: skip
