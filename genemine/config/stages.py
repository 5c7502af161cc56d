"""The settings of each stage: one frozen dataclass a stage, ``Settings`` around them; a field's default is kept nowhere else."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

# The only host that NCBI asks programs to use: www.ncbi is throttled harder.
NCBI_EUTILS_URL = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/"
NCBI_BULK_URL = "https://ftp.ncbi.nlm.nih.gov/pubmed/"


@dataclass(frozen=True)
class EntrezSettings:
    """How PubMed is asked. ``api_key`` never shows in ``repr``, logs or files."""

    email: str = ""
    api_key: str = field(default="", repr=False)
    base_url: str = NCBI_EUTILS_URL
    tool: str = "genemine"
    source: str = "entrez"  # folder below data/raw that takes the answers; another one keeps another server's records apart
    batch_size: int = 200  # records a request; PUBMED.md of E-utilities: POST above about 200 ids
    page_size: int = 9_998  # ids an esearch answer; retstart ends at 9,998
    connect_timeout: float = 10.0  # seconds
    read_timeout: float = 60.0  # seconds
    max_tries: int = 6  # tries of one request before the run stops and says so
    overlap_days: int = 3  # how far a nightly window reaches back behind the watermark

    @property
    def is_live(self) -> bool:
        """True when requests go to NCBI itself."""
        return "ncbi.nlm.nih.gov" in self.base_url

    @property
    def requests_per_second(self) -> float:
        """NCBI's limit: 3 a second, 10 with an API key."""
        return 10.0 if self.api_key else 3.0


@dataclass(frozen=True)
class BulkSettings:
    """How PubMed's baseline and update files are fetched."""

    base_url: str = NCBI_BULK_URL  # holds the folders baseline/ and updatefiles/
    source: str = "bulk"  # folder below data/raw that takes the files
    connect_timeout: float = 10.0  # seconds
    read_timeout: float = 60.0  # seconds
    max_tries: int = 6  # tries of one file before it is given up for this run


@dataclass(frozen=True)
class VocabSettings:
    """How vocabularies are fetched. An empty ``mirror`` means each vocabulary's own home."""

    mirror: str = ""  # a folder on a server that holds all the files by their names
    connect_timeout: float = 10.0  # seconds
    read_timeout: float = 60.0  # seconds
    max_tries: int = 4  # tries of one file before it is given up for this run


@dataclass(frozen=True)
class CleanSettings:
    """What becomes of a parsed record before it is mined. Empty lists drop nothing."""

    min_digest_chars: int = 80  # shorter folded texts ("Reply.", "Editorial.") are never called copies of each other
    languages: tuple[str, ...] = ()  # MEDLINE's codes ("eng"); an article in none of them is dropped
    exclude_types: tuple[str, ...] = ()  # publication types ("Editorial") whose articles are dropped


@dataclass(frozen=True)
class CopySettings:
    """What counts as a copy of an article under another PMID."""

    min_similarity: float = 0.8  # Jaccard similarity of the shingles of title and abstract
    shingle_words: int = 3  # words a shingle
    min_shingles: int = 20  # shorter texts have no near-copies, only exact ones


@dataclass(frozen=True)
class AnnotateSettings:
    """How mentions are tagged. An empty ``bundle`` means the one that ships with genemine."""

    bundle: str = ""
    batch_size: int = 1024  # sentences a tagger call
    workers: int = 0  # processes of `genemine annotate`; 0: one for each core
    min_score: float = 0.0  # mentions below are not written
    consistency: bool = True  # mentions of one article are made to agree with each other (annotate/consistency.py)


EMBEDDED = "embedded"  # the name of the lexicon that ships with genemine


@dataclass(frozen=True)
class LinkSettings:
    """How mentions get identifiers. An empty ``lexicon`` means the one built in the data folder, else EMBEDDED (load_settings)."""

    lexicon: str = ""
    names: str = ""  # a file of one's own names and stop names (link/user_names.py)
    bundle: str = ""  # what was learnt from gold links; empty: the one that ships with genemine
    min_score: float = 0.5


USES = (BALANCED, HIGH_PRECISION, HIGH_RECALL) = "balanced", "high_precision", "high_recall"


@dataclass(frozen=True)
class RelateSettings:
    """How pairs are classified and counted. ``use`` names a threshold of the bundle; ``min_score`` is your own, before it."""

    bundle: str = ""
    batch_size: int = 4096
    use: str = BALANCED
    min_score: float | None = None
    max_pairs_per_sentence: int = 100  # a list of 40 genes and 40 diseases is no evidence for 1,600 pairs


@dataclass(frozen=True)
class CuratedSettings:
    """What associations are compared with. An empty ``file`` means nothing; else one that ``genemine curated build`` made."""

    file: str = ""


@dataclass(frozen=True)
class TrainSettings:
    """How models are trained; ``make models`` uses these defaults."""

    seed: int = 20261123
    epochs: int = 30
    patience: int = 5
    batch_size: int = 64
    learning_rate: float = 1e-3


@dataclass(frozen=True)
class Settings:
    """All settings of a run."""

    data_dir: Path = Path("data")
    entrez: EntrezSettings = field(default_factory=EntrezSettings)
    bulk: BulkSettings = field(default_factory=BulkSettings)
    vocab: VocabSettings = field(default_factory=VocabSettings)
    clean: CleanSettings = field(default_factory=CleanSettings)
    copies: CopySettings = field(default_factory=CopySettings)
    annotate: AnnotateSettings = field(default_factory=AnnotateSettings)
    link: LinkSettings = field(default_factory=LinkSettings)
    relate: RelateSettings = field(default_factory=RelateSettings)
    curated: CuratedSettings = field(default_factory=CuratedSettings)
    train: TrainSettings = field(default_factory=TrainSettings)


STAGES = ("entrez", "bulk", "vocab", "clean", "copies", "annotate", "link", "relate", "curated", "train")
