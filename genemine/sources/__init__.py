"""Where records come from: PubMed over E-utilities, PubMed XML, gold corpora."""
