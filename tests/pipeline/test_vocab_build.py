"""Vocabularies are told by their content; a lexicon says of which releases it was made; what is missing or damaged is refused."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import pytest

from genemine.config import Settings, load_settings
from genemine.errors import StorageError, VocabularyError
from genemine.link.lexicon import load_lexicon
from genemine.pipeline.pull import MEMORY
from genemine.pipeline.vocab_build import build
from genemine.pipeline.vocab_status import status

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


def test_a_folder_of_vocabularies_becomes_a_lexicon_and_the_terms_are_told(tmp_path: Path) -> None:
    told = build(chosen(tmp_path), vocabularies(tmp_path / "v"), tmp_path / "lexicon").summary()
    assert [concept.curie for concept in load_lexicon(tmp_path / "lexicon").genes.concepts] == ["ncbigene:11"]
    assert f'[link]\n  lexicon = "{tmp_path / "lexicon"}"' in told
    assert "cite CTD in what you publish" in told
    assert "notes.txt" in told


def test_the_pull_folder_is_the_default_and_its_memory_is_no_news(tmp_path: Path) -> None:
    pulled = vocabularies(tmp_path / "data" / "raw" / "vocab")
    (pulled / MEMORY).write_text("{}")
    report = build(chosen(tmp_path))
    assert (report.built.folder, report.built.genes, report.built.diseases) == (tmp_path / "data" / "lexicon", 1, 1)
    assert MEMORY not in report.summary()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("genes.gz", None),
        ("diseases.tsv", b""),
        ("diseases.tsv", MEDIC.encode()[:-20]),
        ("genes.gz", gzip.compress(GENE_INFO.encode())[:-9]),
        ("genes.gz", GENE_INFO.split("\n", maxsplit=1)[0].encode() + b"\n"),
    ],
)
def test_what_is_missing_damaged_or_empty_is_refused(tmp_path: Path, name: str, content: bytes | None) -> None:
    path = vocabularies(tmp_path / "v") / name
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(VocabularyError, match=r"fetch|download"):
        build(chosen(tmp_path), tmp_path / "v", tmp_path / "lexicon")
    assert not (tmp_path / "lexicon").exists()


def test_a_file_elsewhere_is_taken_and_a_foreign_one_is_named(tmp_path: Path) -> None:
    folder = vocabularies(tmp_path / "v")
    medic = (folder / "diseases.tsv").rename(tmp_path / "elsewhere.tsv")
    assert build(chosen(tmp_path), folder, tmp_path / "lexicon", [medic]).built.diseases == 1
    with pytest.raises(VocabularyError, match=r"notes\.txt: no vocabulary that genemine knows"):
        build(chosen(tmp_path), folder, tmp_path / "lexicon", [medic, folder / "notes.txt"])
    with pytest.raises(StorageError, match="holds the vocabularies themselves"):
        build(chosen(tmp_path), folder, folder)


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


def test_a_lexicon_built_in_the_data_folder_serves_by_itself(tmp_path: Path) -> None:
    before = chosen(tmp_path)
    told = build(before, vocabularies(tmp_path / "v")).summary()
    assert 'it serves from now on; the next mining links everything anew. To go back: [link] lexicon = "embedded"' in told
    assert before.link.lexicon == ""
    assert chosen(tmp_path).link.lexicon == str(tmp_path / "data" / "lexicon")
    assert status(chosen(tmp_path), TODAY).summary().startswith(f"serves: {tmp_path / 'data' / 'lexicon'}, version ")
    assert "let it serve" in build(chosen(tmp_path), tmp_path / "v", tmp_path / "other").summary()


def test_the_embedded_lexicon_and_a_named_one_go_before_the_built_one(tmp_path: Path) -> None:
    build(chosen(tmp_path), vocabularies(tmp_path / "v"))
    assert status(chosen(tmp_path, "embedded"), TODAY).summary().startswith("serves: the embedded lexicon, version ")
    assert chosen(tmp_path, "elsewhere").link.lexicon == "elsewhere"
    assert "let it serve" in build(chosen(tmp_path, "embedded"), tmp_path / "v").summary()
    (tmp_path / "data" / "lexicon" / "lexicon.json").unlink()
    assert chosen(tmp_path).link.lexicon == ""
