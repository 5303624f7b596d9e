"""What the components show: frozen values that read models hand to templates."""

from dataclasses import dataclass
from datetime import datetime

from nrm_tracker.ui.charts import Bar, Part, Point

__all__ = ["Bar", "Difference", "Entry", "Line", "Part", "Point", "Step"]


@dataclass(frozen=True)
class Line:
    """A line of a summary list."""

    key: str
    value: str
    url: str = ""
    action: str = "Change"


@dataclass(frozen=True)
class Entry:
    """Something on a timeline. `replaced`: a later entry corrects this one; struck through."""

    title: str
    at: datetime
    byline: str = ""
    text: str = ""
    url: str = ""
    action: str = "Correct"
    replaced: bool = False
    about: str = ""  # "about then", "time not known"


@dataclass(frozen=True)
class Difference:
    """A field on which two people disagree."""

    label: str
    yours: str
    theirs: str


@dataclass(frozen=True)
class Step:
    """A line of a task list. `tone` colours the status; without one nothing is left to do.
    Without `url` it leads nowhere."""

    title: str
    url: str
    status: str
    tone: str = ""
    hint: str = ""
