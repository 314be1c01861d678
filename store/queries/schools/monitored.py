"""Read which students a school monitors and by which policy, as of one moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import sqlalchemy as sa

from store.db.database import Database
from store.db.read_once import Of, shown_together
from store.policies.versions import policy_in_force, why_not_screened
from store.queries.contacts import engaged_on
from store.queries.schools.left_out import left_out_of
from store.queries.schools.roster import (
    cohorts,
    enrolment_rows,
    roster_revision,
    student_levels,
)
from store.queries.schools.staff import all_schools, school_named
from store.queries.schools.unwatched import unwatched
from store.queries.students.adjustments import Agreed, adjustments_between
from store.queries.students.exemptions import back_since
from store.queries.students.references import numbers, references
from store.rules.model import FlagEnd, Level
from store.rules.policies.overrides import Override
from store.rules.policies.policy import SchoolPolicy


class Monitored:
    """The record store's facts for the activity lake, all as of one moment.

    Schools and students are internal numbers.
    """

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def roster_revision(self) -> str:
        """Return a value that changes with every delivery of the roster; '' before the first."""
        return roster_revision(self._connection)

    def enrolments(self) -> list[tuple[int, str, str, str, dt.date, dt.date | None]]:
        """Return every enrolment as (student, home school, module, module's school,
        starts, ends).
        """
        return enrolment_rows(self._connection)

    def school(self, code: str) -> int:
        """Return the school of this code. Raises ``InvalidInput`` where there is none."""
        return school_named(self._connection, code).id

    def policies(self, day: dt.date) -> dict[str, tuple[int, SchoolPolicy]]:
        """Map the code of each school with a policy in force on this day to both."""
        schools = all_schools(self._connection)
        shown_together(self._connection, Of.SCHOOL, (each.id for each in schools))
        return {
            each.code: (each.id, found.policy)
            for each in schools
            if (found := policy_in_force(self._connection, each.id, day))
        }

    def policy(self, school: int, day: dt.date) -> tuple[int, SchoolPolicy] | None:
        """Return the version and the policy in force on this day; None where there is none."""
        found = policy_in_force(self._connection, school, day)
        return (found.version, found.policy) if found else None

    def why_not_screened(self, school: int, day: dt.date) -> str:
        """Return a sentence if no policy of the school is in force, else ''."""
        return why_not_screened(self._connection, school, day)

    def left_out(
        self, school: int, policy: SchoolPolicy, day: dt.date
    ) -> dict[int, FlagEnd | None]:
        """Map students who get no flags from a school on this day to the reason."""
        return left_out_of(self._connection, school, policy, day)

    def unwatched(self, school: int, day: dt.date) -> dict[int, str]:
        """Map students of the school that no rule looks at to the reason, in words."""
        return unwatched(self._connection, school, day)

    def cohorts(self, school: int, day: dt.date) -> dict[str, int]:
        """Map each module's code to the number of students on it on this day."""
        return cohorts(self._connection, school, day)

    def levels(self, overrides: Sequence[Override]) -> Mapping[int, Level]:
        """Map students to levels, for those levels with thresholds of their own in a policy."""
        return student_levels(self._connection, overrides)

    def back_since(self, day: dt.date, within: dt.timedelta) -> dict[int, dt.date]:
        """Map students to the first day that counts again after a recent exemption."""
        return back_since(self._connection, day, within)

    def adjustments(self, first: dt.date, last: dt.date) -> list[Agreed]:
        """Return what colleagues agreed not to expect of students in these days."""
        return adjustments_between(self._connection, first, last)

    def engaged_on(self, first: dt.date, last: dt.date) -> frozenset[tuple[int, dt.date]]:
        """Return (student, day) of every meeting with staff logged on a case in these days."""
        return engaged_on(self._connection, first, last)

    def references(self, who: Sequence[int], school: int) -> dict[int, str]:
        """Map students to the reference of their newest case in this school."""
        return references(self._connection, who, school)

    def numbers(self, who: Sequence[int]) -> dict[int, str]:
        """Map students to the university's number in words; the caller records who sees it."""
        return numbers(self._connection, who)


@contextmanager
def monitored(database: Database) -> Iterator[Monitored]:
    """Open the store's facts for the activity lake, all as of now."""
    with database.read() as connection:
        yield Monitored(connection)
