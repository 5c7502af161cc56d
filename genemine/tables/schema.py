"""Every table and every column, once: the only place where a column is spelled.

``data/processed/README.md`` is generated from this file (described.py, ``make docs``) and a test keeps the two equal.
"""

from __future__ import annotations

from genemine.tables.columns import DTYPES, LIST_SEPARATOR, Column, Table
from genemine.tables.judged import N_REJECTED, REJECTED, VERDICT_OF_PAIR, VERDICT_OF_SENTENCE
from genemine.tables.left_out import DROPPED, DUPLICATES

__all__ = ["DTYPES", "LIST_SEPARATOR", "Column", "Table"]

_SMALL = "0.0E+00"  # how a workbook shows what may be very small
_PMID = Column("pmid", "text", "PubMed id", "The article.")
_ASSOCIATION = Column("association_id", "text", "GDA-…", "The gene-disease pair; the same pair has the same id in every run.")
_GENE = (
    Column("gene_curie", "text", "CURIE", "The gene, as ncbigene:672."),
    Column("gene_name", "text", "", "The gene's symbol."),
)
_DISEASE = (
    Column("disease_curie", "text", "CURIE", "The disease, as mesh:D001943 (or omim:…)."),
    Column("disease_name", "text", "", "The disease's preferred name."),
)
_PROBABILITY = Column(
    "probability",
    "number",
    "0-1",
    "How likely a curator would record the pair, by its supporting articles (where implied, by those that imply it) and nothing "
    "else; calibrated (docs/calibration.md); 0 where it is only denied.",
)
_KNOWN = Column(
    "known_in",
    "list",
    "names of sources",
    'The curated sources that have the pair; empty for a candidate; "no curated pairs given" where curated.file is not set.',
)

ASSOCIATIONS = Table(
    "associations",
    "one gene-disease pair, summed over all articles; those that are only denied come last",
    ("association_id",),
    (
        _ASSOCIATION,
        *_GENE,
        *_DISEASE,
        Column("direction", "text", "stated, speculated, denied, implied", "What sentences do at best; implied: abstracts alone."),
        Column(
            "score",
            "number",
            "0-1",
            "What rows are ordered by: the chances of all articles that name both, combined so that repetition never makes it "
            "certain, and how often the two are named together beside chance (docs/associations.md); 0 where it is only denied.",
        ),
        _PROBABILITY,
        _KNOWN,
        VERDICT_OF_PAIR,
        Column(
            "n_articles", "integer", "articles", "Supporting articles; none retracted, and none that only asks and then denies."
        ),
        Column("n_articles_stated", "integer", "articles", "Those of them in which a sentence states the association."),
        Column("n_articles_speculated", "integer", "articles", "Those of them whose sentences only suppose it; none denies it."),
        Column("n_articles_denied", "integer", "articles", "Articles with a sentence that denies it; they may also support it."),
        Column("n_articles_both", "integer", "articles", "Articles that name both, in one sentence or not."),
        Column("n_sentences", "integer", "sentences", "Supporting sentences."),
        Column("n_denied", "integer", "sentences", "Sentences that deny the association; they do not change the score."),
        Column("n_speculative", "integer", "sentences", "Supporting sentences that only suppose it."),
        N_REJECTED,
        Column("n_retracted", "integer", "articles", "Retracted articles that named the pair and were left out."),
        Column("n_gene_articles", "integer", "articles", "Articles that mention the gene at all."),
        Column("n_disease_articles", "integer", "articles", "Articles that mention the disease at all."),
        Column(
            "p_value",
            "number",
            "0-1",
            "One-sided Fisher test: a sentence names both more often than by chance. Small is strong; empty where none does.",
            _SMALL,
        ),
        Column(
            "q_value",
            "number",
            "0-1",
            "Share of false finds among pairs with a p value as small (Benjamini-Hochberg, over all pairs that a sentence names).",
            _SMALL,
        ),
        Column(
            "cooccurrence",
            "number",
            "0 or more",
            "Baseline that reads no sentence: score of DISEASES, from articles (weight 3) and sentences (0.2) that name both.",
        ),
        Column("first_year", "integer", "year", "Oldest supporting article; empty where no article tells its year."),
        Column("last_year", "integer", "year", "Newest supporting article."),
        Column(
            "trend",
            "number",
            "1 is even",
            "Supporting articles of the last 3 years + 1, over 1 + those expected were they spread over the years as all articles "
            "are. Above 1 the pair rises.",
        ),
        Column("review_share", "number", "0-1", "Share of reviews and meta-analyses among the supporting articles."),
        Column("best_pmid", "text", "PubMed id", "The article of the best sentence; where implied, the likeliest article."),
        Column("best_sentence", "text", "", "The first sentence of evidence, the best for its direction; empty where implied."),
        Column("pmids", "list", "PubMed ids", "All supporting articles; where implied, those that imply it."),
    ),
)

