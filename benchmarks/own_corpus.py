"""A user's own small corpus: the shipped tagger as it is, going on from it, and beginning anew; strict F1 of raw texts.

Two stand-ins for such a corpus, neither of which the shipped tagger has learnt labels from:

- **known guideline**: BioRED's development part, genes and diseases, marked as the shipped tagger marks them;
- **other guideline**: cancers alone, marked as Disease (AnatEM's type Cancer), in abstracts of which it has learnt no labelled
  sentence. The shipped tagger marks every disease, so it is wrong by rule, and the corpus has to teach the difference.

Each is cut by document, with a fixed seed, into train (50 documents), devel (10) and test (the others, at most 200). Training is
what ``genemine train tagger`` does; anew means ``--vectors`` with the shipped tagger's word vectors. The learning rate was chosen
on the devel parts (docs/experiments.md).
"""

from __future__ import annotations

import argparse
import tarfile
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, cast

import numpy as np

from benchmarks.common import emit, shared_dir
from benchmarks.tagger_data import bare, find_in_text, gold_in_text, read_biored_dev
from genemine.annotate.sentences import split_sentences
from genemine.config import TrainSettings
from genemine.evaluate.spans import SpanScores, score_spans
from genemine.models.bundle import read_bundle
from genemine.models.fingerprints import read_fingerprints, sentence_codes
from genemine.models.quiet import load_backend
from genemine.models.tagger import KIND, LstmTagger, default_bundle, load_tagger
from genemine.models.vectors import WordVectors, save_vectors
from genemine.models.vocabulary import from_arrays
from genemine.records import DISEASE, GENE
from genemine.sources.mention_types import mention_type
from genemine.sources.pubtator import PubTatorDocument, PubTatorMention, write_pubtator

SPLIT_SEED = 1
N_TRAIN, N_DEVEL, MOST_TEST = 50, 10, 200  # documents
QUICK = (3, 2, 10)
ANATEM = "abstracts/anatem/anatem-standoff-all.tar.gz"


@dataclass(frozen=True)
class StandIn:
    """One corpus in three parts; ``types`` are those that it marks."""

    name: str
    title: str
    types: tuple[str, ...]
    train: Sequence[PubTatorDocument]
    devel: Sequence[PubTatorDocument]
    test: Sequence[PubTatorDocument]

    def write(self, folder: Path, *, with_test: bool = False) -> Path:
        """Write the parts as a user would bring them; gives the folder."""
        folder.mkdir(parents=True)
        for part in ("train", "devel", *(("test",) if with_test else ())):
            (folder / f"{part}.pubtator").write_text(write_pubtator(getattr(self, part)), encoding="utf-8")
        return folder


def stand_ins(data: Path, n_train: int, n_devel: int, most_test: int, seed: int = SPLIT_SEED) -> list[StandIn]:
    """Cut both corpora."""
    biored = [_marked(document, (GENE, DISEASE)) for document in read_biored_dev(data)]
    made = []
    for name, title, types, documents in (
        ("own", "known guideline (BioRED dev)", (GENE, DISEASE), biored),
        ("cancer", "other guideline (AnatEM's cancers)", (DISEASE,), read_cancers(data)),
    ):
        order = [documents[i] for i in np.random.default_rng(seed).permutation(len(documents))]
        cuts = (n_train, n_train + n_devel, n_train + n_devel + most_test)
        made.append(StandIn(name, title, types, order[: cuts[0]], order[cuts[0] : cuts[1]], order[cuts[1] : cuts[2]]))
    return made


def read_cancers(data: Path) -> list[PubTatorDocument]:
    """Read AnatEM's abstracts that mention cancers, less those of which the shipped tagger has learnt a labelled sentence."""
    bundle = read_bundle(default_bundle(), KIND)
    learnt = read_fingerprints(bundle.arrays, bundle.name).labelled
    with tarfile.open(data / ANATEM) as archive:
        members = [member for member in archive if member.isfile()]
        files = {Path(member.name).name: cast(IO[bytes], archive.extractfile(member)).read() for member in members}
    documents = []
    for name in sorted(files):
        if not name.startswith("PMID-") or not name.endswith(".txt"):
            continue
        title, _, abstract = files[name].decode("utf-8").rstrip().partition("\n")
        mentions = _cancers(files[name.removesuffix(".txt") + ".ann"].decode("utf-8"))
        document = PubTatorDocument(name.removeprefix("PMID-").removesuffix(".txt"), title, abstract.replace("\n", " "), mentions)
        codes = sentence_codes(sentence.text for sentence in split_sentences(document.text))
        if mentions and abstract and not np.isin(codes, learnt).any():
            documents.append(document)
    return documents


