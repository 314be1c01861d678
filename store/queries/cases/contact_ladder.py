"""Read a case's progress on its school's contact ladder."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace

import sqlalchemy as sa

from store.db.read_once import Of, read_each
from store.queries.cases.entries import entries_of
from store.queries.contacts import answered_mail, contacts_of, end_of_day
from store.queries.student_facts import student_facts
from store.rules.cases.case import Case
from store.rules.cases.contact_ladder import Ladder, Taken, mail_taken, where_it_stands
from store.rules.model import AttemptResult, InterventionKind, OutreachStatus, Purpose, Rung
from store.rules.policies.policy import SchoolPolicy
from store.rules.students.contacts import ContactQuestion, newest_contact
from store.rules.students.digital_traces import SWIPES
from store.tables import attempts, audit

_OF_SWIPES = sa.select(audit.c.subject, audit.c.details["attempt"].as_integer()).where(
    audit.c.subject.in_(sa.bindparam("subjects", expanding=True)),
    audit.c.action == "attempt",
    audit.c.details["looked_at"].as_string() == SWIPES,
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


def answered_rung(connection: sa.Connection, case: Case) -> Rung | None:
    """Return the step of the email that the student answered last, or None."""
    answered = answered_mail(connection, case.student, case.id)
    mails = entries_of(connection, case.id)["mails"]
    return next((Rung(each.what) for each in mails if each.id == answered), None)


def _attempted(connection: sa.Connection, case_id: int) -> Mapping[int, Taken]:
    return {
        each.id: Taken(Rung(each.what), each.at, AttemptResult(each.result))
        for each in entries_of(connection, case_id)["attempts"]
    }


@read_each(Of.CASE)
def _of_swipes(connection: sa.Connection, these: Collection[int]) -> Mapping[int, frozenset[int]]:
    """Return the attempts that were looks at card swipes: only the audit tells them apart."""
    subjects = {f"case:{each}": each for each in these}
    found: defaultdict[int, set[int]] = defaultdict(set)
    for subject, attempt in connection.execute(_OF_SWIPES, {"subjects": list(subjects)}):
        found[subjects[subject]].add(attempt)
    return {each: frozenset(found[each]) for each in these}


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


def _called(connection: sa.Connection, case_id: int) -> tuple[Taken, ...]:
    """Return the calls that were logged: each is a step by phone, answered or not."""
    return tuple(
        Taken(
            Rung.PHONE,
            each.at if each.on is None else min(each.at, end_of_day(each.on)),
            AttemptResult.REACHED if each.holds else AttemptResult.NO_ANSWER,
        )
        for each in entries_of(connection, case_id)["interventions"]
        if each.what == InterventionKind.CALL
    )


def _mailed(connection: sa.Connection, case_id: int) -> tuple[Taken, ...]:
    """Return the emails about engagement; those about welfare are not steps of the ladder."""
    taken = (
        mail_taken(
            Rung(each.what),
            OutreachStatus(each.result),
            each.approved_at,
            each.sent_at,
            each.leaves,
        )
        for each in entries_of(connection, case_id)["mails"]
        if each.about == Purpose.ENGAGEMENT
    )
    return tuple(each for each in taken if each)


def _without_address(connection: sa.Connection, student: int) -> frozenset[Rung]:
    facts = student_facts(connection, student)
    addresses = {
        Rung.UNIVERSITY_EMAIL: facts.university_email,
        Rung.PERSONAL_EMAIL: facts.personal_email,
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
