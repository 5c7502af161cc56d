"""The model card of a tagger that was made in several steps: word vectors, language model, teachers, silver labels, student.

It is made from a plain record, so that a card can be written anew from the bundle's config alone; what the record lacks is left
out:

==================  ===============================================================================================================
corpora             {corpus: {"types": [..], "parts": {part: {"file", "sha256", "sentences", "mentions"}}, "teaches": ".."}}
vectors             {name: value}, how the word vectors were made and from how much
language_model      {name: value}; "perplexity": {direction: number}
teachers            {"what": ".", "members": [{"name", "seed", "devel": {corpus: F1}}], "together": {corpus: F1}}
silver              {name: value}: texts, sentences, tokens, ...
student             {name: value}: seed, shape, settings, examples, epochs, learnt_from, ...
outputs             [{"name", "type", "corpora", "serves": bool, "temperature", "slope", "shift", "devel_ece", "test_ece"}]
serving             why those outputs serve, one sentence
devel, test         {"corpus/output": {"tp", "fp", "fn", "precision", "recall", "f1"}}
biored_dev          {type: the same}, from raw text by the serving outputs
seeds               {figure: [value of each seed]}, the whole recipe's last step repeated
calibration         {name: value}, pooled figures
leaks               {name: count}: what was looked up and left out; "found" is the number of held-out sentences and PMIDs seen
cost                {step: hours}, and "machine"
notes               [sentence, ...]
==================  ===============================================================================================================
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from statistics import mean, stdev
from typing import Any

RECIPE = "student"  # a record with this key is one of this module's

# As ../shared/data/README.md tells them; the order is that of the card.
LICENCES = {
    "bc2gm": "BC2GM (Smith et al. 2008): CC BY 4.0 for the token files (github.com/cambridgeltl/MTL-Bioinformatics-2016)",
    "ncbi_disease": "NCBI-disease (Doğan et al. 2014): CC BY 4.0 for the token files (same repository)",
    "bc5cdr_disease": "BC5CDR (Li et al. 2016): CC BY 4.0 for the token files (same repository)",
    "jnlpba": "JNLPBA (Kim et al. 2004), one class: none stated for this form; GENIA annotations (c) GENIA Project, CC BY 3.0, "
    "abstracts under PubMed's terms",
    "bionlp13cg": "BioNLP 2013 Cancer Genetics (Pyysalo et al. 2013): annotations (c) NaCTeM, CC BY-SA 3.0, abstracts under "
    "PubMed's terms",
    "gnormplus": "GNormPlus (Wei et al. 2015): repository MIT (github.com/ncbi/AIONER), terms of the corpus not stated",
    "tmvar3": "tmVar 3 (Wei et al. 2022): repository MIT (same), terms of the corpus not stated",
    "drugprot": "DrugProt (Miranda et al. 2021): repository MIT (same), terms of the corpus not stated",
    "biored": "BioRED (Luo et al. 2022): none stated",
}
UNLABELLED = (
    "Unlabelled texts are under several terms (SumPubMed MIT with “non-commercial academic purpose” in its README, Hallmarks of "
    "Cancer GPL-3, AnatEM CC BY-SA 3.0, others not stated)"
)
USE = """## Use

Finds names of genes (with proteins and RNA) and of diseases in English biomedical abstracts, sentence by sentence, cut by
`genemine.annotate.tokens`. A mention's score is the calibrated probability that this very span is right by the guideline of the
output that found it. The species of a gene is not told; which gene or disease is meant is told by the linker, not by the tagger.

## Limits

- Guidelines differ: whether a family, a complex, a mutated gene, a symptom or an injury is a mention, and where it begins.
  Production follows the outputs that serve; on texts annotated by other rules expect less than the figures above, and scores that
  are too high.
- Corpora were published from 2004 to 2022, most of them about people and mice: newer and other names are read by their letters and
  context alone.
- The network reads one sentence at a time; what the rest of the article tells is used after it (`annotate.consistency`).
- Full texts, tables, patents, clinical notes and other languages were not measured.
- Not for patient care: a tagged mention is a word in a text, no diagnosis.
- Sums run in another order on another processor and word vectors are made by several workers at once: `make models` gives a tagger
  of the same recipe, not the same bits.
