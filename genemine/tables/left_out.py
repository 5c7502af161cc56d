"""The tables that tell what is not in the others, and why."""

from __future__ import annotations

from genemine.tables.columns import Column, Table

DROPPED = Table(
    "dropped",
    "one record that did not reach the tables, and why",
    ("pmid", "stage", "reason", "source"),
    (
        Column("pmid", "text", "PubMed id", "The record; empty where it could not be read."),
        Column("stage", "text", "quarantine, clean, dedup", "Where it left."),
        Column("reason", "text", "", "Why, as a phrase to count by."),
        Column("detail", "text", "", "The specifics."),
        Column("source", "text", "", "Raw shard that holds the record."),
    ),
)

DUPLICATES = Table(
    "duplicates",
    "one article that is left out as a copy of another; docs/copies.md has the rule",
    ("pmid",),
    (
        Column("pmid", "text", "PubMed id", "The article left out; it is in dropped as well."),
        Column("kept_pmid", "text", "PubMed id", "The article kept in its stead; it is in articles."),
        Column("reason", "text", "exact copy, same DOI, near copy", "What makes the two copies of each other."),
        Column(
            "similarity", "number", "0-1", "Share of the runs of three words of both texts that the two have in common (Jaccard)."
        ),
    ),
)
