"""What a card shows: its sentence cut into pieces, its neighbours, where to look further."""

from __future__ import annotations

from dataclasses import replace

from genemine.review.cards import Card, Piece, links, neighbours, pieces, place_of

TEXT = "BRCA1 and cancer.\nIt was seen. BRCA1 causes cancer. So it was."
CARD = Card("CARD-1", "GDA-1", "ncbigene:672", "BRCA1", "mesh:D009369", "Neoplasms", "7", "BRCA1 causes cancer.", "BRCA1", 0, 5,
            "cancer", 13, 19, 0.9, "m", start=31)  # fmt: skip


def test_the_pieces_are_the_sentence_with_names_and_attention() -> None:
    assert pieces(replace(CARD, attention=((0, 5, 30), (6, 12, 20), (19, 20, 2)))) == [
        Piece("BRCA1", "gene", 5),
        Piece(" ", "", 0),
        Piece("causes", "", 2),
        Piece(" ", "", 0),
        Piece("cancer", "disease", 0),
        Piece(".", "", 0),
    ]
    assert {piece.attention for piece in pieces(replace(CARD, attention=((0, 5, 4), (6, 12, 3))))} == {0}, "nothing stands out"
    assert "".join(piece.text for piece in pieces(replace(CARD, gene_end=99))) == CARD.sentence, "whatever the offsets"


def test_the_darkest_shade_is_the_fifth() -> None:
    """Also where rounding makes the share of the most a little more than one."""
    for rest in range(1, 60):
        spans = ((0, 5, rest + 9), *((n, n + 1, rest) for n in range(6, 6 + rest % 7)))
        assert max(piece.attention for piece in pieces(replace(CARD, attention=spans))) in (0, 5)


def test_neighbours_are_those_in_the_text() -> None:
    assert neighbours(CARD, TEXT) == ("It was seen.", "So it was.")
    assert neighbours(replace(CARD, sentence="BRCA1 and cancer.", start=0), TEXT) == ("", "It was seen.")
    assert neighbours(replace(CARD, start=5), TEXT) == ("", ""), "a text that was revised since"


def test_of_copies_of_a_sentence_the_one_with_the_mention_is_meant() -> None:
    assert [place_of("a b. a b.", "a b.", first) for first in (0, 2, 7)] == [0, 0, 5]
    assert place_of("a b.", "c d.", 0) == -1


def test_links_lead_to_the_known_places_only() -> None:
    assert links(CARD) == {
        "PubMed": "https://pubmed.ncbi.nlm.nih.gov/7/",
        "NCBI Gene": "https://www.ncbi.nlm.nih.gov/gene/672",
        "MeSH": "https://meshb.nlm.nih.gov/record/ui?ui=D009369",
    }
    assert list(links(replace(CARD, gene_curie="javascript:x", disease_curie=""))) == ["PubMed"]
