"""Read a case's progress on its school's contact ladder."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import sqlalchemy as sa

from store.db.read_once import read_once
from store.queries.cases.entries import leaves_at
from store.queries.contacts import answered_mail, contacts_of, end_of
from store.rules.cases.case import Case
from store.rules.cases.contact_ladder import Ladder, Taken, mail_taken, where_it_stands
from store.rules.model import AttemptResult, InterventionKind, OutreachStatus, Purpose, Rung
from store.rules.policies.policy import SchoolPolicy
from store.rules.students.contacts import ContactQuestion, newest_contact
from store.rules.students.digital_traces import SWIPES
from store.tables import attempts, audit, interventions, outreach, students

_ATTEMPTED = sa.select(attempts.c.id, attempts.c.rung, attempts.c.at, attempts.c.result).where(
    attempts.c.case_id == sa.bindparam("case")
)
_OF_SWIPES = sa.select(audit.c.details["attempt"].as_integer()).where(
    audit.c.subject == sa.bindparam("subject"),
    audit.c.action == "attempt",
    audit.c.details["looked_at"].as_string() == SWIPES,
)
_CALLED = sa.select(interventions.c.at, interventions.c.happened_on, interventions.c.reached).where(
    interventions.c.case_id == sa.bindparam("case"),
    interventions.c.kind == InterventionKind.CALL,
)
_MAILED = sa.select(
    outreach.c.rung,
    outreach.c.status,
    outreach.c.approved_at,
    outreach.c.sent_at,
    leaves_at().label("leaves"),
).where(outreach.c.case_id == sa.bindparam("case"), outreach.c.purpose == Purpose.ENGAGEMENT)
_ADDRESSES = sa.select(students.c.university_email, students.c.personal_email).where(
    students.c.id == sa.bindparam("student")
)


def ladder_of(
    connection: sa.Connection, case: Case, policy: SchoolPolicy, today: dt.date
) -> Ladder:
    """Return the ladder of a case on this day, with each step tried and its result."""
    swipes = bool(policy.traces.swipes)
    return where_it_stands(
        policy.ladder,
        _with_swipes_marked(connection, case.id) if swipes else taken_on(connection, case.id),
        # An answer from before the case was opened does not count.
        newest_contact(
            contacts_of(connection, case.student, policy.calendar, ContactQuestion.LADDER),
            ContactQuestion.LADDER,
            since=case.opened_on,
        ),
        policy.calendar,
        today,
        _without_address(connection, case.student),
        with_swipes=swipes,
    )


def taken_on(connection: sa.Connection, case_id: int) -> list[Taken]:
    """Return every step that was taken on a case: logged attempts and calls, and emails."""
    return [
        *_attempted(connection, case_id).values(),
        *_called(connection, case_id),
        *_mailed(connection, case_id),
    ]


def last_taken(connection: sa.Connection, case_id: int) -> Taken | None:
    """Return the newest step that was taken on a case, or None."""
    return max(taken_on(connection, case_id), key=lambda each: each.at, default=None)


def answered_rung(connection: sa.Connection, case_id: int) -> Rung | None:
    """Return the step of the email that the student answered last, or None."""
    answered = answered_mail(connection, case_id)
    found = connection.execute(
        sa.select(outreach.c.rung).where(outreach.c.id == answered)
    ).scalar_one_or_none()
    return None if found is None else Rung(found)


@read_once
def _attempted(connection: sa.Connection, case_id: int) -> Mapping[int, Taken]:
    rows = connection.execute(_ATTEMPTED, {"case": case_id})
    return {made: Taken(Rung(rung), at, AttemptResult(result)) for made, rung, at, result in rows}


@read_once
def _of_swipes(connection: sa.Connection, case_id: int) -> frozenset[int]:
    """Return the attempts that were looks at card swipes: only the audit tells them apart."""
    return frozenset(connection.execute(_OF_SWIPES, {"subject": f"case:{case_id}"}).scalars())


def _with_swipes_marked(connection: sa.Connection, case_id: int) -> list[Taken]:
    return [
        *looks_at_swipes(connection, case_id),
        *(
            each
            for made, each in _attempted(connection, case_id).items()
            if made not in _of_swipes(connection, case_id)
        ),
        *_called(connection, case_id),
        *_mailed(connection, case_id),
    ]


def looks_at_swipes(connection: sa.Connection, case_id: int) -> list[Taken]:
    """Return every look at card swipes on a case, oldest first."""
    found = _of_swipes(connection, case_id)
    looks = [
        replace(each, of_swipes=True)
        for made, each in _attempted(connection, case_id).items()
        if made in found
    ]
    return sorted(looks, key=lambda each: each.at)


@read_once
def _called(connection: sa.Connection, case_id: int) -> tuple[Taken, ...]:
    """Return the calls that were logged: each is a step by phone, answered or not."""
    rows = connection.execute(_CALLED, {"case": case_id})
    return tuple(
        Taken(
            Rung.PHONE,
            at if on is None else min(at, end_of(on)),
            AttemptResult.NO_ANSWER if reached is False else AttemptResult.REACHED,
        )
        for at, on, reached in rows
    )


@read_once
def _mailed(connection: sa.Connection, case_id: int) -> tuple[Taken, ...]:
    """Return the emails about engagement; those about welfare are not steps of the ladder."""
    rows = connection.execute(_MAILED, {"case": case_id})
    taken = (
        mail_taken(Rung(rung), OutreachStatus(status), approved, sent, leaves)
        for rung, status, approved, sent, leaves in rows
    )
    return tuple(each for each in taken if each)


@read_once
def _without_address(connection: sa.Connection, student: int) -> frozenset[Rung]:
    row = connection.execute(_ADDRESSES, {"student": student}).one()
    addresses = {
        Rung.UNIVERSITY_EMAIL: row.university_email,
        Rung.PERSONAL_EMAIL: row.personal_email,
    }
    return frozenset(rung for rung, address in addresses.items() if not address)


def logins_looked_at(connection: sa.Connection, case: int) -> AttemptResult | None:
    """Return the result of the newest check of logins for a case; None if there was none."""
    found = connection.execute(
        sa.select(attempts.c.result)
        .where(attempts.c.case_id == case, attempts.c.rung == Rung.DIGITAL_TRACES)
        .order_by(attempts.c.at.desc(), attempts.c.id.desc())
        .limit(1)
    ).scalar()
    return AttemptResult(found) if found else None
