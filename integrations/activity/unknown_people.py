"""Find students who are unknown on a day, although their source has delivered it.

There are three reasons: rows of the student were refused; many more rows of unknown people than
usual were refused; or the school has far fewer rows than usual (``feed_health``). Unknown is not
absent: such a day counts as not measured, and nothing was expected on it.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from statistics import median

from integrations.activity.day_notes import EVERYWHERE, DayNote
from integrations.activity.lake_folders import SourceDay
from integrations.activity.mornings import Morning
from integrations.activity.scratch_database import ScratchDatabase

TOLERATED = 0.02
"""Refused rows of unknown people above a source's habit, as a share of its rows."""
HABIT_FROM, HABIT_TO = dt.timedelta(days=84), dt.timedelta(days=29)
"""A habit is taken from the days before the last four weeks, so that a current fault does not
count."""
LEAST_DAYS = 10
"""Known days needed for a habit; with fewer, no unknown people are considered usual."""

MAY_BE_EARLY, MAY_BE_LATE = 14, 28
"""Days before and after it is due on which a piece of work may have been handed in."""

Days = frozenset[dt.date]
SchoolDay = tuple[str, str, dt.date]
"""Source, school (``EVERYWHERE`` for all), day."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """The unknown days of single students and of whole schools."""

    students: Mapping[int, Mapping[str, Days]] = field(default_factory=dict)
    """Student → source → days."""
    schools: Mapping[tuple[str, str], Days] = field(default_factory=dict)
    """Source and school → days."""

    def __bool__(self) -> bool:
        return bool(self.students or self.schools)

    def of(
        self, student: int, schools: Collection[str], known: Mapping[str, Days]
    ) -> Mapping[str, Days]:
        """Add this student's unknown days to ``known`` (source → days without a delivery)."""
        if not self:
            return known
        found = dict(known)
        for source, days in self.students.get(student, {}).items():
            found[source] = found.get(source, frozenset()) | days
        for (source, school), days in self.schools.items():
            if school == EVERYWHERE or school in schools:
                found[source] = found.get(source, frozenset()) | days
        return found


def unknown_of(
    notes: Mapping[SourceDay, DayNote],
    delivered: Mapping[str, Collection[dt.date]],
    thin: Collection[SchoolDay] = (),
) -> Unknown:
    """Find the unknown days from the notes on days.

    ``delivered`` has each source's known days, ``thin`` the days of schools with too few rows.
    """
    students: dict[int, dict[str, set[dt.date]]] = defaultdict(lambda: defaultdict(set))
    schools: dict[tuple[str, str], set[dt.date]] = defaultdict(set)
    for which, note in notes.items():
        source, day = which.source, which.day
        for student in note.students:
            students[student][source].add(day)
        for school, share in note.strangers.items():
            if share - _habit(notes, delivered, source, school, day) > TOLERATED:
                schools[source, school].add(day)
    for source, school, day in thin:
        schools[source, school].add(day)
    return Unknown(
        {who: {s: frozenset(d) for s, d in of.items()} for who, of in students.items()},
        {key: frozenset(days) for key, days in schools.items()},
    )


def unknown_tables(work: ScratchDatabase, unknown: Mapping[Morning, Unknown]) -> None:
    """Create ``unknown_students`` and ``unknown_schools``; expect nothing on their days."""
    work.table(
        "unknown_students",
        {"student": "BIGINT", "source": "VARCHAR", "day": "DATE"},
        (
            (who + at.base, at.mark + source, at.later(day))
            for at, each in unknown.items()
            for who, of in each.students.items()
            for source, days in of.items()
            for day in days
        ),
    )
    work.table(
        "unknown_schools",
        {"source": "VARCHAR", "school": "VARCHAR", "day": "DATE"},
        (
            (at.mark + source, school and at.mark + school, at.later(day))
            for at, each in unknown.items()
            for (source, school), days in each.schools.items()
            for day in days
        ),
    )
    if any(unknown.values()):
        work.con.execute(_NOTHING_EXPECTED)


def not_missed_after_all(work: ScratchDatabase) -> None:
    """Remove from ``missed`` work that may have been submitted on an unknown day."""
    work.con.execute(_MAY_HAVE_ARRIVED)


def _habit(
    notes: Mapping[SourceDay, DayNote],
    delivered: Mapping[str, Collection[dt.date]],
    source: str,
    school: str,
    day: dt.date,
) -> float:
    before = [
        each for each in delivered.get(source, ()) if day - HABIT_FROM <= each <= day - HABIT_TO
    ]
    if len(before) < LEAST_DAYS:
        return 0.0
    none = DayNote()
    return median(
        notes.get(SourceDay(source, each), none).strangers.get(school, 0.0) for each in before
    )


_MODULES = "(SELECT DISTINCT module, CAST(module_school AS VARCHAR) AS school FROM enrolments)"
_UNKNOWN = f"""
SELECT DISTINCT source, school, module, day FROM (
    SELECT unknown_schools.source, modules.module, modules.school, unknown_schools.day
    FROM unknown_schools JOIN {_MODULES} AS modules
        ON unknown_schools.school IS NULL OR modules.school = unknown_schools.school
)
"""  # noqa: S608
_NOTHING_EXPECTED = f"""
CREATE OR REPLACE VIEW stated AS
SELECT delivered_rows.* REPLACE (
    CASE WHEN one.student IS NOT NULL OR of_school.day IS NOT NULL THEN 0 ELSE expected END
    AS expected
)
FROM delivered_rows
LEFT JOIN unknown_students AS one
    ON one.student = delivered_rows.student AND one.day = delivered_rows.day
    AND one.source = CAST(delivered_rows.source AS VARCHAR)
LEFT JOIN ({_UNKNOWN}) AS of_school
    ON of_school.day = delivered_rows.day AND of_school.module = delivered_rows.module
    AND of_school.source = CAST(delivered_rows.source AS VARCHAR)
"""  # noqa: S608
_MAY_HAVE_ARRIVED = f"""
DELETE FROM missed WHERE EXISTS (
    SELECT 1 FROM unknown_students AS one
    WHERE one.student = missed.student AND one.source = CAST(missed.source AS VARCHAR)
        AND one.day BETWEEN missed.due - {MAY_BE_EARLY} AND missed.due + {MAY_BE_LATE}
) OR EXISTS (
    SELECT 1 FROM ({_UNKNOWN}) AS of_school
    WHERE of_school.module = missed.module AND of_school.source = CAST(missed.source AS VARCHAR)
        AND of_school.day BETWEEN missed.due - {MAY_BE_EARLY} AND missed.due + {MAY_BE_LATE}
)
"""  # noqa: S608
