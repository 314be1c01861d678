"""Read every contact with a student, of all cases and schools: the only query for it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa

from store.db.read_once import Of, read_each
from store.db.together import Together
from store.rules.calendar import INSTITUTION, Calendar
from store.rules.model import AnswerKind, AttemptResult, InterventionKind, OutreachStatus, Purpose
from store.rules.students.contacts import COUNTS, Contact, ContactKind, ContactQuestion
from store.rules.students.digital_traces import Trace
from store.rules.students.messages import PREFERENCES
from store.tables import (
    attempts,
    audit,
    cases,
    interventions,
    outreach,
    referrals,
    replies,
    sayings,
    students,
)

CHATTED = "chat"
"""The audit action for a student who wrote to Lantern in Teams, once a day at most."""

_K = ContactKind
_Part = sa.Select[Any]


@cache
def signs(kinds: frozenset[ContactKind]) -> sa.Subquery:
    """Select stored contacts of these kinds: student_id, case_id, outreach_id, kind, at, on.

    ``case_id`` and ``outreach_id``, the email that was answered, are NULL where there is none;
    ``on`` is the day of the contact where it differs from that of ``at``.
    """
    parts = [part(kind) for kind, part in _PARTS.items() if kind in kinds]
    return sa.union_all(*parts).subquery("signs")


def select_answers() -> sa.Subquery:
    """Select every message that a student wrote or said themself."""
    return signs(COUNTS[ContactQuestion.ANSWERED])


def contacts_of(
    connection: sa.Connection,
    student: int,
    calendar: Calendar,
    question: ContactQuestion,
    traces: Iterable[Trace] = (),
) -> tuple[Contact, ...]:
    """Return the contacts that count for a question, oldest first: when, kind, source.

    ``traces`` are findings in the activity sources, where the caller has checked them.
    """
    kinds = COUNTS[question]
    contacts = [
        _contact(calendar, ContactKind(row.kind), row.at, row.on, row.reference or "")
        for row in _stored(connection, student)
        if ContactKind(row.kind) in kinds
    ]
    if _K.ACTIVITY in kinds:
        contacts += [
            _contact(calendar, _K.ACTIVITY, end_of_day(each.last_seen), each.last_seen, each.source)
            for each in traces
            if each.last_seen
        ]
    return tuple(sorted(contacts, key=lambda each: (each.at, each.kind)))


def times(connection: sa.Connection, student: int, question: ContactQuestion) -> int:
    """Count the student's stored contacts that count for a question."""
    return sum(ContactKind(row.kind) in COUNTS[question] for row in _stored(connection, student))


def engaged_on(
    connection: sa.Connection, first: dt.date, last: dt.date
) -> frozenset[tuple[int, dt.date]]:
    """Return (student, day) of every meeting with staff logged on a case in these days."""
    found = signs(COUNTS[ContactQuestion.ENGAGEMENT])
    rows = connection.execute(sa.select(found.c.student_id, found.c.at, found.c.on))
    days = ((student, on or at.astimezone(INSTITUTION).date()) for student, at, on in rows)
    return frozenset((student, day) for student, day in days if first <= day <= last)


def answered_mail(connection: sa.Connection, student: int, case_id: int) -> int | None:
    """Return the id of the email on this case that its student answered last; None: none."""
    answered = [
        (row.at, row.outreach_id)
        for row in _stored(connection, student)
        if row.case_id == case_id
        and row.outreach_id is not None
        and ContactKind(row.kind) in COUNTS[ContactQuestion.ANSWERED]
    ]
    return max(answered)[1] if answered else None


def answered_on(connection: sa.Connection, student: int, case_id: int) -> dt.datetime | None:
    """Return when the student's newest answer on this case arrived; None where there is none.

    A colleague has to read that answer before they write again.
    """
    counts = COUNTS[ContactQuestion.WELFARE]
    came = (
        row.at
        for row in _stored(connection, student)
        if row.case_id == case_id and ContactKind(row.kind) in counts
    )
    return max(came, default=None)


def emails_sent(connection: sa.Connection, student: int) -> tuple[dt.datetime, ...]:
    """Return when each email about engagement was sent to the student, by any school."""
    return tuple(row.sent_at for row in _passed(connection, student)[1])


def _contact(
    calendar: Calendar, kind: ContactKind, at: dt.datetime, on: dt.date | None, where: str
) -> Contact:
    """Return a row as a contact. One known only by its day counts at the end of that day.

    So our own attempts of that day count as earlier.
    """
    day = on or calendar.local(at).date()
    return Contact(min(at, end_of_day(on)) if on else at, day, kind, where)


def end_of_day(day: dt.date) -> dt.datetime:
    """Return the end of a day, used as the instant of a contact known only by its day."""
    end = dt.datetime.combine(day, dt.time(23, 59, 59), INSTITUTION)
    return end.astimezone(dt.UTC)


def _replies(kind: ContactKind) -> _Part:
    here = replies.c.case_id == cases.c.id
    came = AnswerKind.DOUBTFUL if kind is _K.UNCHECKED else AnswerKind.ANSWER
    return _row(kind, cases.c.student_id, cases.c.id, replies.c.outreach_id, replies.c.received_at)(
        here, replies.c.kind == came
    )


