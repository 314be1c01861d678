"""Whether a student may be written to at all, on what is true now.

Asked when an email is drafted, when it is approved and again when it is about to leave.
"""

from __future__ import annotations

import datetime as dt
from typing import Protocol

import sqlalchemy as sa

from store.policies.versions import school_policy
from store.queries.schools.staff import has_trained_lead
from store.queries.students.exemptions import exemption_on
from store.queries.students.messages import preference_of
from store.rules.access.death import stopped
from store.rules.calendar import institution_day
from store.rules.cases import lifecycle
from store.rules.cases.case import Case
from store.rules.cases.lifecycle import Move
from store.rules.errors import NotPossibleNow
from store.rules.model import ExemptionKind, OutreachStatus, Purpose, Rung
from store.rules.outreach.guards import PERIOD_DAYS, check_cap, check_wishes
from store.tables import cases, emergencies, outreach


class Moment(Protocol):
    """When and on what it is asked: a unit of work, or a look that changes nothing."""

    @property
    def connection(self) -> sa.Connection:
        """What is stored."""
        ...

    @property
    def now(self) -> dt.datetime:
        """The instant."""
        ...


def check_contact(work: Moment, case: Case, purpose: Purpose, rung: Rung | None = None) -> None:
    """Let it pass, or raise ``NotPossibleNow`` saying what stands in the way.

    Concern for welfare goes past a pause, a complaint and an exemption (paragraphs 13 and 27), and
    only by the emergency route, which names who used it and why. Nothing goes past a death.
    """
    check_may_be_written(work, case, purpose, rung)
    if purpose is Purpose.WELFARE:
        lifecycle.after(case, Move.WELFARE)
    else:
        lifecycle.after(case, Move.CONTACT)
    if not has_trained_lead(work.connection, case.school):
        raise NotPossibleNow(
            "Sending is off in this school: it has no engagement lead whose training is recorded. "
            "Another engagement lead or the faculty's lead records it, for example with "
            "/lantern train lena today."
        )
    if purpose is Purpose.ENGAGEMENT:
        most = school_policy(
            work.connection, case.school, institution_day(work.now)
        ).outreach.most_in_a_week
        check_cap(_lately(work, case.student), most)


def _lately(work: Moment, student: int) -> int:
    """Emails about engagement that reached the student in the last days, from any school."""
    since = work.now - dt.timedelta(days=PERIOD_DAYS)
    return work.connection.execute(
        sa.select(sa.func.count())
        .select_from(outreach)
        .join(cases, cases.c.id == outreach.c.case_id)
        .where(
            cases.c.student_id == student,
            outreach.c.purpose == Purpose.ENGAGEMENT,
            outreach.c.status == OutreachStatus.SENT,
            outreach.c.sent_at >= since,
        )
    ).scalar_one()


def check_may_be_written(
    work: Moment, case: Case, purpose: Purpose, rung: Rung | None = None
) -> None:
    """The part of it that stops even a draft."""
    exempt = exemption_on(work.connection, case.student, institution_day(work.now))
    if exempt is ExemptionKind.DECEASED:
        raise stopped(case.reference)
    if purpose is Purpose.WELFARE:
        if not has_emergency(work.connection, case.id):
            raise NotPossibleNow(
                f"{case.reference}: a mail about welfare needs the welfare route first. "
                "Use Welfare concern under More and say why."
            )
        return
    if case.complaint:
        on = f" about the earlier case {case.complaint_on}" if case.complaint_on else ""
        raise NotPossibleNow(
            f"{case.reference}: a complaint{on} is open, so nobody writes to the student about "
            "engagement. A concern for their welfare has a way of its own under More."
        )
    if exempt is not None:
        raise NotPossibleNow(
            f"{case.reference}: the student is exempt now ({exempt.label}), so nobody writes to "
            "them about engagement."
        )
    wish = preference_of(work.connection, case.student)
    check_wishes(wish.way, wish.has_opted_out, rung)


def has_emergency(connection: sa.Connection, case_id: int) -> bool:
    """Whether somebody has used the welfare route on the case."""
    query = sa.select(emergencies.c.id).where(emergencies.c.case_id == case_id).limit(1)
    return connection.execute(query).first() is not None
