"""A pull leaves whole files of curated pairs or the ones that were there; nothing sleeps, nothing leaves this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from genemine.config import Settings, load_settings
from genemine.errors import ConfigError, SourceError
from genemine.pipeline.curated import build_curated, read_curated
from genemine.pipeline.curated_pull import curated_client, pull
from genemine.pipeline.pull import CHANGED, FETCHED, UNCHANGED, PullReport
from genemine.sample.faults import Fault
from tests.pipeline.mirror import Mirror, mirroring

G2P = (
    "g2p id,gene symbol,gene mim,hgnc id,previous gene symbols,disease name,disease mim,disease MONDO,confidence\n"
    'G2P1,BRCA1,113705,1100,RNF53; BRCC1,"BREAST-OVARIAN CANCER, FAMILIAL",604370,MONDO:1,definitive\n'
)
MIM = "#MIM number\tGeneID\ttype\tSource\tMedGenCUI\tComment\n114480\t672\tphenotype\t GeneMap\tC0\t-\n"
HPO = "ncbi_gene_id\tgene_symbol\tassociation_type\tdisease_id\tsource\n" + "".join(
    f"NCBIGene:{n}\tGENE{n}\tMENDELIAN\tOMIM:{n + 600000}\tx\n" for n in range(1, 300)
)
TEXTS = {"AllG2P.csv": G2P, "mim2gene_medgen": MIM, "genes_to_disease.txt": HPO}


class World(Mirror):
    """A mirror of small files that fails as told, and a data folder to pull into."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.data = folder / "data"
        for name, text in TEXTS.items():
            (self.served / name).write_text(text)

    def settings(self) -> Settings:
        return load_settings(data_dir=self.data, curated__mirror=self.server.url, curated__max_tries=2)

    def pull(self, only: tuple[str, ...] = ()) -> PullReport:
        self.server.asked.clear()
        chosen = self.settings()
        return pull(chosen, only=only, client=curated_client(chosen.curated, lambda _: None))

    def here(self, name: str) -> str:
        return (self.data / "raw" / "curated" / name).read_text()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with mirroring(World(tmp_path)) as made:
        yield made


def test_every_file_is_fetched_once_and_built_from_the_folder(world: World) -> None:
    report = world.pull()
    assert report.states == dict.fromkeys(TEXTS, FETCHED)
    assert {name: world.here(name) for name in TEXTS} == TEXTS
    assert "DisGeNET gives its curated pairs only to those who log in" in report.summary()
    assert "do not alter its content" in report.summary()
    report = world.pull()
    assert (report.states, report.n_bytes) == (dict.fromkeys(TEXTS, UNCHANGED), 0)
    settings = world.settings()
    own = world.data / "disgenet.tsv"
    own.write_text("geneId\tgeneSymbol\tdiseaseName\tscore\n675\tBRCA2\tBreast Neoplasms\t0.9\n")
    # the memory of the pull, its lock and a download that broke off are no files of pairs
    (world.data / "raw" / "curated" / "x.csv.download").write_text("half")
    built = build_curated(world.data / "raw" / "curated", world.data / "curated.parquet", settings, [own])
    assert [(file["source"], file["rows"]) for file in built.files] == [
        ("Gene2Phenotype", 1),
        ("HPO", 299),
        ("OMIM", 1),
        ("DisGeNET", 1),
    ]
    # made in the data folder, it serves by itself
    pairs = read_curated(load_settings(data_dir=world.data).curated)
    assert pairs is not None
    assert {"OMIM", "HPO", "DisGeNET", "Gene2Phenotype"} == set(pairs["source"].to_pylist())
    assert read_curated(load_settings(data_dir=world.data, curated__file="none").curated) is None


@pytest.mark.parametrize(
    ("name", "sent", "why"),
    [
        ("AllG2P.csv", "<html>moved</html>", "an HTML page instead of the file; if a browser gets it, put it into the folder"),
        ("AllG2P.csv", HPO, "not Gene2Phenotype: pairs of HPO"),
        ("mim2gene_medgen", MIM.splitlines()[0] + "\n", "no pair of a gene and a disease in it"),
        ("genes_to_disease.txt", HPO[: HPO.rindex("OMIM")], "line 300: 4 columns instead of 5"),
        ("genes_to_disease.txt", "some text\n", "line 1: the columns are of no known file of curated pairs"),
    ],
)
def test_what_is_not_the_file_never_replaces_one(world: World, name: str, sent: str, why: str) -> None:
    world.pull()
    (world.served / name).write_text(sent)
    report = world.pull()
    assert list(report.failed) == report.kept == [name]
    assert why in report.failed[name]
    assert world.here(name) == TEXTS[name]
    with pytest.raises(SourceError, match=f"1 of 3 files could not be fetched: {name}"):
        report.check()


def test_a_torn_answer_is_asked_for_again(world: World) -> None:
    world.pull()
    (world.served / "genes_to_disease.txt").write_text(HPO + "NCBIGene:672\tBRCA1\tPOLYGENIC\tOMIM:114480\tx\n")
    world.plan["genes_to_disease.txt"] = [Fault("cut")]
    assert world.pull(("hpo",)).states == {"genes_to_disease.txt": CHANGED}
    assert world.here("genes_to_disease.txt").endswith("POLYGENIC\tOMIM:114480\tx\n")


def test_names_choose_and_foreign_ones_are_told(world: World, tmp_path: Path) -> None:
    assert list(world.pull(("mim2gene",)).states) == ["mim2gene_medgen"]
    with pytest.raises(ConfigError, match="no such file of curated pairs; known: gene2phenotype, mim2gene, hpo"):
        world.pull(("omim",))
    with pytest.raises(ConfigError, match="DisGeNET gives its curated pairs only to those who log in"):
        world.pull(("disgenet",))
    with pytest.raises(ConfigError, match="holds other files; fetch into another folder"):
        pull(load_settings(data_dir=tmp_path), tmp_path / "raw" / "vocab")
    with pytest.raises(ConfigError, match=r"no address of a mirror.*genemine curated build FOLDER"):
        curated_client(load_settings(curated__mirror="here").curated)
