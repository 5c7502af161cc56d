"""From the files of curated pairs to one Parquet file under the lexicon's identifiers, and back for the tables."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from genemine.config import CuratedSettings, Settings
from genemine.errors import ConfigError, SourceError
from genemine.link.lexicon import Lexicon, load_lexicon
from genemine.link.variants import disease_key
from genemine.pipeline.pull import is_own
from genemine.sources.curated import CuratedPair, read_curated_file
from genemine.storage.files import whole_file
from genemine.storage.shards import file_sha256

NO_GENE, NO_DISEASE, OTHER_DISEASE = "gene not in the lexicon", "disease name not in the lexicon", "disease id not in the lexicon"
_COLUMNS = ("gene_curie", "disease_curie", "source", "level", "disease", "release")
_SCHEMA = pa.schema([(name, pa.string()) for name in _COLUMNS])
_NOTES = b"genemine.curated"
_MEND = "make it again with `genemine curated build`"


@dataclass(frozen=True)
class CuratedReport:
    """What a file of curated pairs holds: its distinct pairs, the lexicon it was made with, and each source file's counts.

    ``files`` has for each: file, source, sha256, rows (pairs read), kept, and left_out (reason -> pairs); a pair whose disease id
    the lexicon does not know is kept under that id and counted in ``unmapped``.
    """

    path: Path
    n_pairs: int
    lexicon: str
    files: list[dict[str, Any]] = field(default_factory=list)


def build_curated(folder: Path, target: Path, settings: Settings, also: Sequence[Path] = ()) -> CuratedReport:
    """Make one Parquet file of all pairs in a folder, the folders below it included.

    Args:
        folder: holds files of the kinds that :mod:`genemine.sources.curated` knows; hidden files are passed over, and so is what
            ``genemine curated pull`` keeps beside its files.
        target: the file to make; its columns are gene_curie, disease_curie, source, level (the source's own word), disease (as the
            source has it) and release (SHA-256 of the source's file).
        settings: name the lexicon.
        also: further files.

    Raises:
        SourceError: the folder holds no file, or a file cannot be read or is of no known kind.
        StorageError: the target cannot be written.
    """
    if not folder.is_dir():
        raise SourceError(
            f"{folder}: no such folder; `genemine curated pull` fetches files of curated pairs, or give one that has them"
        )
    paths = [*sorted(path for path in folder.rglob("*") if path.is_file() and not is_own(path)), *also]
    if not paths:
        raise SourceError(f"{folder}: no file in it; docs/associations.md names those that can be used")
    lexicon = load_lexicon(settings.link.lexicon)
    rows: set[tuple[str, ...]] = set()
    files = []
    for path in paths:
        sha256, read, counts = file_sha256(path), 0, Counter[str]()
        source, kept = "", set()
        for pair in read_curated_file(path):
            read, source = read + 1, pair.source
            found, why = _identified(pair, lexicon)
            counts[why] += 1
            kept |= {(gene, disease, source, pair.level, pair.disease or pair.disease_name, sha256) for gene, disease in found}
        rows |= kept
        left_out = {why: counts[why] for why in (NO_GENE, NO_DISEASE) if counts[why]}
        noted = {"rows": read, "kept": len({row[:2] for row in kept}), "unmapped": counts[OTHER_DISEASE], "left_out": left_out}
        files.append({"file": _shown(path, folder), "source": source, "sha256": sha256, **noted})
    ordered = sorted(rows)
    columns = [pa.array([row[at] for row in ordered], pa.string()) for at in range(len(_COLUMNS))]
    notes = json.dumps({"lexicon": lexicon.version, "files": files}, sort_keys=True)
    table = pa.table(columns, schema=_SCHEMA).replace_schema_metadata({_NOTES: notes.encode()})
    target.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(target) as temporary:
        pq.write_table(table, temporary, compression="zstd", write_page_checksum=True)
    return CuratedReport(target, len({row[:2] for row in ordered}), lexicon.version, files)


def _shown(path: Path, folder: Path) -> str:
    return (path.relative_to(folder) if path.is_relative_to(folder) else path).as_posix()


def curated_status(settings: Settings) -> CuratedReport:
    """Tell what is in the file of the settings.

    Raises:
        ConfigError: the settings name none.
        SourceError: it cannot be read, or is no such file.
    """
    if not settings.curated.file:
        raise ConfigError(
            "no curated pairs given; fetch them with `genemine curated pull` and make a file of them with `genemine curated build`"
        )
    path = Path(settings.curated.file)
    table = _read(path)
    notes = json.loads(table.schema.metadata[_NOTES])
    pairs = set(zip(table["gene_curie"].to_pylist(), table["disease_curie"].to_pylist(), strict=True))
    return CuratedReport(path, len(pairs), notes["lexicon"], notes["files"])


def read_curated(settings: CuratedSettings) -> pa.Table | None:
    """Read the pairs: columns gene_curie, disease_curie and source; None where the settings name no file.

    Raises:
        SourceError: it cannot be read, or is no such file.
    """
    return _read(Path(settings.file)).select(["gene_curie", "disease_curie", "source"]) if settings.file else None


def curated_sha256(settings: CuratedSettings) -> str:
    """SHA-256 of the file; "" where the settings name none.

    Raises:
        SourceError: there is no such file.
    """
    if not settings.file:
        return ""
    if not Path(settings.file).is_file():
        raise SourceError(f"{settings.file}: no such file of curated pairs (curated.file in the settings); {_MEND}")
    return file_sha256(Path(settings.file))


def _read(path: Path) -> pa.Table:
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            table = file.read()
    except (pa.ArrowException, OSError) as error:
        raise SourceError(f"{path}: no readable file of curated pairs ({str(error).splitlines()[0]}); {_MEND}") from error
    if _NOTES not in (table.schema.metadata or {}) or not table.schema.equals(_SCHEMA, check_metadata=False):
        raise SourceError(f"{path}: not a file of curated pairs; {_MEND}")
    return table


def _identified(pair: CuratedPair, lexicon: Lexicon) -> tuple[list[tuple[str, str]], str]:
    """Give the pair under the lexicon's identifiers (none or one), and what is to be said of it."""
    genes, diseases = lexicon.genes, lexicon.diseases
    row = next((row for gene in pair.genes if (row := genes.row_of(gene)) is not None), None)
    if row is not None:
        gene = genes.concepts[row].curie
    else:  # a gene that the lexicon lacks has no association; its own number keeps the pair for another lexicon
        gene = next((one for one in pair.genes if one.startswith("ncbigene:")), "") or _only_symbol(pair.symbol, lexicon)
    if not gene:
        return [], NO_GENE
    if pair.disease:
        row = diseases.row_of(pair.disease)
        return [(gene, pair.disease if row is None else diseases.concepts[row].curie)], OTHER_DISEASE if row is None else ""
    named = list(_named(pair.disease_name, lexicon))
    return ([(gene, named[0])], "") if named else ([], NO_DISEASE)


def _only_symbol(symbol: str, lexicon: Lexicon) -> str:
    found = [hit.concept.curie for hit in lexicon.genes.hits(lexicon.genes.exact, symbol) if hit.preferred]
    return found[0] if len(found) == 1 else ""


def _named(name: str, lexicon: Lexicon) -> Iterator[str]:
    """Give the diseases with a name, one whose preferred name it is first; several others are too many to choose from."""
    hits: Sequence[Any] = lexicon.diseases.hits(lexicon.diseases.keys, disease_key(name))
    preferred = [hit.concept.curie for hit in hits if hit.preferred]
    yield from preferred[:1] or ([hits[0].concept.curie] if len(hits) == 1 else [])
