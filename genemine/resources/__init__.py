"""Data that ships with genemine, with its provenance."""
