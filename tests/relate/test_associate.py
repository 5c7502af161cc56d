"""Associations against sums done by hand, and against themselves in another order."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import fisher_exact

from genemine.records import Article, ArticlePair
from genemine.relate.article_pairs import LEAST_SCORE
from genemine.relate.associate import association_id
from genemine.relate.measures import LEAST_IMPLIED, ArticleChance, combined, cooccurrence, lift, moved
from tests.relate.summed import NAMES, Summed, link, relation

ARTICLES = [
    Article("99", "", "", year=2001, publication_types=("Journal Article", "Review")),
    Article("100", "", "", year=1999),
    Article("101", "", ""),
    Article("666", "", "", year=2030, flags=("retracted",)),
    *(Article(str(pmid), "", "", year=1990) for pmid in range(200, 207)),
]
RELATIONS = [
    relation("100", 0.5, index=1),
    relation("100", 0.8, index=2, speculative=True),
    relation("99", 0.6),
    relation("101", 0.9, negated=True),
    relation("101", 0.2, index=1),
    relation("666", 0.95),
    relation("99", 0.4, gene="B"),
]
PAIR = association_id("ncbigene:1", "mesh:D1")


def test_an_id_is_the_same_in_every_run() -> None:
    assert association_id("ncbigene:672", "mesh:D001943") == "GDA-" + association_id("ncbigene:672", "mesh:D001943")[4:]
    assert len(association_id("a", "b")) == 16
    assert association_id("a", "b") != association_id("b", "a")


def test_a_pair_is_summed_over_its_articles() -> None:
    (found,) = Summed(RELATIONS, ARTICLES, [link("200", "A"), link("201", "x")]).dicts("FROM associations")
    # the pair stands together in 3 of the 10 articles that are not retracted
    p_value = fisher_exact([[3, 1], [1, 5]], alternative="greater").pvalue
    # A and x share 3 articles, each with a sentence; B and x share one, named in a sentence as well
    a_x, b_x = 3 * 3.2, 3.2
    expected = {
        "verdict": "",
        "n_rejected": 0,
        "association_id": PAIR,
        "gene_curie": "ncbigene:1",
        "gene_name": "AAA",
        "disease_curie": "mesh:D1",
        "disease_name": "Xitis",
        "direction": "stated",
        "score": pytest.approx(moved(combined([0.6, 0.8]), lift(a_x, a_x, a_x + b_x, a_x + b_x))),
        "probability": pytest.approx(combined([0.6, 0.8])),
        "n_articles": 2,
        "n_articles_both": 3,
        "n_articles_stated": 2,
        "n_articles_speculated": 0,
        "n_articles_denied": 1,
        "n_sentences": 3,
        "n_denied": 1,
        "n_speculative": 1,
        "n_retracted": 1,
        "n_together": 3,
        "n_gene_articles": 4,
        "n_disease_articles": 4,
        "p_value": pytest.approx(p_value),
        "q_value": pytest.approx(min(1.0, 2 * p_value)),
        "cooccurrence": pytest.approx(cooccurrence(a_x, a_x, a_x + b_x, a_x + b_x)),
        "first_year": 1999,
        "last_year": 2001,
        # of 9 articles with a year 2 are of the last three years to 2001, and both of the pair's are
        "trend": pytest.approx((2 + 1) / (2 * 2 / 9 + 1)),
        "review_share": 0.5,
        "best_pmid": "100",
        "best_sentence": "100-2 A x",
        "pmids": "99|100",
    }
    assert {name: found[name] for name in expected} == expected
    assert set(found) - set(expected) == {"gene", "disease"}


def test_a_pair_that_is_only_supposed_or_denied_says_so() -> None:
    found = Summed([relation("1", 0.9, negated=True), relation("2", 0.9, gene="B", speculative=True)])
    columns = "gene_name, direction, score, n_articles, n_articles_speculated, n_articles_denied, best_sentence"
    assert found.rows(f"SELECT {columns} FROM associations ORDER BY gene_name") == [
        ("AAA", "denied", 0.0, 0, 0, 1, "1-0 A x"),
        ("BBB", "speculated", pytest.approx(0.9), 1, 1, 0, "2-0 B x"),
    ]


def test_an_article_that_asks_and_then_denies_has_denied() -> None:
    asked = [relation("1", 0.9, speculative=True), relation("1", 0.4, index=1, negated=True)]
    stated = [relation("2", 0.8, gene="B"), relation("2", 0.7, index=1, gene="B", negated=True)]
    found = Summed([*asked, *stated])
    columns = "gene_name, direction, score, n_articles, n_articles_speculated, n_articles_denied, best_sentence"
    assert found.rows(f"SELECT {columns} FROM associations ORDER BY gene_name") == [
        ("AAA", "denied", 0.0, 0, 0, 1, "1-1 A x"),
        ("BBB", "stated", pytest.approx(0.8), 1, 0, 1, "2-0 B x"),
    ]
    told = "SELECT stance FROM evidence WHERE association_id = $id ORDER BY rank"
    assert found.connection.execute(told, {"id": PAIR}).fetchall() == [("denied",), ("speculative",)]


def judged(pmid: str, score: float, gene: str = "A", disease: str = "x") -> ArticlePair:
    return ArticlePair(pmid, *NAMES[gene], *NAMES[disease], score)


def test_whole_abstracts_speak_for_a_pair_where_no_sentence_does() -> None:
    """Article 1 states A and x, article 2 names both apart and A with y; 3 denies B and x, so its chance does not count."""
    relations = [relation("1", 0.9), relation("3", 0.9, gene="B", negated=True), relation("4", 0.8, gene="B", disease="y")]
    pairs = [judged("1", 0.7), judged("2", 0.3), judged("2", 0.4, disease="y"), judged("3", 0.6, gene="B")]
    articles = [Article("1", "", ""), Article("2", "", "", year=2020), Article("3", "", ""), Article("4", "", "")]
    mentions = [link("2", "A"), link("2", "x"), link("2", "y")]
    columns = "gene_name, disease_name, direction, n_articles, n_articles_both, pmids, best_pmid, best_sentence, last_year, p_value"
    found = Summed(relations, articles, mentions, article_pairs=pairs)
    assert found.rows(f"SELECT {columns} FROM associations ORDER BY ALL") == [
        ("AAA", "Xitis", "stated", 1, 2, "1", "1", "1-0 A x", None, 1.0),
        ("AAA", "Yoma", "implied", 0, 1, "2", "2", "", 2020, None),
        ("BBB", "Xitis", "denied", 0, 1, "", "3", "3-0 B x", None, 1.0),
        ("BBB", "Yoma", "stated", 1, 1, "4", "4", "4-0 B y", None, pytest.approx(5 / 6)),
    ]
    # in units of articles and sentences: A x 6.2, A y 3, B x 3.2, B y 3.2
    scores = [
        moved(combined([(0.9 * 0.7) ** 0.5, 0.3]), lift(6.2, 9.2, 9.4, 15.6)),
        moved(0.4, lift(3.0, 9.2, 6.2, 15.6)),
        0.0,
        moved((0.8 * LEAST_SCORE) ** 0.5, lift(3.2, 6.4, 6.2, 15.6)),  # the article model saw nothing in article 4
    ]
    rows = found.rows("SELECT score, probability FROM associations ORDER BY gene_name, disease_name")
    assert [score for score, _ in rows] == pytest.approx(scores)
    assert [chance for _, chance in rows] == pytest.approx([0.9, 0.4, 0.0, 0.8])
    assert found.rows("SELECT count(*) FROM evidence") == [(3,)]


def test_a_faint_implication_is_no_association_and_a_rejected_sentence_silences_its_abstract() -> None:
    both = [link("1", "A"), link("1", "x")]
    faint = Summed([], [Article("1", "", "")], both, article_pairs=[judged("1", LEAST_IMPLIED / 2)])
    assert faint.rows("FROM associations") == []
    verdicts = [("A", "x", "1", "1-0 A x", "rejected")]
    rejected = Summed([relation("1", 0.9)], article_pairs=[judged("1", 0.9)], judged=verdicts)
    assert rejected.rows("FROM associations") == []


def test_a_pair_that_nothing_speaks_of_is_no_association() -> None:
    retracted = [Article("666", "", "", flags=("retracted",)), Article("667", "", "", flags=("retraction_notice",))]
    for relations in ([relation("666", 0.9), relation("667", 0.9, negated=True), relation("2", 0.1)], []):
        found = Summed(relations, retracted)
        assert found.rows("FROM associations") == []
        assert found.rows("FROM evidence") == []


def test_evidence_is_ranked_support_first_then_denials_then_retracted_articles() -> None:
    found = Summed(RELATIONS, ARTICLES).rows("SELECT rank, stance, row, is_repeat FROM evidence ORDER BY rank")
    assert found == [
        (1, "speculative", 1, False),
        (2, "supporting", 2, False),
        (3, "supporting", 0, True),  # "100-1 A x" after "100-2 A x"
        (4, "denied", 3, False),
        (5, "retracted", 5, False),
    ]


def test_the_best_sentences_are_different_ones() -> None:
    text = "Mutations in AAA are a cause of familial xitis in children"
    relations = [
        relation("1", 0.9, sentence_text=text),
        relation("2", 0.8, sentence_text=text + " too"),
        relation("3", 0.7, sentence_text="AAA was expressed in every patient"),
        relation("4", 0.6, negated=True, sentence_text=text),
    ]
    found = Summed(relations).rows("SELECT pmid, stance, is_repeat FROM evidence ORDER BY rank")
    assert found == [(1, "supporting", False), (3, "supporting", False), (2, "supporting", True), (4, "denied", False)]


RANDOM = st.lists(
    st.tuples(
        st.integers(1, 6), st.integers(0, 3), st.sampled_from("AB"), st.sampled_from("xy"), st.floats(0, 1), st.integers(0, 9)
    ),
    max_size=25,
    unique_by=lambda row: row[:4],
)


@settings(max_examples=15, deadline=None)
@given(RANDOM, st.randoms(use_true_random=False))
def test_neither_shards_nor_their_order_matter(rows: list[tuple[int, int, str, str, float, int]], random: object) -> None:
    """The same floating numbers, to the last bit."""
    relations = [
        relation(str(pmid), score, gene, disease, index, negated=kind == 0, speculative=kind == 1)
        for pmid, index, gene, disease, score, kind in rows
    ]
    articles = [Article(str(pmid), "", "", year=1990 + pmid, flags=("retracted",) if pmid == 6 else ()) for pmid in range(1, 7)]
    both = []
    for n_shards in (1, 3):
        found = Summed(relations, articles, n_shards=n_shards)
        texts = (
            "SELECT e.association_id, e.rank, e.stance, e.is_repeat, e.pmid, r.sentence_text "
            "FROM evidence e JOIN relations r USING (position, row)"
        )
        both.append((found.rows("FROM associations ORDER BY association_id"), found.rows(f"{texts} ORDER BY ALL")))
        random.shuffle(relations)  # type: ignore[attr-defined]
        random.shuffle(articles)  # type: ignore[attr-defined]
    assert both[0] == both[1]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_the_score_is_that_of_the_formula(scores: list[float]) -> None:
    (found,) = Summed([relation(str(i + 1), score) for i, score in enumerate(scores)], threshold=0.0).rows(
        "SELECT score, probability FROM associations"
    )
    assert found == pytest.approx((combined(scores), combined(scores)), abs=1e-12)


def test_articles_count_by_what_their_sentences_make_of_them() -> None:
    """Two supporting sentences of article 1, one of article 2, and none that denies or stays below the threshold."""
    chance = ArticleChance(0.9, -0.7, 1.3)
    relations = [
        relation("1", 0.8),
        relation("1", 0.6, index=1, speculative=True),
        relation("1", 0.9, index=2, negated=True),
        relation("2", 1.0),
        relation("2", 0.3, index=1),
    ]
    (found,) = Summed(relations, chance=chance).rows("SELECT score, probability FROM associations")
    expected = combined(chance([0.8, 1.0], [2, 1]).tolist())
    assert found == pytest.approx((expected, expected), abs=1e-12)
