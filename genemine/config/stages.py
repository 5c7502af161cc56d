"""The settings of each stage: one frozen dataclass a stage, ``Settings`` around them; a field's default is kept nowhere else.

The comment beside a field is what `genemine config` and docs/settings.md say about it, so each has one, on its line.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

# The only host that NCBI asks programs to use: www.ncbi is throttled harder.
NCBI_EUTILS_URL = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/"
NCBI_BULK_URL = "https://ftp.ncbi.nlm.nih.gov/pubmed/"


@dataclass(frozen=True)
class EntrezSettings:
    """How PubMed is asked. ``api_key`` never shows in ``repr``, logs or files."""

    email: str = ""  # your address; NCBI asks every program for one, and genemine asks NCBI nothing without it
    api_key: str = field(default="", repr=False)  # 10 requests a second instead of 3; best in NCBI_API_KEY, which no file holds
    base_url: str = NCBI_EUTILS_URL  # E-utilities, or another server of them such as `genemine eutils serve`
    tool: str = "genemine"  # the name under which NCBI knows this program
    source: str = "entrez"  # folder below data/raw that takes the answers; another one keeps another server's apart
    batch_size: int = 200  # records a request; NCBI asks for POST above about 200
    page_size: int = 9_998  # ids an esearch answer; retstart ends at 9,998
    connect_timeout: float = 10.0  # seconds until a server has to take a connection
    read_timeout: float = 60.0  # seconds without a byte before a request is tried again
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
    connect_timeout: float = 10.0  # seconds until a server has to take a connection
    read_timeout: float = 60.0  # seconds without a byte before a request is tried again
    max_tries: int = 6  # tries of one file before it is given up for this run


@dataclass(frozen=True)
class VocabSettings:
    """How vocabularies are fetched. An empty ``mirror`` means each vocabulary's own home."""

    mirror: str = ""  # address of a folder that holds all vocabulary files by their names; empty: each file's own home
    connect_timeout: float = 10.0  # seconds until a server has to take a connection
    read_timeout: float = 60.0  # seconds without a byte before a request is tried again
    max_tries: int = 4  # tries of one file before it is given up for this run


@dataclass(frozen=True)
class CleanSettings:
    """What becomes of a parsed record before it is mined. Empty lists drop nothing."""

    min_digest_chars: int = 80  # shorter texts ("Reply.") are never called copies of each other
    languages: tuple[str, ...] = ()  # such as ["eng"]: articles in none of them are dropped, with the reason; empty drops none
    exclude_types: tuple[str, ...] = ()  # such as ["Editorial"]: articles of these publication types are dropped, with the reason


@dataclass(frozen=True)
class CopySettings:
    """What counts as a copy of an article under another PMID."""

    min_similarity: float = 0.8  # Jaccard similarity of the shingles of title and abstract from which two articles are copies
    shingle_words: int = 3  # words a shingle
    min_shingles: int = 20  # shorter texts have no near-copies, only exact ones


@dataclass(frozen=True)
class AnnotateSettings:
    """How mentions are tagged. An empty ``bundle`` means the one that ships with genemine."""

    bundle: str = ""  # folder of a tagger bundle; empty: the one that ships with genemine
    batch_size: int = 1024  # sentences a tagger call
    workers: int = 0  # processes that share the work of `genemine annotate`; 0: one for each core; the output is the same
    min_score: float = 0.0  # mentions below are not written
    consistency: bool = True  # mentions of one article are made to agree with each other (docs/experiments-context.md)


EMBEDDED = "embedded"  # the name of the lexicon that ships with genemine


@dataclass(frozen=True)
class LinkSettings:
    """How mentions get identifiers. An empty ``lexicon`` means the one built in the data folder, else EMBEDDED (load_settings)."""

    lexicon: str = ""  # folder that `genemine vocab build` made; empty: the data folder's, else "embedded": the one that ships
    names: str = ""  # file of your own names and stop names: name, identifier (- : never linked), type, by tabs
    bundle: str = ""  # folder of what linking learnt from gold links; empty: the one that ships with genemine
    min_score: float = 0.5  # links below become an honest none


USES = (BALANCED, HIGH_PRECISION, HIGH_RECALL) = "balanced", "high_precision", "high_recall"


STANCES = (LEARNT, CUES) = "learnt", "cues"


@dataclass(frozen=True)
class RelateSettings:
    """How pairs are classified and counted. ``use`` names a threshold of the bundle; ``min_score`` is your own, before it."""

    bundle: str = ""  # folder of a pair classifier bundle; empty: the one that ships with genemine
    batch_size: int = 4096  # pairs a classifier call
    use: str = BALANCED  # which of the bundle's thresholds counts, chosen on held-out data
    min_score: float | None = None  # a threshold of your own, goes before `use`; empty: the bundle's
    max_pairs_per_sentence: int = 100  # a list of 40 genes and 40 diseases is no evidence for 1,600 pairs
    stance: str = LEARNT  # who tells what a sentence denies or supposes: learnt weights with chances, or cue words with yes and no


