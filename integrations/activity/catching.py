"""Select the students that a policy's rules may concern, among all that were measured."""

# ruff: noqa: S608 -- the SQL is put together from our own texts; values are parameters.

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

import duckdb

from integrations.activity.clearing import LEAST_CLASS, clearing_tables, periods
from integrations.activity.errors import LakeError, is_of_the_machine, no_room
from integrations.activity.evidence_rows import Context, Looked, context_of
from integrations.activity.lake_folders import SourceDay
from integrations.activity.mornings import STUDENTS, Morning, Mornings
from integrations.activity.queries import make_table
from integrations.activity.relations import AgreedSource, criteria_table
from integrations.activity.scratch_database import ScratchDatabase
from integrations.activity.unknown_people import not_missed_after_all
from store.rules.flag_rules.base import Clearing, Criterion, through
from store.rules.flag_rules.session_weeks import CLASS_WITH_MEDIAN, weeks_back

# The facts of a module, family and source that all of its students share. There are a few thousand,
# and the rows of students hold only a class's number. Enumerations sort by their texts.
_CLASSES = """
CREATE OR REPLACE TABLE classes AS
SELECT CAST(row_number() OVER (ORDER BY module, family, source) - 1 AS INTEGER) AS number, *
FROM (
    SELECT module, family, source,
        any_value(fresh) AS fresh, any_value(module_school) AS module_school,
        bool_or(last_done IS NOT NULL OR expected_28 > 0 OR days_expected > 0) AS is_spoken_of
    FROM measures
    GROUP BY module, family, source
)
"""

# A student caught on one morning may have a flag on the later ones. Which students have one is
# known only when a replay gets there, and it takes them from these.
_FOLLOWED = f"""
INSERT INTO also
SELECT DISTINCT caught.student % {STUDENTS} + mornings.base AS student
FROM caught JOIN mornings ON mornings.number > caught.student // {STUDENTS}
"""

_CHOSEN = """
CREATE OR REPLACE TABLE chosen AS
SELECT school, student, bool_or(is_caught) AS is_caught
FROM (
    SELECT school, student, true AS is_caught FROM caught
    UNION ALL
    SELECT unnest([home_school, module_school]) AS school, student, false
    FROM measures SEMI JOIN also USING (student)
)
GROUP BY school, student
"""

_FOUND = """
CREATE OR REPLACE TABLE found AS
WITH of_chosen AS (
    SELECT measures.*, chosen.school, chosen.is_caught
    FROM measures
    JOIN chosen USING (student)
    WHERE chosen.school IN (measures.home_school, measures.module_school)
),
lateness AS (
    SELECT school, student, module, source, COUNT(*) AS work_due,
        SUM(GREATEST(COALESCE(handed_in, CAST($through AS DATE)) - due, 0)) AS days_late
    FROM work
    JOIN criteria USING (school)
    SEMI JOIN chosen USING (student)
    WHERE is_owed AND share >= arrived_share
    GROUP BY school, student, module, source
)
SELECT of_chosen.*, classes.number AS of_class, COALESCE(lateness.work_due, 0) AS work_due,
    CAST(COALESCE(lateness.days_late, 0) AS BIGINT) AS days_late
FROM of_chosen
JOIN classes USING (module, family, source)
LEFT JOIN lateness
    ON of_chosen.family = 'submissions'
    AND lateness.student = of_chosen.student
    AND lateness.module = of_chosen.module
    AND lateness.source = of_chosen.source
    AND lateness.school = of_chosen.school
"""

_WEEKS = """
CREATE OR REPLACE TABLE weeks AS
SELECT schools.school, weeks_of_all.week, weeks_of_all.days
FROM (SELECT DISTINCT module_school AS school FROM classes) AS schools
JOIN weeks_of_all
    ON weeks_of_all.mark IS NULL OR starts_with(CAST(schools.school AS VARCHAR), weeks_of_all.mark)
"""


