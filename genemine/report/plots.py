"""The plots of a run as SVG that takes its colours from the page, so that they are right in light, in dark and on paper."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# matplotlib draws in these colours, which nothing else has; the page's own take their places.
INK, FAINT, GENE, DISEASE, STATED, SUPPOSED, EVEN = ("#010203", "#010204", "#010205", "#010206", "#010207", "#010208", "#010209")
HEADROOM = 1.28  # the legend stands above the bars
_PAGE = {
    INK: "var(--ink)",
    FAINT: "var(--line)",
    GENE: "var(--gene)",
    DISEASE: "var(--disease)",
    STATED: "var(--accent)",
    SUPPOSED: "var(--accent-soft)",
    EVEN: "var(--muted)",
}
_STYLE: dict[str, Any] = {
    "svg.fonttype": "none",  # text stays text, in the page's font
    "font.size": 11,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": FAINT,
    "xtick.color": INK,
    "ytick.color": INK,
    "grid.color": FAINT,
    "text.parse_math": False,  # a name may hold a dollar sign
    "legend.frameon": False,
}


def picture(name: str, width: float, height: float, draw: Callable[[Figure], None]) -> str:
    """Draw with matplotlib and give an SVG element for the page; the same figure gives the same text.

    Args:
        name: letters that set its ids apart from those of other pictures of the page.
        width, height: inches of 72 units.
        draw: draws into the figure that it is given.
    """
    import matplotlib as mpl  # noqa: PLC0415 (half a second, spent only where something is drawn)
    from matplotlib.backends.backend_svg import FigureCanvasSVG  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    with mpl.rc_context({**_STYLE, "svg.hashsalt": name}), warnings.catch_warnings():
        # text is drawn by the browser, which has the letters that matplotlib's font lacks
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        figure = Figure(figsize=(width, height))
        FigureCanvasSVG(figure)
        draw(figure)
        text = io.StringIO()
        figure.savefig(text, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return _for_page(text.getvalue(), name)


def _for_page(svg: str, name: str) -> str:
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r'(<svg [^>]*?)\swidth="([\d.]+)pt" height="[\d.]+pt"', r'\1 style="width:\2px"', svg, count=1)
    svg = re.sub(r' id="(figure|axes|patch|text|line2d|matplotlib|legend|xtick|ytick|PathCollection|LineCollection)[^"]*"', "", svg)
    svg = re.sub(r'(id="|#)([mpCh][0-9a-f]{10}[\w]*)', rf"\1{name}-\2", svg)
    svg = re.sub(r"font: ([^;\"]*?)px [^;\"]*", r"font: \1px var(--font)", svg)
    svg = re.sub(r"\s*\n\s*", " ", svg)
    for colour, own in _PAGE.items():
        svg = svg.replace(colour, own)
    return svg.strip()


def _plain_axes(figure: Figure, xlabel: str, ylabel: str, whole: Sequence[str] = "y") -> Axes:
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415

    axes = figure.add_axes((0.15, 0.17, 0.83, 0.81))  # room for labels of seven letters
    axes.set_xlabel(xlabel)
    axes.set_ylabel(ylabel)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, pad=5)
    axes.margins(x=0.02)
    for name in whole:
        getattr(axes, f"{name}axis").set_major_locator(MaxNLocator("auto", integer=True, steps=[1, 2, 5, 10]))
    return axes


def scores(by_score: pd.DataFrame) -> str:
    """How many associations have which score; columns bin (0-19), direction, n."""

    def draw(figure: Figure) -> None:
        axes = _plain_axes(figure, "score", "associations")
        below = [0] * 20
        for direction, colour, label in (
            ("stated", STATED, "stated"),
            ("speculated", SUPPOSED, "only supposed"),
            ("implied", EVEN, "implied by whole abstracts"),
        ):
            if direction == "implied" and direction not in set(by_score["direction"]):
                continue
            chosen = by_score[by_score["direction"] == direction]
            by_bin = dict(zip(chosen["bin"], chosen["n"], strict=True))
            heights = [by_bin.get(at, 0) for at in range(20)]
            axes.bar([(at + 0.5) / 20 for at in range(20)], heights, 0.044, bottom=below, color=colour, label=label)
            below = [low + high for low, high in zip(below, heights, strict=True)]
        axes.set_xlim(0, 1)
        axes.set_ylim(0, HEADROOM * max(*below, 1))
        axes.legend(loc="upper left")

    return picture("scores", 5.2, 3.1, draw)


def years(by_year: pd.DataFrame) -> str:
    """How many articles each year has, and how many of them support an association; columns year, n_articles, n_supporting."""

    def draw(figure: Figure) -> None:
        axes = _plain_axes(figure, "year of publication", "articles", whole="xy")
        axes.bar(by_year["year"], by_year["n_articles"], 0.8, color=SUPPOSED, label="kept")
        axes.bar(by_year["year"], by_year["n_supporting"], 0.8, color=STATED, label="with a supporting sentence")
        axes.set_ylim(0, HEADROOM * max(by_year["n_articles"].max(), 1))
        axes.legend(loc="upper left")

    return picture("years", 5.2, 3.1, draw)


def reliability(bins: Sequence[Mapping[str, Any]]) -> str:
    """What scores promise against what is true: a dot for each bin, as large as it holds sentences, beside the line of the ideal.

    Args:
        bins: each with ``mean_score``, ``share_right`` and ``n``, as :class:`genemine.evaluate.calibration.ReliabilityBin`.
    """
    total = sum(one["n"] for one in bins)

    def draw(figure: Figure) -> None:
        axes = _plain_axes(figure, "score of a sentence", "share that is right", whole=())
        axes.plot([0, 1], [0, 1], color=EVEN, linewidth=1, linestyle=(0, (4, 3)), label="what a score promises")
        axes.scatter(
            [one["mean_score"] for one in bins],
            [one["share_right"] for one in bins],
            [20 + 900 * one["n"] / total for one in bins],
            color=STATED,
            alpha=0.8,
            linewidths=0,
        )
        axes.set_xlim(-0.02, 1.04)
        axes.set_ylim(-0.04, 1.1)
        axes.plot([], [], "o", color=STATED, markersize=7, label="what is true")
        axes.legend(loc="upper left")

    return picture("reliability", 5.2, 3.1, draw)
