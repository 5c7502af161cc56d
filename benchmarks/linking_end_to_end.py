"""From raw text to identifiers: the set of ids of each abstract, by the committed tagger and linker with default settings.

    python -m benchmarks.linking_end_to_end [--quick | --devel]

An id that was found is right when a curator gave it to any mention of the abstract; a curator's id counts as found when any of the
links has it; both are summed over all abstracts (micro precision, recall, F1). An OMIM number counts as the MeSH number of the same
disease where the lexicon (all vocabularies of ../shared/data) knows that they are one. NCBI-disease and BC5CDR: test sets. BioRED:
development part, diseases and human genes; beside the latter the genes of all species, of which the lexicon holds man's alone.
Beside each figure: exact string match against the same lexicon, letter case apart, on the same mentions.

``--devel`` is what choices are made by: development parts, and a fifth of BioRED's training part, by a linker that has learnt from
none of these abstracts. The committed tagger has learnt from nearly all of their sentences, so those figures flatter.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.common import emit, shared_dir
from benchmarks.linking_accuracy import fold_of
from benchmarks.linking_common import ExactMatch, SetScores, canonical, whole_lexicon
from genemine.annotate.tagging import annotate
from genemine.config import AnnotateSettings, LinkSettings
from genemine.link.knowledge import Knowledge
from genemine.link.lexicon import Lexicon
from genemine.link.linker import Linker
from genemine.models.corpora import DEVEL, TEST, TRAIN
from genemine.models.corpus_files import document_file
from genemine.models.gold_links import CORPORA, GoldDocument, read_gold_links, training_links
from genemine.models.linker import load_knowledge
from genemine.models.linker_scores import MentionLinker
from genemine.models.linker_training import learn
from genemine.models.tagger import LstmTagger, load_tagger
from genemine.records import DISEASE, GENE, Article, Mention
from genemine.resources import bundle_folder
from genemine.sources.pubtator import read_pubtator


@dataclass(frozen=True)
class Tagged:
    """One abstract: what the tagger found in it, and what the curators did."""

    gold: GoldDocument
    mentions: tuple[Mention, ...]
    short_forms: dict[str, str]


def tag(tagger: LstmTagger, data: Path, corpus: str, part: str, documents: Sequence[GoldDocument]) -> list[Tagged]:
    """Tag the raw texts of documents as production does."""
    folder, name = next(known.parts[part] for known in CORPORA if known.name == corpus)
    gold = {document.pmid: document for document in documents}
    raw = {d.pmid: d for d in read_pubtator(document_file(data / folder, name)) if d.pmid in gold}
    articles = [Article(d.pmid, d.title, d.abstract) for d in raw.values()]
    found = annotate(articles, tagger, AnnotateSettings())
    return [Tagged(gold[one.pmid], one.mentions, {short.short: short.long for short in one.abbreviations}) for one in found]


def score(linker: MentionLinker, documents: Sequence[Tagged], type_: str, lexicon: Lexicon, *, human: bool) -> SetScores:
    """Compare the sets of identifiers; ``human`` asks for genes that the lexicon holds alone."""
    spell, names, scores = canonical(lexicon, type_), lexicon.names(type_), SetScores()
    for document in documents:
        links = linker.link(document.gold.text, document.mentions, document.short_forms)
        found = {link.curie for link in links if link.curie and link.mention.type == type_}
        gold = document.gold
        parts = {p for m, ids in zip(gold.mentions, gold.ids, strict=True) if m.type == type_ for p in ids}
        if human:
            parts = {part for part in parts if any(names.row_of(curie) is not None for curie in part)}
        scores.add({spell(curie) for curie in found}, {frozenset(map(spell, part)) for part in parts})
    return scores


def told(title: str, way: str, scores: SetScores) -> str:
    """Write one line of the table."""
    return f"{title:<28}{way:<20}{scores.gold:>7}{scores.precision:>8.4f}{scores.recall:>8.4f}{scores.f1:>8.4f}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="every eighth abstract only")
    parser.add_argument("--devel", action="store_true", help="development parts and a fifth of BioRED's training part")
    parser.add_argument("--bundle", type=Path, help="folder of another linker bundle (default: the committed one)")
    arguments = parser.parse_args()
    step = 8 if arguments.quick else 1
    data, lexicon, tagger = shared_dir() / "data", whole_lexicon(), load_tagger()
    if arguments.devel:
        knowledge = _learnt_without_fifth(data, lexicon)
        biored = [d for d in read_gold_links(data, "biored", TRAIN) if fold_of(d.pmid) == 0]
        part, biored_part, biored_key = DEVEL, TRAIN, "biored_fifth"
    else:
        knowledge = load_knowledge(arguments.bundle or bundle_folder("linker"))
        part, biored_part, biored_key = TEST, TEST, "biored_dev"
        biored = read_gold_links(data, "biored", TEST)
    ways: dict[str, MentionLinker] = {
        "genemine": Linker(lexicon, LinkSettings(), knowledge),
        "rules alone": Linker(lexicon, LinkSettings()),
        "exact string match": ExactMatch(lexicon),
    }
    print(f"{'sets of ids':<28}{'':<20}{'gold':>7}{'P':>8}{'R':>8}{'F1':>8}")
    figures: dict[str, float] = {}
    sets: list[tuple[str, str, str, list[GoldDocument], tuple[str, ...]]] = [
        (name, name, part, read_gold_links(data, name, part), (DISEASE,)) for name in ("ncbi_disease", "bc5cdr_disease")
    ]
    sets.append((biored_key, "biored", biored_part, biored, (GENE, DISEASE)))
    for key, corpus, of, documents, types in sets:
        tagged = tag(tagger, data, corpus, of, documents[::step])
        for type_ in types:
            name = f"{key}_{type_.lower()}" if len(types) > 1 else key
            for way, linker in ways.items():
                scores = score(linker, tagged, type_, lexicon, human=type_ == GENE)
                print(told(f"{name}, {of}", way, scores), flush=True)
                figures[f"{name}_{'' if way == 'genemine' else way.split()[0] + '_'}f1"] = round(scores.f1, 4)
            if type_ == GENE:
                every = score(ways["genemine"], tagged, type_, lexicon, human=False)
                print(told(f"{name}, all species", "genemine", every))
                figures[f"{name}_all_species_f1"] = round(every.f1, 4)
    emit(figures)


def _learnt_without_fifth(data: Path, lexicon: Lexicon) -> Knowledge:
    """Learn from the training parts without the articles of one fold."""
    return learn([d for d in training_links(data, with_devel=False) if fold_of(d.pmid) != 0], lexicon)


if __name__ == "__main__":
    main()