NO_CURATED = "none"  # as curated.file: compare with nothing


@dataclass(frozen=True)
class CuratedSettings:
    """What associations are compared with, and how it is fetched.

    An empty ``file`` means the one that ``genemine curated build`` made in the data folder, if there is one (load_settings), else
    nothing; NO_CURATED means nothing.
    """

    file: str = ""  # of `genemine curated build`; empty: curated.parquet of the data folder, if any; "none": nothing
    mirror: str = ""  # address of a folder that holds all files of curated pairs by their names; empty: each file's own home
    connect_timeout: float = 10.0  # seconds until a server has to take a connection
    read_timeout: float = 60.0  # seconds without a byte before a request is tried again
    max_tries: int = 4  # tries of one file before it is given up for this run


@dataclass(frozen=True)
class ReportSettings:
    """How much of a run its report.html shows; the tables hold all."""

    max_associations: int = 10_000  # the best ones are in report.html; the tables hold all
    max_sentences: int = 20  # of each association, the best ones


EXECUTORS = (PROCESS, DASK) = "process", "dask"


@dataclass(frozen=True)
class ScaleSettings:
    """Where the flows work on shards: in their own process, or on a Dask cluster (docs/scaling.md). The tables are the same."""

    executor: str = PROCESS  # where the flows' tasks run
    workers: int = 0  # processes of a cluster on this machine; 0: one for each core
    dask_address: str = ""  # a scheduler; empty: a cluster on this machine for the time of the run


@dataclass(frozen=True)
class RetentionSettings:
    """What `genemine prune` leaves: a run goes when neither number keeps it (docs/retention.md)."""

    keep_runs: int = 30  # the newest runs are kept, whatever their age
    keep_days: int = 90  # younger runs are kept, however many
    nightly: bool = False  # the nightly flow prunes at its end


@dataclass(frozen=True)
class GateSettings:
    """How far a run may differ from the one before and take its place by itself (pipeline/gate.py)."""

    enabled: bool = True  # false: each run takes the place of the one before, whatever it is like
    validate: bool = True  # whether FAILs of `genemine validate` about the tables hold a run back
    min_articles: int = 500  # a run before of fewer articles is not compared with
    min_rows: int = 100  # differences of fewer rows are no fault, whatever their share
    max_gone: float = 0.05  # share of the articles, or of the associations, of the run before that may be gone
    max_fall: float = 0.25  # share by which any table may fall, and associations an article may rise
    max_change: float = 0.15  # change of mentions an article, or of the share with identifier, in articles of both runs
    max_drift: float = 0.2  # population stability index of scores
    max_copies: float = 0.02  # rise of the share of copies
    max_times: float = 5.0  # new articles may have so many times more or fewer mentions than those before


@dataclass(frozen=True)
class TrainSettings:
    """How models are trained; ``make models`` uses these defaults."""

    seed: int = 20261123  # of every random choice
    epochs: int = 30  # at most so many passes over the texts
    patience: int = 5  # passes without a better devel score before it ends
    batch_size: int = 64  # sentences a step
    learning_rate: float = 1e-3  # of the optimiser, at its start


@dataclass(frozen=True)
class Settings:
    """All settings of a run."""

    data_dir: Path = Path("data")  # the data folder, with raw/ and processed/ in it
    entrez: EntrezSettings = field(default_factory=EntrezSettings)
    bulk: BulkSettings = field(default_factory=BulkSettings)
    vocab: VocabSettings = field(default_factory=VocabSettings)
    clean: CleanSettings = field(default_factory=CleanSettings)
    copies: CopySettings = field(default_factory=CopySettings)
    annotate: AnnotateSettings = field(default_factory=AnnotateSettings)
    link: LinkSettings = field(default_factory=LinkSettings)
    relate: RelateSettings = field(default_factory=RelateSettings)
    curated: CuratedSettings = field(default_factory=CuratedSettings)
    report: ReportSettings = field(default_factory=ReportSettings)
    gate: GateSettings = field(default_factory=GateSettings)
    scale: ScaleSettings = field(default_factory=ScaleSettings)
    retention: RetentionSettings = field(default_factory=RetentionSettings)
    train: TrainSettings = field(default_factory=TrainSettings)


STAGES = (
    "entrez", "bulk", "vocab", "clean", "copies", "annotate", "link", "relate", "curated", "report", "gate", "scale", "retention",
    "train",
)  # fmt: skip
