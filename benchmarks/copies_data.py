"""A corpus with copies in it: real abstracts, changed copies of them, and pairs that look like copies and are none.

``corpus`` gives articles in a mixed order under PMIDs that tell nothing. Which pairs are alike is measured afterwards
(``benchmarks.truth_data``); what only the making knows is told here: ``apart`` names pairs that are no copies however alike their
words are (part I and part II, two years of a series, a correction under the title of what it corrects), ``same_doi`` pairs that are
copies however different their abstracts are.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace

from benchmarks.abstracts_data import Text
from benchmarks.mutations_data import Maker, words_of
from genemine.clean.filters import clean
from genemine.config import CleanSettings
from genemine.records import Article

Pair = tuple[str, str]

FIRST_PMID = 10_000_000
PARTS = ("Part I", "Part II")
# how alike a copy shall be to what it is made of: (share of the copies, lowest, highest Jaccard aimed at)
STRENGTHS = ((0.2, 0.95, 1.0), (0.5, 0.75, 0.95), (0.2, 0.6, 0.75), (0.1, 0.2, 0.6))
N_COPIES = ((1, 0.45), (2, 0.25), (3, 0.15), (5, 0.1), (8, 0.05))  # copies of one article, share of the articles with copies
DRUGS = ("atenolol", "lithium", "ranitidine", "fluoxetine", "cyclosporine", "tamoxifen", "heparin", "insulin", "nifedipine")
TEMPLATE_TITLE = "Effects of {drug} on {organ} in a rat model."
TEMPLATE = (
    "The aim of this study was to investigate the effects of {drug} on the {organ} of adult male Wistar rats. A total of {n} rats "
    "were randomly divided into {groups} groups: a control group that was given saline, and groups that were given {drug} by "
    "gavage at {dose} mg/kg a day for {days} days. At the end of the experiment the {organ} was removed and examined under the "
    "light microscope after staining with haematoxylin and eosin. Serum concentrations of malondialdehyde were {a} against {b} "
    "nmol/l (p < 0.0{p}). {finding} In conclusion, these results suggest that {drug} has an effect on the {organ} of rats that "
    "depends on the dose, and further studies are needed to explain the mechanism."
)
ORGANS = ("liver", "kidney", "heart", "testis", "lung", "spleen", "ovary", "stomach")


@dataclass
class Corpus:
    """Articles, and what only their maker knows about pairs of them (both as ascending PMIDs of eight digits)."""

    articles: list[Article] = field(default_factory=list)
    apart: set[Pair] = field(default_factory=set)
    same_doi: set[Pair] = field(default_factory=set)
    n_real: int = 0


@dataclass
class _Builder:
    rng: random.Random
    maker: Maker
    numbers: list[int]
    corpus: Corpus = field(default_factory=Corpus)

    def add(self, text: Text, **fields: object) -> str:
        """Add an article under the next number of a shuffled row; gives its PMID."""
        pmid = str(self.numbers.pop())
        article = Article(pmid=pmid, title=text.title, abstract=text.abstract, publication_types=("Journal Article",))
        (cleaned,) = clean([replace(article, **fields)], CleanSettings())  # type: ignore[arg-type]
        if not isinstance(cleaned, Article):
            raise SystemExit(f"an article without words was made of {text.title!r}")
        self.corpus.articles.append(cleaned)
        return pmid

    def family(self, text: Text, n_copies: int) -> None:
        """Add an article and copies, of it or of its copies."""
        members = [text]
        self.add(text)
        for _ in range(n_copies):
            of = members[0] if self.rng.random() < 0.7 else self.rng.choice(members)
            members.append(self.maker.copy(of, self.strength()))
            self.add(members[-1])

    def strength(self) -> float:
        """How alike the next copy shall be."""
        _, low, high = self.rng.choices(STRENGTHS, weights=[share for share, _, _ in STRENGTHS])[0]
        return self.rng.uniform(low, high)

    def two_parts(self, text: Text) -> None:
        """Part I and part II with nearly the same words."""
        other = self.maker.copy(text, self.rng.uniform(0.8, 1.0))
        title = text.title.rstrip(".")
        self.apart.add(
            _pair(*(self.add(replace(t, title=f"{title}. {part}.")) for t, part in zip((text, other), PARTS, strict=True)))
        )

    def series(self, text: Text) -> None:
        """Two years of a conference whose announcement stays the same."""
        year, nth = self.rng.randrange(1990, 2020), self.rng.randrange(4, 40)
        titles = [f"{text.title.rstrip('.')}: proceedings of the {nth + i}th annual meeting, {year + i}." for i in range(2)]
        self.apart.add(_pair(*(self.add(replace(text, title=title)) for title in titles)))

    def correction(self, text: Text) -> None:
        """A correction that repeats title and abstract."""
        notice = {"publication_types": ("Published Erratum",), "flags": ("erratum",)}
        self.apart.add(_pair(self.add(text), self.add(text, **notice)))

    def same_title(self, text: Text, other: Text) -> None:
        """Two articles under one title."""
        self.add(text)
        self.add(replace(other, title=text.title))

    def template(self, finding: str) -> None:
        """One of many abstracts that are written alike."""
        rng = self.rng
        numbers = {name: rng.randrange(5, 95) for name in ("n", "groups", "dose", "days", "a", "b", "p")}
        words = {"drug": rng.choice(DRUGS), "organ": rng.choice(ORGANS), "finding": finding}
        self.add(Text(TEMPLATE_TITLE.format(**words), TEMPLATE.format(**numbers, **words)))

    def under_one_doi(self, text: Text, number: int) -> None:
        """The same paper twice under one DOI and title, its abstract written anew."""
        doi = f"10.5555/copies.{number}"
        other = self.maker.copy(text, self.rng.uniform(0.1, 0.7))
        self.corpus.same_doi.add(_pair(self.add(text, doi=doi), self.add(replace(other, title=text.title), doi=doi)))

    def supplement(self, texts: list[Text], number: int) -> None:
        """Abstracts of one supplement, which bear its DOI."""
        for text in texts:
            self.add(text, doi=f"10.5555/supplement.{number}")

    @property
    def apart(self) -> set[Pair]:
        return self.corpus.apart


def corpus(real: list[Text], size: int, seed: int) -> Corpus:
    """Make ``size`` articles of real abstracts: about a third real, the others copies; six in a hundred made to mislead.

    Raises:
        ValueError: there are too few real abstracts.
    """
    rng = random.Random(seed)
    texts = rng.sample(real, k=min(len(real), round(size * 0.345)))
    numbers = list(range(FIRST_PMID, FIRST_PMID + 4 * size))
    rng.shuffle(numbers)
    maker = Maker(rng, words_of(rng.sample(texts, k=min(2000, len(texts)))))
    builder = _Builder(rng, maker, numbers)
    n_each = size // 200
    for number in range(n_each):
        builder.two_parts(texts.pop())
        builder.series(texts.pop())
        builder.correction(texts.pop())
        builder.same_title(texts.pop(), texts.pop())
        builder.under_one_doi(texts.pop(), number)
        builder.supplement([texts.pop(), texts.pop()], number)
        builder.template(texts.pop().title)
    _families(builder, texts, size)
    rng.shuffle(builder.corpus.articles)
    builder.corpus.n_real = n_each * 8 + len(texts)
    return builder.corpus


def _families(builder: _Builder, texts: list[Text], size: int) -> None:
    """Add the other texts, some of them with copies, until there are ``size`` articles."""
    rng = builder.rng
    counts, weights = zip(*N_COPIES, strict=True)
    left = size - len(builder.corpus.articles) - len(texts)
    if left < 0:
        raise ValueError(f"{len(texts)} texts are too many for a corpus of {size}")
    with_copies: dict[int, int] = {}
    while left > 0:
        place, wanted = rng.randrange(len(texts)), min(left, int(rng.choices(counts, weights)[0]))
        with_copies[place] = with_copies.get(place, 0) + wanted
        left -= wanted
    for place, text in enumerate(texts):
        builder.family(text, with_copies.get(place, 0))


def _pair(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)
