"""``make run``: the nightly flow over the embedded sample, asked from a loopback E-utilities server."""

import argparse
import os
import sys
from datetime import date
from pathlib import Path

from flows.nightly import nightly
from genemine.errors import GenemineError
from genemine.pipeline.sample import SAMPLE_QUERY, SAMPLE_TODAY, serving
from genemine.pipeline.stages import SAMPLE_SOURCE
from genemine.pipeline.summary import summary


def mine_folder(folder: Path | None, query: str, data_dir: str, today: date) -> Path:
    """Serve a folder of PubMed XML (None: the embedded sample) on loopback and run the nightly flow over it.

    Returns:
        The folder of the run's tables.
    """
    with serving(folder) as url:
        os.environ["GENEMINE_EUTILS_URL"] = url
        report = nightly(query=query, first_days=0, data_dir=data_dir, today=today, source=SAMPLE_SOURCE)
    return report.folder


def main() -> int:
    """Run the flow, print the summary; the exit status is 2 for an error that a user can mend."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="PubMed XML to serve instead of the embedded sample")
    parser.add_argument("--query", default=SAMPLE_QUERY, help="the nightly query (default: %(default)s)")
    parser.add_argument("--data-dir", default="data", help="the data folder (default: %(default)s)")
    parser.add_argument(
        "--today", type=date.fromisoformat, default=SAMPLE_TODAY, help="the night to run for (default: %(default)s)"
    )
    arguments = parser.parse_args()
    try:
        folder = mine_folder(arguments.folder, arguments.query, arguments.data_dir, arguments.today)
    except GenemineError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(summary(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
