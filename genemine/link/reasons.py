"""Why a mention has no identifier: the fixed phrases that tables count by."""

from __future__ import annotations

NO_MATCH = "no name of the lexicon matches"
FAMILY = "a family of genes, not one gene"
OTHER_SPECIES = "another species"
CAPITALS = "a word in a line of capitals"
OTHER_MEANING = "the article gives this abbreviation another meaning"
TOO_UNSURE = "below link.min_score"
STOPPED = "a stop name of link.names"
REASONS = (NO_MATCH, FAMILY, OTHER_SPECIES, CAPITALS, OTHER_MEANING, TOO_UNSURE, STOPPED)
