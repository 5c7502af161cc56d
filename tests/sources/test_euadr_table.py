from __future__ import annotations

from pathlib import Path

import pytest

from genemine.errors import RecordError, SourceError
from genemine.sources.euadr_table import EuadrRow, read_euadr_table

HEAD = (
    "ASSOCIATION_TYPE\tPMID\tNUM_SENTENCE\tENTITY1_TEXT\tENTITY1_INI\tENTITY1_END\tENTITY1_TYPE\t"
    "ENTITY2_TEXT\tENTITY2_INI\tENTITY2_END\tENTITY2_TYPE\tSENTENCE"
)
GENE, DISEASE = "Genes & Molecular Sequences", "Diseases & Disorders"


def table(path: Path, *rows: str) -> Path:
    path.write_text("\n".join([HEAD, *rows]) + "\n", encoding="iso-8859-1")
    return path


def test_both_entities_become_marks_whichever_comes_first(tmp_path: Path) -> None:
    first = f'"NA"\t7\t0\t"LRP5"\t4\t8\t"{GENE}"\t"gout"\t22\t26\t"{DISEASE}"\t"The LRP5 is not seen in gout."'
    second = f'"SA"\t8\t1\t"LRP5"\t9\t13\t"SNP & Sequence variations"\t"gout"\t0\t4\t"{DISEASE}"\t"gout näch LRP5"'
    path = table(tmp_path / "t.csv", first.replace("22\t26", "24\t28"), second.replace("9\t13", "10\t14"))
    assert read_euadr_table(path) == [
        EuadrRow("7", "The  @GENE$  is not seen in  @DISEASE$ .", "NA"),
        EuadrRow("8", "@DISEASE$  näch  @GENE$", "SA"),
    ]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            f'"XX"\t7\t0\tA\t0\t1\t"{GENE}"\tB\t2\t3\t"{DISEASE}"\t"A B"',
            r"t\.csv: row 1: association type 'XX'; it is one of PA, SA",
        ),
        (f'"PA"\t7\t0\tA\tx\t1\t"{GENE}"\tB\t2\t3\t"{DISEASE}"\t"A B"', r"row 1: an offset is no number"),
        (f'"PA"\t7\t0\tA\t0\t1\t"{GENE}"\tB\t2\t9\t"{DISEASE}"\t"A B"', r"row 1: entities at 0-1 and 2-9 of a sentence of 3 char"),
    ],
)
def test_a_broken_row_is_told(tmp_path: Path, row: str, message: str) -> None:
    with pytest.raises(RecordError, match=message):
        read_euadr_table(table(tmp_path / "t.csv", row))


def test_what_is_no_table_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        read_euadr_table(tmp_path / "none.csv")
    (tmp_path / "t.csv").write_text("a\tb\n1\t2\n")
    with pytest.raises(RecordError, match="no table of EU-ADR"):
        read_euadr_table(tmp_path / "t.csv")
