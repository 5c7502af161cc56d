"""Ways in which the tags of PubMed XML are damaged, each a function of a random generator and a sound file; and all ways."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from benchmarks.byte_mutations import BYTE_KINDS, RECORD, Mutated, between_records, insert, place, same

_TAG = re.compile(rb"</?[A-Za-z][^<>]*>")
_HTML = (
    b"<!DOCTYPE html><html><head><title>503</title></head><body><p>Service temporarily unavailable<br></body></html>",
    b"<html><body>Too many requests &nbsp; <img src=x></body></html>",
    b"<ERROR>Unable to obtain query #1</ERROR>",
    b'{"error":"API rate limit exceeded","count":"11"}',
)
_ENTITIES = (
    b"&nbsp;", b"&foo;", b"&#0;", b"&#xD800;", b"&#x110000;", b"& ", b"&amp", b"&;", b"&#;", b"&#99999999999999;", b"&alpha;",
    b"&lt;/AbstractText&gt;", b"%p;", b"&" + b"a" * 5000 + b";",
)  # fmt: skip
_SUBSETS = (
    b'<!ENTITY x "words">', b'<!ENTITY x SYSTEM "file:///etc/hostname">', b'<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;',
    b'<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">', b'<!ATTLIST PMID Version CDATA "7">',
    b"<!ELEMENT PMID EMPTY>", b'<!NOTATION n SYSTEM "n">', b"<!-- ]> -->", b"<?x ]>?>", b'<!ENTITY amp "&#60;">', b"<![INCLUDE[",
    b"]", b"<!ENTITY",
)  # fmt: skip


def flip_bits_of_tags(rng: Random, base: bytes) -> Mutated:
    """Flip one bit in each of some tags."""
    data = bytearray(base)
    for tag in rng.sample(list(_TAG.finditer(base)), k=rng.randint(1, 4)):
        data[rng.randrange(tag.start(), tag.end())] ^= 1 << rng.randrange(8)
    return same(bytes(data))


def lose_tag(rng: Random, base: bytes) -> Mutated:
    """Leave out a tag."""
    tag = rng.choice(list(_TAG.finditer(base)))
    return same(base[: tag.start()] + base[tag.end() :])


def lose_record_tag(rng: Random, base: bytes) -> Mutated:
    """Leave out one to three of the tags that make a record."""
    names = rb"</?(?:PubmedArticle|MedlineCitation|PMID|Article|PubmedArticleSet|Abstract)\b[^<>]*>"
    data = base
    for tag in sorted(rng.sample(list(re.finditer(names, base)), k=rng.randint(1, 3)), key=lambda found: -found.start()):
        data = data[: tag.start()] + data[tag.end() :]
    return same(data)


def double_tag(rng: Random, base: bytes) -> Mutated:
    """Write a tag twice."""
    tag = rng.choice(list(_TAG.finditer(base)))
    return same(insert(base, tag.start(), tag.group()))


def swap_tags(rng: Random, base: bytes) -> Mutated:
    """Exchange two tags that stand near each other."""
    tags = list(_TAG.finditer(base))
    first = rng.randrange(len(tags) - 1)
    one, other = tags[first], tags[min(len(tags) - 1, first + rng.randint(1, 6))]
    return same(base[: one.start()] + other.group() + base[one.end() : other.start()] + one.group() + base[other.end() :])


def rename_tag(rng: Random, base: bytes) -> Mutated:
    """Give elements another name."""
    name = re.escape(rng.choice(_TAG.findall(base)).strip(b"</>").split()[0])
    new = rng.choice(
        [b"PubmedArticle", b"PMID", b"x", b"PubmedArticlf", b"ns:y", b"MedlineCitation", name.lower(), b"DeleteCitation"]
    )
    return same(re.sub(rb"(</?)" + name + rb"\b", rb"\1" + new, base, count=rng.choice([0, 1, 2])))


def insert_entities(rng: Random, base: bytes) -> Mutated:
    """Put in entities that nobody knows, and broken ones."""
    data = base
    for _ in range(rng.randint(1, 3)):
        data = insert(data, place(rng, data), rng.choice(_ENTITIES))
    return same(data)


def huge_attribute(rng: Random, base: bytes) -> Mutated:
    """Give a tag a huge attribute, thousands of them, or a broken one."""
    tag = rng.choice([found for found in _TAG.finditer(base) if not found.group().startswith(b"</")])
    at = tag.start() + len(tag.group().split()[0].rstrip(b"/>"))
    size = rng.choice([1000, 100_000, 300_000])
    many = b"".join(b' a%d="x"' % number for number in range(size // 100))
    return same(
        insert(
            base, at, rng.choice([b' a="' + b"x" * size + b'"', many, b' a="1" a="2"', b" a=1", b' a="' + b"&lt;" * 1000 + b'"'])
        )
    )


def swap_records(rng: Random, base: bytes) -> Mutated:
    """Put the records in another order."""
    records = list(RECORD.finditer(base))
    order = rng.sample(records, k=len(records))
    out, at = [], 0
    for old, record in zip(records, order, strict=True):
        out += [base[at : old.start()], record.group()]
        at = old.end()
    return same(b"".join([*out, base[at:]]))


def nest_record(rng: Random, base: bytes) -> Mutated:
    """Put a record into another, or between two."""
    record = rng.choice(RECORD.findall(base))
    return same(insert(base, rng.choice([found.end() for found in _TAG.finditer(base)]), record))


def insert_page(rng: Random, base: bytes) -> Mutated:
    """Put in the page that a busy server sends."""
    at = rng.choice([0, len(base), between_records(rng, base), place(rng, base)])
    return same(insert(base, at, rng.choice(_HTML)))


def doctype(rng: Random, base: bytes) -> Mutated:
    """Put in a document type with declarations of any kind, and use them."""
    subset = b" ".join(rng.choice(_SUBSETS) for _ in range(rng.randint(1, 3)))
    made = b"<!DOCTYPE PubmedArticleSet [" + subset + b"]>"
    body = re.sub(rb"<!DOCTYPE[^>]*>", b"", base)
    start = re.search(rb"<[A-Za-z]", body)
    at = rng.choice([start.start() if start else 0, start.start() if start else 0, between_records(rng, body)])
    used = body if rng.random() < 0.5 else insert(body, place(rng, body[at:]) + at, rng.choice([b"&x;", b"&b;", b"&amp;"]))
    return same(insert(used, at, made))


def hide_records(rng: Random, base: bytes) -> Mutated:
    """Put records into a comment or the like."""
    first, last = between_records(rng, base), between_records(rng, base)
    opening, closing = rng.choice([(b"<!--", b"-->"), (b"<![CDATA[", b"]]>"), (b"<?x ", b"?>"), (b"<x>", b"</x>"), (b"<!--", b"")])
    return same(insert(insert(base, max(first, last), closing), min(first, last), opening))


def estrange_record(rng: Random, base: bytes) -> Mutated:
    """Leave a record well-formed, but make it another element, or no more than what stands in it."""
    record = rng.choice(list(RECORD.finditer(base)))
    inside = record.group().removeprefix(b"<PubmedArticle>").removesuffix(b"</PubmedArticle>")
    forms = [
        inside,
        b"<PubmedArticlf>" + inside + b"</PubmedArticlf>",
        b"<x><y>" + inside + b"</y></x>",
        b"lost words" + record.group(),
    ]
    return same(base[: record.start()] + rng.choice(forms) + base[record.end() :])


def nest_deeply(rng: Random, base: bytes) -> Mutated:
    """Put in nested elements."""
    name = rng.choice([b"<i>", b"<PubmedArticle>", b"<x>", b"<MedlineCitation>", b"<mml:math>"])
    depth = rng.choice([2, 50, 300, 20_000])
    closing = name.replace(b"<", b"</") * depth if rng.random() < 0.7 else b""
    return same(insert(base, rng.choice([found.end() for found in _TAG.finditer(base)]), name * depth + closing))


def white_space(rng: Random, base: bytes) -> Mutated:
    """Put in white space."""
    run = rng.choice([b" ", b"\n", b"\t", b"\r", b"\xc2\xa0", b"\xe2\x80\x89"]) * rng.choice([1, 700, 100_000])
    return same(insert(base, rng.choice([0, place(rng, base), between_records(rng, base), len(base)]), run))


def namespace(rng: Random, base: bytes) -> Mutated:
    """Put in a namespace, declared or not."""
    tag = rng.choice([found for found in _TAG.finditer(base) if not found.group().startswith(b"</")])
    at = tag.start() + len(tag.group().split()[0].rstrip(b"/>"))
    return same(
        insert(base, at, rng.choice([b' xmlns="urn:x"', b' xmlns:a="urn:x" a:b="c"', b' b:c="d"', b' xml:space="preserve"']))
    )


def change_pmid(rng: Random, base: bytes) -> Mutated:
    """Write something else for a PMID."""
    pmid = rng.choice(list(re.finditer(rb"<PMID[^<>]*>(\d+)<", base)))
    new = rng.choice([b"", b"0", b"-1", b"1e5", b"9" * 30, b"\xd9\xa1", b" 12 ", b"x", b"1<b/>2", b"&#49;", b"<![CDATA[5]]>"])
    return same(base[: pmid.start(1)] + new + base[pmid.end(1) :])


Mutation = Callable[[Random, bytes], Mutated]
KINDS: tuple[Mutation, ...] = (
    *BYTE_KINDS,
    flip_bits_of_tags,
    lose_tag,
    lose_record_tag,
    double_tag,
    swap_tags,
    rename_tag,
    insert_entities,
    huge_attribute,
    swap_records,
    nest_record,
    insert_page,
    doctype,
    hide_records,
    estrange_record,
    nest_deeply,
    white_space,
    namespace,
    change_pmid,
)
_LAST_ONLY = (
    "cut_off",
    "cut_gzip",
    "damage_gzip",
    "declare_encoding",
    "encode_anew",
    "join_files",
)  # what they leave is no plain XML
PLAIN = tuple(kind for kind in KINDS if kind.__name__ not in _LAST_ONLY)


def several(rng: Random, base: bytes) -> Mutated:
    """Damage a file two to four times, the last time in any way."""
    data = base
    for kind in rng.choices(PLAIN, k=rng.randint(1, 3)):
        try:
            data = kind(rng, data).data
        except (IndexError, ValueError):
            continue  # what this kind changes was destroyed by another
    last = rng.choice(PLAIN)
    try:
        return last(rng, data)
    except (IndexError, ValueError):
        return same(data)
