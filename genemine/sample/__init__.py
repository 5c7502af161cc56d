"""The embedded PubMed: records of the project's own writing and a loopback E-utilities server that serves them."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def records_folder() -> Path:
    """Return the folder of the embedded PubMed XML files, in the installed package."""
    return Path(str(files(__name__) / "records"))
