"""What an open complaint says, as the person who handles or resolves it reads it (§27)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OpenComplaint:
    """A complaint in the words in which it was recorded; ``about`` '' for no one in particular."""

    recorded_on: dt.date
    recorded_by: str
    about: str
    summary: str
