from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from genemine.config import CuratedSettings, Settings
from genemine.errors import ConfigError, SourceError
from genemine.pipeline.curated import build_curated, curated_sha256, curated_status, read_curated
from genemine.storage.shards import file_sha256

G2P = (
    "gene symbol,gene mim,disease name,disease mim,DDD category,hgnc id\n"
    "BRCA1,1,BREAST CANCER,No disease mim,confirmed,1100\n"
    "BRCA1,1,AN UNHEARD OF THING,No disease mim,confirmed,1100\n"
    "NOGENE,1,BREAST CANCER,No disease mim,confirmed,999999999\n"
)
HPO = (
    "ncbi_gene_id\tgene_symbol\tassociation_type\tdisease_id\tsource\n"
    "NCBIGene:672\tBRCA1\tPOLYGENIC\tOMIM:114480\tx\n"
    "NCBIGene:672\tBRCA1\tPOLYGENIC\tORPHA:99999999\tx\n"
    "NCBIGene:999999999\tNOGENE\tMENDELIAN\tOMIM:114480\tx\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "files"
    (made / "g2p").mkdir(parents=True)
    (made / "g2p" / "panel.csv").write_text(G2P)
    (made / "hpo.txt").write_text(HPO)
    (made / ".hidden").write_text("passed over")
    return made


def test_pairs_get_the_identifiers_of_the_lexicon_and_what_has_none_is_counted(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "new" / "curated.parquet"
    report = build_curated(folder, target, Settings())
    shas = [file_sha256(folder / "g2p" / "panel.csv"), file_sha256(folder / "hpo.txt")]
    assert pq.read_table(target).to_pylist() == [
        dict(zip(("gene_curie", "disease_curie", "source", "level", "disease", "release"), row, strict=True))
        for row in (
            ("ncbigene:672", "mesh:D001943", "Gene2Phenotype", "confirmed", "BREAST CANCER", shas[0]),
            ("ncbigene:672", "mesh:D001943", "HPO", "polygenic", "omim:114480", shas[1]),
            ("ncbigene:672", "orpha:99999999", "HPO", "polygenic", "orpha:99999999", shas[1]),
            ("ncbigene:999999999", "mesh:D001943", "HPO", "mendelian", "omim:114480", shas[1]),
        )
    ]
    assert report.n_pairs == 3
    left_out = {"gene not in the lexicon": 1, "disease name not in the lexicon": 1}
    assert report.files == [
        {
            "file": "g2p/panel.csv",
            "source": "Gene2Phenotype",
            "sha256": shas[0],
            "rows": 3,
            "kept": 1,
            "unmapped": 0,
            "left_out": left_out,
        },
        {"file": "hpo.txt", "source": "HPO", "sha256": shas[1], "rows": 3, "kept": 3, "unmapped": 1, "left_out": {}},
    ]
    settings = Settings(curated=CuratedSettings(str(target)))
    assert curated_status(settings) == report
    pairs = read_curated(settings.curated)
    assert pairs is not None
    assert (pairs.column_names, pairs.num_rows) == (["gene_curie", "disease_curie", "source"], 4)


def test_the_same_files_make_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        build_curated(folder, tmp_path / name, Settings())
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_file_that_cannot_be_read_leaves_the_old_one(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "curated.parquet"
    build_curated(folder, target, Settings())
    before = target.read_bytes()
    (folder / "other.csv").write_text("a,b\n")
    with pytest.raises(SourceError, match=r"other\.csv, line 1: the columns are of no known file"):
        build_curated(folder, target, Settings())
    assert target.read_bytes() == before


def test_a_folder_without_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no file in it"):
        build_curated(tmp_path, tmp_path / "x", Settings())
    with pytest.raises(SourceError, match="no such folder"):
        build_curated(tmp_path / "none", tmp_path / "x", Settings())


def test_without_a_file_nothing_is_compared(tmp_path: Path) -> None:
    assert (read_curated(CuratedSettings()), curated_sha256(CuratedSettings())) == (None, "")
    with pytest.raises(ConfigError, match="no curated pairs given"):
        curated_status(Settings())


def test_a_file_of_another_kind_is_refused_by_name(tmp_path: Path) -> None:
    gone, text, other = (CuratedSettings(str(tmp_path / name)) for name in ("gone", "text", "other"))
    Path(text.file).write_text("gene,disease\n")
    pq.write_table(pa.table({"gene_curie": ["x"]}), other.file)
    with pytest.raises(SourceError, match=r"gone: no such file of curated pairs \(curated.file"):
        curated_sha256(gone)
    with pytest.raises(SourceError, match=r"text: no readable file of curated pairs .*make it again with `genemine curated build"):
        read_curated(text)
    with pytest.raises(SourceError, match="other: not a file of curated pairs"):
        read_curated(other)
