"""Write the comments of genemine/config/stages.py into docs/settings.md (``make docs``)."""

from __future__ import annotations

from pathlib import Path

from genemine.config.explain import toml_page

PAGE = Path(__file__).resolve().parent / "settings.md"
BEGIN = "<!-- settings: made from genemine/config/stages.py by `make docs` -->\n"
END = "<!-- end of settings -->\n"

if __name__ == "__main__":
    head, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, tail = rest.partition(END)
    PAGE.write_text(f"{head}{BEGIN}\n```toml\n{toml_page()}```\n\n{END}{tail}", encoding="utf-8")
