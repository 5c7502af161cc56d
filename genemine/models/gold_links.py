"""Gold links: the documents of public corpora whose mentions carry curated identifiers, by corpus and part."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from genemine.annotate.abbreviations import find_abbreviations
from genemine.annotate.sentences import split_sentences
from genemine.models.corpora import DEVEL, TEST, TRAIN
from genemine.models.corpus_files import BIORED_DEV, document_file
from genemine.models.held_out import held_out_pmids
from genemine.records import DISEASE, GENE, Mention
from genemine.sources.mention_types import mention_type
from genemine.sources.pubtator import PubTatorDocument, read_pubtator


@dataclass(frozen=True)
class GoldLinks:
    """One corpus with curated identifiers: ``parts`` by name, each (folder, file) below the data folder."""

    name: str
    types: tuple[str, ...]
    parts: dict[str, tuple[str, str]]


CORPORA = (
    GoldLinks(
        "ncbi_disease",
        (DISEASE,),
        {
            TRAIN: ("normalised/ncbi-disease", "NCBItrainset_corpus.txt"),
            DEVEL: ("normalised/ncbi-disease", "NCBIdevelopset_corpus.txt"),
            TEST: ("normalised/ncbi-disease", "NCBItestset_corpus.txt"),
        },
    ),
    GoldLinks(
        "bc5cdr_disease",
        (DISEASE,),
        {
            TRAIN: ("normalised/bc5cdr", "CDR_TrainingSet.PubTator.txt"),
            DEVEL: ("normalised/bc5cdr", "CDR_DevelopmentSet.PubTator.txt"),
            TEST: ("normalised/bc5cdr", "CDR_TestSet.PubTator.txt"),
        },
    ),
    # BioRED's development part is held out of every training, as a test part is
    GoldLinks("biored", (GENE, DISEASE), {TRAIN: ("relations/BioRED", "Train.PubTator"), TEST: BIORED_DEV}),
    GoldLinks("gnormplus", (GENE,), {TRAIN: ("normalised/gnormplus", "GNormPlus_Train.PubTator")}),
    GoldLinks("tmvar3", (GENE, DISEASE), {TRAIN: ("normalised/tmvar3", "tmVar3_Train.PubTator")}),
)
_TAXON = re.compile(r"\(Tax:\d+\)")


@dataclass(frozen=True)
class GoldDocument:
    """One document: its mentions of genes and diseases, and for each the identifiers that a curator gave it.

    ``ids[i]`` belongs to ``mentions[i]``: one set for each thing that the mention names ("breast and ovarian cancer": two), and in
    each set the CURIEs that are right for it. Empty where the curator gave none. ``short_forms`` are the abbreviations that the
    text explains, short form -> long form.
    """

    corpus: str
    pmid: str
    text: str
    mentions: tuple[Mention, ...]
    ids: tuple[tuple[frozenset[str], ...], ...]
    short_forms: dict[str, str]


def read_gold_links(data: Path, name: str, part: str) -> list[GoldDocument]:
    """Read one part of one corpus, as it is; a PMID that comes twice is given once.

    Raises:
        SourceError: the file is missing.
        RecordError: a line is broken.
        KeyError: no such corpus or part.
    """
    corpus = next(corpus for corpus in CORPORA if corpus.name == name)
    folder, file_name = corpus.parts[part]
    documents = {d.pmid: d for d in read_pubtator(document_file(data / folder, file_name))}
    return [_gold(corpus, document) for document in documents.values()]


def training_links(data: Path, *, with_devel: bool) -> list[GoldDocument]:
    """Read all gold links that may be learnt from.

    Args:
        data: the folder of corpora.
        with_devel: learn from the devel parts too. Without it the documents of the devel parts are left out wherever they stand.

    Returns:
        the documents, none of which has a PMID of a test part or of BioRED's development part. A PMID that several corpora have
        comes once for each.
    """
    held_out = held_out_pmids(data, with_devel=not with_devel)
    parts = (TRAIN, DEVEL) if with_devel else (TRAIN,)
    read = (d for c in CORPORA for part in parts if part in c.parts for d in read_gold_links(data, c.name, part))
    return [document for document in read if document.pmid not in held_out]


def _gold(corpus: GoldLinks, document: PubTatorDocument) -> GoldDocument:
    kept = [(m, type_) for m in document.mentions if (type_ := mention_type(m.type)) in corpus.types]
    mentions = tuple(Mention(document.pmid, m.start, m.end, m.text, type_) for m, type_ in kept if type_)
    ids = tuple(tuple(_identifiers(m.identifier or "", type_)) for m, type_ in kept if type_)
    found = find_abbreviations(split_sentences(document.text))
    return GoldDocument(corpus.name, document.pmid, document.text, mentions, ids, {a.short: a.long for a in found})


def _identifiers(field: str, type_: str) -> Iterator[frozenset[str]]:
    """Read an identifier column: parts are separated by ``|``, ``,`` or ``;``, what means the same thing by ``+``."""
    for part in re.split(r"[|,;]", field):
        curies = (_curie(one.strip(), type_) for one in part.split("+"))
        if known := frozenset(curie for curie in curies if curie):
            yield known


def _curie(identifier: str, type_: str) -> str:
    identifier = _TAXON.sub("", identifier)
    if not identifier or identifier in {"-", "-1"}:
        return ""
    if type_ == GENE:
        return f"ncbigene:{identifier.removeprefix('NCBIGene:')}"
    prefix, colon, number = identifier.partition(":")
    return f"{prefix.lower().replace('mim', 'omim').replace('oomim', 'omim')}:{number}" if colon else f"mesh:{identifier}"
