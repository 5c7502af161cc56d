"""How a flow run ends: a state with a name and a sentence that the UI shows.

======================  =========  ==================================================================
Nothing new             completed  nothing to do; the tables stand
Completed               completed  new tables are in use
Completed with gaps     completed  the same, but a file could not be read to its end; it is named
Held back               failed     the tables are too unlike those in use; a person has to look
Overlapping             cancelled  another run holds the data folder
Too late                cancelled  the worker took up a night many hours after its time
======================  =========  ==================================================================
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from prefect.context import FlowRunContext
from prefect.states import Cancelled, Completed, Failed

from genemine.errors import BusyError, HeldBackError, SourceError
from genemine.pipeline.mine import MineReport, check_files

GAPS, HELD, NOTHING_NEW, OVERLAPPING, TOO_LATE = "Completed with gaps", "Held back", "Nothing new", "Overlapping", "Too late"


def ended(report: MineReport, done: str = "") -> Any:
    """The state of a run that mined; calling the flow as a function gives its report, or raises HeldBackError.

    Args:
        report: what mining gave.
        done: a sentence about what was collected before.
    """
    if report.held:
        why = (
            f"Run {report.run_id} is held back, the tables in use stay. {'. '.join(report.held)}. Look at the artifact 'gate'; "
            f"if the tables are right: the deployment 'release', or genemine release {report.run_id}"
        )
        return Failed(name=HELD, message=why, data=HeldBackError(why))
    said = f"{done} " if done else ""
    try:
        check_files(report.folder)
    except SourceError as error:
        return Completed(name=GAPS, message=f"{said}{error}", data=report)
    if report.reused:
        return Completed(name=NOTHING_NEW, message=f"{said}The tables of run {report.run_id} stand.", data=report)
    counts = f"{report.counts['articles']:,} articles, {report.counts['associations']:,} associations"
    return Completed(message=f"{said}Run {report.run_id}: {counts}.", data=report)


def alone(work: Callable[[], Any]) -> Any:
    """Do the work of a flow; where another run holds the data folder, end as cancelled and say who."""
    try:
        return work()
    except BusyError as error:
        return Cancelled(name=OVERLAPPING, message=str(error))


def lateness(scheduled: datetime | None, now: datetime, hours: int) -> str:
    """Say why a run is too late; empty where it is not, or where ``hours`` is 0, for no limit."""
    if scheduled is None or not hours or now - scheduled <= timedelta(hours=hours):
        return ""
    late = (now - scheduled).total_seconds() / 3600
    return (
        f"It was due at {scheduled:%Y-%m-%d %H:%M} UTC and starts {late:.0f} hours later, more than the {hours} allowed: large "
        "jobs are for NCBI's quiet hours. Nothing is lost, the next night asks for these days too. Was the worker down?"
    )


def too_late(hours: int) -> Any:
    """The state that cancels a run of the schedule that starts too late; None to go on. Runs started by hand are never late."""
    context = FlowRunContext.get()
    run = context.flow_run if context else None
    if run is None or not run.auto_scheduled:
        return None
    due = run.expected_start_time
    why = lateness(due.astimezone(UTC) if due else None, datetime.now(UTC), hours)
    return Cancelled(name=TOO_LATE, message=why) if why else None
