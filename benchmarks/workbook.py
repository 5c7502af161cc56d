"""The Excel workbook of a run: seconds and megabytes for 10,000 associations with 50,000 sentences of evidence.

Usage: python -m benchmarks.workbook [--quick]
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.common import emit
from genemine.tables.files import write_frame
from genemine.tables.frames import empty
from genemine.tables.schema import ASSOCIATIONS, CANDIDATES, EVIDENCE, INHERITED, Column, Table
from genemine.tables.xlsx import WORKBOOK, write_workbook

N, N_QUICK, SENTENCES = 10_000, 1_000, 5
# As long as sentences and titles of the corpus are on the average.
LONG = {"sentence": 170, "best_sentence": 170, "title": 100}


def main(arguments: Sequence[str] | None = None) -> None:
    """Write made-up tables, then the workbook of them, and tell what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{N_QUICK:,} associations instead of {N:,}")
    n = N_QUICK if parser.parse_args(arguments).quick else N
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write(ASSOCIATIONS, n, folder)
        _write(EVIDENCE, n * SENTENCES, folder)
        for table in (CANDIDATES, INHERITED):
            write_frame(table, empty(table), folder)
        began, cpu = time.perf_counter(), time.process_time()
        write_workbook(folder, {"run": "made up"}, datetime.now(UTC))
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
        megabytes = (folder / WORKBOOK).stat().st_size / 1e6
    print(f"{n:,} associations, {n * SENTENCES:,} sentences: {seconds:.1f} s, {megabytes:.1f} MB")
    emit({"seconds": round(seconds, 2), "cpu_seconds": round(cpu, 2), "megabytes": round(megabytes, 2)})


def _write(table: Table, n: int, folder: Path) -> None:
    schema = pa.Schema.from_pandas(empty(table), preserve_index=False)
    columns = [pa.array([_value(table, column, at) for at in range(n)], schema.field(column.name).type) for column in table.columns]
    pq.write_table(pa.table(columns, schema=schema), folder / f"{table.name}.parquet")


def _value(table: Table, column: Column, at: int) -> object:
    kinds = {"integer": at % 50, "number": (at % 997) / 997, "yes/no": at % 7 == 0}
    if column.type in kinds:
        return kinds[column.type]
    if column.name in LONG:
        return f"Sentence {at} " + "of words " * (LONG[column.name] // 9)
    pair = at if table is ASSOCIATIONS else at // SENTENCES
    numbers = {"association_id": f"GDA-{pair:012x}", "gene_curie": f"ncbigene:{pair}", "disease_curie": f"mesh:D{pair:06}"}
    return numbers.get(column.name, f"{99_000_000 + at}")


if __name__ == "__main__":
    main()