CANDIDATES = Table(
    "candidates",
    "one association that sentences support and no curated source has, the likeliest and newest first; empty without curated pairs",
    ("rank",),
    (
        Column("rank", "integer", "1 is best", "By promise."),
        _ASSOCIATION,
        *_GENE,
        *_DISEASE,
        Column("promise", "number", "0-1", "The score, halved for each 10 years from its newest article to the corpus's newest."),
        Column("score", "number", "0-1", "As in associations."),
        Column("probability", "number", "0-1", "As in associations."),
        Column("direction", "text", "stated, speculated", "Whether an article states it, or they only suppose it."),
        VERDICT_OF_PAIR,
        Column("n_articles", "integer", "articles", "Supporting articles."),
        Column("n_articles_denied", "integer", "articles", "Articles with a sentence that denies it."),
        Column("q_value", "number", "0-1", "As in associations.", _SMALL),
        Column("first_year", "integer", "year", "Oldest supporting article."),
        Column("last_year", "integer", "year", "Newest supporting article."),
        Column("trend", "number", "1 is even", "As in associations."),
        Column("best_pmid", "text", "PubMed id", "The article of the best sentence."),
        Column("best_sentence", "text", "", "The best sentence."),
    ),
)

INHERITED = Table(
    "inherited",
    "one gene and one disease above diseases that the gene is associated with",
    ("association_id",),
    (
        Column("association_id", "text", "GDA-…", "As in associations, where the pair stands too if articles name it."),
        *_GENE,
        Column("disease_curie", "text", "CURIE", "The disease above."),
        Column("disease_name", "text", "", "Its preferred name."),
        Column("score", "number", "0-1", "As in associations, over the articles of the disease and of those directly below it."),
        Column("n_articles", "integer", "articles", "Supporting articles of all of them, each once."),
        Column("n_own_articles", "integer", "articles", "Those of them that support the pair itself."),
        Column("first_year", "integer", "year", "Oldest supporting article."),
        Column("last_year", "integer", "year", "Newest supporting article."),
        Column("diseases", "list", "CURIEs", "The diseases below from which articles are inherited."),
        Column("pmids", "list", "PubMed ids", "All these articles."),
    ),
)

EVIDENCE = Table(
    "evidence",
    "one sentence behind an association, best first",
    ("association_id", "rank"),
    (
        _ASSOCIATION,
        Column("rank", "integer", "1 is best", "Place of the sentence within its association."),
        Column(
            "stance",
            "text",
            "supporting, speculative, denied, retracted",
            "Whether the sentence supports the pair, supposes it, denies it, or stands in a retracted article.",
        ),
        _PMID,
        Column("year", "integer", "year", "Year of the article."),
        Column("title", "text", "", "Title of the article."),
        Column("sentence", "text", "", "The sentence."),
        Column("gene_text", "text", "", "The gene as the sentence writes it."),
        Column("gene_start", "integer", "characters", "Offset of the gene in the sentence, from 0."),
        Column("gene_end", "integer", "characters", "Its end, exclusive."),
        Column("disease_text", "text", "", "The disease as the sentence writes it."),
        Column("disease_start", "integer", "characters", "Offset of the disease in the sentence, from 0."),
        Column("disease_end", "integer", "characters", "Its end, exclusive."),
        Column("score", "number", "0-1", "Probability that the sentence states an association of the two."),
        Column(
            "attention",
            "list",
            "start-end:percent",
            "Which words raised the score: characters of the sentence, end exclusive, and their share of all that attention and "
            "maximum brought for it, in whole percents, rounded down, none below 1. Gene and disease are not among them. Empty for "
            "a classifier that does not tell.",
        ),
        Column("cue", "text", "", "The words that deny or suppose, if any."),
        VERDICT_OF_SENTENCE,
        Column("is_repeat", "yes/no", "", "It says nearly what a better one says, and comes after the others."),
        Column("flags", "list", "", "The article's flags: retracted, expression_of_concern, preprint and the like; see articles."),
    ),
)

