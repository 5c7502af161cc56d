"""Learn linking from the gold links of the public corpora."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from genemine.link.knowledge import Knowledge
from genemine.link.lexicon import Lexicon
from genemine.models.gold_links import GoldDocument, training_links
from genemine.models.linker import save_knowledge
from genemine.models.linker_diseases import learn_diseases
from genemine.models.linker_genes import learn_genes


@dataclass(frozen=True)
class LinkerReport:
    """What was learnt from: documents and mentions by corpus."""

    documents: dict[str, int]
    mentions: dict[str, int]


def learn(documents: Sequence[GoldDocument], lexicon: Lexicon) -> Knowledge:
    """Learn from documents; the same documents and lexicon give the same knowledge."""
    knowledge = Knowledge(learn_diseases(documents, lexicon), learn_genes(documents, lexicon))
    return Knowledge(knowledge.diseases, knowledge.genes, _version(knowledge))


def train_linker(data: Path, out: Path, lexicon: Lexicon) -> LinkerReport:
    """Learn from all gold links that may be learnt from and write the bundle to ``out``.

    Raises:
        SourceError, RecordError: a corpus is missing or broken.
        StorageError: ``out`` cannot be written.
    """
    documents = training_links(data, with_devel=True)
    report = LinkerReport(dict(Counter(d.corpus for d in documents)), dict(Counter(m.type for d in documents for m in d.mentions)))
    about = {"documents": report.documents, "mentions": report.mentions, "lexicon": lexicon.version}
    save_knowledge(out, learn(documents, lexicon), about=about, card=_card(report))
    return report


def _version(knowledge: Knowledge) -> str:
    digest = hashlib.sha256()
    for name, array in sorted(knowledge.arrays().items()):
        digest.update(name.encode() + np.asarray(array).tobytes())
    return digest.hexdigest()


def _card(report: LinkerReport) -> str:
    rows = [f"| {corpus} | {n} |" for corpus, n in report.documents.items()]
    return "\n".join(["# Linker", "", "Learnt from the gold links of:", "", "| corpus | documents |", "| --- | ---: |", *rows, ""])
