"""Check that a student's answer was read before we write to them, or close their case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from store.actions.disclose import SHOWS_NO_READER, Shows
from store.actions.outreach.check_contact import Moment
from store.db.read_once import Of, read_each
from store.queries.contacts import signs
from store.rules.cases.case import Case
from store.rules.errors import NotPossibleNow
from store.rules.students.contacts import COUNTS, ContactQuestion
from store.tables import audit


def is_answer_unread(connection: sa.Connection, case: int, reader: int | None = None) -> bool:
    """Return whether the newest answer on a case is still unread: by ``reader``, or by everyone."""
    read = _readers(connection, case)
    if read is None:
        return False
    return f"staff:{reader}" not in read if reader else not read


@read_each(Of.CASE)
def _readers(
    connection: sa.Connection, these: Collection[int]
) -> Mapping[int, frozenset[str] | None]:
    """Return who has read the newest answer on a case, as actors of the audit; None where the
    student has not answered."""
    answers = signs(COUNTS[ContactQuestion.WELFARE])
    query = (
        sa.select(answers.c.case_id, sa.func.max(answers.c.at))
        .where(answers.c.case_id.in_(these))
        .group_by(answers.c.case_id)
    )
    newest: dict[int, dt.datetime] = dict(connection.execute(query).all())
    found: dict[int, set[str]] = {each: set() for each in newest}
    for row in _looks(connection, newest):
        case = int(row.subject.removeprefix("case:"))
        details = row.details
        shows_it = Shows.ANSWERS in details.get("shows", "")
        if row.at >= newest[case] and shows_it and details.get("purpose") not in SHOWS_NO_READER:
            found[case].add(row.actor)
    return {each: frozenset(found[each]) if each in found else None for each in these}


def _looks(connection: sa.Connection, newest: Mapping[int, dt.datetime]) -> Sequence[Any]:
    """Read what colleagues did with these cases since the first of these moments."""
    if not newest:
        return ()
    return connection.execute(
        sa.select(audit.c.subject, audit.c.at, audit.c.actor, audit.c.details).where(
            audit.c.subject.in_([f"case:{case}" for case in newest]),
            audit.c.at >= min(newest.values()),
            audit.c.actor.like("staff:%"),
        )
    ).all()


def check_answer_read(work: Moment, case: Case, reader: int | None = None) -> None:
    """Check that ``reader``, or anyone, has read the newest answer on the case.

    Raises ``NotPossibleNow`` where they have not, with how to read it.
    """
    if is_answer_unread(work.connection, case.id, reader):
        who = "you have not read it" if reader else "no one has read it"
        raise NotPossibleNow(
            f"{case.reference}: the student has answered, and {who} yet. Read the answer first, "
            "with Reveal on the card."
        )
