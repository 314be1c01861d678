"""List the mailboxes that schools send from, where answers may arrive."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from store.policies.versions import policy_in_force
from store.queries.schools.staff import all_schools
from store.rules.model import OutreachStatus
from store.tables import cases, data_letters, data_requests, outreach


def mailboxes_in_use(connection: sa.Connection, day: dt.date) -> dict[str, int]:
    """Map every mailbox where an answer may arrive to its school's id, sorted by address.

    These are the mailboxes from which an email to a student was or may have been sent, and those
    that the policies of such schools name on this day: answers reach a renamed mailbox too.
    """
    left = (OutreachStatus.SENT, OutreachStatus.BOUNCED, OutreachStatus.UNKNOWN)
    on_cases = (
        sa.select(outreach.c.sender, sa.func.max(cases.c.school_id).label("school"))
        .join(cases, cases.c.id == outreach.c.case_id)
        .where(outreach.c.status.in_(left))
        .group_by(outreach.c.sender)
    )
    about_data = (
        sa.select(data_letters.c.sender, sa.func.max(data_requests.c.school_id).label("school"))
        .join(data_requests, data_requests.c.id == data_letters.c.request_id)
        .where(data_letters.c.sent_at.is_not(None))
        .group_by(data_letters.c.sender)
    )
    sent = connection.execute(sa.union_all(about_data, on_cases))
    used = {row.sender: row.school for row in sent}
    named = {
        found.policy.outreach.mailbox: school
        for school in set(used.values())
        if (found := policy_in_force(connection, school, day))
    }
    return dict(sorted((named | used).items()))


def school_mailboxes(connection: sa.Connection, day: dt.date) -> list[tuple[str, str]]:
    """Return (school's code, mailbox) of every school whose policy is in force on this day."""
    published = [
        (school.code, policy_in_force(connection, school.id, day))
        for school in all_schools(connection)
    ]
    return [(code, found.policy.outreach.mailbox) for code, found in published if found]


def school_of_mailbox(connection: sa.Connection, address: str) -> int | None:
    """Return a school that has sent from this mailbox; None for none."""
    query = sa.select(cases.c.school_id).join(outreach, outreach.c.case_id == cases.c.id)
    found: int | None = connection.execute(
        query.where(outreach.c.sender == address).order_by(outreach.c.id.desc()).limit(1)
    ).scalar_one_or_none()
    return found
