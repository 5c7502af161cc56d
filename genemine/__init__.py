"""genemine: scored gene-disease associations, mined nightly from PubMed by LSTMs."""

__version__ = "0.1.0"
