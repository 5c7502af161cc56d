"""Write the column descriptions of genemine/tables/schema.py into data/processed/README.md (``make docs``)."""

from __future__ import annotations

from pathlib import Path

from genemine.tables.described import markdown

README = Path(__file__).resolve().parent.parent / "data" / "processed" / "README.md"
BEGIN = "<!-- columns: made from genemine/tables/schema.py by `make docs` -->\n"
END = "<!-- end of columns -->\n"

if __name__ == "__main__":
    head, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    _, _, tail = rest.partition(END)
    README.write_text(f"{head}{BEGIN}\n{markdown()}\n{END}{tail}", encoding="utf-8")
