"""A user's own labelled corpus: its files are found, read whatever their form, and cut where it has no development part.

==============  ==========================================================================================
token files     ``train.tsv`` (also .iob, .bio, .conll): one ``token<TAB>tag`` a line
PubTator        ``train.pubtator`` or ``train.txt``
BioC            ``train.xml`` or ``train.json``
==============  ==========================================================================================

``devel`` (or ``dev``) and ``test`` likewise; .gz at the end of any; case does not count, and words between dots do not either
(``Train.BioC.XML.gz``).
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from genemine.errors import RecordError, SourceError
from genemine.models.corpus_files import DEVEL, FORMS, TEST, TOKEN_FORMS, TRAIN, form_of, own_parts
from genemine.models.labelled import NOT_FOUND, LabelledSentence, find_mention, labelled_document, tagged_sentence
from genemine.records import MENTION_TYPES
from genemine.sources.bioc import read_bioc_json, read_bioc_xml
from genemine.sources.iob import TaggedSentence, read_iob
from genemine.sources.mention_types import mention_type
from genemine.sources.pubtator import PubTatorDocument, read_pubtator

log = logging.getLogger(__name__)

READERS: dict[str, Callable[[Path], Iterator[PubTatorDocument]]] = {
    "pubtator": read_pubtator,
    "txt": read_pubtator,
    "xml": read_bioc_xml,
    "json": read_bioc_json,
}
DEVEL_SHARE = 0.1  # of the documents, where a corpus comes without a development part
BLOCK = 10  # sentences: where a token file tells of no documents, so many neighbours stay together
MOST_TOKENS = 2000  # of a sentence: beyond it the empty lines between sentences were forgotten
MOST_MISPLACED = 0.5  # of the mentions: beyond it the offsets are counted in another way, not slips


@dataclass(frozen=True)
class OwnPart:
    """One file as read: sentences by document; ``ignored`` counts mentions of other types, ``odd`` those that did not fit."""

    path: Path
    documents: tuple[tuple[LabelledSentence, ...], ...]
    types: frozenset[str]
    ignored: Counter[str]
    odd: Counter[str]


def read_own(data: Path, part: str, types: Iterable[str], seed: int = 0) -> list[LabelledSentence]:
    """Read one part of a user's own corpus; a development part that has no file is cut from the training part.

    Raises:
        SourceError: a file cannot be read, there are too few documents to cut a development part from, or it holds no mention.
        RecordError: a file is broken; names file and line.
    """
    parts, chosen = own_parts(data), tuple(types)
    if part == TEST and TEST not in parts:
        return []
    if part == TEST or DEVEL in parts:
        documents: Iterable[tuple[LabelledSentence, ...]] = read_part(parts[part], chosen).documents
    else:
        whole = read_part(parts[TRAIN], chosen)
        devel = _devel_documents(len(whole.documents), seed, whole.path)
        documents = [document for i, document in enumerate(whole.documents) if (i in devel) == (part == DEVEL)]
    sentences = [sentence for document in documents for sentence in document]
    if part == DEVEL and not any(1 in row for sentence in sentences for row in sentence.labels.values()):
        raise SourceError(_without_mention(parts, chosen, seed))
    return sentences


def _without_mention(parts: dict[str, Path], types: tuple[str, ...], seed: int) -> str:
    """Say that the development part cannot judge."""
    what = f"no {' or '.join(types)} is marked"
    if DEVEL in parts:
        return f"{parts[DEVEL]}: {what}, so it cannot judge; mark some, or remove it: then a tenth of train is held back"
    return (
        f"{parts[TRAIN]}: {what} in the documents that are held back as devel (seed {seed}); give more documents, another --seed, "
        f"or a file devel{parts[TRAIN].suffix}"
    )


def own_types(data: Path) -> tuple[str, ...]:
    """Tell which of Gene and Disease a user's training part marks.

    Raises:
        RecordError: neither of them.
    """
    train = read_part(own_parts(data)[TRAIN], MENTION_TYPES)
    if not train.types:
        other = f"; what is marked are {', '.join(sorted(train.ignored)[:5])}" if train.ignored else ""
        raise RecordError(
            f"{train.path}: no mention of a gene or disease is tagged{other}; tag tokens B-Gene, I-Gene, B-Disease, I-Disease, "
            "or give mentions the type Gene or Disease (docs/training.md lists what else they may be called)"
        )
    return tuple(type_ for type_ in MENTION_TYPES if type_ in train.types)


def own_notes(data: Path, seed: int) -> tuple[str, ...]:
    """Say what a user's corpus holds, a line a part: sentences, mentions, what was ignored and what did not fit."""
    parts, types = own_parts(data), own_types(data)
    notes = [_note(part, read_part(path, types)) for part, path in parts.items()]
    n = len(read_own(data, DEVEL, types, seed))
    if DEVEL not in parts:
        devel = len(_devel_documents(len(read_part(parts[TRAIN], types).documents), seed, parts[TRAIN]))
        notes.append(f"devel: no file, so {devel} documents ({n} sentences) of {parts[TRAIN].name} are held back (seed {seed})")
    return tuple(notes)


