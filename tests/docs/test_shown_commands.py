"""Each command that README, docs, help texts and messages show is one that the programs take; those that can are run."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.docs.shown import Shown, collected, fault, in_help, in_markdown, in_source

Run = Callable[..., tuple[int, str, str]]

# What a test cannot run, by the whole command, and why; such a command is parsed all the same, by the program that it calls.
NOT_RUN = {
    r"make .*": "sets up an environment, or calls what other tests call; .ci/run runs setup, lint, test and run",
    r"python -m benchmarks\..*": "measures for minutes; make bench runs it",
    r"prefect .*": "Prefect's own",
    r"genemine run .*": "asks a server; tests/cli/test_commands.py runs one on loopback",
    r"genemine (bulk|vocab|curated) pull": "fetches from publishers' servers; tests/pipeline has tests of all on loopback",
    r"genemine bulk load": "needs a mirror; tests/cli/test_bulk.py has one",
    r"genemine vocab build.*": "needs vocabularies; tests/cli/test_vocab.py has some",
    r"genemine vocab suspects --settings whole\.toml": "needs whole vocabularies; tests/pipeline/test_vocab_suspects.py has some",
    r"genemine eutils serve .*": "serves until Ctrl-C; tests/cli/test_eutils.py starts it",
    r"genemine train .*": "trains for minutes; tests/models/test_own_corpus.py trains a small one",
    r"genemine evaluate .*--bundle models/.*": "needs a bundle that train made; tests/cli/test_commands.py scores the shipped one",
    r"genemine validate( --sample 200 --seed 7| --json)?": "asks PubMed; tests/cli/test_validate.py asks one on loopback",
    r"genemine review( serve --host 0\.0\.0\.0)?": "serves until Ctrl-C; tests/review/test_page.py starts it",
    r"genemine review import queue\.xlsx --curator Anna": "needs a filled queue; tests/cli/test_review.py fills one",
    r"genemine release 2026.*": "needs a run that is held back; tests/cli/test_commands.py has one",
    r"genemine quarantine show 3": "needs an entry; tests/cli/test_validate.py has one",
}
ARTICLE = """<PubmedArticle><MedlineCitation><PMID Version='1'>9900000{n}</PMID><Article>
<ArticleTitle>BRCA1 mutations cause breast cancer.</ArticleTitle>
<Abstract><AbstractText>In {n}00 women BRCA1 was associated with breast cancer.</AbstractText></Abstract>
</Article></MedlineCitation></PubmedArticle>"""
HPO = "ncbi_gene_id\tgene_symbol\tassociation_type\tdisease_id\tsource\nNCBIGene:672\tBRCA1\tPOLYGENIC\tOMIM:114480\tx\n"


@pytest.fixture(scope="module")
def shown() -> list[Shown]:
    return collected()


def written(one: Shown) -> str:
    return shlex.join(one.words)


def reason(one: Shown) -> str:
    return next((why for pattern, why in NOT_RUN.items() if re.fullmatch(pattern, written(one))), "")


def test_every_command_is_found_where_it_is_known_to_stand(shown: list[Shown]) -> None:
    """A page whose form the collector no longer reads would be a page that nothing checks."""
    places = {(one.where.partition(":")[0], written(one)) for one in shown}
    assert {
        ("README.md", "make run"),
        ("README.md", "genemine run --query 'cardiomyopathy[tiab] AND mutation[tiab]' --since 2026-01-01"),
        ("README.md", "genemine evaluate tagger"),
        ("README.md", "genemine evaluate relations"),
        ("README.md", "genemine vocab suspects"),
        ("docs/associations.md", "genemine curated build"),
        ("docs/validate.md", "genemine validate --json"),
        ("genemine --help", "genemine run --query 'BRCA1[tiab] AND breast cancer[tiab]' --since 2025-01-01"),
        ("genemine bulk --help", "genemine mine"),
        ("genemine/pipeline/mine.py", "genemine collect --query ..."),
        ("docs/benchmarks.md", "python -m benchmarks.parsing"),
    } <= places


def test_every_command_is_one_that_its_program_takes(shown: list[Shown]) -> None:
    assert [f"{one}  ({why})" for one in shown if (why := fault(one))] == []


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("```sh\n$ genemine validate --offline && genemine mine --fast  # so\n```", ["No such option: --fast"]),
        ("```\ngenemine mien\n```", ["genemine has no command 'mien'"]),
        ("```\ngenemine export bioc\n```", ["Missing option '--to'"]),
        ("```\ngenemine validate --sample ten\n```", ["Invalid value for '--sample'"]),
        ("```\nX=1 .venv/bin/genemine run --query 'a [tiab]' --sinse 2026-01-01 > out\n```", ["No such option: --sinse"]),
        (
            "Call `genemine vocab\nbuilt FOLDER`, `genemine export` or `genemine export bioc --too X`.",
            ["no command 'built'", "--too"],
        ),
        ("| `genemine vocab pull`, `built` | x |\n| `genemine train tagger\\|linkers` | x |", ["'linkers'", "'built'"]),
        ("    genemine --versions\n", ["genemine has no option --versions"]),
        ("`make rum`, `make PYTON=python3 run`", ["no target 'rum'", "no variable 'PYTON'"]),
        (
            "`python -m benchmarks.parser`, `python -m benchmarks.parsing --slow`",
            ["no module benchmarks.parser", "no option --slow"],
        ),
        ("`genemine collect`, `genemine train tagger --data FILE|FOLDER [--seed N]`, `genemine --help`, `python -m venv x`", []),
        ("```toml\ngenemine mien\n```\n`genemines mien` and genemine mien", []),
    ],
)
def test_a_command_that_does_not_exist_is_a_fault(text: str, faults: list[str]) -> None:
    found = [why for one in in_markdown(text, "a.md") if (why := fault(one))]
    assert len(found) == len(faults), found
    assert all(part in why for part, why in zip(faults, found, strict=True)), found


def test_help_texts_and_sources_are_read_too() -> None:
    told = [
        *in_help("Do.\n\n    Try [bold]genemine mien[/bold] or\n\n        genemine mine -x\n", "h"),
        *in_source('"`genemine mien`"', "s"),
    ]
    assert sorted(f"{one.where}: {fault(one)}" for one in told) == [
        "h: genemine has no command 'mien'",
        "h: genemine mine: No such option: -x",
        "s:1: genemine has no command 'mien'",
    ]


def test_every_reason_not_to_run_a_command_is_still_needed(shown: list[Shown]) -> None:
    texts = {written(one) for one in shown if one.whole}
    unused = [pattern for pattern in NOT_RUN if not any(re.fullmatch(pattern, text) for text in texts)]
    assert unused in ([], [r"prefect .*"])


def test_what_is_shown_to_be_copied_runs(run: Run, shown: list[Shown], tmp_path: Path) -> None:
    """In a folder of two articles, after they were mined; whoever shows a command that a test cannot run says why in NOT_RUN."""
    raw = tmp_path / "data" / "raw" / "own"
    raw.mkdir(parents=True)
    (raw / "a.xml").write_text(f"<PubmedArticleSet>{ARTICLE.format(n=1)}{ARTICLE.format(n=2)}</PubmedArticleSet>")
    for folder in (tmp_path / "FOLDER", tmp_path / "data" / "raw" / "curated"):
        folder.mkdir()
        (folder / "hpo.txt").write_text(HPO)
    (tmp_path / "pmids.txt").write_text("99000001\n")
    (tmp_path / "my.toml").write_text("[link]\nmin_score = 0.5\n")
    whole = sorted({one.words for one in shown if one.whole and not reason(one)})
    assert whole
    assert {words[0] for words in whole} == {"genemine"}
    ended = {}
    for words in [("genemine", "mine"), *whole]:
        status, _, error = run(*words[1:])
        ended[shlex.join(words)] = (status, error if status else "")
    assert {text: end for text, end in ended.items() if end[0]} == {}
