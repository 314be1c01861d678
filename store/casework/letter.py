"""Which mail comes next on the ladder, to which address, in which words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from store.letters import Placeholders, render
from store.queries.ladder import answered_rung, ladder_of
from store.rules.case import Actor, Case
from store.rules.errors import InvalidInput, NotPossibleNow
from store.rules.ladder import MAIL_RUNGS
from store.rules.model import FlagState, MarkerFamily, Purpose, Rung
from store.rules.policy import SchoolPolicy
from store.rules.words import listed, on_day
from store.tables import flags, schools, students

LONGEST_SUBJECT = 150
LONGEST_BODY = 3000
"""Characters: what the narrowest platform's form can take, so that a mail is always editable."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail before it is a draft."""

    rung: Rung
    sender: str
    recipient: str
    subject: str
    body: str
    purpose: Purpose = Purpose.ENGAGEMENT
    returned: str = ""
    """Why an approver sent the draft back."""


def compose_for(
    connection: sa.Connection,
    case: Case,
    writer: Actor,
    policy: SchoolPolicy,
    purpose: Purpose = Purpose.ENGAGEMENT,
    *,
    today: dt.date,
) -> Letter:
    """The mail of the case's next rung, from this writer, about the flags that still speak."""
    if purpose is Purpose.WELFARE:
        rung = Rung.UNIVERSITY_EMAIL
    else:
        rung = _next_rung(connection, case, policy, today)
    student = connection.execute(sa.select(students).where(students.c.id == case.student)).one()
    school = connection.execute(sa.select(schools).where(schools.c.id == case.school)).one()
    reasons = connection.execute(
        sa.select(flags.c.reason_student)
        .where(flags.c.case_id == case.id, flags.c.state == FlagState.ACTIVE)
        .order_by(flags.c.raised_on, flags.c.id)
    ).scalars()
    subject, body = render(
        # Words about welfare speak of no data: the discreet ones, to the university address.
        Rung.PERSONAL_EMAIL if purpose is Purpose.WELFARE else rung,
        Placeholders(
            given_name=student.given_name,
            writer=writer.name,
            school=school.name,
            mailbox=policy.outreach.mailbox,
            writer_role=_role(writer, case.school),
            sources=_sources(connection, case),
            reasons=tuple(dict.fromkeys(reasons)),
            signposts=tuple(
                f"{each.name}, for {each.helps_with}: {each.contact}" for each in policy.services
            ),
        ),
    )
    return Letter(rung, policy.outreach.mailbox, _address(rung, student), subject, body, purpose)


def _role(writer: Actor, school: int) -> str:
    """What the writer is in the home school, as the student may know it."""
    roles = sorted(role.label for role in writer.roles.get(school, ()))
    return listed(roles)


def _sources(connection: sa.Connection, case: Case) -> str:
    """Where it was seen and how fresh that is, as a sentence; '' without an active flag."""
    rows = connection.execute(
        sa.select(flags.c.family, sa.func.min(flags.c.fresh))
        .where(flags.c.case_id == case.id, flags.c.state == FlagState.ACTIVE)
        .group_by(flags.c.family)
        .order_by(flags.c.family)
    )
    fresh = {MarkerFamily(family).label: day for family, day in rows}
    if not fresh:
        return ""
    oldest = on_day(min(fresh.values()))
    return f"This comes from our records of {listed(list(fresh))}, up to {oldest}."


def _next_rung(connection: sa.Connection, case: Case, policy: SchoolPolicy, today: dt.date) -> Rung:
    """The next rung of the school's ladder, which has to be a mail; after an answer, its own.

    The wait of the rung before is a proposal, so a person may write earlier; the school's order
    is not.
    """
    ladder = ladder_of(connection, case, policy, today)
    if ladder.answered_on:
        return answered_rung(connection, case.id) or Rung.UNIVERSITY_EMAIL
    following = ladder.following
    if following in MAIL_RUNGS:
        return following
    if following is not None:
        raise NotPossibleNow(
            f"{case.reference}: {following.label} is the next step of your school's contact "
            "ladder. Use Contact ladder to take it; then a mail may follow."
        )
    raise NotPossibleNow(
        f"{case.reference}: every mail on your school's contact ladder has been used. "
        "Record a call or a meeting with Log."
    )


def _address(rung: Rung, student: sa.Row[tuple[object, ...]]) -> str:
    address: str = (
        student.university_email if rung is Rung.UNIVERSITY_EMAIL else student.personal_email
    )
    if not address:
        raise InvalidInput(
            f"The roster holds no {rung.label} address for this student. "
            "Use Log for another kind of contact."
        )
    return address
