"""Settings: one frozen dataclass a stage (``stages``), and how they are read (``load``).

Only the command line and ``flows`` read the environment, by :func:`load_settings`.
"""

from genemine.config.load import RANGES, built_lexicon, load_settings
from genemine.config.stages import (
    BALANCED,
    EMBEDDED,
    HIGH_PRECISION,
    HIGH_RECALL,
    NCBI_BULK_URL,
    NCBI_EUTILS_URL,
    STAGES,
    USES,
    AnnotateSettings,
    BulkSettings,
    CleanSettings,
    CopySettings,
    CuratedSettings,
    EntrezSettings,
    LinkSettings,
    RelateSettings,
    Settings,
    TrainSettings,
    VocabSettings,
)

__all__ = [
    "BALANCED",
    "EMBEDDED",
    "HIGH_PRECISION",
    "HIGH_RECALL",
    "NCBI_BULK_URL",
    "NCBI_EUTILS_URL",
    "RANGES",
    "STAGES",
    "USES",
    "AnnotateSettings",
    "BulkSettings",
    "CleanSettings",
    "CopySettings",
    "CuratedSettings",
    "EntrezSettings",
    "LinkSettings",
    "RelateSettings",
    "Settings",
    "TrainSettings",
    "VocabSettings",
    "built_lexicon",
    "load_settings",
]
