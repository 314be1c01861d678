"""Check that a student's answer was read before we write to them, or close their case."""

from __future__ import annotations

import sqlalchemy as sa

from store.actions.disclose import SHOWS_NO_READER, Shows
from store.actions.outreach.check_contact import Moment
from store.queries.contacts import signs
from store.rules.cases.case import Case
from store.rules.errors import NotPossibleNow
from store.rules.students.contacts import COUNTS, ContactQuestion
from store.tables import audit


def is_answer_unread(connection: sa.Connection, case: int, reader: int | None = None) -> bool:
    """Return whether the newest answer on a case is still unread: by ``reader``, or by everyone."""
    answers = signs(COUNTS[ContactQuestion.WELFARE])
    newest = connection.execute(
        sa.select(sa.func.max(answers.c.at)).where(answers.c.case_id == case)
    ).scalar_one_or_none()
    if newest is None:
        return False
    looks = sa.select(audit.c.details).where(
        audit.c.subject == f"case:{case}",
        audit.c.at >= newest,
        audit.c.actor == f"staff:{reader}" if reader else audit.c.actor.like("staff:%"),
    )
    return not any(
        Shows.ANSWERS in details.get("shows", "") and details.get("purpose") not in SHOWS_NO_READER
        for details in connection.execute(looks).scalars()
    )


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
