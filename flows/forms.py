"""The fields of the deployments' forms: title, bounds and choices of each, once; bounds are checked when the form is sent.

Titles go by ``json_schema_extra``, since Prefect writes the parameter's name over a field's own title. Help texts are in the
docstrings of the flows; fields stand in the order of the flow's parameters.
"""

from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import Field


def titled(title: str, **bounds: Any) -> Any:
    """A field with a title, and bounds if any."""
    return Field(json_schema_extra={"title": title}, **bounds)


Query = Annotated[str, titled("PubMed query", min_length=1)]
Since = Annotated[date | None, titled("First day")]
Until = Annotated[date | None, titled("Last day")]
FirstDays = Annotated[int, titled("Days of the first night", ge=0, le=36_500)]
Today = Annotated[date | None, titled("Run for the night of")]
LateHours = Annotated[int, titled("Cancel when late by more hours than", ge=0, le=168)]
AS_SET: Final = "as the settings say"
Use = Annotated[Literal["as the settings say", "balanced", "high_precision", "high_recall"], titled("Threshold for associations")]
HOLD: Final = "hold back"
PUT_IN_USE: Final = "put in use"
Unlike = Annotated[Literal["hold back", "put in use"], titled("Tables too unlike those before")]
DataDir = Annotated[str, titled("Data folder", min_length=1)]
SettingsFile = Annotated[str, titled("Settings file")]
Source = Annotated[str, titled("Folder of this source", pattern=r"^[A-Za-z0-9_-]+$")]
BulkKind = Annotated[Literal["baseline", "updates", "all"], titled("Which files")]
FirstFile = Annotated[int | None, titled("From file number", ge=1)]
LastFile = Annotated[int | None, titled("To file number", ge=1)]
Mirror = Annotated[str, titled("Mirror folder")]
Model = Annotated[Literal["tagger", "relations", "stance", "linker", "all"], titled("Which model")]
Corpora = Annotated[str, titled("Folder of corpora", min_length=1)]
Out = Annotated[str, titled("Folder of bundles", min_length=1)]
RunId = Annotated[str, titled("Run", pattern=r"^\d{8}T\d{6}Z-[0-9a-f]{8}$")]
Why = Annotated[str, titled("Why", min_length=1)]
By = Annotated[str, titled("Who", min_length=1)]
Force = Annotated[bool, titled("Also an older run")]
