"""Which gold mentions are asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from genemine.evaluate.linking import Tally
from genemine.link.lexicon import load_lexicon
from genemine.models.gold_links import GoldDocument
from genemine.models.linker_scores import asked, tally
from genemine.records import GENE, Link, Mention


class Always672:
    """A linker that knows one gene."""

    def link(self, text: str, mentions: Sequence[Mention], short_forms: Mapping[str, str] | None = None) -> list[Link]:
        assert text
        assert short_forms == {}
        return [Link(mention, "ncbigene:672") for mention in mentions]


def test_mentions_without_an_identifier_and_genes_of_other_species_are_not_asked_for():
    lexicon = load_lexicon()
    mouse, human = frozenset({"ncbigene:12189"}), frozenset({"ncbigene:672"})
    assert asked((mouse, human), GENE, lexicon) == (human,)
    assert asked((mouse,), GENE, lexicon) == ()
    mentions = tuple(Mention("1", 6 * i, 6 * i + 5, "BRCA1", GENE) for i in range(3))
    document = GoldDocument("toy", "1", "BRCA1 BRCA1 BRCA1", mentions, ((human,), (mouse,), ()), {})
    assert tally(Always672(), [document], GENE, lexicon) == Tally(mentions=1, strict=1, lenient=1, linked=1)
