"""The columns and the table that tell what curators said."""

from __future__ import annotations

from genemine.tables.columns import Column, Table

VERDICT_OF_PAIR = Column(
    "verdict",
    "text",
    "accepted, disputed, denied, or empty",
    "What curators said (`genemine review`): accepted where they accepted a sentence of it, else disputed where they differ about "
    "one, else denied where they say that one denies it. What they rejected is in the table rejected.",
)
N_REJECTED = Column(
    "n_rejected", "integer", "sentences", "Sentences that curators rejected; they count for nothing and are in rejected."
)
VERDICT_OF_SENTENCE = Column(
    "verdict",
    "text",
    "accepted, disputed, denied, or empty",
    "What curators said of the sentence, which goes before score and cue: accepted supports its pair, denied denies it; disputed "
    "counts as if nobody had judged it.",
)

REJECTED = Table(
    "rejected",
    "one pair in a sentence that curators turned down, so that it is no evidence",
    ("association_id", "pmid", "sentence"),
    (
        Column("association_id", "text", "GDA-…", "The gene-disease pair, as in associations."),
        Column("gene_curie", "text", "CURIE", "The gene, as ncbigene:672."),
        Column("gene_name", "text", "", "The gene's symbol."),
        Column("disease_curie", "text", "CURIE", "The disease, as mesh:D001943 (or omim:…)."),
        Column("disease_name", "text", "", "The disease's preferred name."),
        Column("is_pair_out", "yes/no", "", "Nothing else speaks of the pair, so it is not in associations."),
        Column("pmid", "text", "PubMed id", "The article."),
        Column("sentence", "text", "", "The sentence."),
        Column("gene_text", "text", "", "The gene as the sentence writes it."),
        Column("disease_text", "text", "", "The disease as the sentence writes it."),
        Column("score", "number", "0-1", "What the classifier gave."),
        Column("why", "list", "reject, wrong gene, wrong disease", "What the curators said."),
        Column("n_curators", "integer", "curators", "How many judged it."),
    ),
)
