"""Find the closed case that a new one follows, and its owner."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping

import sqlalchemy as sa

from store.db.batches import chunks
from store.queries.schools.cover import stand_ins
from store.queries.schools.staff import colleagues
from store.queries.students.ended_cases import EndedCase, grace_of, newest_closed
from store.rules.access.permissions import Action
from store.rules.model import FlagState
from store.tables import cases, complaints, flags

_GOES_ON = (FlagState.ACTIVE, FlagState.CARRIED)


def followed(
    connection: sa.Connection, school: int, who: Collection[int], day: dt.date
) -> dict[int, EndedCase]:
    """Map each student to the closed case that a case opened on ``day`` follows.

    That is a case with flags that continue, or one that was closed within the time of grace. Cases
    that ended before that are not connected.
    """
    closed = newest_closed(connection, who)
    ids = [each.id for each in closed.values()]
    unfinished = set(
        connection.execute(
            sa.select(flags.c.case_id)
            .where(flags.c.case_id.in_(ids), flags.c.state.in_(_GOES_ON))
            .distinct()
        ).scalars()
    )
    grace = grace_of(connection, school, day)
    return {
        student: each
        for student, each in closed.items()
        if each.id in unfinished or day < grace.ends_on(each.closed_at)
    }


def owners_who_go_on(
    connection: sa.Connection, school: int, follows: Mapping[int, EndedCase], day: dt.date
) -> dict[int, int]:
    """Map each student to the closed case's owner, if that colleague can own the new case too."""
    if not follows:
        return {}
    barred = barred_from(connection, follows)
    able = {person.id for person in colleagues(connection, school, Action.TAKE)}
    able -= stand_ins(connection, school, day).keys()
    return {
        student: each.owner
        for student, each in follows.items()
        if each.school == school and each.owner in able - barred.get(student, set())
    }


def barred_from(connection: sa.Connection, who: Iterable[int]) -> dict[int, set[int]]:
    """Map each student with open complaints to the staff who are the subjects of them."""
    found: dict[int, set[int]] = {}
    for part in chunks(sorted(who)):
        rows = connection.execute(
            sa.select(cases.c.student_id, complaints.c.about_id)
            .select_from(cases)
            .join(complaints, complaints.c.case_id == cases.c.id)
            .where(
                cases.c.student_id.in_(part),
                complaints.c.about_id.is_not(None),
                complaints.c.resolved_at.is_(None),
            )
        )
        for student, about in rows:
            found.setdefault(student, set()).add(about)
    return found
