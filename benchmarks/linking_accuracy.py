"""How often gold mentions get the identifier that a curator gave them (accuracy at 1, over all mentions that have one).

    python -m benchmarks.linking_accuracy [--quick | --devel | --ways] [--only diseases|genes]

Diseases: gold mentions of the test sets of NCBI-disease and BC5CDR, by the committed bundle. Genes: gold mentions of human genes in
the training parts of GNormPlus and BioRED, by five folds of articles (a PMID is in one fold, whatever corpus has it), learnt anew
without the fold. The lexicon is that of all vocabularies in ../shared/data. The best answer counts, whatever its score
(``link.min_score`` 0); beside it stands what the default threshold leaves.

- *strict*, the figures of the last line: the links of a mention cover every part that a curator named, and nothing more.
- *lenient*: one of its links is right.

An OMIM number counts as the MeSH number of the same disease where the lexicon knows that they are one. A gene mention is asked for
its human genes; identifiers of other species, and numbers that NCBI has withdrawn, are not asked for. Beside each figure: exact
string match against the same lexicon, letter case apart, and the rules without anything learnt.

``--devel`` measures the development parts of the two disease corpora with what was learnt from training parts alone, which is what
choices are made by. ``--ways`` prints the precision of every way of the rules, which is what genemine/link/score.py holds.
"""

from __future__ import annotations

import argparse
import zlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks.common import emit, shared_dir
from benchmarks.linking_common import ExactMatch, whole_lexicon
from genemine.config import LinkSettings
from genemine.evaluate.linking import Tally
from genemine.link.knowledge import Knowledge
from genemine.link.lexicon import Lexicon
from genemine.link.linker import Linker
from genemine.models.corpora import DEVEL, TEST, TRAIN
from genemine.models.gold_links import GoldDocument, read_gold_links, training_links
from genemine.models.linker import load_knowledge
from genemine.models.linker_diseases import learn_diseases
from genemine.models.linker_genes import learn_genes
from genemine.models.linker_scores import MentionLinker, linked, tally
from genemine.records import DISEASE, GENE
from genemine.resources import bundle_folder

DISEASE_SETS, GENE_SETS = ("ncbi_disease", "bc5cdr_disease"), ("gnormplus", "biored")
FOLDS = 5
BEST = LinkSettings(min_score=0.0)
HEAD = f"{'gold mentions':<22}{'':<30}{'n':>7}{'strict':>8}{'lenient':>9}{'linked':>8}"


def measure_diseases(lexicon: Lexicon, documents: Sequence[GoldDocument], knowledge: Knowledge, title: str) -> dict[str, Tally]:
    """Judge all ways of linking on the diseases of documents; prints a line for each."""
    ways: dict[str, MentionLinker] = {
        "genemine": Linker(lexicon, BEST, knowledge),
        "genemine, from link.min_score": Linker(lexicon, LinkSettings(), knowledge),
        "rules, nothing learnt": Linker(lexicon, BEST),
        "exact string match": ExactMatch(lexicon),
    }
    found = {way: tally(linker, documents, DISEASE, lexicon) for way, linker in ways.items()}
    for way, counts in found.items():
        print(told(title, way, counts), flush=True)
    return found


def measure_genes(lexicon: Lexicon, data: Path, quick: bool) -> dict[str, Tally]:
    """Judge all ways of linking on human genes, learnt anew for each fold; prints a line for each.

    Args:
        lexicon: of human genes.
        data: the folder of corpora.
        quick: one fold only, learnt from every third article of the others.
    """
    learnt_from = training_links(data, with_devel=True)
    gold = [document for name in GENE_SETS for document in read_gold_links(data, name, TRAIN)]
    known = {document.pmid for document in learnt_from}
    gold = [document for document in gold if document.pmid in known]  # without those of test parts
    exact, rules = ExactMatch(lexicon), Linker(lexicon, BEST)
    found: dict[str, Tally] = {}
    for fold in range(1 if quick else FOLDS):
        others = [d for d in learnt_from if fold_of(d.pmid) != fold][:: 3 if quick else 1]
        knowledge = Knowledge(genes=learn_genes(others, lexicon), version=f"fold {fold}")
        ways: dict[str, MentionLinker] = {
            "genemine": Linker(lexicon, BEST, knowledge),
            "genemine, from link.min_score": Linker(lexicon, LinkSettings(), knowledge),
            "rules, nothing learnt": rules,
            "exact string match": exact,
        }
        own = [document for document in gold if fold_of(document.pmid) == fold]
        here: dict[str, Tally] = {}
        for way, linker in ways.items():
            here[way] = tally(linker, own, GENE, lexicon)
            found[way] = found.get(way, Tally()) + here[way]
        print(f"fold {fold}: {told('', 'genemine', here['genemine']).strip()}", flush=True)
    for way, counts in found.items():
        print(told("human genes, 5 folds", way, counts))
    return found


