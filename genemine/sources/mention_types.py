"""What corpora call genes and diseases."""

from __future__ import annotations

import re

from genemine.records import DISEASE, GENE

# Folded: lower case, letters alone. BC2GM "GENE", BioNLP13CG "Gene_or_gene_product", BioRED "GeneOrGeneProduct", DrugProt "GENE-Y".
_TYPES = {
    "gene": GENE,
    "geney": GENE,
    "genen": GENE,
    "geneorgeneproduct": GENE,
    "ggp": GENE,
    "protein": GENE,
    "disease": DISEASE,
    "specificdisease": DISEASE,
    "diseaseclass": DISEASE,
    "modifier": DISEASE,
    "compositemention": DISEASE,
    "diseaseorphenotypicfeature": DISEASE,
}


def mention_type(name: str) -> str | None:
    """Give the type ("Gene", "Disease") that a corpus calls ``name``, however it is cased and joined; None for any other."""
    return _TYPES.get(re.sub(r"[\W\d_]", "", name).lower())
