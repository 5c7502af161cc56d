"""How often gold mentions get the identifier that a curator gave them, by the way they were linked.

    python -m benchmarks.link_accuracy [--quick]

Reads NCBI-disease and BC5CDR (development parts) and the genes of BioRED (training part) from ../shared/data and links their gold
mentions with the whole vocabularies and with the embedded lexicon. The precision of each way, over the three corpora, is the score
that ``genemine/link/score.py`` gives links found that way. Accuracy counts human genes only, those of the human gene_info.

A mention with several gold ids is right when every link is one of them and there is at least one; an OMIM id counts as the MeSH id
whose cross references name it. Keys of the last line: accuracy over all mentions with an id, with the whole vocabularies.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from genemine.annotate.abbreviations import find_abbreviations
from genemine.annotate.sentences import split_sentences
from genemine.config import LinkSettings
from genemine.link.build import build_lexicon
from genemine.link.lexicon import Lexicon, load_lexicon
from genemine.link.linker import Linker
from genemine.records import DISEASE, GENE, Link, Mention

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
CORPORA = {
    "ncbi_disease_dev": ("normalised/ncbi-disease/NCBIdevelopset_corpus.txt", DISEASE),
    "bc5cdr_dev": ("normalised/bc5cdr/CDR_DevelopmentSet.PubTator.txt.gz", DISEASE),
    "biored_train_genes": ("relations/BioRED/Train.PubTator.gz", GENE),
}
TYPES = {
    DISEASE: ("Disease", "SpecificDisease", "DiseaseClass", "Modifier", "CompositeMention"),
    GENE: ("GeneOrGeneProduct",),
}


@dataclass(frozen=True)
class Gold:
    """One document: its text, its mentions, and the identifiers of each."""

    text: str
    mentions: tuple[Mention, ...]
    ids: tuple[frozenset[str], ...]


def read_gold(path: Path, mention_type: str) -> Iterator[Gold]:
    """Read the documents of a PubTator file with the mentions of one type that carry an identifier."""
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    for block in re.split(r"\n\s*\n", raw.decode("utf-8")):
        parts = dict(re.findall(r"^\d+\|([ta])\|(.*)$", block, re.MULTILINE))
        if not parts:
            continue
        mentions, ids = [], []
        for line in block.split("\n"):
            fields = line.split("\t")
            if len(fields) < 6 or fields[4] not in TYPES[mention_type]:
                continue
            gold = frozenset(
                _curie(part, mention_type) for part in re.split(r"[|+,;]", fields[5]) if part.strip() not in ("", "-1", "-")
            )
            if gold:
                mentions.append(Mention(fields[0], int(fields[1]), int(fields[2]), fields[3], mention_type))
                ids.append(gold)
        yield Gold(f"{parts['t']}\n{parts.get('a', '')}", tuple(mentions), tuple(ids))


def _curie(gold: str, mention_type: str) -> str:
    gold = gold.strip().removeprefix("MESH:")
    if mention_type == GENE:
        return f"ncbigene:{gold}"
    return f"omim:{gold[5:]}" if gold.startswith("OMIM:") else f"mesh:{gold}"


def measure(linker: Linker, documents: list[Gold], known: frozenset[str]) -> tuple[Counter[str], dict[str, Counter[bool]]]:
    """Count right, wrong and unlinked mentions, and right and wrong ones by way of linking."""
    counts: Counter[str] = Counter()
    ways: dict[str, Counter[bool]] = {}
    for gold in documents:
        by_mention: dict[Mention, list[Link]] = {}
        for link in linker.link(gold.text, gold.mentions, short_forms(gold.text)):
            by_mention.setdefault(link.mention, []).append(link)
        for mention, ids in zip(gold.mentions, gold.ids, strict=True):
            links = [link for link in by_mention[mention] if link.curie]
            right = bool(links) and all(ids & {link.curie, *link.xrefs} for link in links)
            if not known or ids & known:
                counts["right" if right else "wrong" if links else "unlinked"] += 1
            for link in links[:1]:  # a human gene given to the gene of a mouse is a wrong link
                ways.setdefault(link.how, Counter())[right] += 1
    return counts, ways


def short_forms(text: str) -> Mapping[str, str]:
    """Give the abbreviations that a text defines, short form to long form."""
    return {found.short: found.long for found in find_abbreviations(split_sentences(text))}


def main() -> None:
    """Print the tables and the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="every third document only")
    step = 3 if parser.parse_args().quick else 1
    with tempfile.TemporaryDirectory() as folder:
        build_lexicon(DATA / "vocab/Homo_sapiens.gene_info.gz", DATA / "vocab/CTD_diseases.tsv.gz", Path(folder))
        full = load_lexicon(folder)
    figures: dict[str, float] = {}
    human = frozenset(gene.curie for gene in full.genes.concepts)
    for name, lexicon in (("whole vocabularies", full), ("embedded lexicon", load_lexicon())):
        print(f"\n{name}\n")
        totals = _report(lexicon, human, step)
        if lexicon is full:
            figures = {corpus: round(value, 4) for corpus, value in totals.items()}
    print(json.dumps(figures))


def _report(lexicon: Lexicon, human: frozenset[str], step: int) -> dict[str, float]:
    linker = Linker(lexicon, LinkSettings(min_score=0.0))
    ways: dict[tuple[str, str], Counter[bool]] = {}
    accuracy = {}
    print("| corpus | mentions | right | wrong | unlinked | accuracy |\n| --- | --- | --- | --- | --- | --- |")
    for corpus, (path, mention_type) in CORPORA.items():
        documents = list(read_gold(DATA / path, mention_type))[::step]
        counts, found = measure(linker, documents, human if mention_type == GENE else frozenset())
        total = counts.total()
        accuracy[corpus] = counts["right"] / total
        print(f"| {corpus} | {total} | {counts['right']} | {counts['wrong']} | {counts['unlinked']} | {accuracy[corpus]:.4f} |")
        for how, count in found.items():
            ways.setdefault((mention_type, how), Counter()).update(count)
    print("\n| type | way | links | right | precision |\n| --- | --- | --- | --- | --- |")
    for (mention_type, how), count in sorted(ways.items()):
        print(f"| {mention_type} | {how} | {count.total()} | {count[True]} | {count[True] / count.total():.3f} |")
    return accuracy


if __name__ == "__main__":
    main()