def fold_of(pmid: str) -> int:
    """Give the fold of an article."""
    return zlib.crc32(f"fold {pmid}".encode()) % FOLDS


def told(title: str, way: str, counts: Tally) -> str:
    """Write one line of the table."""
    shares = [counts.share(count) for count in (counts.strict, counts.lenient, counts.linked)]
    return f"{title:<22}{way:<30}{counts.mentions:>7}{shares[0]:>8.4f}{shares[1]:>9.4f}{shares[2]:>8.4f}"


def figures_of(key: str, found: dict[str, Tally]) -> dict[str, float]:
    """Name the figures of one set of gold mentions."""
    named = {"acc": "genemine", "exact_acc": "exact string match", "rules_acc": "rules, nothing learnt"}
    figures = {f"{key}_{name}": round(found[way].share(found[way].strict), 4) for name, way in named.items()}
    return figures | {f"{key}_lenient_acc": round(found["genemine"].share(found["genemine"].lenient), 4)}


def ways_of(lexicon: Lexicon, data: Path) -> None:
    """Print how often each way of the rules is right; for a gene of another species a human one is wrong."""
    counts: dict[tuple[str, str], Counter[bool]] = {}
    rules = Linker(lexicon, BEST)
    parts = [(DISEASE, name, DEVEL) for name in DISEASE_SETS] + [(GENE, "biored", TRAIN)]
    for type_, name, part in parts:
        for document in read_gold_links(data, name, part):
            by_mention = linked(rules, document, type_)
            for mention, ids in zip(document.mentions, document.ids, strict=True):
                links = [link for link in by_mention.get(mention, []) if link.curie and ids]
                right = all(any(part & {link.curie, *link.xrefs} for part in ids) for link in links)
                for link in links[:1]:
                    counts.setdefault((type_, link.how), Counter())[right] += 1
    print(f"{'type':<10}{'way':<14}{'links':>7}{'right':>7}{'precision':>11}")
    for (type_, how), count in sorted(counts.items()):
        print(f"{type_:<10}{how:<14}{count.total():>7}{count[True]:>7}{count[True] / count.total():>11.3f}")
    emit({f"{type_}_{how}": [count[True], count.total()] for (type_, how), count in sorted(counts.items())})


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="every fourth document, one fold of genes from few articles")
    parser.add_argument("--devel", action="store_true", help="development parts, learnt from training parts alone")
    parser.add_argument("--ways", action="store_true", help="the precision of each way of the rules, and nothing else")
    parser.add_argument("--only", choices=("diseases", "genes"), help="one of the two types")
    parser.add_argument("--bundle", type=Path, help="folder of another linker bundle (default: the committed one)")
    arguments = parser.parse_args()
    data, lexicon = shared_dir() / "data", whole_lexicon()
    if arguments.ways:
        ways_of(lexicon, data)
        return
    print(HEAD)
    figures: dict[str, float] = {}
    if arguments.only != "genes":
        if arguments.devel:
            knowledge = Knowledge(learn_diseases(training_links(data, with_devel=False), lexicon), version="training parts")
        else:
            knowledge = load_knowledge(arguments.bundle or bundle_folder("linker"))
        for name in DISEASE_SETS:
            documents = read_gold_links(data, name, DEVEL if arguments.devel else TEST)[:: 4 if arguments.quick else 1]
            title = name.replace("_disease", " devel" if arguments.devel else " test")
            figures |= figures_of(name, measure_diseases(lexicon, documents, knowledge, title))
    if arguments.only != "diseases":
        figures |= figures_of("gene", measure_genes(lexicon, data, arguments.quick))
    emit(figures)


if __name__ == "__main__":
    main()
