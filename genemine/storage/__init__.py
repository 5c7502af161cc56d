"""Shards, the ledger, and the layout of the data folder."""
