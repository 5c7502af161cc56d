"""Names of five vocabularies become hints; a broken or empty vocabulary is named."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from genemine.errors import SourceError
from genemine.models.dictionary_names import FILES, read_dictionary

HGNC = [
    "HGNC:1",
    "TP53",
    "tumor protein p53",
    "protein-coding gene",
    "",
    "",
    "",
    "",
    "p53|LFS1",
    "",
    '"old|older"',
    "",
    "Tumour suppressors",
]
TEXTS = {
    "genes": "9606\t1\tBRCA1\t-\tRNF53|PSCP\t-\t-\t-\tBRCA1 repair\tprotein-coding\t-\t-\t-\tring finger protein 53\n"
    "9606\t2\tLOC12\t-\tX99\t-\t-\t-\tnone\tprotein-coding\t-\t-\t-\t-\n10090\t3\tTrp53\t-\t-\t-\t-\t-\t-\tprotein-coding\t-\t-\t-\t-\n",
    "hgnc": "\t".join(HGNC) + "\n",
    "medic": "# comment\nBreast Neoplasms\tMESH:1\t\t\t\t\t\tBreast Tumor|Neoplasms, Breast\t\n",
    "disease ontology": "id,label,parent,synonym\nDOID:1,angiosarcoma,vascular cancer,hemangiosarcoma\n",
    "phenotypes": 'name: Renal cyst\nsynonym: "Cyst of the kidney." EXACT []\n',
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for name, text in TEXTS.items():
        path = tmp_path / FILES[name]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(text.encode()))
    return tmp_path


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("BRCA1", 6), ("RNF53", 6), ("LFS1", 6), ("older", 6), ("ring finger protein 53", 0), ("Tumour suppressors", 0),
        ("breast tumors", 2), ("breast neoplasms", 2), ("hemangiosarcoma", 2), ("cyst of the kidney", 4),
    ],
)  # fmt: skip
def test_names_of_every_vocabulary_are_hinted_at(data: Path, text: str, hint: int):
    assert read_dictionary(data, []).hints(text.split())[0, hint] == 1


def test_other_species_and_placeholders_are_not(data: Path):
    assert not read_dictionary(data, []).hints(["Trp53", "LOC12", "X99"]).any()


def test_the_commonest_words_are_no_names(data: Path):
    hints = read_dictionary(data, ["the", "older"]).hints(["older"])[0]
    assert (hints[0], hints[6]) == (0, 1)  # a symbol all the same


def test_a_missing_or_empty_vocabulary_is_named(data: Path):
    path = data / FILES["medic"]
    path.write_bytes(gzip.compress(b"# nothing\n"))
    with pytest.raises(SourceError, match=r"CTD_diseases\.tsv\.gz: no name in it"):
        read_dictionary(data, [])
    path.unlink()
    with pytest.raises(SourceError, match=r"CTD_diseases\.tsv\.gz: the vocabulary cannot be read"):
        read_dictionary(data, [])
