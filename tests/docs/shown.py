"""The shell commands that README, docs and help texts show, and what is wrong with each as the real programs see it."""

from __future__ import annotations

import ast
import inspect
import itertools
import re
import shlex
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import typer

from genemine.cli.main import app

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ("genemine", "make", "python", "prefect")
# Modules of others that `python -m` may name.
_FOREIGN_MODULES = ("venv", "pytest", "build", "pip")
_SHELLS = ("", "sh", "bash", "console")
_FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"(?<!`)`([^`]+)`(?!`)")
_BOLD = re.compile(r"\[bold\](.+?)\[/bold\]", re.DOTALL)
_EXAMPLE = re.compile(r"^ {4,}(\S.*)$", re.MULTILINE)
_USAGE = re.compile(r"^ *(?:Usage:)? *(python -m .+)$", re.MULTILINE)
_ALTERNATIVES = re.compile(r"(?<=\w)\s?\\?\|\s?(?=\w)")
_OR = "¦"
_SUBSTITUTION = re.compile(r"\$\([^)]*\)")
_PLACEHOLDER = re.compile(r"[A-Z][A-Z_]*(?:¦[A-Z_]+)*|.*[{<…].*|\.\.\.")
_BREAKS = ("&&", "||", "|", ";", "&")
_REDIRECTIONS = (">", ">>", "<")
# What may stand before a program: a crontab's times, a folder, assignments, and the environment's folder.
_SHELL = re.compile(rf"(?:[\d*/, ]+ +)?(?:cd \S+ && |\w+=\S+ )*(?:\.venv/bin/)?(?:{'|'.join(PROGRAMS)})(?: |$)")
_ROW = re.compile(r"^\| *(`genemine (?:[^|\\]|\\.)*)\|", re.MULTILINE)


@dataclass(frozen=True)
class Shown:
    """A command: where it stands, its words, and whether it is there to be copied, so that nothing may be missing."""

    where: str
    words: tuple[str, ...]
    whole: bool

    def __str__(self) -> str:
        return f"{self.where}: {shlex.join(self.words)}"


def in_markdown(text: str, name: str) -> Iterator[Shown]:
    """Commands of a page: lines of shell blocks and indented lines are whole, words between backticks are mentions."""
    for block in _FENCE.finditer(text):
        if block[1] in _SHELLS:
            for at, line in enumerate(block[2].split("\n"), start=1):
                yield from _commands(line, f"{name}:{_line(text, block.start()) + at}", whole=True)
    prose = _FENCE.sub(lambda block: "\n" * block[0].count("\n"), text)
    for line in _EXAMPLE.finditer(prose):
        yield from _commands(line[1], f"{name}:{_line(prose, line.start())}", whole=True)
    for span in _SPAN.finditer(prose):
        yield from _commands(" ".join(span[1].split()), f"{name}:{_line(prose, span.start())}", whole=False)
    for row in _ROW.finditer(prose):
        yield from _continued(_SPAN.findall(row[1]), f"{name}:{_line(prose, row.start())}")


def _continued(spans: Sequence[str], where: str) -> Iterator[Shown]:
    """``genemine vocab pull``, ``build``, ``bulk load`` in one cell: what the later ones stand for."""
    group = spans[0].split()[:-1]
    for span in spans[1:]:
        if re.fullmatch(r"[a-z][a-z ]*", span):
            yield Shown(
                where,
                tuple(
                    span.split() if span.startswith("genemine") else ["genemine", *span.split()] if " " in span else [*group, span]
                ),
                False,
            )


def in_help(text: str, name: str) -> Iterator[Shown]:
    """Commands of a help text: indented lines and what is bold are whole, words between backticks are mentions."""
    text = inspect.cleandoc(text).replace("\\[", "[")
    for line in _EXAMPLE.finditer(text):
        yield from _commands(line[1], name, whole=True)
    for bold in _BOLD.finditer(text):
        yield from _commands(bold[1], name, whole=False)
    for span in _SPAN.finditer(text):
        yield from _commands(" ".join(span[1].split()), name, whole=False)


def in_source(text: str, name: str) -> Iterator[Shown]:
    """Commands that messages and docstrings of a module name between backticks, and the usage that its docstring tells."""
    for span in re.finditer(r"(?<!`)`((?:genemine|make|python -m) [^`\n\"]*)`(?!`)", text):
        yield from _commands(span[1], f"{name}:{_line(text, span.start())}", whole=False)
    doc = re.match(r'"""(.*?)"""', text, re.DOTALL)
    for usage in _USAGE.finditer(doc[1] if doc else ""):
        yield from _commands(usage[1].replace("``", ""), name, whole=False)


def helps(command: Any = None, path: str = "genemine") -> Iterator[tuple[str, str]]:
    """Every help text of the command line with the command that shows it."""
    command = command or _root()
    texts = [command.help, command.epilog, *(getattr(parameter, "help", None) for parameter in command.params)]
    yield from ((path, text) for text in texts if text)
    for name, one in getattr(command, "commands", {}).items():
        yield from helps(one, f"{path} {name}")


