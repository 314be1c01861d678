"""Check whether a student may be emailed at all, by the current facts.

Checked when an email is drafted, when it is approved and again just before it is sent.
"""

from __future__ import annotations

import datetime as dt
from typing import Protocol

import sqlalchemy as sa

from store.policies.versions import school_policy
from store.queries.cases.ended_reasons import nothing_left
from store.queries.cases.entries import entries_of
from store.queries.contacts import emails_sent
from store.queries.schools.leads import has_trained_lead
from store.queries.students.exemptions import exemption_on
from store.queries.students.messages import preference_of
from store.rules.access.death import stopped
from store.rules.calendar import institution_day
from store.rules.cases import lifecycle
from store.rules.cases.case import Case
from store.rules.cases.lifecycle import Move
from store.rules.errors import NotPossibleNow
from store.rules.letters.approval_basis import write_nothing
from store.rules.model import ExemptionKind, Purpose, Rung
from store.rules.outreach.guards import PERIOD_DAYS, check_cap, check_wishes


class Moment(Protocol):
    """The time and connection for the checks: a unit of work, or a look that changes nothing."""

    @property
    def connection(self) -> sa.Connection:
        """The database connection to read from."""
        ...

    @property
    def now(self) -> dt.datetime:
        """The time of the check, UTC."""
        ...


def check_contact(work: Moment, case: Case, purpose: Purpose, rung: Rung | None = None) -> None:
    """Raise ``NotPossibleNow`` with the reason where the student may not be emailed.

    An email about welfare is possible despite a pause, a complaint or an exemption (paragraphs 13
    and 27), but only by the welfare route, which names the person who used it and why. No email is
    possible after a death.
    """
    check_may_be_written(work, case, purpose, rung)
    if purpose is Purpose.WELFARE:
        lifecycle.after(case, Move.WELFARE)
    else:
        lifecycle.after(case, Move.CONTACT)
    if not has_trained_lead(work.connection, case.school):
        raise NotPossibleNow(
            "This school cannot send emails until the training of an engagement lead is "
            "recorded. Ask another trained engagement lead, or the faculty's lead, to record "
            "it, for example with /lantern train lena today. If there is no trained lead yet, "
            "your Lantern administrator enters the first in the column trained_on of staff.csv."
        )
    if purpose is Purpose.ENGAGEMENT:
        most = school_policy(
            work.connection, case.school, institution_day(work.now)
        ).outreach.most_in_a_week
        since = work.now - dt.timedelta(days=PERIOD_DAYS)
        sent = emails_sent(work.connection, case.student)
        check_cap(sum(each >= since for each in sent), most)


def check_may_be_written(
    work: Moment, case: Case, purpose: Purpose, rung: Rung | None = None
) -> None:
    """Check the conditions that forbid even drafting an email.

    Raises ``NotPossibleNow`` where the student died, a complaint is open, the student is exempt or
    every reason of the case has ended.
    """
    exempt = exemption_on(work.connection, case.student, institution_day(work.now))
    if exempt is ExemptionKind.DECEASED:
        raise stopped(case.reference)
    if purpose is Purpose.WELFARE:
        if not has_emergency(work.connection, case.id):
            raise NotPossibleNow(
                f"{case.reference}: an email about welfare needs the welfare route first. "
                "Use Welfare concern under More and say why."
            )
        return
    if case.complaint:
        on = f" about the earlier case {case.complaint_on}" if case.complaint_on else ""
        raise NotPossibleNow(
            f"{case.reference}: a complaint{on} is open, so you cannot email the student about "
            "engagement. For a welfare concern, use Welfare concern under More."
        )
    if exempt is not None:
        raise NotPossibleNow(
            f"{case.reference}: the student is exempt now ({exempt.label}), so you cannot write to "
            "them about engagement."
        )
    if over := nothing_left(work.connection, case.id, purpose):
        raise NotPossibleNow(write_nothing(over))
    wish = preference_of(work.connection, case.student)
    check_wishes(wish.way, wish.has_opted_out, rung)


def has_emergency(connection: sa.Connection, case_id: int) -> bool:
    """Return whether the welfare route has been used on the case."""
    return bool(entries_of(connection, case_id)["emergencies"])
