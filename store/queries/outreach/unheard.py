"""Check whether a student may have answered in a message that Lantern has not read."""

from __future__ import annotations

import sqlalchemy as sa

from store.rules.cases.case import Outreach
from store.rules.model import TroubleKind
from store.tables import cases, outreach, troubles


def may_have_answered(connection: sa.Connection, student: int, mail: Outreach) -> bool:
    """Return whether the student may have answered in a message that Lantern cannot read.

    True where the email's mailbox cannot be read, or where a message about this student that
    arrived after the approval cannot be read. No email is then sent until a colleague looks.
    """
    approved_at = (
        sa.select(outreach.c.approved_at).where(outreach.c.id == mail.id).scalar_subquery()
    )
    mailbox = sa.and_(
        troubles.c.kind == TroubleKind.MAILBOX,
        sa.func.lower(troubles.c.key) == mail.sender.lower(),
    )
    message = sa.and_(
        troubles.c.kind == TroubleKind.MESSAGE,
        troubles.c.case_id.in_(sa.select(cases.c.id).where(cases.c.student_id == student)),
        sa.func.coalesce(troubles.c.arrived_at, troubles.c.since) >= approved_at,
    )
    query = sa.select(troubles.c.id).where(sa.or_(mailbox, message)).limit(1)
    return connection.execute(query).first() is not None
