"""Streams of a gibibyte that would fill memory, expand entities or read other files are refused early, in little memory.

All run in one process that may not take more than ``LIMIT_MIB``; a stream tells how far it was read.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

LIMIT_MIB = 768
ATTACK = r'''
import gzip, io, json, resource, sys, time
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]) << 20,) * 2)
from genemine.errors import SourceError
from genemine.sources import pubmed_stream, pubmed_xml

GIB = 1 << 30
HEAD = b'<?xml version="1.0"?><PubmedArticleSet>'
OPEN = HEAD + b"<PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>"
RECORD = OPEN.removeprefix(HEAD) + b"</ArticleTitle></Article></MedlineCitation></PubmedArticle>"


class Endless(io.RawIOBase):
    """A head, then the same bytes over and over."""

    def __init__(self, head, body):
        self.head, self.body, self.n_read, self.at = head, body * (65536 // len(body) + 1), 0, 0

    def readable(self):
        return True

    def seek(self, at, whence=0):
        self.at = at
        return at

    def read(self, size=-1):
        if self.at >= GIB:
            return b""
        whole = self.head[self.at:] + self.body if self.at < len(self.head) else self.body
        data = whole[:size]
        self.at += len(data)
        self.n_read += len(data)
        return data


def attack(name, head, body):
    streams = []
    def open_stream():
        streams.append(Endless(head, body))
        return streams[-1]
    started, n_records, message = time.perf_counter(), 0, "read to its end"
    try:
        for found in pubmed_xml._records(pubmed_stream._bounded(pubmed_stream._stream(open_stream, name), name), name):
            n_records += 1
    except SourceError as error:
        message = str(error)
    seconds = time.perf_counter() - started
    print(json.dumps([name, message, sum(one.n_read for one in streams) >> 20, round(seconds, 2)]), flush=True)


laughs = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
doctype = lambda subset: b"<!DOCTYPE PubmedArticleSet [" + subset + b"]>" + HEAD.partition(b"?>")[2]
attack("nested", HEAD, b"<a>")
attack("nested records", HEAD, b"<PubmedArticle>")
attack("siblings", OPEN, b"<a/>")
attack("siblings between records", HEAD + RECORD, b"<a/>")
attack("attributes", OPEN + b"<i ", b'a="" ')
attack("references", b"<!DOCTYPE a SYSTEM 'a'>" + OPEN.partition(b"?>")[2], b"&a;")
attack("one text", OPEN, b"words ")
attack("one name", OPEN + b"<", b"a")
attack("one comment", HEAD + b"<!--", b"words ")
attack("white space", b"", b" ")
attack("white space in the root", HEAD, b"\n")
attack("zeros", b"", b"\0")
attack("broken, then without end", HEAD + RECORD + b"</x>", b"words ")
attack("broken, then comments", HEAD + RECORD + b"</x>", b"<!--")
attack("broken, then tags", HEAD + RECORD + b"</x>", b"<PubmedArticle>")
attack("broken, then angles", HEAD + RECORD + b"</x>", b"<")
attack("broken records", HEAD, b"<PubmedArticle></x>" + b"words " * 100 + b"</PubmedArticle>")
attack("strangers", HEAD + RECORD, b"<x>" + b"lost words " * 500 + b"</x>" + RECORD)
attack("billion laughs", doctype(b'<!ENTITY l0 "ha">' + laughs) + RECORD[:80] + b"&l9;", b"</x>")
attack("quadratic", doctype(b'<!ENTITY a "' + b"a" * 100_000 + b'">') + OPEN.partition(b"Set>")[2], b"&a;")
attack("external", doctype(b'<!ENTITY a SYSTEM "file:///dev/zero">') + OPEN.partition(b"Set>")[2], b"&a;")
attack("external subset", b'<!DOCTYPE PubmedArticleSet SYSTEM "file:///dev/zero">' + OPEN.partition(b"?>")[2], b"&a;")
attack("parameter entity", doctype(b'<!ENTITY % a SYSTEM "file:///dev/zero"> %a;') + OPEN.partition(b"Set>")[2], b"&a;")
member = gzip.compress(bytes(1 << 24), 9)
attack("bomb of zeros", b"", member)
member = gzip.compress(b" " * (1 << 24), 9)
attack("bomb of white space", gzip.compress(HEAD), member)
'''


@pytest.fixture(scope="module")
def told() -> dict[str, tuple[str, int, float]]:
    """Message, MiB read and seconds by the name of the attack."""
    done = subprocess.run([sys.executable, "-c", ATTACK, str(LIMIT_MIB)], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    return {name: (message, n_mib, seconds) for name, message, n_mib, seconds in map(json.loads, done.stdout.splitlines())}


def test_every_attack_is_refused_before_a_tenth_of_it_is_read(told: dict[str, tuple[str, int, float]]) -> None:
    assert len(told) == 25
    assert {name: message for name, (message, _, _) in told.items() if "read to its end" in message} == {}
    assert all(message.startswith(f"{name}: ") for name, (message, _, _) in told.items())
    assert {name: n_mib for name, (_, n_mib, _) in told.items() if n_mib > 110} == {}
