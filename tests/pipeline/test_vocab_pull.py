"""A pull leaves whole vocabularies or the ones that were there; nothing sleeps, nothing leaves this machine."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from genemine.config import Settings, load_settings
from genemine.errors import ConfigError, SourceError
from genemine.pipeline.pull import CHANGED, FETCHED, MEMORY, UNCHANGED, PullReport, read_memory
from genemine.pipeline.vocab_pull import pull
from genemine.sample.faults import Fault
from genemine.sources.vocabulary_client import VocabularyClient
from tests.pipeline.mirror import Mirror, mirroring

GENES = "Homo_sapiens.gene_info.gz"
TEXTS = {
    GENES: "#tax_id\tGeneID\tSymbol\tLocusTag\n" + "".join(f"9606\t{n}\tGENE{n}\t-\n" for n in range(1, 400)),
    "hgnc_complete_set.txt": "hgnc_id\tsymbol\tname\nHGNC:1\tGENE1\tgene one\n",
    "CTD_diseases.tsv.gz": "# terms\n# DiseaseName\tDiseaseID\tAlt\n#\nSome disease\tMESH:D1\t\n",
    "doid.obo": "format-version: 1.2\n\n[Term]\nid: DOID:1\n",
    "mim2gene_medgen": "#MIM number\tGeneID\ttype\n100050\t-\tphenotype\n",
}


def write(folder: Path, name: str, text: str) -> None:
    data = text.encode()
    (folder / name).write_bytes(gzip.compress(data, mtime=0) if name.endswith(".gz") else data)


class World(Mirror):
    """A mirror of small vocabularies that fails as told, and a folder to pull into."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.here = folder / "vocab"
        for name, text in TEXTS.items():
            write(self.served, name, text)

    def settings(self, max_tries: int = 2) -> Settings:
        return load_settings(
            data_dir=self.here.parent / "data",
            vocab__mirror=self.server.url,
            vocab__max_tries=max_tries,
        )

    def pull(self, max_tries: int = 2, **options: object) -> PullReport:
        self.server.asked.clear()
        chosen = self.settings(max_tries)
        client = VocabularyClient(chosen.vocab, sleep=lambda _: None)
        return pull(chosen, self.here, client=client, **options)  # type: ignore[arg-type]

    def files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.here.iterdir() if not path.name.startswith(".")}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with mirroring(World(tmp_path)) as made:
        yield made


def test_every_vocabulary_is_fetched_and_remembered(world: World) -> None:
    report = world.pull()
    assert report.states == dict.fromkeys(TEXTS, FETCHED)
    files = world.files()
    files.pop(MEMORY)
    assert files == {path.name: path.read_bytes() for path in world.served.iterdir()}
    memory = json.loads((world.here / MEMORY).read_text())
    assert memory[GENES]["etag"]
    assert len(memory[GENES]["sha256"]) == 64
    assert "cite CTD in what you publish, link to CTD's pages from what shows its data, and notify CTD" in report.summary()


def test_what_did_not_change_is_asked_for_and_not_fetched(world: World) -> None:
    world.pull()
    report = world.pull()
    assert (report.states, report.n_bytes) == (dict.fromkeys(TEXTS, UNCHANGED), 0)
    assert len(world.server.asked) == len(TEXTS)
    write(world.served, "doid.obo", TEXTS["doid.obo"] + "\n[Term]\nid: DOID:2\n")
    assert world.pull().states == dict.fromkeys(TEXTS, UNCHANGED) | {"doid.obo": CHANGED}
    assert (world.here / "doid.obo").read_text().endswith("DOID:2\n")


def test_the_same_bytes_under_another_mark_are_unchanged(world: World) -> None:
    world.pull()
    before = {name: (one.sha256, one.fetched) for name, one in read_memory(world.here).items()}
    for path in world.served.iterdir():
        path.touch()
    report = world.pull()
    assert report.states == dict.fromkeys(TEXTS, UNCHANGED)
    assert report.n_bytes > 0
    assert {name: (one.sha256, one.fetched) for name, one in read_memory(world.here).items()} == before


