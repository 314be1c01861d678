"""Compare what an email rested on when it was written or opened with what it rests on now."""

from __future__ import annotations

from store.policies.versions import policy_in_force
from store.queries.cases.entries import entries_of
from store.queries.cases.flags import flag_rows
from store.queries.contacts import times
from store.queries.readiness.check_contact import Moment
from store.queries.readiness.compose_letter import address_for
from store.queries.student_facts import student_facts
from store.rules.calendar import institution_day
from store.rules.cases.case import Case, Outreach
from store.rules.letters.approval_basis import Basis
from store.rules.model import FlagState, OutreachStatus, Purpose
from store.rules.students.contacts import ContactQuestion


def basis_of(work: Moment, case: Case, purpose: Purpose) -> Basis:
    """Return what an email of this purpose rests on now."""
    connection = work.connection
    met = times(connection, case.student, ContactQuestion.MET)
    if purpose is Purpose.WELFARE:
        return Basis(answers=times(connection, case.student, ContactQuestion.WELFARE), met=met)
    today = institution_day(work.now)
    published = policy_in_force(connection, case.school, today)
    speaking = [row for row in flag_rows(connection, case.id) if row.state == FlagState.ACTIVE]
    mails = entries_of(connection, case.id)["mails"]
    return Basis(
        policy=published.id if published else 0,
        flags=frozenset(row.id for row in speaking),
        answers=times(connection, case.student, ContactQuestion.ANSWERED),
        met=met,
        records={row.id: row.fresh for row in speaking},
        seen={row.id: row.seen_on for row in speaking if row.seen_on},
        written=today,
        bounced=sum(each.result == OutreachStatus.BOUNCED for each in mails),
        corrected={row.id: row.corrected_at.isoformat() for row in speaking if row.corrected_at},
    )


def address_now(work: Moment, case: Case, mail: Outreach) -> str:
    """Return the address for this email from today's roster; ``InvalidInput`` where it has none."""
    return address_for(mail.rung, student_facts(work.connection, case.student))
