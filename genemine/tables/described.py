"""Every table and column in words, for people: ``data/processed/README.md`` is made of it (``make docs``)."""

from __future__ import annotations

from genemine.tables.schema import TABLES


def markdown() -> str:
    """Describe every table and column as Markdown, for ``data/processed/README.md``."""
    parts = []
    for table in TABLES:
        lines = [f"### {table.name}", "", f"One row is {table.row}. Key: {', '.join(f'`{key}`' for key in table.key)}.", ""]
        lines += ["| column | type | unit or range | meaning |", "| --- | --- | --- | --- |"]
        lines += [f"| `{column.name}` | {column.type} | {column.unit} | {column.meaning} |" for column in table.columns]
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"
