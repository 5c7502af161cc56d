"""The article model: learns what goes with related pairs, keeps articles left out apart, comes back from a bundle."""

from __future__ import annotations

from genemine.annotate.sentences import split_sentences
from genemine.models.relation_article_model import ArticleModel
from genemine.models.relation_articles import Scored, chances_left_out, scored_pairs, table
from genemine.models.relation_articles import _grown as grown
from genemine.models.relation_biored import BioredDocument
from genemine.records import DISEASE, GENE, Link, Mention
from genemine.relate.classify import CoOccurrence
from genemine.relate.measures import AS_IT_IS, ArticleChance

TITLE, OTHER = "BRCA1 in cancer.", "The gene TP53 was read by us in glioma at last."
TEXT = f"{TITLE}\n{OTHER}"


def document(number: int) -> BioredDocument:
    """One whose title names the related pair."""

    def link(name: str, kind: str, curie: str) -> Link:
        start = TEXT.index(name)
        return Link(Mention(str(number), start, start + len(name), name, kind), curie)

    links = [link("BRCA1", GENE, "1"), link("TP53", GENE, "2"), link("cancer", DISEASE, "D1"), link("glioma", DISEASE, "D2")]
    return BioredDocument(str(number), split_sentences(TEXT), links, frozenset({("1", "D1")}))


def test_pairs_of_the_title_are_told_from_others() -> None:
    documents = [document(number) for number in range(60)]
    scored: list[Scored] = [scored_pairs(one, CoOccurrence()) for one in documents]
    assert {key for key, _ in scored[0]} == {("1", "D1"), ("2", "D2")}
    rows, labels, owners = table(documents, scored)
    assert (rows.shape[0], labels.sum(), owners.max()) == (240, 60, 59)
    held = chances_left_out(rows, labels, owners)
    assert held[labels == 1].min() > 0.9
    assert held[labels == 0].max() < 0.1
    model = ArticleModel(grown(rows, labels), 0.4, ArticleChance(0.9, -0.7, 1.3))
    again = ArticleModel.from_arrays(model.arrays())
    assert again is not None
    assert (again.chances(rows) == model.chances(rows)).all()
    assert (again.threshold, again.support) == (0.4, model.support)
    older = {name: array for name, array in model.arrays().items() if not name.endswith("support")}
    assert getattr(ArticleModel.from_arrays(older), "support", None) == AS_IT_IS
    assert again.chances([]).shape == (0,)
    assert ArticleModel.from_arrays({}) is None
