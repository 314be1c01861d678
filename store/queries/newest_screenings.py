"""Check whether a flag without a case was found again, and if its data has arrived (§3, §9)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from store.db.school_rows import school_rows
from store.policies.versions import policy_in_force
from store.queries.schools.troubles import gaps_of_sources
from store.rules.calendar import Calendar
from store.rules.flag_rules.evidence import SOURCES_APART
from store.rules.notices.feed_news import LATE_AFTER, missing_after
from store.rules.text.formatting import listed, on_day
from store.tables import flags

COLUMNS = (flags.c.school_id, flags.c.source, flags.c.fresh, flags.c.last_found_on)
"""The columns of a flag that the answers need."""


class Screenings:
    """The newest screening of each school and its missing data."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._gaps: dict[int, dict[str, str]] = {}
        self._calendars: dict[int, Calendar] = {}

    def found(self, flag: Any) -> bool:
        """Return whether the newest screening of its school found this flag."""
        screened = school_rows(self._connection, flag.school_id).screened_on
        return screened is None or bool(flag.last_found_on >= screened)

    def missing(self, flag: Any) -> str:
        """Describe the missing data of the flag's sources; '' where none is missing.

        In the words of the feeds' gaps, else by the last day known to the flag.
        """
        school, sources = flag.school_id, flag.source.split(SOURCES_APART)
        if school not in self._gaps:
            self._gaps[school] = gaps_of_sources(self._connection, school)
        gaps = self._gaps[school]
        if said := [gaps[source] for source in sources if source in gaps]:
            return " ".join(said)
        screened = school_rows(self._connection, school).screened_on
        if screened is None:
            return ""
        if missing_after(self._calendar(school, screened), flag.fresh, screened) <= LATE_AFTER:
            return ""
        return f"{listed(sources)} known only up to {on_day(flag.fresh)}."

    def _calendar(self, school: int, day: dt.date) -> Calendar:
        if school not in self._calendars:
            published = policy_in_force(self._connection, school, day)
            self._calendars[school] = published.policy.calendar if published else Calendar()
        return self._calendars[school]