def _sayings(kind: ContactKind) -> _Part:
    is_wish = sayings.c.kind.in_(sorted(PREFERENCES))
    which = is_wish if kind is _K.WISH else sa.not_(is_wish)
    of, case, mail = sayings.c.student_id, sayings.c.case_id, sayings.c.outreach_id
    return _row(kind, of, case, mail, sayings.c.at)(which)


def _attempts(kind: ContactKind) -> _Part:
    result = AttemptResult.REACHED if kind is _K.REACHED else AttemptResult.TRACES_SEEN
    of = cases.c.student_id
    return _row(kind, of, cases.c.id, None, attempts.c.at, attempts.c.seen_on)(
        attempts.c.case_id == cases.c.id, attempts.c.result == result
    )


def _interventions(kind: ContactKind) -> _Part:
    logged = InterventionKind.MEETING if kind is _K.MEETING else InterventionKind.CALL
    of, on = cases.c.student_id, interventions.c.happened_on
    return _row(kind, of, cases.c.id, None, interventions.c.at, on)(
        interventions.c.case_id == cases.c.id,
        interventions.c.kind == logged,
        # Where it was not recorded whether the student was there, they count as there.
        interventions.c.reached.is_not(False),
    )


def _referrals(kind: ContactKind) -> _Part:
    """Select referrals with the student's consent, which a colleague asked them for."""
    return _row(kind, cases.c.student_id, cases.c.id, None, referrals.c.at)(
        referrals.c.case_id == cases.c.id, referrals.c.consented
    )


def _visits(kind: ContactKind) -> _Part:
    """Select visits in the audit: pages opened by an email's link or signed in, and chats in Teams.

    Staying on a page after signing in is not another visit.
    """
    by_link, action = audit.c.details["outreach"].as_string().is_not(None), audit.c.action
    which = (
        sa.or_(action == "sign-in", action.in_(("link-opened", "my-data")) & by_link)
        if kind is _K.SIGN_IN
        else action.in_((CHATTED, "my-data")) & sa.not_(by_link)
    )
    subject = sa.literal("student:") + sa.cast(students.c.id, sa.Text)
    return _row(kind, students.c.id, None, None, audit.c.at)(audit.c.subject == subject, which)


_PARTS: dict[ContactKind, Callable[[ContactKind], _Part]] = {
    _K.REPLY: _replies,
    _K.UNCHECKED: _replies,
    _K.MESSAGE: _sayings,
    _K.WISH: _sayings,
    _K.REACHED: _attempts,
    _K.TRACES: _attempts,
    _K.MEETING: _interventions,
    _K.CALL: _interventions,
    _K.REFERRAL: _referrals,
    _K.CHAT: _visits,
    _K.SIGN_IN: _visits,
}
"""The table of each kind. Activity is in the lake; a caller that read it hands it in."""


def _row(
    kind: ContactKind,
    student: sa.ColumnElement[int],
    case: sa.ColumnElement[int] | None,
    mail: sa.ColumnElement[int] | None,
    at: sa.ColumnElement[dt.datetime],
    on: sa.ColumnElement[dt.date] | None = None,
) -> Callable[..., _Part]:
    columns = (
        student.label("student_id"),
        _or_null(case, sa.BigInteger).label("case_id"),
        _or_null(mail, sa.BigInteger).label("outreach_id"),
        sa.literal(kind.value).label("kind"),
        at.label("at"),
        _or_null(on, sa.Date).label("on"),
    )
    return lambda *which: sa.select(*columns).where(*which)


def _or_null(column: sa.ColumnElement[Any] | None, kind: type[Any]) -> sa.ColumnElement[Any]:
    return sa.cast(sa.null(), kind) if column is None else column


_EVERY = signs(frozenset(ContactKind))
_OF_STUDENTS = (
    sa.select(_EVERY, cases.c.reference)
    .outerjoin(cases, cases.c.id == _EVERY.c.case_id)
    .where(_EVERY.c.student_id.in_(sa.bindparam("these", expanding=True)))
)


_SENT = (
    sa.select(cases.c.student_id, outreach.c.sent_at)
    .join(outreach, outreach.c.case_id == cases.c.id)
    .where(
        cases.c.student_id.in_(sa.bindparam("these", expanding=True)),
        outreach.c.purpose == Purpose.ENGAGEMENT,
        outreach.c.status == OutreachStatus.SENT,
        outreach.c.sent_at.is_not(None),
    )
)
_PASSED = Together(_OF_STUDENTS, _SENT)


@read_each(Of.STUDENT)
def _passed(
    connection: sa.Connection, these: Collection[int]
) -> Mapping[int, tuple[tuple[Any, ...], tuple[Any, ...]]]:
    """Return what passed between a student and us: all contacts that are stored, as ``signs`` has
    them, each with the reference of its case; and the emails about engagement that left."""
    contacts, sent = (_by_student(rows) for rows in _PASSED.rows(connection, {"these": [*these]}))
    return {each: (tuple(contacts[each]), tuple(sent[each])) for each in these}


def _by_student(rows: Iterable[Any]) -> defaultdict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.student_id].append(row)
    return found


def _stored(connection: sa.Connection, student: int) -> tuple[Any, ...]:
    return _passed(connection, student)[0]
