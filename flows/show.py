"""What a run shows in the UI: progress while it works, tables, a page with pictures, and what the gate says of it."""

from collections.abc import Iterable, Iterator
from typing import cast
from uuid import UUID

from prefect.artifacts import (
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)

from genemine.pipeline.mine import MineReport
from genemine.pipeline.show import best_rows, count_rows, gate_page, run_page
from genemine.records import StepReport

STEPS = 50  # progress is told at most so often: each time is a request


def counted(stage: str, reports: Iterable[StepReport], total: int) -> Iterator[StepReport]:
    """Pass the reports of a stage's shards on and show how far it is; a stage without work shows nothing."""
    if not total:
        return
    about = f"{stage}: 0 of {total:,} shards"
    artifact = cast(UUID, create_progress_artifact(0.0, key=f"progress-{stage}", description=about))  # in no event loop
    every = max(1, total // STEPS)
    for done, report in enumerate(reports, start=1):
        yield report
        if done % every == 0 or done == total:
            update_progress_artifact(artifact, 100 * done / total, f"{stage}: {done:,} of {total:,} shards")


def show(report: MineReport) -> None:
    """Make the artifacts of a run."""
    about = f"Run {report.run_id}"
    create_markdown_artifact(key="run", markdown=run_page(report.folder), description=about)
    create_table_artifact(key="counts", table=count_rows(report.folder), description=about)
    create_table_artifact(key="top-associations", table=best_rows(report.folder), description=about)
    create_markdown_artifact(key="gate", markdown=gate_page(report.folder), description=about)