def _cancers(annotations: str) -> tuple[PubTatorMention, ...]:
    """Read brat lines ``T1<TAB>Cancer 0 8<TAB>melanoma``; a cancer in two pieces reaches from the first to the last of them."""
    found = []
    for line in annotations.splitlines():
        fields = line.split("\t")
        if fields[0].startswith("T") and fields[1].startswith("Cancer "):
            numbers = [int(number) for piece in fields[1].removeprefix("Cancer ").split(";") for number in piece.split()]
            found.append(PubTatorMention(min(numbers), max(numbers), fields[2], DISEASE))
    return tuple(found)


def _marked(document: PubTatorDocument, types: tuple[str, ...]) -> PubTatorDocument:
    """Keep the mentions of these types alone."""
    return replace(document, mentions=tuple(m for m in document.mentions if mention_type(m.type) in types), relations=())


def shipped_vectors(path: Path) -> Path:
    """Write the shipped tagger's word vectors as ``--vectors`` reads them."""
    vocabulary = from_arrays(read_bundle(default_bundle(), KIND).arrays)
    vectors = vocabulary.codes.astype(np.float32) * vocabulary.scales[:, None]
    save_vectors(WordVectors(vocabulary.words, vectors.astype(np.float16)), path)
    return path


def scores(tagger: LstmTagger, corpus: StandIn) -> dict[str, SpanScores]:
    """Score a tagger on the test documents, by characters, from raw text as production goes."""
    found = find_in_text(tagger, corpus.test)
    return {type_: score_spans(gold_in_text(corpus.test, type_), map(set, bare(found[type_]))) for type_ in corpus.types}


def mean(by_type: dict[str, SpanScores]) -> float:
    """Mean F1 of the types."""
    return float(np.mean([score.f1 for score in by_type.values()]))


def train(corpus: StandIn, folder: Path, settings: TrainSettings, vectors: Path | None) -> tuple[LstmTagger, float]:
    """Train as the command does; gives the tagger and the seconds it took."""
    from genemine.models.tagger_training import train_tagger

    data = corpus.write(folder / "data")
    began = time.monotonic()
    train_tagger(data, folder / "bundle", settings, vectors)
    return load_tagger(folder / "bundle"), time.monotonic() - began


def _told(way: str, by_type: dict[str, SpanScores]) -> str:
    cells = [f"{type_} P {s.precision:.3f} R {s.recall:.3f} F1 {s.f1:.3f}" for type_, s in by_type.items()]
    return f"  {way:8}" + "; ".join(cells)


def main() -> None:
    """Measure the stand-ins in three ways."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one stand-in, a few documents, one epoch: a check, no figures")
    parser.add_argument("--train", type=int, default=N_TRAIN, help=f"documents to train on (default: {N_TRAIN})")
    parser.add_argument("--devel", type=int, default=N_DEVEL, help=f"documents of the devel part (default: {N_DEVEL})")
    arguments = parser.parse_args()
    sizes = QUICK if arguments.quick else (arguments.train, arguments.devel, MOST_TEST)
    settings = TrainSettings(epochs=1) if arguments.quick else TrainSettings()
    load_backend()
    figures: dict[str, float | int] = {"documents": sizes[0]}
    shipped = load_tagger()
    with tempfile.TemporaryDirectory() as folder:
        vectors = shipped_vectors(Path(folder) / "vectors.npz")
        for corpus in stand_ins(shared_dir() / "data", *sizes)[: 1 if arguments.quick else None]:
            parts = ", ".join(f"{len(getattr(corpus, part))} {part}" for part in ("train", "devel", "test"))
            print(f"{corpus.title}: documents: {parts}", flush=True)
            before = scores(shipped, corpus)
            print(_told("shipped", before), flush=True)
            figures[f"{corpus.name}_shipped_f1"] = round(mean(before), 4)
            for way, begin in (("go_on", None), ("anew", vectors)):
                tagger, seconds = train(corpus, Path(folder) / corpus.name / way, settings, begin)
                after = scores(tagger, corpus)
                print(f"{_told(way, after)}; {seconds:.0f} s", flush=True)
                figures[f"{corpus.name}_{way}_f1"] = round(mean(after), 4)
                figures[f"{corpus.name}_{way}_seconds"] = round(seconds)
    emit(figures)


if __name__ == "__main__":
    main()