"""
Record = Mapping[str, Any]


def recipe_card(record: Record) -> str:
    """Write the card from its record; see the head of this module."""
    parts: Iterable[list[str]] = (
        [
            "# Tagger: genes and diseases",
            "",
            "A BiLSTM over frozen word vectors and a character CNN, one linear-chain CRF an output; one output an annotation",
            "guideline, and a corpus teaches only the outputs that name it.",
            "",
        ],
        _corpora(record.get("corpora", {})),
        _facts("Word vectors", record.get("vectors", {})),
        _facts("Language model", record.get("language_model", {})),
        _teachers(record.get("teachers", {})),
        _facts("Silver labels", record.get("silver", {})),
        _facts("Student: the network of this bundle", record.get(RECIPE, {})),
        _notes(record.get("notes", [])),
        _scores("Devel figures (strict; trained without devel)", record.get("devel", {})),
        _scores("Test figures (strict; this bundle)", record.get("test", {})),
        _scores("BioRED, development part (strict, from raw text, production)", record.get("biored_dev", {})),
        _seeds(record.get("seeds", {})),
        _outputs(record.get("outputs", []), record.get("serving", ""), record.get("calibration", {})),
        _leaks(record.get("leaks", {})),
        _facts("Cost", record.get("cost", {})),
        [USE],
        _licences(record.get("corpora", {})),
    )
    return "\n".join(line for part in parts for line in part)


def _corpora(corpora: Mapping[str, Record]) -> list[str]:
    rows = [
        [name, part, told.get("file", ""), told.get("sentences", ""), told.get("mentions", ""), told.get("sha256", "")]
        for name, corpus in corpora.items()
        for part, told in corpus["parts"].items()
    ]
    taught = [[name, ", ".join(c.get("types", [])), c.get("teaches", "")] for name, c in corpora.items()]
    return [
        *_table("Labelled data", ["corpus", "part", "file", "sentences", "mentions", "sha256"], rows),
        *_table("", ["corpus", "types that it annotates", "teaches"], taught),
    ]


def _teachers(teachers: Record) -> list[str]:
    members = teachers.get("members", [])
    if not members:
        return []
    corpora = list(dict.fromkeys(corpus for member in members for corpus in member["devel"]))
    rows = [[m["name"], m.get("seed", ""), *(_figure(m["devel"].get(c)) for c in corpora), _mean(m["devel"])] for m in members]
    together = teachers.get("together", {})
    if together:
        rows.append(["all together", "", *(_figure(together.get(c)) for c in corpora), _mean(together)])
    title = f"Teachers: {len(members)}, strict F1 on devel"
    told = [teachers["what"], ""] if teachers.get("what") else []
    table = _table(title, ["teacher", "seed", *corpora, "mean"], rows)
    return [*table[:2], *told, *table[2:]]


def _scores(title: str, scores: Mapping[str, Record]) -> list[str]:
    rows = [[name, *(_figure(s[key]) for key in ("precision", "recall", "f1")), s["tp"] + s["fn"]] for name, s in scores.items()]
    return _table(title, ["corpus/output", "P", "R", "F1", "gold"], rows)


def _seeds(seeds: Mapping[str, Sequence[float]]) -> list[str]:
    rows = [
        [
            name,
            len(values),
            _figure(mean(values)),
            _figure(stdev(values)) if len(values) > 1 else "-",
            ", ".join(map(_figure, values)),
        ]
        for name, values in seeds.items()
    ]
    return _table("Seeds: the last step of the recipe repeated", ["figure", "seeds", "mean", "sd", "each"], rows)


def _outputs(outputs: Sequence[Record], why: str, pooled: Record) -> list[str]:
    rows = [
        [
            output["name"],
            output.get("type", ""),
            ", ".join(output.get("corpora", [])),
            "yes" if output.get("serves") else "",
            *(_figure(output.get(key), 3) for key in ("temperature", "slope", "shift")),
            *(_figure(output.get(key)) for key in ("devel_ece", "test_ece")),
        ]
        for output in outputs
    ]
    heads = ["output", "type", "taught by", "serves", "temperature", "slope", "shift", "devel error", "test error"]
    lines = _table("Outputs and calibration", heads, rows)
    if not lines:
        return []
    told = [
        "Temperature of the chain, then slope and shift of a score's log-odds, fitted on devel; expected calibration error over 15",
        f"bins of score.{' ' + why if why else ''}",
        "",
    ]
    return [*lines[:2], *told, *lines[2:], *_facts("", pooled)]


def _leaks(counts: Record) -> list[str]:
    lines = _facts("Leaks", counts)
    if not lines:
        return []
    found = counts.get("found")
    verdict = {None: "Not looked up yet.", 0: "None was found."}.get(found, f"{found} WERE FOUND: figures on them mean nothing.")
    told = [
        "Held out of every training, of word vectors and language model too: all test sentences, BioRED's development part, and",
        "the PMIDs of both. The bundle lists fingerprints of all that it was trained on (`genemine.models.fingerprints`); a test",
        f"looks up each held-out sentence and PMID among them. {verdict}",
        "",
    ]
    return [*lines[:2], *told, *lines[2:]]


def _licences(corpora: Mapping[str, Any]) -> list[str]:
    named = [f"- {text}." for name, text in LICENCES.items() if name in corpora]
    if not named:
        return []
    return [
        "## Licences of the data",
        "",
        *named,
        f"- {UNLABELLED}.",
        "",
        "The bundle holds numbers learnt from them, none of their texts.",
        "",
    ]


def _notes(notes: Sequence[str]) -> list[str]:
    return [*(f"- {note}" for note in notes), ""] if notes else []


def _facts(title: str, facts: Record) -> list[str]:
    """Write names and values as a table; a value that is a mapping or a list is told in one cell."""
    return _table(title, ["", ""], [[name.replace("_", " "), _told(value, name)] for name, value in facts.items()])


def _told(value: Any, name: str = "") -> str:
    """Write a value; long numbers get commas, unless they are names ("seed 20261123")."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_told(one, key)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_told(one, name) for one in value)
    is_count = isinstance(value, int) and value >= 10_000 and "seed" not in name
    return f"{value:,}" if is_count else str(value)


def _table(title: str, heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[str]:
    if not rows:
        return []
    lines = [f"| {' | '.join(heads)} |", f"| {' | '.join('---' for _ in heads)} |"]
    lines += [f"| {' | '.join(str(cell) for cell in row)} |" for row in rows]
    return [*([f"## {title}", ""] if title else []), *lines, ""]


def _figure(value: float | None, digits: int = 4) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _mean(figures: Mapping[str, float]) -> str:
    return _figure(mean(figures.values())) if figures else "-"
