"""Whom a day is about: the lake's copy of the roster, and who is left out of it."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from integrations.activity.scratch_database import locked
from integrations.bootstrap import Services
from store.queries.schools.roster import enrolment_rows, roster_revision, students_out_of_scope
from store.queries.students.exemptions import exempt_on
from store.rules.model import FlagEnd
from store.rules.policies.policy import SchoolPolicy


def left_out_of(
    connection: sa.Connection, school: int, policy: SchoolPolicy, day: dt.date
) -> dict[int, FlagEnd]:
    """Students of whom a school finds nothing on this day, and why their flags end."""
    outside = students_out_of_scope(connection, policy.scope)
    return dict.fromkeys(outside, FlagEnd.OUT_OF_SCOPE) | dict.fromkeys(
        exempt_on(connection, school, day), FlagEnd.EXEMPT
    )


def refresh_roster(services: Services) -> None:
    """Write the lake's copy of the enrolments, where the roster has changed since.

    One process at a time: the night's work and a lead who asks must not undo each other's copy.
    """
    lake = services.lake
    mark = lake.roster.with_suffix(".revision")
    with locked(lake.roster.parent / ".copying"), services.store.database.read() as connection:
        revision = roster_revision(connection)
        if lake.roster.exists() and mark.exists() and mark.read_text() == revision:
            return
        lake.write_roster(enrolment_rows(connection))
        # After the copy, so that a run that dies in between writes it again.
        mark.write_text(revision)
