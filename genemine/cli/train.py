"""``genemine train``: train the models on this machine."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from genemine.cli.options import SettingsFile
from genemine.cli.progress import stages
from genemine.config import Settings, load_settings
from genemine.errors import ConfigError

app = typer.Typer(
    help="""Train a model; a stopped training goes on from its last checkpoint.

    The corpora are those of docs/training.md, or your own: train.tsv and devel.tsv (test.tsv, where there is one, is only
    looked at to keep its sentences out of training). The tagger takes PubTator and BioC too: see genemine train tagger --help.
    """,
    no_args_is_help=True,
)

Data = Annotated[Path, typer.Option(help="The folder of corpora.")]
Labelled = Annotated[Path, typer.Option(help="Your labelled file, or the folder of train, devel and test; or the public corpora.")]
Out = Annotated[Path, typer.Option(help="The folder of bundles to write into: OUT/tagger, OUT/relations and so on.")]
Vectors = Annotated[Path | None, typer.Option(help="Word vectors (.npz) made earlier.  \\[default: the shipped bundle's]")]
Anew = Annotated[
    Path | None, typer.Option(help="Word vectors (.npz) to begin anew with.  \\[default: go on from the shipped tagger's weights]")
]
Epochs = Annotated[int | None, typer.Option(help="Most epochs of a training.")]
Seed = Annotated[int | None, typer.Option(help="Seed of all random choices.")]
LexiconFolder = Annotated[
    Path | None,
    typer.Option(help="The lexicon to learn with.  \\[default: one made of the vocabularies in the folder vocab of the corpora]"),
]


def _train(
    model: str,
    data: Path,
    out: Path,
    vectors: Path | None,
    epochs: int | None,
    seed: int | None,
    file: Path | None,
    lexicon: Path | None = None,
    accurate: bool = False,
    verdicts: Callable[[Settings], Path | None] = lambda _: None,
    folds: int = 0,
) -> None:
    from genemine.pipeline.train import train

    settings = load_settings(file, os.environ, train__epochs=epochs, train__seed=seed)
    with stages("steps") as progress:
        reports = train(
            model,
            data,
            out,
            settings.train,
            vectors=vectors,
            lexicon=str(lexicon or ""),
            accurate=accurate,
            verdicts=verdicts(settings),
            folds=folds,
            progress=progress,
        )
    for report in reports:
        typer.echo(f"{report.step}: " + "\n  ".join(report.notes))


@app.command()
def tagger(
    data: Labelled,
    out: Out = Path("models"),
    vectors: Anew = None,
    epochs: Epochs = None,
    seed: Seed = None,
    settings: SettingsFile = None,
) -> None:
    """Train the mention tagger (BiLSTM + CRF).

    Your own data may be token files (train.tsv: token, tab, B-Gene, I-Gene, B-Disease, I-Disease or O), PubTator
    (train.pubtator or train.txt) or BioC (train.xml or train.json), each with .gz too. Beside it belong devel and test
    in the same form; without devel, one document in ten is held back as such. docs/training.md has an example of each.
    """
    _train("tagger", data, out, vectors, epochs, seed, settings)


@app.command()
def relations(
    data: Data,
    out: Out = Path("models"),
    vectors: Vectors = None,
    epochs: Epochs = None,
    seed: Seed = None,
    verdicts: Annotated[
        Path | None, typer.Option(help="Curators' verdicts to learn from too.  \\[default: those of the data folder]")
    ] = None,
    no_verdicts: Annotated[bool, typer.Option("--no-verdicts", help="Learn from the corpora alone.")] = False,
    verdict_folds: Annotated[
        int, typer.Option(help="Folds that tell what verdicts bring, a training each and one more; 0 tells nothing.", min=0, max=20)
    ] = 3,
    settings: SettingsFile = None,
    accurate: Annotated[
        bool, typer.Option(help="A committee of deep networks for your own sentences: several points better, thirty times slower.")
    ] = False,
) -> None:
    """Train the pair classifier (BiLSTM + attention).

    Your own data are train.tsv, lines of a sentence with @GENE$ and @DISEASE$, a tab, and 1 or 0; devel.tsv and test.tsv beside
    it if you have them. `[relate] bundle` in the settings puts the bundle to use, whichever of the two kinds it is.

    Verdicts that `genemine review` kept in the data folder join the training sentences, unless a test or development part holds
    their sentence; what they bring is measured on verdicts held out. The folder is data, or what GENEMINE_DATA_DIR names.
    """
    if verdict_folds == 1:
        raise ConfigError("--verdict-folds 1: one fold leaves nothing to learn from; give 0, or 2 and more")

    def chosen(found: Settings) -> Path | None:
        kept = found.data_dir / "review" / "verdicts.sqlite"
        return None if no_verdicts else verdicts or (kept if kept.is_file() else None)

    _train("relations", data, out, vectors, epochs, seed, settings, accurate=accurate, verdicts=chosen, folds=verdict_folds)


@app.command()
def stance(
    data: Data,
    out: Out = Path("models"),
) -> None:
    """Train what tells denials and suppositions from statements (logistic regression over cue words; a few seconds).

    Learns from EU-ADR, GAD and BioRED below the folder of corpora, by labels that ship with genemine.
    """
    _train("stance", data, out, None, None, None, None)


@app.command()
def linker(
    data: Data,
    out: Out = Path("models"),
    lexicon: LexiconFolder = None,
) -> None:
    """Train what gives mentions their identifiers, from the gold links of public corpora (boosted trees; a few minutes).

    Nothing of a test part or of BioRED's development part is learnt from. `[link] bundle` in the settings puts the bundle to use.
    """
    _train("linker", data, out, None, None, None, None, lexicon)


@app.command("all")
def everything(
    data: Data,
    out: Out = Path("models"),
    epochs: Epochs = None,
    seed: Seed = None,
    settings: SettingsFile = None,
) -> None:
    """Train word vectors from the unlabelled texts, then all models: what `make models` does."""
    _train("all", data, out, None, epochs, seed, settings)
