"""Determine which days of a source are measured, for a school or a student.

A day is measured where a delivery covers it, its file is intact, and neither the school nor the
student is missing from it (``unknown_people``). Rows alone do not make a day measured. The
screening, digital traces, Fitness to Study, the feeds' lists and the doctor all use this module.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import duckdb

from integrations.activity.day_notes import DayNote
from integrations.activity.errors import is_of_the_machine, no_room, roster_unreadable
from integrations.activity.feed_health import ThinDay, thin_days_of
from integrations.activity.lake import Lake
from integrations.activity.lake_folders import SourceDay
from integrations.activity.mornings import Morning, Mornings
from integrations.activity.records import AskRecords
from integrations.activity.relations import (
    agreed_sources,
    enrolments_table,
    rows_of,
    source_tables,
    stated_view,
)
from integrations.activity.unknown_people import Unknown, unknown_of
from store.rules.flag_rules.base import through
from store.rules.flag_rules.settling import is_remembered

LOOKBACK_DAYS = 120
"""How far back the screening looks, and every other reader too, so that all find the same habits.
Longer than any vacation, to tell a student last seen before one from one never seen."""
LOOKBACK = dt.timedelta(days=LOOKBACK_DAYS)
ONE_DAY = dt.timedelta(days=1)

DaysBySource = Mapping[str, frozenset[dt.date]]
"""Source → days."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The measured days up to the day before a morning."""

    delivered: DaysBySource
    unknown: Unknown = field(default_factory=Unknown)
    schools: Mapping[int, frozenset[str]] = field(default_factory=dict)
    """Student → their home school and those of their modules."""
    corrected: frozenset[str] = frozenset()
    """The sources that lately corrected a day, or delivered one late."""

    def of_school(self, code: str) -> DaysBySource:
        """Return the measured days of a school."""
        return self._without(self.unknown.of(0, [code], {}))

    def of_student(self, student: int) -> DaysBySource:
        """Return the measured days of a student; those of all schools if theirs are unknown."""
        schools = self.schools.get(student) or {school for _, school in self.unknown.schools}
        return self._without(self.unknown.of(student, schools, {}))

    def _without(self, unknown: DaysBySource) -> DaysBySource:
        none: frozenset[dt.date] = frozenset()
        return {each: days - unknown.get(each, none) for each, days in self.delivered.items()}


def judge(
    lake: Lake, con: duckdb.DuckDBPyConnection | None, mornings: Mornings
) -> dict[Morning, Measured]:
    """Determine the measured days before each morning from the tables in ``con``.

    These are ``delivered_rows``, ``enrolments`` and ``agreed``.
    """
    delivered = {each: lake.days_delivered(first_of(each.day), each.through) for each in mornings}
    thin: dict[Morning, list[ThinDay]] = {each: [] for each in mornings}
    if con is not None:
        of_all = {
            each.mark + source: frozenset(map(each.later, days)) if each.moved else days
            for each, of in delivered.items()
            for source, days in of.items()
        }
        for marked, school, later in thin_days_of(con, of_all):
            morning, source = mornings.of(marked)
            day = later - dt.timedelta(morning.moved)
            thin[morning].append((source, mornings.of(school)[1] if school else school, day))
    found = {}
    for each, of in delivered.items():
        notes = lake.notes(first_of(each.day), each.through)
        unknown = unknown_of(notes, of, thin[each])
        found[each] = Measured(of, unknown, corrected=corrected_lately(notes, each.day))
    return found


def corrected_lately(notes: Mapping[SourceDay, DayNote], day: dt.date) -> frozenset[str]:
    """Return the sources whose days have to settle, on the morning of ``day``."""
    return frozenset(
        which.source
        for which, note in notes.items()
        if note.corrected and is_remembered(note.corrected, day)
    )


def first_of(day: dt.date) -> dt.date:
    """Return the first day that a screening on the morning of ``day`` covers."""
    return through(day) - LOOKBACK + ONE_DAY


def measured_days(lake: Lake, records: AskRecords, day: dt.date) -> Measured:
    """Return the measured days on the morning of ``day``, as its screening determines them.

    Without a roster there are no schools. Raises ``LakeError`` where the roster is
    damaged or the machine has no room; a damaged file is a day of which nothing is known.
    """
    alone = Mornings([day])
    (morning,) = alone
    if not lake.roster.exists():
        return judge(lake, None, alone)[morning]
    first, last = first_of(day), through(day)
    with records() as known:
        agreed = agreed_sources(policy for _, policy in known.policies(day).values())
    with lake.workspace() as work:
        try:
            enrolments_table(work, lake.roster, day)
        except duckdb.Error as error:
            raise roster_unreadable(lake.roster, error) from None
        source_tables(work, agreed, lake.newest_days(last))
        try:
            stated_view(work, rows_of(work, "files", lake.files(first, last).values()))
            found = judge(lake, work.con, alone)[morning]
        except duckdb.Error as error:
            if is_of_the_machine(error):
                raise no_room(f"The measured days before {day}", error) from None
            lake.set_aside_damaged(first, last)
            stated_view(work, rows_of(work, "files", lake.files(first, last).values()))
            found = judge(lake, work.con, alone)[morning]
        return replace(found, schools=_schools(work.con))


def _schools(con: duckdb.DuckDBPyConnection) -> dict[int, frozenset[str]]:
    rows = con.execute(
        "SELECT DISTINCT student, CAST(home_school AS VARCHAR), CAST(module_school AS VARCHAR) "
        "FROM enrolments"
    ).fetchall()
    found: dict[int, frozenset[str]] = {}
    for student, *schools in rows:
        found[student] = found.get(student, frozenset()) | frozenset(schools)
    return found