def read_part(path: Path, types: tuple[str, ...]) -> OwnPart:
    """Read one file.

    Raises:
        SourceError: it cannot be read, or its form cannot be told.
        RecordError: it is broken, or most of its mentions do not stand at their offsets; names file and line.
    """
    form = form_of(path)
    if form not in FORMS:
        raise SourceError(
            f"{path}: form cannot be told from its name; end it in .tsv, .pubtator, .txt, .xml or .json (.gz may follow)"
        )
    if form in TOKEN_FORMS:
        return _token_part(path, types)
    documents = list(READERS[form](path))
    if not documents:
        raise RecordError(f"{path}:1: no document in it; docs/training.md shows one of each form")
    _check_offsets(documents, path)
    odd: Counter[str] = Counter()
    read = tuple(tuple(labelled_document(document, types, odd)) for document in documents)
    called = Counter(mention.type for document in documents for mention in document.mentions)
    return OwnPart(path, read, _known(called), _ignored(called), +odd)


def _token_part(path: Path, types: tuple[str, ...]) -> OwnPart:
    sentences = list(read_iob(path))
    for sentence in sentences:
        if len(sentence.tokens) > MOST_TOKENS:
            where = f"{path}:{sentence.line}"
            raise RecordError(f"{where}: a sentence of {len(sentence.tokens)} tokens; put an empty line between sentences")
    called = Counter(tag[2:] for sentence in sentences for tag in sentence.tags if tag.startswith("B-"))
    blocks: dict[int, list[LabelledSentence]] = {}
    for key, sentence in _in_blocks(sentences):
        blocks.setdefault(key, []).append(tagged_sentence(sentence, types))
    return OwnPart(path, tuple(map(tuple, blocks.values())), _known(called), _ignored(called), Counter())


def _in_blocks(sentences: list[TaggedSentence]) -> Iterator[tuple[int, TaggedSentence]]:
    """Number the documents; blocks of neighbours where the file has no lines between documents (few sentences: each its own)."""
    told = len({sentence.document for sentence in sentences}) > 1
    size = BLOCK if len(sentences) >= 10 * BLOCK else 1
    for i, sentence in enumerate(sentences):
        yield (sentence.document if told else i // size), sentence


def _devel_documents(n: int, seed: int, path: Path) -> frozenset[int]:
    if n < 2:
        raise SourceError(f"{path}: one document, and no development part; give more documents, or a file devel{path.suffix}")
    chosen = np.random.default_rng(seed).permutation(n)[: max(1, round(DEVEL_SHARE * n))]
    return frozenset(chosen.tolist())


def _check_offsets(documents: list[PubTatorDocument], path: Path) -> None:
    """Stop where offsets are counted in another way than in characters of the text."""
    known = [(document, m) for document in documents for m in document.mentions if mention_type(m.type)]
    lost = [(document, m) for document, m in known if find_mention(document.text, m) is None]
    if len(lost) > MOST_MISPLACED * len(known):
        document, m = lost[0]
        where = f"{path}:{m.line}" if m.line else str(path)
        raise RecordError(
            f"{where}: document {document.pmid}: {m.text!r} does not stand at {m.start}-{m.end} nor near, and so with "
            f"{len(lost)} of {len(known)} mentions; count characters, not bytes, of title + one separator + abstract"
        )


def _known(called: Counter[str]) -> frozenset[str]:
    return frozenset(type_ for name in called if (type_ := mention_type(name)))


def _ignored(called: Counter[str]) -> Counter[str]:
    return Counter({name: n for name, n in called.items() if mention_type(name) is None})


def _note(part: str, read: OwnPart) -> str:
    sentences = [sentence for document in read.documents for sentence in document]
    marked = Counter(type_ for s in sentences for type_, row in s.labels.items() for label in row if label == 1)
    text = f"{part} {read.path.name}: {len(sentences)} sentences, "
    text += ", ".join(f"{marked[t]} {t}" for t in MENTION_TYPES if marked[t]) or "no mention"
    if read.ignored:
        text += f"; ignored: {', '.join(f'{n} {name}' for name, n in read.ignored.most_common(5))}"
    if read.odd:
        text += f"; did not fit: {', '.join(f'{n} {why}' for why, n in sorted(read.odd.items()))}"
        if read.odd[NOT_FOUND]:
            text += " (those sentences are left out)"
    return text
