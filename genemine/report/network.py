"""The best associations as a picture: genes at the left, diseases at the right, lines between, in an order with few crossings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from genemine.report.plots import DISEASE, EVEN, GENE, INK, picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure

N_BEST = 30
ROW = 0.26  # inches a name
MAX_NAME = 38  # characters; longer names are cut, their page has the whole name
_ROUNDS = 12


@dataclass(frozen=True)
class Network:
    """Names of both sides from the top down, as (identifier, name), and the lines as (gene, disease, score) by their places."""

    genes: tuple[tuple[str, str], ...]
    diseases: tuple[tuple[str, str], ...]
    lines: tuple[tuple[int, int, float], ...]


def network(associations: pd.DataFrame, n: int = N_BEST) -> Network:
    """Take the ``n`` best associations and order both sides.

    Each side is sorted again and again by the mean place of its neighbours, which leaves few crossings.
    Source: Sugiyama et al. (1981), "Methods for visual understanding of hierarchical system structures", IEEE Trans. SMC 11(2).
    """
    best = associations[associations["direction"] != "denied"].sort_values("row").head(n)
    gene_ids, disease_ids = (list(dict.fromkeys(best[f"{kind}_curie"])) for kind in ("gene", "disease"))
    edges = list(zip(best["gene_curie"], best["disease_curie"], best["score"], strict=True))
    for _ in range(_ROUNDS):
        disease_ids = _sorted(disease_ids, gene_ids, [(disease, gene) for gene, disease, _ in edges])
        gene_ids = _sorted(gene_ids, disease_ids, [(gene, disease) for gene, disease, _ in edges])
    names = {**dict(zip(best["gene_curie"], best["gene_name"], strict=True))}
    names |= dict(zip(best["disease_curie"], best["disease_name"], strict=True))
    return Network(
        tuple((curie, names[curie]) for curie in gene_ids),
        tuple((curie, names[curie]) for curie in disease_ids),
        tuple((gene_ids.index(gene), disease_ids.index(disease), float(score)) for gene, disease, score in edges),
    )


def _sorted(own: Sequence[str], others: Sequence[str], pairs: Sequence[tuple[str, str]]) -> list[str]:
    """Sort by the mean place of neighbours, as a share of the other side's length; equal ones keep their order."""
    place = {curie: (at + 0.5) / len(others) for at, curie in enumerate(others)}
    neighbours: dict[str, list[float]] = {curie: [] for curie in own}
    for one, other in pairs:
        neighbours[one].append(place[other])
    return sorted(own, key=lambda curie: sum(neighbours[curie]) / len(neighbours[curie]))


def network_picture(net: Network) -> str:
    """Draw it; each name leads to the page of its gene or disease."""
    rows = max(len(net.genes), len(net.diseases))
    spread = [[(at + 0.5) * rows / max(len(side), 1) for at in range(len(side))] for side in (net.genes, net.diseases)]

    def draw(figure: Figure) -> None:
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(-0.5, 2.35)
        axes.set_ylim(rows, 0)
        for gene, disease, score in net.lines:
            axes.plot([0, 1], [spread[0][gene], spread[1][disease]], color=EVEN, linewidth=0.4 + 2.2 * score**4, alpha=0.55)
        for side, x, kind, colour in ((net.genes, 0, "gene", GENE), (net.diseases, 1, "disease", DISEASE)):
            align = "right" if kind == "gene" else "left"
            for (curie, name), y in zip(side, spread[x], strict=True):
                axes.plot([x], [y], marker="o" if kind == "gene" else "s", markersize=6, color=colour)
                shown = name if len(name) <= MAX_NAME else f"{name[: MAX_NAME - 1]}…"
                label = axes.text(x + (-0.04 if kind == "gene" else 0.04), y, shown, ha=align, va="center", color=INK)
                label.set_url(f"#{kind}={curie}")

    return picture("network", 7.6, max(rows * ROW, 1.0), draw)
