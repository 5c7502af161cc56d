"""Where everything lies in the data folder.

::

    data/raw/<source>/<batch>.xml.gz           raw shards: what PubMed sent, immutable
    data/raw/mirror/{baseline,updatefiles}/    bulk files as `genemine bulk pull` fetched them; loading makes raw shards of them
    data/raw/vocab/                            vocabularies as `genemine vocab pull` fetched them
    data/raw/curated/                          curated pairs as `genemine curated pull` fetched them
    data/raw/ledger.sqlite                     queries, batches, watermarks, quarantine
    data/processed/<stage>/<batch>.parquet     what each stage made of a raw shard
    data/processed/runs/<run_id>/              the tables of a run, with run.json
    data/processed/latest                      -> the newest complete run
    data/review/                               what curators said; nothing can make it again
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from genemine.errors import StorageError
from genemine.storage.files import cannot_write, sync

RAW_SUFFIX = ".xml.gz"
PLAIN_SUFFIX = ".xml"
SHARD_SUFFIX = ".parquet"


@dataclass(frozen=True)
class Layout:
    """The paths of one data folder; asking for one touches no disk, except :meth:`prepare` and :meth:`require`."""

    data_dir: Path

    @property
    def raw(self) -> Path:
        """Folder of the raw shards and the ledger."""
        return self.data_dir / "raw"

    @property
    def processed(self) -> Path:
        """Folder of all that can be made again from the raw shards."""
        return self.data_dir / "processed"

    @property
    def ledger(self) -> Path:
        """The SQLite file that knows what was collected."""
        return self.raw / "ledger.sqlite"

    @property
    def mirror(self) -> Path:
        """Folder of the bulk files as fetched, a level deeper than raw shards."""
        return self.raw / "mirror"

    @property
    def vocab(self) -> Path:
        """Folder of the vocabularies as fetched; none of its files is a raw shard."""
        return self.raw / "vocab"

    @property
    def curated(self) -> Path:
        """Folder of the files of curated pairs as fetched; none of them is a raw shard."""
        return self.raw / "curated"

    @property
    def runs(self) -> Path:
        """Folder of the runs' tables."""
        return self.processed / "runs"

    @property
    def verdicts(self) -> Path:
        """The SQLite file of curators' verdicts: the one thing here that cannot be fetched or made again."""
        return self.data_dir / "review" / "verdicts.sqlite"

    @property
    def review_secret(self) -> Path:
        """The file that the review page makes its tokens from; deleting it makes old links and cookies worthless."""
        return self.data_dir / "review" / "secret"

    @property
    def latest(self) -> Path:
        """The link to the newest complete run."""
        return self.processed / "latest"

    def raw_file(self, source: str, batch: str) -> Path:
        """The raw shard of a batch; ``source`` is a folder name such as "entrez"."""
        return self.raw / source / (batch if batch.endswith(PLAIN_SUFFIX) else f"{batch}{RAW_SUFFIX}")

    def raw_files(self) -> list[Path]:
        """All raw shards on disk, sorted by source and batch; plain ``.xml`` files that a user put there among them."""
        return sorted(path for suffix in (RAW_SUFFIX, PLAIN_SUFFIX) for path in self.raw.glob(f"*/*{suffix}"))

    def shard(self, stage: str, batch: str) -> Path:
        """What ``stage`` ("articles", "mentions", "relations", ...) made of a batch; "source/batch" becomes one name."""
        return self.processed / stage / f"{batch.replace('/', '.')}{SHARD_SUFFIX}"

    def shards(self, stage: str) -> list[Path]:
        """All shards of a stage on disk, sorted by batch."""
        return sorted((self.processed / stage).glob(f"*{SHARD_SUFFIX}"))

    def run(self, run_id: str) -> Path:
        """Folder of one run's tables."""
        return self.runs / run_id

    def prepare(self) -> None:
        """Make the folders and check that they can be written; call it before any work, and before any request.

        Raises:
            StorageError: a folder cannot be made or written.
        """
        for folder in (self.raw, self.processed, self.runs):
            try:
                folder.mkdir(parents=True, exist_ok=True)
                _probe(folder)
            except OSError as error:
                raise cannot_write(folder, error) from error

    def require(self) -> None:
        """Check that there is a data folder to read.

        Raises:
            StorageError: the folder is missing.
        """
        if not self.raw.is_dir():
            raise StorageError(
                f"{self.data_dir}: no data folder (it has no 'raw' inside); collect first, or give the folder with --data-dir"
            )

    def set_latest(self, run_id: str) -> None:
        """Point ``latest`` to a run, in one step: readers see the old run or the new one.

        Raises:
            StorageError: the link cannot be written.
        """
        temporary = self.latest.with_name(f"latest.{os.getpid()}.part")
        try:
            temporary.unlink(missing_ok=True)
            temporary.symlink_to(Path("runs") / run_id, target_is_directory=True)
            temporary.replace(self.latest)
            sync(self.processed)
        except OSError as error:
            raise cannot_write(self.latest, error) from error


def batch_of(path: Path) -> str:
    """The batch name of a raw shard or of a stage's shard: ``b1.xml.gz`` -> ``b1``; a plain ``b1.xml`` keeps its ending."""
    return path.name.removesuffix(RAW_SUFFIX).removesuffix(SHARD_SUFFIX)


def _probe(folder: Path) -> None:
    # only writing tells: permission bits say nothing about read-only mounts, quotas or a full disk
    probe = folder / f".writable.{os.getpid()}.part"
    probe.write_bytes(b"")
    probe.unlink()