RELATIONS = Table(
    "relations",
    "one gene-disease pair in one sentence; everything scored, nothing thresholded",
    ("pmid", "gene_start", "gene_end", "disease_start", "disease_end", "gene_curie", "disease_curie"),
    (
        _ASSOCIATION,
        _PMID,
        Column("sentence_index", "integer", "from 0", "The sentence within the article; the title is 0."),
        Column("sentence", "text", "", "The sentence."),
        *_GENE,
        Column("gene_text", "text", "", "The gene as written."),
        Column("gene_start", "integer", "characters", "Offset of the gene in title + line feed + abstract."),
        Column("gene_end", "integer", "characters", "Its end, exclusive."),
        *_DISEASE,
        Column("disease_text", "text", "", "The disease as written."),
        Column("disease_start", "integer", "characters", "Offset of the disease in title + line feed + abstract."),
        Column("disease_end", "integer", "characters", "Its end, exclusive."),
        Column("score", "number", "0-1", "Probability that the sentence states an association (the classifier's, calibrated)."),
        Column("negated", "yes/no", "", "The sentence denies the association."),
        Column("speculative", "yes/no", "", "The sentence only supposes it, asks, or tells what was studied."),
        Column("denied_score", "number", "0-1", 'Probability that it denies; with `[relate] stance = "cues"` 1 or 0.'),
        Column("speculated_score", "number", "0-1", "Probability that it only supposes; the same."),
        Column("cue", "text", "", "The cue words."),
        Column("model", "text", "", "Classifier and version."),
    ),
)

MENTIONS = Table(
    "mentions",
    "one gene or disease named in one place; a composite mention has a row per identifier",
    ("pmid", "start", "end", "type", "curie"),
    (
        _PMID,
        Column("start", "integer", "characters", "Offset in title + line feed + abstract, from 0."),
        Column("end", "integer", "characters", "Its end, exclusive."),
        Column("text", "text", "", "The words of the mention."),
        Column("type", "text", "Gene or Disease", "What it names."),
        Column("score", "number", "0-1", "Probability that the words name such a thing, with exactly these borders."),
        Column("sentence_index", "integer", "from 0", "The sentence within the article; the title is 0."),
        Column("curie", "text", "CURIE", "The identifier; empty where none was found."),
        Column("name", "text", "", "Preferred symbol or name of the identifier."),
        Column("matched", "text", "", "The name in the lexicon that matched."),
        Column("how", "text", "", "How it matched: exact, folded, abbreviation and the like."),
        Column("link_score", "number", "0-1", "Probability that the identifier is the right one."),
        Column("xrefs", "list", "CURIEs", "Further identifiers of the same thing (HGNC, OMIM, DOID)."),
        Column("reason", "text", "", "Why there is no identifier; empty where there is one."),
        Column("model", "text", "", "Tagger and version."),
    ),
)

ARTICLES = Table(
    "articles",
    "one article, newest revision, each article once",
    ("pmid",),
    (
        _PMID,
        Column("title", "text", "", "Clean title."),
        Column("abstract", "text", "", "Clean abstract with its section labels; empty where PubMed has none."),
        Column("journal", "text", "", "Journal or book."),
        Column("year", "integer", "year", "Leading year of the publication date."),
        Column("pub_date", "text", "", "Publication date as PubMed gives it (1998 Dec-1999 Jan)."),
        Column("doi", "text", "", "DOI in lower case, without https://doi.org/."),
        Column("languages", "list", "ISO 639-2", "Languages of the article."),
        Column("publication_types", "list", "", "Publication types."),
        Column(
            "flags", "list", "", "retracted, retraction_notice, expression_of_concern, erratum, preprint, book, translated_title."
        ),
        Column("n_genes", "integer", "mentions", "Gene mentions found in it."),
        Column("n_diseases", "integer", "mentions", "Disease mentions found in it."),
        Column("n_relations", "integer", "pairs", "Pairs scored in it."),
        Column("version", "integer", "", "PMID version."),
        Column("revised", "text", "ISO date", "Date of the revision."),
        Column("source", "text", "", "Raw shard that holds the record."),
    ),
)

ARTICLE_PAIRS = Table(
    "article_pairs",
    "one gene-disease pair of one article, whether one sentence names both or not",
    ("pmid", "gene_curie", "disease_curie"),
    (
        _ASSOCIATION,
        _PMID,
        *_GENE,
        *_DISEASE,
        Column(
            "score",
            "number",
            "0-1",
            "Probability that a curator would record the two as related after reading the abstract: from title, distances, "
            "counts and sentence scores; pairs below 0.05 are left out.",
        ),
        Column("n_sentences", "integer", "sentences", "How many sentences name both; 0 where none does."),
    ),
)

TABLES = (
    ASSOCIATIONS,
    CANDIDATES,
    INHERITED,
    EVIDENCE,
    REJECTED,
    RELATIONS,
    ARTICLE_PAIRS,
    MENTIONS,
    ARTICLES,
    DUPLICATES,
    DROPPED,
)
