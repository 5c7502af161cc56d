"""The flow by which a person puts a run in use that the quality gate holds back."""

from typing import Any

from prefect import flow
from prefect.states import Completed

from flows.forms import By, DataDir, Force, RunId, SettingsFile, Why
from flows.settings import settings_from
from genemine.pipeline import publish as step


@flow(name="release", flow_run_name="release {run}", log_prints=True)
def release(
    run: RunId, why: Why, by: By, force: Force = False, data_dir: DataDir = "data", settings_file: SettingsFile = ""
) -> str:
    """Put the tables of a run in use that the quality gate holds back.

    Args:
        run: As the artifact 'gate' names it, such as 20261123T184731Z-67349aee.
        why: The reason, for those who come after; kept in the run's run.json.
        by: Your name.
        force: Goes back to a run older than the one in use, which is set aside then.
        data_dir: The data folder on the worker's machine, with raw/ and processed/ in it.
        settings_file: A TOML file of settings on the worker's machine; empty for none.
    """
    done = step.release(run, settings_from(data_dir, settings_file), by, why, force=force)
    ended: Any = Completed(message=done, data=done)
    return ended
