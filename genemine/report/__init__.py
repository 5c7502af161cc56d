"""The HTML page and the plots of a run: what a person reads instead of opening tables."""
