"""Names that share words with a gene's names are found, by weight."""

from __future__ import annotations

from genemine.link.concepts import Concept
from genemine.link.gene_forms import gene_tokens, stem
from genemine.link.gene_index import GeneWords, bag_of, core_of, pack_words

GENES = (
    Concept("ncbigene:2147", ("F2", "coagulation factor II, thrombin", "prothrombin")),
    Concept("ncbigene:2155", ("F7", "coagulation factor VII")),
    Concept("ncbigene:7157", ("TP53", "tumor protein p53")),
)


def near(name: str) -> list[tuple[float, int, int]]:
    return GeneWords(pack_words(GENES)).near(gene_tokens(name))


def test_the_name_that_shares_the_rarest_words_comes_first():
    assert near("human coagulation factor VII protein")[0][1:] == (1, 1)
    assert near("coagulation factor thrombin")[0][1:] == (0, 1)


def test_likeness_is_one_for_the_same_words_in_another_order():
    likeness, row, place = near("factor VII, coagulation")[0]
    assert (row, place) == (1, 1)
    assert abs(likeness - 1.0) < 1e-6


def test_words_that_no_name_has_find_nothing():
    words = GeneWords(pack_words(GENES))
    assert near("unheard word") == []
    assert words.weight_of("unheard") == 0.0
    assert words.weight_of("thrombin") > words.weight_of(stem("coagulation")) > 0.0


def test_no_names_no_words():
    assert GeneWords(pack_words(())).near(("thrombin",)) == []


def test_bags_leave_order_and_the_core_leaves_words_that_names_lack_at_will():
    assert bag_of("tumor protein p53") == bag_of("p53 protein tumor")
    assert bag_of("prothrombin") == ""
    assert core_of("tumor protein p53") == core_of("p53 tumor gene product")
