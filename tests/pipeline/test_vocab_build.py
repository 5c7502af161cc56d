"""Vocabularies are told by their content; a lexicon says of which releases it was made; what is missing or damaged is refused."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import pytest

from genemine.config import Settings, load_settings
from genemine.errors import StorageError, VocabularyError
from genemine.link.lexicon import load_lexicon
from genemine.pipeline.vocab_build import build, read_sources
from genemine.pipeline.vocab_pull import MEMORY
from genemine.pipeline.vocab_status import status
from genemine.sources.vocabulary_release import find_vocabularies

GENE_INFO = (
    "#tax_id\tGeneID\tSymbol\tLocusTag\tSynonyms\tdbXrefs\tchromosome\tmap_location\tdescription\ttype_of_gene\t"
    "Symbol_from_nomenclature_authority\tFull_name_from_nomenclature_authority\tNomenclature_status\tOther_designations\t"
    "Modification_date\tFeature_type\n"
    "9606\t11\tZZP1\t-\t-\tHGNC:HGNC:15\t8\t8p22\tzz pseudogene\tpseudo\tZZP1\t-\tO\t-\t20260611\t-\n"
)
MEDIC = (
    "# Report created: Tue Jun 02 11:31:46 EDT 2026\n#\n"
    "# DiseaseName\tDiseaseID\tAltDiseaseIDs\tDefinition\tParentIDs\tTreeNumbers\tParentTreeNumbers\tSynonyms\tSlimMappings\n#\n"
    "Zz Syndrome\tOMIM:999\t\t\t\t\t\tzz disease\t\n"
)
TODAY = date(2026, 7, 1)


def vocabularies(folder: Path) -> Path:
    """Two vocabularies under names of our own, and a file that is none."""
    folder.mkdir(parents=True)
    (folder / "genes.gz").write_bytes(gzip.compress(GENE_INFO.encode()))
    (folder / "diseases.tsv").write_text(MEDIC)
    (folder / "notes.txt").write_text("mine\n")
    return folder


def chosen(folder: Path, lexicon: Path | str = "") -> Settings:
    return load_settings(data_dir=folder / "data", link__lexicon=str(lexicon))


def test_a_folder_of_vocabularies_becomes_a_lexicon_that_says_of_what_it_is_made(tmp_path: Path) -> None:
    report = build(chosen(tmp_path), vocabularies(tmp_path / "v"), tmp_path / "lexicon")
    assert (report.n_genes, report.n_diseases, report.n_names) == (1, 1, 4)
    assert [concept.curie for concept in load_lexicon(tmp_path / "lexicon").genes.concepts] == ["ncbigene:11"]
    built, sources = read_sources(tmp_path / "lexicon")
    assert built
    assert [(one.name, one.file, one.released) for one in sources] == [
        ("medic", "diseases.tsv", "2026-06-02"),
        ("gene_info", "genes.gz", "2026-06-11"),
    ]
    assert f'lexicon = "{tmp_path / "lexicon"}"' in report.summary()
    assert "cite CTD" in report.summary()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("genes.gz", None, r"v: holds no gene_info; fetch with `genemine vocab pull --only gene_info --to "),
        ("diseases.tsv", b"", "holds no medic"),
        ("diseases.tsv", MEDIC.encode()[:-20], r"diseases\.tsv: cut off within a line; fetch it again"),
        ("genes.gz", gzip.compress(GENE_INFO.encode())[:-9], r"genes\.gz: the gzip file is cut off; fetch it again"),
        ("genes.gz", GENE_INFO.split("\n", maxsplit=1)[0].encode() + b"\n", r"genes\.gz: nothing below its head"),
    ],
)
def test_what_is_missing_damaged_or_empty_is_refused(tmp_path: Path, name: str, content: bytes | None, message: str) -> None:
    path = vocabularies(tmp_path / "v") / name
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(VocabularyError, match=message):
        build(chosen(tmp_path), tmp_path / "v", tmp_path / "lexicon")
    assert not (tmp_path / "lexicon").exists()


def test_a_file_elsewhere_is_taken_and_a_foreign_one_is_named(tmp_path: Path) -> None:
    folder = vocabularies(tmp_path / "v")
    medic = (folder / "diseases.tsv").rename(tmp_path / "elsewhere.tsv")
    assert build(chosen(tmp_path), folder, tmp_path / "lexicon", [medic]).n_diseases == 1
    with pytest.raises(VocabularyError, match=r"notes\.txt: no vocabulary that is known"):
        build(chosen(tmp_path), folder, tmp_path / "lexicon", [medic, folder / "notes.txt"])
    with pytest.raises(StorageError, match="holds the vocabularies themselves"):
        build(chosen(tmp_path), folder, folder)


def test_a_home_name_goes_before_another_copy(tmp_path: Path) -> None:
    folder = vocabularies(tmp_path / "v")
    (folder / "CTD_diseases.tsv").write_text(MEDIC.replace("2026", "2020"))
    found, others = find_vocabularies(sorted(folder.iterdir()))
    assert found["medic"].path.name == "CTD_diseases.tsv"
    assert [path.name for path in others] == ["diseases.tsv"]


def test_the_status_tells_release_age_and_when_it_is_old(tmp_path: Path) -> None:
    build(chosen(tmp_path), vocabularies(tmp_path / "v"), tmp_path / "lexicon")
    told = status(chosen(tmp_path, tmp_path / "lexicon"), TODAY)
    assert (told.n_genes, told.n_diseases, told.n_names, told.newer) == (1, 1, 4, [])
    assert "from:   CTD MEDIC diseases, release 2026-06-02, 29 days old" in told.summary()
    assert "older than" not in told.summary()
    later = status(chosen(tmp_path, tmp_path / "lexicon"), date(2027, 7, 1)).summary()
    assert "a release is older than 180 days; renew: genemine vocab pull" in later


def test_the_status_tells_of_newer_files_and_of_the_embedded_lexicon(tmp_path: Path) -> None:
    build(chosen(tmp_path), vocabularies(tmp_path / "v"), tmp_path / "lexicon")
    pulled = vocabularies(tmp_path / "data" / "raw" / "vocab")
    memory = (
        '{"diseases.tsv": {"name": "medic", "url": "", "etag": "", "modified": "", "sha256": "other", "size": 1, "mtime_ns": 1, '
        '"fetched": "2099-01-01T00:00:00Z", "asked": "2099-01-01T00:00:00Z", "licence": "", "terms": ""}}'
    )
    (pulled / MEMORY).write_text(memory)
    assert status(chosen(tmp_path, tmp_path / "lexicon"), TODAY).newer == ["diseases.tsv"]
    told = status(chosen(tmp_path), TODAY).summary()
    assert told.startswith("serves: the embedded lexicon, version ")
    assert "654 genes, 393 diseases" in told


def test_the_shared_vocabularies_are_told_apart(shared: Path) -> None:
    """Newest dates as ../shared/data/README.md tells them; the phenotype ontology is no disease ontology."""
    files = sorted(path for path in (shared / "data" / "vocab").iterdir() if path.is_file())
    found, others = find_vocabularies(files)
    assert {name: (one.path.name, str(one.released)) for name, one in found.items()} == {
        "medic": ("CTD_diseases.tsv.gz", "2017-06-06"),
        "gene_info": ("Homo_sapiens.gene_info.gz", "2021-07-11"),
        "disease-ontology": ("HumanDO.obo.gz", "2015-11-11"),
        "hgnc": ("hgnc_complete_set.txt.gz", "2018-11-07"),
    }
    assert others == []
