"""What is written for curators' tools says the words at their offsets, and our own readers read it back."""

from __future__ import annotations

import json
from datetime import date

from lxml import etree

from genemine.records import DISEASE, GENE, Article, Link, Mention, Relation
from genemine.sources.bioc import parse_bioc_xml
from genemine.sources.bioc_write import FOOT, bioc_document, bioc_head
from genemine.sources.brat import CONFIG, brat_annotations, brat_text
from genemine.sources.label_studio import CONFIG as LABELLING
from genemine.sources.label_studio import task
from genemine.sources.marked import MarkedArticle

# a character beyond the basic plane, which JavaScript and UTF-16 count as two, and what XML has to escape
TITLE, ABSTRACT = "𝛼-synuclein & <BRCA1/2> in gout", "BRCA1 may cause gout or ataxia."


def mention(start: int, text: str, type_: str, score: float = 0.9) -> Mention:
    whole = f"{TITLE}\n{ABSTRACT}"
    assert whole[start : start + len(text)] == text
    return Mention("7", start, start + len(text), text, type_, score)


AT = len(TITLE) + 1
BOTH = mention(TITLE.index("BRCA1/2"), "BRCA1/2", GENE)
GOUT_IN_TITLE = mention(TITLE.index("gout"), "gout", DISEASE)
BRCA1, GOUT = mention(AT, "BRCA1", GENE, 0.99), mention(AT + ABSTRACT.index("gout"), "gout", DISEASE, 0.8)
ATAXIA = mention(AT + ABSTRACT.index("ataxia"), "ataxia", DISEASE)
LINKS = (
    Link(BOTH, "ncbigene:672", "BRCA1"),
    Link(BOTH, "hgnc:1101", "BRCA2", xrefs=("ncbigene:675",)),
    Link(GOUT_IN_TITLE, "mesh:D006073", "Gout"),
    Link(BRCA1, "ncbigene:672", "BRCA1"),
    Link(GOUT, "mesh:D006073", "Gout"),
    Link(ATAXIA, reason="no name of the lexicon matches"),
)


def relation(gene: Mention, curie: str, disease: Mention, score: float, *, speculative: bool = False) -> Relation:
    return Relation("7", 0, 0, 0, "", Link(gene, curie), Link(disease, "mesh:D006073"), score, speculative=speculative)


MARKED = MarkedArticle(
    Article("7", TITLE, ABSTRACT),
    LINKS,
    (
        relation(BOTH, "ncbigene:672", GOUT_IN_TITLE, 0.6),
        relation(BOTH, "hgnc:1101", GOUT_IN_TITLE, 0.7),
        relation(BRCA1, "ncbigene:672", GOUT, 0.9, speculative=True),
        relation(Mention("7", 0, 1, "𝛼", GENE), "ncbigene:6622", GOUT, 0.9),  # a mention that was left out
    ),
)


def test_a_composite_mention_is_one_mark_and_its_identifiers_make_one_pair() -> None:
    assert [(mark.id, mark.mention.text, len(mark.links)) for mark in MARKED.marks] == [
        ("T1", "BRCA1/2", 2),
        ("T2", "gout", 1),
        ("T3", "BRCA1", 1),
        ("T4", "gout", 1),
        ("T5", "ataxia", 1),
    ]
    assert [(pair.id, pair.gene.id, pair.disease.id, pair.relation.score) for pair in MARKED.pairs] == [
        ("R1", "T1", "T2", 0.7),
        ("R2", "T3", "T4", 0.9),
    ]


def test_each_gene_and_disease_stand_once_with_their_best_score() -> None:
    found = [(gene.curie, gene.xrefs, disease.curie, score) for gene, disease, score in MARKED.concept_pairs()]
    assert found == [("ncbigene:672", (), "mesh:D006073", 0.9), ("hgnc:1101", ("ncbigene:675",), "mesh:D006073", 0.7)]


def test_bioc_is_read_back_by_our_own_reader() -> None:
    text = bioc_head("genemine r<1>", date(2026, 11, 29)) + bioc_document(MARKED) + FOOT
    (document,) = parse_bioc_xml(text, "a.xml")
    assert (document.pmid, document.title, document.abstract) == ("7", TITLE, ABSTRACT)
    assert document.misplaced() == ()
    assert [(m.start, m.text, m.type) for m in document.mentions] == [
        (mark.mention.start, mark.mention.text, mark.mention.type) for mark in MARKED.marks
    ]


