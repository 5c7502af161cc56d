"""What training the linker tells its readers: the report, the record in the bundle's config, the model card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from genemine import __version__
from genemine.evaluate.linking import Tally

ABOUT = """What curators gave to names of genes and diseases, and boosted trees that choose among the answers for a mention: the
lexicon's, the memory's, and those of names that are like it. docs/linking.md tells how; nothing here is a text: names are kept as
hashes, articles as counts of hashed words.
"""
RECIPE = """## Recipe

No chance is involved: the same files and lexicon give the same bundle. Features of an article are made with a memory of other
articles (folds of PMIDs), so that the trees do not trust it more than it deserves on articles that nobody has seen.

- Diseases: 150 trees of 24 leaves over the answers of a name; memory apart by corpus, weighed by how like its articles are.
- Genes: whether an article, and a mention, is about human genes (logistic regression over words, trees), then trees over the genes
  that a name may mean.
"""
LIMITS = """## Limits

- The corpora are abstracts about diseases, harm by drugs, genes and variants; elsewhere expect less.
- Curators disagree: where one corpus gives the broader disease and another the narrower, the words of the article decide.
- The score of a link is its chance to be right on articles like these; `link.min_score` cuts there.
- Genes of other species than man get no identifier.
- Learnt from the lexicon named above. With the embedded lexicon, which holds few names, fewer mentions get an identifier.

## Licences

NCBI-disease (Doğan et al. 2014) and BC5CDR (Li et al. 2016) with identifiers, GNormPlus (Wei et al. 2015), tmVar 3 (Wei et al.
2022) and BioRED (Luo et al. 2022): the repositories that distribute them are MIT or state nothing, terms of the corpora are not
stated. The bundle holds numbers learnt from them, none of their sentences.
"""


@dataclass(frozen=True)
class Part:
    """One file that was learnt from."""

    corpus: str
    part: str
    file: str
    sha256: str


@dataclass(frozen=True)
class LinkerReport:
    """What was learnt from, and what it reaches.

    ``documents`` by corpus, ``mentions`` with an identifier by type; ``n_changed`` documents lost sentences that are held out;
    ``lexicon`` is the version of the lexicon and ``lexicon_counts`` its size; ``devel`` are counts of gold mentions that the final
    training has seen and the one that was judged has not.
    """

    documents: Mapping[str, int]
    mentions: Mapping[str, int]
    n_changed: int
    parts: Sequence[Part]
    lexicon: str
    lexicon_counts: Mapping[str, int]
    devel: Mapping[str, Tally]

    def lines(self) -> tuple[str, ...]:
        """Tell the outcome in a few lines."""
        size = ", ".join(f"{n:,} {name}" for name, n in self.lexicon_counts.items())
        return (
            f"learnt from {sum(self.documents.values()):,} articles with the lexicon {self.lexicon[:12]} ({size})",
            *(f"{part}: {t.share(t.strict):.4f} of {t.mentions:,} gold mentions right" for part, t in self.devel.items()),
        )

    def record(self) -> dict[str, Any]:
        """Give what the bundle's config.json says about training."""
        return {
            "documents": dict(self.documents),
            "mentions": dict(self.mentions),
            "documents_with_blanked_sentences": self.n_changed,
            "files": {part.file: [part.part, part.sha256] for part in self.parts},
            "lexicon": {"version": self.lexicon, **self.lexicon_counts},
            "devel": {part: asdict(counts) for part, counts in self.devel.items()},
        }


def linker_card(report: LinkerReport) -> str:
    """Write the model card: data, recipe, figures, limits."""
    counts = ", ".join(f"{n:,} of type {type_}" for type_, n in report.mentions.items())
    size = ", ".join(f"{n:,} {name}" for name, n in report.lexicon_counts.items())
    lines = [
        f"# Linker {__version__}",
        "",
        ABOUT,
        "## Data",
        "",
        "| corpus | part | file | sha256 |",
        "| --- | --- | --- | --- |",
        *(f"| {part.corpus} | {part.part} | {part.file} | {part.sha256} |" for part in report.parts),
        "",
        f"Articles: {', '.join(f'{corpus} {n:,}' for corpus, n in report.documents.items())}.",
        f"Mentions with an identifier: {counts}.",
        "Left out: every PMID of the test parts of NCBI-disease and BC5CDR and of BioRED's development part.",
        f"{report.n_changed} articles share a sentence with a test file; it was blanked.",
        "The bundle lists fingerprints of all sentences and PMIDs that it has seen.",
        "",
        f"Lexicon: version {report.lexicon[:12]}, {size} (docs/linking-vocabularies.md).",
        "",
        RECIPE,
        "## Figures",
        "",
        "Gold mentions with the right identifier (strict: every part that the curator named and nothing more), best answer",
        "whatever its score, by a training that has not seen these articles. The bundle itself has learnt from them too; its own",
        "figures are those on test files: `python -m benchmarks.linking_accuracy`.",
        "",
        "| gold mentions | n | right |",
        "| --- | ---: | ---: |",
        *(f"| {part} | {t.mentions:,} | {t.share(t.strict):.4f} |" for part, t in report.devel.items()),
        "",
        LIMITS,
    ]
    return "\n".join(lines)