@pytest.mark.parametrize(
    ("name", "fault"),
    [(GENES, kind) for kind in ("html", "empty", "torn", "damaged")] + [("doid.obo", kind) for kind in ("html", "empty", "torn")],
)
def test_what_is_no_whole_vocabulary_never_replaces_one(world: World, name: str, fault: str) -> None:
    world.pull()
    good = (world.here / name).read_bytes()
    write(world.served, name, TEXTS[name] + TEXTS[name].splitlines()[-1] + "x\n")
    world.plan[name] = [Fault(fault), Fault(fault)]  # type: ignore[arg-type]
    report = world.pull()
    assert list(report.failed) == report.kept == [name]
    assert (world.here / name).read_bytes() == good
    assert report.states == {other: UNCHANGED for other in TEXTS if other != name}
    with pytest.raises(SourceError, match=f"1 of 5 files could not be fetched: {name}"):
        report.check()
    assert world.pull().states[name] == CHANGED


def test_a_vocabulary_under_another_ones_name_is_refused(world: World) -> None:
    write(world.served, "doid.obo", TEXTS["mim2gene_medgen"])
    assert "not Disease Ontology: no line begins with 'format-version:'" in world.pull().failed["doid.obo"]
    write(world.served, "doid.obo", TEXTS["doid.obo"].replace("DOID:", "HP:"))
    assert "not Disease Ontology: no 'DOID:' near its head" in world.pull().failed["doid.obo"]
    write(world.served, "mim2gene_medgen", TEXTS["mim2gene_medgen"].splitlines()[0] + "\n")
    assert "nothing below its head" in world.pull().failed["mim2gene_medgen"]


def test_a_download_that_broke_off_is_gone_on_with_by_the_next_run(world: World) -> None:
    world.plan[GENES] = [Fault("cut")]
    assert list(world.pull(max_tries=1).failed) == [GENES]
    size = (world.here / f"{GENES}.download").stat().st_size
    report = world.pull()
    assert report.states[GENES] == FETCHED
    assert (GENES, f"bytes={size - 1}-") in world.server.asked
    assert gzip.decompress((world.here / GENES).read_bytes()).decode() == TEXTS[GENES]
    assert not [name for name in world.files() if "download" in name]


def test_a_beginning_of_an_older_release_is_not_gone_on_with(world: World) -> None:
    world.plan[GENES] = [Fault("cut")]
    world.pull(max_tries=1)
    write(world.served, GENES, TEXTS[GENES].replace("GENE", "OTHER"))
    world.pull()
    assert gzip.decompress((world.here / GENES).read_bytes()).decode() == TEXTS[GENES].replace("GENE", "OTHER")


def test_a_file_spoilt_here_is_fetched_again(world: World) -> None:
    world.pull()
    (world.here / "doid.obo").write_text("format-version: 1.2\nsome other text of mine\n")
    assert world.pull().states["doid.obo"] == CHANGED
    assert (world.here / "doid.obo").read_text() == TEXTS["doid.obo"]


def test_names_and_species_choose_the_files(world: World) -> None:
    write(world.served, "Mus_musculus.gene_info.gz", TEXTS[GENES].replace("9606", "10090"))
    assert list(world.pull(only=("hgnc",)).states) == ["hgnc_complete_set.txt"]
    report = world.pull(only=("gene_info",), species=("9606", "10090"))
    assert list(report.states) == [GENES, "Mus_musculus.gene_info.gz"]
    with pytest.raises(ConfigError, match="no such vocabulary; known: gene_info, hgnc, medic"):
        world.pull(only=("omim",))
    with pytest.raises(ConfigError, match="NCBI has no gene_info file of that taxon alone"):
        world.pull(species=("human",))


def test_raw_shards_and_vocabularies_do_not_mix(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="its folders hold raw shards"):
        pull(load_settings(data_dir=tmp_path), tmp_path / "raw")