def test_bioc_carries_identifiers_scores_and_relations() -> None:
    root = etree.fromstring((bioc_head("s", date(2026, 11, 29)) + bioc_document(MARKED) + FOOT).encode())
    infons = [{infon.get("key"): infon.text for infon in one.iterfind("infon")} for one in root.iter("annotation")]
    assert infons[0] == {"identifier": "672;675", "type": "Gene", "score": "0.9000"}
    assert infons[-1]["identifier"] == "-"
    relations = list(root.iter("relation"))
    assert {infon.get("key"): infon.text for infon in relations[1].iterfind("infon")} == {
        "type": "Association",
        "score": "0.9000",
        "speculative": "yes",
    }
    assert [(node.get("refid"), node.get("role")) for node in relations[1].iterfind("node")] == [("T3", "Gene"), ("T4", "Disease")]
    assert root.findtext("date") == "20261129"


def test_an_article_without_abstract_is_one_passage() -> None:
    root = etree.fromstring(bioc_document(MarkedArticle(Article("8", "Title", ""))))
    assert [passage.findtext("text") for passage in root.iter("passage")] == ["Title"]


def test_brat_offsets_count_characters_and_every_line_is_one_annotation() -> None:
    text, lines = brat_text(MARKED), brat_annotations(MARKED).splitlines()
    assert text == f"{TITLE}\n{ABSTRACT}\n"
    spans = [line.split("\t") for line in lines if line.startswith("T")]
    assert [text[int(where.split()[1]) : int(where.split()[2])] for _, where, _ in spans] == [words for _, _, words in spans]
    assert lines[:5] == [
        "T1\tGene 15 22\tBRCA1/2",
        "N1\tReference T1 ncbigene:672\tBRCA1",
        "N2\tReference T1 hgnc:1101\tBRCA2",
        "#1\tAnnotatorNotes T1\tscore 0.9000; ncbigene:672 BRCA1; hgnc:1101 BRCA2",
        "T2\tDisease 27 31\tgout",
    ]
    assert lines[-4:] == [
        "R1\tAssociation Arg1:T1 Arg2:T2",
        "#6\tAnnotatorNotes R1\tscore 0.7000",
        "R2\tAssociation Arg1:T3 Arg2:T4",
        "#7\tAnnotatorNotes R2\tscore 0.9000; speculative",
    ]
    assert "#5\tAnnotatorNotes T5\tscore 0.9000; no name of the lexicon matches" in lines
    assert len({line.split("\t")[0] for line in lines}) == len(lines), "no id twice"
    assert "Association\tArg1:Gene, Arg2:Disease" in CONFIG.splitlines()


def test_a_label_studio_task_fits_its_configuration() -> None:
    made = json.loads(task(MARKED, "genemine r1"))
    (prediction,) = made["predictions"]
    text, result = made["data"]["text"], prediction["result"]
    assert made["data"]["pmid"] == "7"
    assert (prediction["model_version"], prediction["score"]) == ("genemine r1", 0.898)
    spans = [one["value"] for one in result if one["type"] == "labels"]
    assert [text[span["start"] : span["end"]] for span in spans] == [span["text"] for span in spans]
    config = etree.fromstring(LABELLING)
    labels, shown = config.find("Labels"), config.find("Text")
    assert {one["from_name"] for one in result if one["type"] == "labels"} == {labels.get("name")}
    assert {one["to_name"] for one in result if one["type"] == "labels"} == {labels.get("toName")} == {shown.get("name")}
    assert {label for span in spans for label in span["labels"]} <= {label.get("value") for label in labels}
    assert shown.get("value") == "$text"
    relations = [(one["from_id"], one["to_id"], one["labels"]) for one in result if one["type"] == "relation"]
    assert relations == [("T1", "T2", ["Association"]), ("T3", "T4", ["Association"])]
    assert {one.get("value") for one in config.iter("Relation")} == {"Association"}


def test_a_task_without_mentions_has_no_score() -> None:
    assert json.loads(task(MarkedArticle(Article("8", "Title", "")), "m"))["predictions"] == [{"model_version": "m", "result": []}]
