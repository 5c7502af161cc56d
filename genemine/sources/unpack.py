"""Bytes of a file, plain or gzip; a damaged gzip file gives every byte before its damage."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import BinaryIO

from genemine.errors import SourceError

GZIP_MAGIC = b"\x1f\x8b"
_GZIP_WBITS = 31  # zlib: largest window, with gzip header and checksum
_PACKED = 1 << 16  # packed bytes read at once


def unpack(stream: BinaryIO, size: int) -> Iterator[bytes]:
    """Give the bytes of a stream in chunks of at most ``size``, unpacked where they begin as gzip does.

    Raises:
        SourceError: the gzip file is damaged or cut off; raised after all that could be unpacked was given. (The gzip module raises
            without giving the last part of it.)
    """
    magic = stream.read(len(GZIP_MAGIC))
    stream.seek(0)
    if magic == GZIP_MAGIC:
        yield from _gunzip(stream, size)
    else:
        yield from iter(lambda: stream.read(size), b"")


def _gunzip(stream: BinaryIO, size: int) -> Iterator[bytes]:
    member = zlib.decompressobj(wbits=_GZIP_WBITS)
    packed = b""
    while packed := packed or stream.read(_PACKED):
        if member.eof:
            if not packed.strip(b"\0"):
                packed = b""
                continue  # zeros may fill up the last block of a tape or a disk
            member = zlib.decompressobj(wbits=_GZIP_WBITS)
        before = member.copy()
        try:
            chunk = member.decompress(packed, size)
        except zlib.error as error:
            yield from _up_to_damage(before, packed)
            raise SourceError(f"damaged gzip file ({error})") from error
        packed = member.unused_data if member.eof else member.unconsumed_tail
        if chunk:
            yield chunk
    if not member.eof:
        raise SourceError("the gzip file is cut off")


def _up_to_damage(member: zlib._Decompress, packed: bytes) -> Iterator[bytes]:
    for at in range(len(packed)):
        try:
            chunk = member.decompress(packed[at : at + 1])
        except zlib.error:
            return
        if chunk:
            yield chunk
