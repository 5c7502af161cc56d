"""Learn linking from the gold links of the public corpora."""

from __future__ import annotations

import hashlib
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from genemine.config import LinkSettings
from genemine.evaluate.linking import Tally
from genemine.link.knowledge import Knowledge
from genemine.link.lexicon import Lexicon
from genemine.link.linker import Linker
from genemine.models import fingerprints
from genemine.models.corpora import file_sha256, path_below
from genemine.models.corpus_files import CORPORA as TOKEN_CORPORA
from genemine.models.corpus_files import DEVEL, TEST, document_file
from genemine.models.gold_links import CORPORA, GoldDocument, read_gold_links, training_links
from genemine.models.held_out import held_out_tests
from genemine.models.linker import save_knowledge
from genemine.models.linker_card import LinkerReport, Part, linker_card
from genemine.models.linker_diseases import learn_diseases
from genemine.models.linker_genes import learn_genes
from genemine.models.linker_leaks import fingerprints_of, without_sentences
from genemine.models.linker_scores import tally
from genemine.records import DISEASE, GENE

STEPS = 6
HELD_BACK = 5  # one article in so many judges the genes, which have no devel part
GENE_CORPORA = ("gnormplus", "biored")  # whose human genes judge


def learn(documents: Sequence[GoldDocument], lexicon: Lexicon) -> Knowledge:
    """Learn from documents; the same documents and lexicon give the same knowledge."""
    return _versioned(Knowledge(learn_diseases(documents, lexicon), learn_genes(documents, lexicon)))


def train_linker(data: Path, out: Path, lexicon: Lexicon, progress: Callable[[int, int], None]) -> LinkerReport:
    """Learn from all gold links that may be learnt from and write the bundle to ``out``.

    Two trainings: one on training parts alone, for the figures of the card, then the final one on all.

    Args:
        data: the folder of corpora.
        out: the bundle; an older one is replaced.
        lexicon: what the mentions are linked to; the bundle serves with any lexicon, best with this one.
        progress: called with (steps done, steps in all).

    Raises:
        SourceError: a corpus is missing, or what would be learnt from is held out.
        RecordError: a corpus has a broken line.
        StorageError: ``out`` cannot be written.
    """
    progress(0, STEPS)
    guard = held_out_tests(data, TOKEN_CORPORA)
    read = training_links(data, with_devel=True)
    documents = [without_sentences(document, guard) for document in read]
    listed = fingerprints_of(data, documents)
    progress(1, STEPS)
    devel = judge_diseases(data, lexicon)
    progress(2, STEPS)
    devel["human genes"] = judge_genes(documents, lexicon)
    progress(3, STEPS)
    diseases = learn_diseases(documents, lexicon)
    progress(4, STEPS)
    knowledge = _versioned(Knowledge(diseases, learn_genes(documents, lexicon)))
    progress(5, STEPS)
    report = LinkerReport(
        documents=dict(Counter(document.corpus for document in documents)),
        mentions={type_: _n_linked(documents, type_) for type_ in (GENE, DISEASE)},
        n_changed=sum(a is not b for a, b in zip(documents, read, strict=True)),
        parts=_parts(data),
        lexicon=lexicon.version,
        lexicon_counts=lexicon.counts,
        devel=devel,
    )
    about = {"training": report.record(), "fingerprints": fingerprints.FORMAT}
    save_knowledge(out, knowledge, about=about, card=linker_card(report), further=listed)
    progress(STEPS, STEPS)
    return report


def judge_diseases(data: Path, lexicon: Lexicon) -> dict[str, Tally]:
    """Learn diseases from training parts alone and judge them on the devel parts of the disease corpora."""
    learnt = learn_diseases(training_links(data, with_devel=False), lexicon)
    linker = Linker(lexicon, LinkSettings(min_score=0.0), Knowledge(diseases=learnt, version="trial"))
    names = [corpus.name for corpus in CORPORA if DEVEL in corpus.parts]
    return {f"{name} devel": tally(linker, read_gold_links(data, name, DEVEL), DISEASE, lexicon) for name in names}


def judge_genes(documents: Sequence[GoldDocument], lexicon: Lexicon) -> Tally:
    """Learn genes without a fifth of the articles and judge them on the human genes of that fifth."""
    held = {document.pmid for document in documents if zlib.crc32(document.pmid.encode()) % HELD_BACK == 0}
    learnt = learn_genes([document for document in documents if document.pmid not in held], lexicon)
    linker = Linker(lexicon, LinkSettings(min_score=0.0), Knowledge(genes=learnt, version="trial"))
    return tally(linker, [d for d in documents if d.pmid in held and d.corpus in GENE_CORPORA], GENE, lexicon)


def _n_linked(documents: Sequence[GoldDocument], type_: str) -> int:
    return sum(m.type == type_ and bool(ids) for d in documents for m, ids in zip(d.mentions, d.ids, strict=True))


def _parts(data: Path) -> list[Part]:
    """List the files that were learnt from, with their hashes."""
    found = []
    for corpus in CORPORA:
        for part, (folder, name) in corpus.parts.items():
            if part != TEST:
                path = document_file(data / folder, name)
                found.append(Part(corpus.name, part, path_below(path, data), file_sha256(path)))
    return found


def _versioned(knowledge: Knowledge) -> Knowledge:
    digest = hashlib.sha256()
    for name, array in sorted(knowledge.arrays().items()):
        digest.update(name.encode() + np.asarray(array).tobytes())
    return Knowledge(knowledge.diseases, knowledge.genes, digest.hexdigest())
