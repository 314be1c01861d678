"""Find cases of which every reason is over, and emails that told what was corrected since.

Such a case asks for no view and for no email about engagement; it is closed. An alert and a use of
the welfare route are reasons of their own, and where the student has answered, the conversation
goes on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from store.db.batches import chunks
from store.queries.cases.flag_ends import end_words, over_on
from store.queries.contacts import select_answers, signs
from store.rules.calendar import institution_day
from store.rules.letters.approval_basis import unpacked
from store.rules.letters.letter import LetterKind
from store.rules.model import CaseStatus, FlagEnd, FlagState, OutreachStatus, Purpose
from store.rules.students.contacts import COUNTS, ContactQuestion
from store.rules.text.formatting import listed
from store.tables import alerts, cases, emergencies, flags, outreach

ASKS_FOR_CONTACT = frozenset(
    {CaseStatus.OPEN, CaseStatus.DISCUSSING, CaseStatus.AGREED, CaseStatus.IN_CONTACT}
)
"""The statuses in which a case would ask for a view, an email or the next step of contact."""


@dataclass(frozen=True, slots=True)
class EndedReasons:
    """Why the reasons of a case ended, in words, each once; and since when, where that is known."""

    names: tuple[str, ...]
    since: dt.date | None


_answers = select_answers()
_same_student = flags.alias("same_student")
_ENDED = (FlagState.CLEARED, FlagState.WITHDRAWN)


def _has(*which: sa.ColumnElement[bool]) -> sa.Exists:
    """Whether there is such a row for the case of the query around."""
    return sa.exists().where(*which).correlate(cases)


_IS_OVER = sa.and_(
    _has(flags.c.case_id == cases.c.id, flags.c.state.in_(_ENDED)),
    # One that waits for the next screening to join the case counts as well.
    ~_has(
        _same_student.c.student_id == cases.c.student_id,
        _same_student.c.state == FlagState.ACTIVE,
        (_same_student.c.case_id == cases.c.id)
        | (_same_student.c.case_id.is_(None) & _same_student.c.hold_id.is_(None)),
    ),
    ~_has(alerts.c.case_id == cases.c.id),
    ~_has(emergencies.c.case_id == cases.c.id),
    ~_has(_answers.c.student_id == cases.c.student_id, _answers.c.at >= cases.c.opened_at),
)


def ended_reasons(connection: sa.Connection, which: Iterable[int]) -> dict[int, EndedReasons]:
    """Return those of these cases of which every reason is over, by id."""
    found: dict[int, EndedReasons] = {}
    for part in chunks(sorted(which)):
        over = sa.select(cases.c.id).where(cases.c.id.in_(part), _IS_OVER)
        rows = connection.execute(
            sa.select(flags)
            .where(flags.c.case_id.in_(over), flags.c.state.in_(_ENDED))
            .order_by(flags.c.id)
        ).all()
        for case in dict.fromkeys(row.case_id for row in rows):
            of_case = [row for row in rows if row.case_id == case]
            names = dict.fromkeys(filter(None, (end_words(connection, row) for row in of_case)))
            days = [day for row in of_case if (day := over_on(row))]
            found[case] = EndedReasons(tuple(names), max(days, default=None))
    return found


def cases_to_close(
    connection: sa.Connection, which: Iterable[sa.ColumnElement[bool]]
) -> dict[int, EndedReasons]:
    """Return the cases that fit these conditions and would ask for contact, but have no reason
    left."""
    query = sa.select(cases.c.id).where(*which, cases.c.status.in_(sorted(ASKS_FOR_CONTACT)))
    return ended_reasons(connection, connection.execute(query).scalars().all())


def nothing_left(connection: sa.Connection, case: int, purpose: Purpose) -> str:
    """Say that an email of this purpose has no reason left, and why; '' where it has one."""
    if purpose is Purpose.WELFARE:
        return ""
    over = ended_reasons(connection, [case]).get(case)
    if over is None:
        return ""
    why = f" ({listed(over.names)})" if over.names else ""
    return f"every reason of the case is over{why}"


def misinformed_on(connection: sa.Connection, case: int) -> tuple[dt.date, ...]:
    """Return the days of emails that told the student what later data corrected.

    Not once a colleague has been in touch with the student again.
    """
    of_case = outreach.c.case_id == case
    sent = connection.execute(
        sa.select(outreach.c.sent_at, outreach.c.opened_on, outreach.c.letter).where(
            of_case, outreach.c.status == OutreachStatus.SENT, outreach.c.sent_at.is_not(None)
        )
    ).all()
    corrected = _corrected_on(connection, case) if sent else {}
    wrong: dict[dt.date, dt.date] = {}
    for mail in sent:
        basis = unpacked(mail.opened_on)
        days = [corrected[flag] for flag in (basis.flags if basis else ()) if flag in corrected]
        day = institution_day(mail.sent_at)
        if mail.letter == LetterKind.UNIVERSITY_EMAIL and days and day <= max(days):
            wrong[day] = max(days)
    touched = [institution_day(mail.sent_at) for mail in sent] + _met_on(connection, case)
    return tuple(
        day
        for day, known in sorted(wrong.items())
        if not any(each > day and each >= known for each in touched)
    )


def _corrected_on(connection: sa.Connection, case: int) -> dict[int, dt.date]:
    rows = connection.execute(
        sa.select(flags.c.id, flags.c.ended_on).where(
            flags.c.case_id == case,
            flags.c.ended == FlagEnd.CORRECTED,
            flags.c.ended_on.is_not(None),
        )
    )
    return {row.id: row.ended_on for row in rows}


def _met_on(connection: sa.Connection, case: int) -> list[dt.date]:
    """List the days on which a colleague was in touch with the student, on any of their cases."""
    met = signs(COUNTS[ContactQuestion.MET])
    student = sa.select(cases.c.student_id).where(cases.c.id == case).scalar_subquery()
    rows = connection.execute(sa.select(met.c.at, met.c.on).where(met.c.student_id == student))
    return [row.on or institution_day(row.at) for row in rows]


def cases_corrected(connection: sa.Connection, which: Collection[int], day: dt.date) -> list[int]:
    """Return those of these cases with a flag that this day's screening corrected, by id."""
    found: set[int] = set()
    for part in chunks(sorted(which)):
        query = sa.select(flags.c.case_id).where(
            flags.c.case_id.in_(part),
            flags.c.ended == FlagEnd.CORRECTED,
            flags.c.ended_on == day,
        )
        found |= set(connection.execute(query.distinct()).scalars())
    return sorted(found)
