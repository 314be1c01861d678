"""Tell whose address a reply came from."""

from __future__ import annotations

import sqlalchemy as sa

from store.db.unit_of_work import UnitOfWork
from store.rules.outreach.mail_match import MatchCandidate
from store.tables import outreach, staff, students


def is_ours(work: UnitOfWork, mail: MatchCandidate, sender: str) -> bool:
    """Return whether a colleague or a school's mailbox wrote it, rather than the student.

    A student who also teaches has the same address in both roles, and answers as the student.
    """
    if is_students_address(work, mail, sender):
        return False
    address = sender.lower()
    ours = sa.union_all(
        sa.select(staff.c.id).where(sa.func.lower(staff.c.email) == address),
        sa.select(outreach.c.id).where(sa.func.lower(outreach.c.sender) == address),
    )
    return work.connection.execute(ours.limit(1)).first() is not None


def is_students_address(work: UnitOfWork, mail: MatchCandidate, sender: str) -> bool:
    """Return whether the email went to this address, or the roster has it for the student."""
    address = sender.lower()
    theirs = sa.union_all(
        sa.select(outreach.c.id).where(
            outreach.c.id == mail.mail, sa.func.lower(outreach.c.recipient) == address
        ),
        sa.select(students.c.id).where(
            students.c.id == mail.student,
            sa.or_(
                sa.func.lower(students.c.university_email) == address,
                sa.func.lower(students.c.personal_email) == address,
            ),
        ),
    )
    return work.connection.execute(theirs.limit(1)).first() is not None
