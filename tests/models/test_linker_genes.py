"""What is learnt of genes is learnt without the article that it is asked about."""

from __future__ import annotations

import pytest

from genemine.link.gene_features import GENE_SPACE, HUMAN, NAME_SPACE, OTHER, SPECIES_SPACE
from genemine.link.gene_model import GeneModel
from genemine.link.knowledge import Learnt
from genemine.link.lexicon import load_lexicon
from genemine.models.gold_links import GoldDocument
from genemine.models.linker_genes import learn_genes
from genemine.records import GENE, Mention

SYMBOLS = {"BRCA1": "672", "TP53": "7157", "CFTR": "1080", "APOE": "348"}


def document(pmid: int, lexicon_has: bool = True) -> GoldDocument:
    """An article of patients with a human gene, or one of mice whose gene the lexicon does not have."""
    symbol, number = list(SYMBOLS.items())[pmid % 4]
    name = symbol if lexicon_has else symbol.capitalize()
    text = f"{name} in {'our patients and families' if lexicon_has else 'knockout mice and rats'}, study {pmid}."
    ids = ((frozenset({f"ncbigene:{number if lexicon_has else '99' + number}"}),),)
    return GoldDocument("toy", str(pmid), text, (Mention(str(pmid), 0, len(name), name, GENE),), ids, {})


def learn() -> Learnt:
    return learn_genes([document(i, i % 3 > 0) for i in range(1, 91)], load_lexicon())


@pytest.fixture(scope="module")
def learnt() -> Learnt:
    return learn()


def test_names_genes_and_species_are_remembered(learnt: Learnt):
    memory = learnt.memory
    human = sum(i % 4 == 0 and i % 3 > 0 for i in range(1, 91))
    assert memory.lookup(NAME_SPACE, "brca1") == (("ncbigene:672", human),)
    assert memory.lookup(GENE_SPACE, "ncbigene:672") == (("ncbigene:672", human),)
    assert dict(memory.lookup(SPECIES_SPACE, "brca1")) == {HUMAN: human, OTHER: sum(i % 12 == 0 for i in range(1, 91))}


def test_the_same_articles_teach_the_same(learnt: Learnt):
    first, second = learnt.tables, learn().tables
    assert first.keys() == second.keys()
    assert all((first[name] == second[name]).all() for name in first)


def test_articles_without_a_gene_of_the_lexicon_teach_no_trees():
    learnt = learn_genes([document(i, lexicon_has=False) for i in range(1, 9)], load_lexicon())
    assert not learnt.tables
    assert learnt.memory.lookup(NAME_SPACE, "brca1") == ()


def test_what_was_learnt_survives_being_written(learnt: Learnt):
    again = GeneModel.from_tables(learnt.tables).tables()
    assert all((learnt.tables[name] == again[name]).all() for name in learnt.tables)
