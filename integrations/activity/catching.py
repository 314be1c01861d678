"""Select the students that a policy's rules may concern, among all that were measured."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import duckdb

from integrations.activity.clearing import LEAST_CLASS, clearing_tables, periods
from integrations.activity.errors import LakeError, is_of_the_machine, no_room
from integrations.activity.evidence_rows import Context, context_of
from integrations.activity.lake_folders import SourceDay
from integrations.activity.queries import make_table
from integrations.activity.relations import AgreedSource, criteria_table
from integrations.activity.scratch_database import ScratchDatabase
from integrations.activity.unknown_people import Unknown, not_missed_after_all
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

_FOUND = """
CREATE OR REPLACE TABLE found AS
WITH chosen AS (
    SELECT measures.*, caught.school
    FROM measures
    JOIN caught USING (student)
    WHERE caught.school IN (measures.home_school, measures.module_school)
),
lateness AS (
    SELECT school, student, module, source, COUNT(*) AS work_due,
        SUM(GREATEST(COALESCE(handed_in, CAST($through AS DATE)) - due, 0)) AS days_late
    FROM work
    JOIN criteria USING (school)
    SEMI JOIN caught USING (student)
    WHERE is_owed AND share >= arrived_share
    GROUP BY school, student, module, source
)
SELECT chosen.*, classes.number AS of_class, COALESCE(lateness.work_due, 0) AS work_due,
    CAST(COALESCE(lateness.days_late, 0) AS BIGINT) AS days_late
FROM chosen
JOIN classes USING (module, family, source)
LEFT JOIN lateness
    ON chosen.family = 'submissions'
    AND lateness.student = chosen.student
    AND lateness.module = chosen.module
    AND lateness.source = chosen.source
    AND lateness.school = chosen.school
"""


@dataclass(frozen=True, slots=True)
class Net:
    """The students that a policy selects; see ``ActivityEngine.evidence``."""

    criteria: Mapping[str, Criterion]
    also: Collection[int]
    clearing: Mapping[str, Clearing]


@dataclass(frozen=True, slots=True)
class Looked:
    """The days that the measures cover."""

    first: dt.date
    delivered: Mapping[str, frozenset[dt.date]]
    unmeasured: Mapping[str, frozenset[dt.date]]
    unknown: Unknown


def catch(
    work: ScratchDatabase,
    day: dt.date,
    agreed: Collection[AgreedSource],
    net: Net,
    looked: Looked,
) -> Context:
    """Create the tables ``found`` and ``missed`` in ``work``, for the selected students.

    Raises ``LakeError`` where the machine has no room to compute.
    """
    try:
        con = work.con
        criteria_table(work, net.criteria)
        work.table("also", {"student": "BIGINT"}, ((student,) for student in net.also))
        make_table(work, "missed", "missed")
        not_missed_after_all(work, looked.unknown)
        make_table(work, "caught", "caught")
        con.execute(
            "INSERT INTO caught SELECT unnest([home_school, module_school]) AS school, student "
            "FROM measures SEMI JOIN also USING (student) EXCEPT FROM caught"
        )
        con.execute(_CLASSES)
        con.execute(_FOUND, {"through": through(day)})
        known = [SourceDay(source, each) for source, of in looked.delivered.items() for each in of]
        days = periods(net.clearing, agreed, known, day)
        clearing_tables(work, days)
        make_table(work, "middles", "middle", {"least": LEAST_CLASS})
        make_table(work, "class_period", "class_period")
        _class_sessions(work, day)
        return context_of(con, days, looked.first, looked.unmeasured, looked.unknown)
    except duckdb.Error as error:
        # Every file has been read by now, so none of them is at fault.
        if is_of_the_machine(error):
            raise no_room(f"The measures of {day}", error) from None
        raise not_taken(day, error) from None


def _class_sessions(work: ScratchDatabase, day: dt.date) -> None:
    """Create the table ``class_sessions``: the weekly medians beside a student's own sessions."""
    weeks = enumerate(reversed([*weeks_back(through(day))]))
    work.table("weeks", {"week": "INTEGER", "days": "BIGINT"}, weeks)
    make_table(work, "class_sessions", "class_sessions", {"least": CLASS_WITH_MEDIAN})


def not_taken(day: dt.date, error: duckdb.Error) -> LakeError:
    """Return the error for measures that failed although every file can be read."""
    return LakeError(
        f"The measures of {day} could not be computed, although every file can be read "
        f"({type(error).__name__}): check that memory and disk have room.",
        permanent=False,
    )
