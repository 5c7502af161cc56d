"""``kill -9`` at any step of storing an answer: the next run goes on, nothing is lost and nothing is doubled."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from genemine.config import EntrezSettings, Settings
from genemine.pipeline.collect import collect
from genemine.sample import records_folder
from genemine.sample.index import load_folder
from genemine.sample.server import serving
from genemine.sources.entrez_answers import parse_records
from genemine.storage.files import TEMPORARY_SUFFIX
from genemine.storage.layout import Layout
from genemine.storage.ledger import Ledger
from genemine.storage.shards import file_sha256, read_raw
from tests.pipeline.killing import killed_at

QUERY = "1:999999999[uid]"

# Collects in a process of its own that kills itself at a given step of the second answer.
COLLECT = """
from pathlib import Path
from genemine.config import EntrezSettings, Settings
from genemine.pipeline.collect import collect
from genemine.storage import files
from genemine.storage.ledger import Ledger

url, data_dir, _ = sys.argv[1:]
files.sync = killing(files.sync, "sync")
Path.replace = killing(Path.replace, "rename")
Ledger.add = killing(Ledger.add, "row")
settings = Settings(data_dir=Path(data_dir), entrez=EntrezSettings(base_url=url, batch_size=30, api_key="0" * 36))
collect("1:999999999[uid]", None, None, settings)
"""


@pytest.mark.parametrize("step", ["before rename", "after rename", "after row"])
def test_a_killed_collection_is_taken_up_where_it_stopped(tmp_path: Path, step: str) -> None:
    index = load_folder(records_folder())
    layout = Layout(tmp_path)
    with serving(index, rate_limit=False) as url:
        killed = killed_at(step, COLLECT, url, tmp_path)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        entrez = EntrezSettings(base_url=url, batch_size=30, api_key="0" * 36)  # with a key requests are closer together
        report = collect(QUERY, None, None, Settings(data_dir=tmp_path, entrez=entrez))
    assert report.known == (30 if step == "before rename" else 60)
    assert report.known + report.fetched == report.found == len(index.records)
    stored = Counter(pmid for path in layout.raw_files() for pmid in parse_records(read_raw(path)))
    assert stored == Counter(map(str, index.records))
    assert list(tmp_path.rglob(f"*{TEMPORARY_SUFFIX}")) == []
    with Ledger(layout.ledger) as ledger:
        rows = {layout.raw_file(batch.source, batch.name): batch.sha256 for batch in ledger.batches()}
    assert rows == {path: file_sha256(path) for path in layout.raw_files()}


COLLECT_ALL = """
import sys
from pathlib import Path
from genemine.config import EntrezSettings, Settings
from genemine.pipeline.collect import collect

url, data_dir = sys.argv[1:]
entrez = EntrezSettings(base_url=url, batch_size=15, api_key="0" * 36, max_tries=1)
print(collect("1:999999999[uid]", None, None, Settings(data_dir=Path(data_dir), entrez=entrez)).fetched)
"""


def test_two_collectors_at_once_stay_inside_one_budget(tmp_path: Path) -> None:
    """The server refuses the eleventh request of a second, and one refusal would end either run: they are given one try."""
    index = load_folder(records_folder())
    with serving(index, rate_limit=True) as url:
        runs = [
            subprocess.Popen(
                [sys.executable, "-c", COLLECT_ALL, url, str(tmp_path / name)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )
            for name in ("one", "two")
        ]
        told = [run.communicate(timeout=60) for run in runs]
    assert [int(out) for out, _ in told] == [len(index.records)] * 2, [error.decode() for _, error in told]
