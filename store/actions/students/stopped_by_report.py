"""Undo the effects of a wrong report of a death on drafts and flags."""

from __future__ import annotations

import sqlalchemy as sa

from store.actions.outreach.expire_approval import draft_again
from store.actions.request import CaseRequest
from store.db import repository
from store.queries.students.exemptions import exempt_on
from store.rules.calendar import institution_day
from store.rules.model import FlagEnd, FlagState, OutreachStatus
from store.tables import deaths, flags, outreach


def draft_back(asked: CaseRequest, mail_id: int) -> bool:
    """Make a cancelled email a draft again; return whether its case still allowed it."""
    work = asked.work
    mail = repository.outreach_by_id(work.connection, mail_id)
    case = repository.case(work.connection, mail.case)
    if mail.status is not OutreachStatus.CANCELLED or case.is_closed:
        return False
    if mail.approver is not None:
        return draft_again(work, case, mail, ())
    if repository.current_draft(work.connection, case.id):
        return False
    work.connection.execute(
        sa.update(outreach)
        .where(outreach.c.id == mail.id)
        .values(status=OutreachStatus.DRAFT, version=outreach.c.version + 1, not_sent="")
    )
    return True


def flags_back(asked: CaseRequest) -> None:
    """Make flags active again that ended only because the student was reported to have died.

    The next screening judges them. In a school where the student is exempt for another reason
    they stay ended.
    """
    work, who = asked.work, asked.case.student
    reported_at = work.connection.execute(
        sa.select(sa.func.max(deaths.c.at)).where(deaths.c.student_id == who)
    ).scalar_one()
    if reported_at is None:
        return
    ended = (
        flags.c.student_id == who,
        flags.c.ended == FlagEnd.EXEMPT,
        flags.c.ended_on >= institution_day(reported_at),
    )
    schools = work.connection.execute(sa.select(flags.c.school_id).where(*ended).distinct())
    today = institution_day(work.now)
    for school in sorted(schools.scalars()):
        if who not in exempt_on(work.connection, school, today):
            work.connection.execute(
                sa.update(flags)
                .where(*ended, flags.c.school_id == school)
                .values(state=FlagState.ACTIVE, ended=None, ended_on=None)
            )
