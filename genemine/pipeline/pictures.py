"""Small pictures for places that take no script and no file: bars as SVG, inside the text itself."""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from html import escape

WIDTH, ROW, BAR = 640, 24, 16
LETTER, GAP = 7.5, 8  # pixels: a letter is narrower in most fonts of this size; between label, bar and number
_STYLE = 'font-family="sans-serif" font-size="13"'


def bars(title: str, rows: Sequence[tuple[str, int]]) -> str:
    """Draw a bar for each row, the longest as long as there is room, its number beside it.

    Args:
        title: what the picture shows, for those who do not see it.
        rows: (label, number of 0 or more), drawn from the top.

    Returns:
        An SVG of 640 pixels' width, on white so that it is read in dark pages too.
    """
    most = max((n for _, n in rows), default=0)
    labels = math.ceil(LETTER * max((len(label) for label, _ in rows), default=0)) + 2 * GAP
    room = WIDTH - labels - 80
    height = ROW * max(len(rows), 1) + 16
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" role="img">',
        f'<title>{escape(title)}</title><rect width="{WIDTH}" height="{height}" rx="6" fill="#ffffff"/>',
    ]
    for at, (label, n) in enumerate(rows):
        y = 8 + at * ROW
        length = room * n / most if most else 0.0
        lines.append(f'<text x="{labels - GAP}" y="{y + 13}" text-anchor="end" fill="#333333" {_STYLE}>{escape(label)}</text>')
        lines.append(f'<rect x="{labels}" y="{y}" width="{length:.1f}" height="{BAR}" rx="2" fill="#2f6f9f"/>')
        lines.append(f'<text x="{labels + length + 6:.1f}" y="{y + 13}" fill="#333333" {_STYLE}>{n:,}</text>')
    return "\n".join([*lines, "</svg>"])


def inline(alt: str, svg: str) -> str:
    """An SVG as a Markdown image that carries its own bytes."""
    return f"![{alt}](data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()})"