def collected() -> list[Shown]:
    """All that is shown anywhere, each command once a place."""
    shown: list[Shown] = []
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "data").rglob("README.md"))]
    pages += [*sorted((ROOT / "genemine").rglob("card.md")), ROOT / "genemine" / "sample" / "README.md"]
    for page in pages:
        shown += in_markdown(page.read_text(encoding="utf-8"), str(page.relative_to(ROOT)))
    for name, text in helps():
        shown += in_help(text, f"{name} --help")
    for folder in ("genemine", "flows", "benchmarks"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            shown += in_source(path.read_text(encoding="utf-8"), str(path.relative_to(ROOT)))
    return list(dict.fromkeys(shown))


@cache
def _root() -> Any:
    return typer.main.get_command(app)


def fault(shown: Shown) -> str:
    """What is wrong with a command; empty if nothing is."""
    return _CHECKS[shown.words[0]](shown)


def _commands(line: str, where: str, *, whole: bool) -> Iterator[Shown]:
    """The commands of one line of shell; what does not begin with one of our programs may be no shell at all and gives none."""
    line = _SUBSTITUTION.sub("X", _ALTERNATIVES.sub(_OR, line.strip().removeprefix("$ ")))
    if not _SHELL.match(line):
        return
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    try:
        words = list(lexer)
    except ValueError:  # an apostrophe of prose
        words = line.split()
    for is_break, group in itertools.groupby(words, key=lambda word: word in _BREAKS):
        found = () if is_break else _stripped(list(group))
        if found and found[0] in PROGRAMS and (found[0] != "python" or found[1:2] == ("-m",)):
            yield from (Shown(where, one, whole) for one in _alternatives(found))


def _stripped(words: list[str]) -> tuple[str, ...]:
    """A command without what stands before it, its redirections, ellipses, and the brackets of what may be left out."""
    at = next((at for at, word in enumerate(words) if word.removeprefix(".venv/bin/") in PROGRAMS), len(words))
    kept: list[str] = []
    rest = iter(words[at:])
    for word in rest:
        if word in _REDIRECTIONS:
            next(rest, None)
        elif word not in ("...", "…") or kept[-1].startswith("-"):
            word = word.removeprefix("[")
            kept.append(word if "[" in word else word.removesuffix("]"))
    return (kept[0].removeprefix(".venv/bin/"), *kept[1:]) if kept else ()


def _alternatives(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """``train tagger|linker`` is two commands; alternatives among values are one."""
    yield from itertools.product(*(word.split(_OR) if word.islower() else [word] for word in words))


def _genemine(shown: Shown) -> str:
    command = _root()
    words = [word for word in shown.words[1:] if word not in ("--help", "-h")]
    path = "genemine"
    while hasattr(command, "commands"):
        options = list(itertools.takewhile(lambda word: word.startswith("-"), words))
        known = {name for parameter in command.params for name in parameter.opts}
        if unknown := [option for option in options if option not in known]:
            return f"{path} has no option {unknown[0]}"
        words = words[len(options) :]
        if not words or _PLACEHOLDER.fullmatch(words[0]):
            return ""
        if words[0] not in command.commands:
            return f"{path} has no command {words[0]!r}"
        path = f"{path} {words[0]}"
        command, words = command.commands[words[0]], words[1:]
    return _parsed(command, path, words, whole=shown.whole)


def _parsed(command: Any, path: str, words: list[str], *, whole: bool) -> str:
    """Let the command itself parse its words; it is not run."""
    if not words and not whole:
        return ""
    try:
        command.make_context(path, list(words))
    except Exception as error:  # typer brings its own click, whose errors have no public name
        kind = type(error).__name__
        if kind in ("MissingParameter", "BadOptionUsage") and not whole:
            return ""
        if kind == "BadParameter" and any(_PLACEHOLDER.fullmatch(word) for word in words):
            return ""
        return f"{path}: {error.format_message() if hasattr(error, 'format_message') else error}"
    return ""


def _make(shown: Shown) -> str:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets, variables = set(re.findall(r"^(\w+):", text, re.MULTILINE)), set(re.findall(r"^(\w+) \??[:]?=", text, re.MULTILINE))
    for word in shown.words[1:]:
        name, is_variable, _ = word.partition("=")
        if name not in (variables if is_variable else targets) and not _PLACEHOLDER.fullmatch(word):
            return f"the Makefile has no {'variable' if is_variable else 'target'} {name!r}"
    return ""


def _python(shown: Shown) -> str:
    module = shown.words[2] if len(shown.words) > 2 else ""
    if module in _FOREIGN_MODULES or _PLACEHOLDER.fullmatch(module) or module.endswith("NAME"):
        return ""
    path = ROOT.joinpath(*module.split(".")).with_suffix(".py")
    if not path.is_file():
        return f"there is no module {module}"
    known = _argparse_options(path)
    unknown = [word for word in shown.words[3:] if word.startswith("--") and word.partition("=")[0] not in known]
    return f"{module} has no option {unknown[0]}" if unknown else ""


@cache
def _argparse_options(path: Path) -> frozenset[str]:
    """Options that a module adds to its parser, or that a module beside it, which it imports, adds; nothing is imported."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = {"--help"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "add_argument":
            found |= {one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)}
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("benchmarks."):
            beside = ROOT.joinpath(*str(node.module).split(".")).with_suffix(".py")
            found |= _argparse_options(beside) if beside != path else set()
    return frozenset(found)


def _prefect(shown: Shown) -> str:
    """Prefect's own command line is Prefect's to test; loading it takes seconds."""
    return ""


_CHECKS: dict[str, Callable[[Shown], str]] = {"genemine": _genemine, "make": _make, "python": _python, "prefect": _prefect}


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1