@dataclass(frozen=True, slots=True)
class Net:
    """The students that a policy selects; see ``ActivityEngine.evidence``."""

    criteria: Mapping[str, Criterion]
    also: Callable[[], Collection[int]]
    """Returns the students with active flags: in a replay, once the day before has been judged."""
    clearing: Mapping[str, Clearing] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked about one morning; see ``ActivityEngine.evidence``."""

    day: dt.date
    agreed: Collection[AgreedSource]
    nets: Sequence[Net]
    back: Mapping[int, dt.date] = field(default_factory=dict)
    met: Collection[tuple[int, dt.date]] = ()


def catch(
    work: ScratchDatabase,
    mornings: Mornings,
    asked: Sequence[Asked],
    net: int,
    looked: Mapping[Morning, Looked],
) -> Context:
    """Create the tables ``found`` and ``missed`` in ``work``, for the selected students.

    ``net`` is the place of the net among those of each morning. Raises ``LakeError`` where the
    machine has no room to compute.
    """
    try:
        con = work.con
        nets = [(at, each.nets[net]) for at, each in zip(mornings, asked, strict=True)]
        criteria_table(
            work,
            {
                school: _moved(criterion, at)
                for at, each in nets
                for school, criterion in at.named(each.criteria).items()
            },
        )
        also = ((student + at.base,) for at, each in nets for student in each.also())
        work.table("also", {"student": "BIGINT"}, also)
        make_table(work, "missed", "missed")
        if any(each.unknown for each in looked.values()):
            not_missed_after_all(work)
        make_table(work, "caught", "caught")
        if not mornings.is_one:
            con.execute(_FOLLOWED)
            work.made.pop("also", None)
        con.execute(_CHOSEN)
        con.execute(_CLASSES)
        con.execute(_FOUND, {"through": through(mornings.day)})
        days = {
            at.mark + school: bits
            for (at, each), ask in zip(nets, asked, strict=True)
            for school, bits in periods(
                each.clearing, ask.agreed, _delivered(looked[at]), ask.day
            ).items()
        }
        clearing_tables(work, days)
        make_table(work, "middles", "middle", {"least": LEAST_CLASS})
        make_table(work, "class_period", "class_period")
        _class_sessions(work, mornings)
        return context_of(con, mornings, days, looked)
    except duckdb.Error as error:
        # Every file has been read by now, so none of them is at fault.
        if is_of_the_machine(error):
            raise no_room(f"The measures of {mornings.day}", error) from None
        raise not_taken(mornings.day, error) from None


def _moved(criterion: Criterion, at: Morning) -> Criterion:
    """Return the criterion with its days where the morning's are put."""
    if not at.moved:
        return criterion
    given = ((each.name, getattr(criterion, each.name)) for each in fields(criterion))
    moved: dict[str, Any] = {name: at.later(day) for name, day in given if isinstance(day, dt.date)}
    return replace(criterion, **moved)


def _delivered(looked: Looked) -> list[SourceDay]:
    return [SourceDay(source, each) for source, of in looked.delivered.items() for each in of]


def _class_sessions(work: ScratchDatabase, mornings: Mornings) -> None:
    """Create the table ``class_sessions``: the weekly medians beside a student's own sessions."""
    work.table(
        "weeks_of_all",
        {"mark": "VARCHAR", "week": "INTEGER", "days": "BIGINT"},
        (
            (each.mark, week, days)
            for each in mornings
            for week, days in enumerate(reversed([*weeks_back(each.through)]))
        ),
    )
    work.con.execute(_WEEKS)
    make_table(work, "class_sessions", "class_sessions", {"least": CLASS_WITH_MEDIAN})


def not_taken(day: dt.date, error: duckdb.Error) -> LakeError:
    """Return the error for measures that failed although every file can be read."""
    return LakeError(
        f"The measures of {day} could not be computed, although every file can be read "
        f"({type(error).__name__}): check that memory and disk have room.",
        permanent=False,
    )
