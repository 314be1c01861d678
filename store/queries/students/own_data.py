"""Read what Lantern holds of a student, for that student alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from store.db.student_keys import open_notes
from store.letters.phrases import SAYINGS
from store.policies.versions import policy_in_force
from store.queries.students.flag_reasons import reasons_for_student
from store.rules.letters.letter import Language
from store.rules.model import AnswerKind, OutreachStatus
from store.tables import (
    CASE_IS_OPEN,
    automatic_replies,
    cases,
    enrolments,
    flags,
    modules,
    outreach,
    replies,
    schools,
    staff,
    students,
)


@dataclass(frozen=True, slots=True)
class OwnData:
    """A student's own view. ``reasons`` are in words for students; ``mails`` were sent or received.

    ``mailbox`` and ``adviser`` are for reaching a person; '' where there is none.
    """

    school: str
    programme: str
    modules: tuple[str, ...]
    case_since: dt.date | None
    reasons: tuple[str, ...]
    reasons_welsh: tuple[str, ...]
    """Each of the reasons in Welsh; '' where it is not known."""
    sources: str
    """Where the reasons come from, each source with the last day that is known; '' without any."""
    mails: tuple[tuple[dt.date, str], ...]
    answers: int
    adviser: str
    mailbox: str


def own_data(
    connection: sa.Connection,
    student: int,
    today: dt.date,
    language: Language = Language.ENGLISH,
) -> OwnData:
    """Return everything about one student that concerns engagement.

    ``language`` is that of ``sources``; the reasons are in both languages.
    """
    who = connection.execute(
        sa.select(students, schools.c.name.label("school"), staff.c.name.label("adviser"))
        .join(schools, schools.c.id == students.c.home_school_id)
        .outerjoin(staff, sa.and_(staff.c.id == students.c.adviser_id, staff.c.active))
        .where(students.c.id == student)
    ).one()
    taken = connection.execute(
        sa.select(modules.c.title)
        .join(enrolments, enrolments.c.module_id == modules.c.id)
        .where(
            enrolments.c.student_id == student,
            enrolments.c.ends.is_(None) | (enrolments.c.ends >= today),
        )
        .order_by(modules.c.title)
    ).scalars()
    since = connection.execute(
        sa.select(cases.c.opened_on).where(cases.c.student_id == student, CASE_IS_OPEN)
    ).scalar_one_or_none()
    # A flag that no case took up was shown to no one.
    shown = sa.and_(flags.c.student_id == student, flags.c.case_id.is_not(None))
    seen = reasons_for_student(connection, shown)
    published = policy_in_force(connection, who.home_school_id, today)
    return OwnData(
        school=who.school,
        programme=who.programme,
        modules=tuple(taken),
        case_since=since,
        reasons=seen.reasons,
        reasons_welsh=seen.welsh,
        sources=SAYINGS[language].sources(seen.fresh),
        mails=_mails(connection, student),
        answers=_answers(connection, student),
        adviser=who.adviser or "",
        mailbox=published.policy.outreach.mailbox if published else "",
    )


def _mails(connection: sa.Connection, student: int) -> tuple[tuple[dt.date, str], ...]:
    left = (OutreachStatus.SENT, OutreachStatus.BOUNCED)
    query = (
        sa.select(outreach.c.sent_at, outreach.c.subject)
        .join(cases, cases.c.id == outreach.c.case_id)
        .where(
            cases.c.student_id == student,
            outreach.c.status.in_(left),
            outreach.c.sent_at.is_not(None),
        )
    )
    replied = automatic_replies.c
    automatic = (
        sa.select(replied.sent_at, replied.subject)
        .join(cases, cases.c.id == replied.case_id)
        .where(cases.c.student_id == student, replied.sent_at.is_not(None))
    )
    found = [*connection.execute(query), *connection.execute(automatic)]
    subjects = open_notes(connection, [row.subject for row in found])
    told = sorted(zip((row.sent_at for row in found), subjects, strict=True))
    return tuple((sent.date(), subject) for sent, subject in told)


def _answers(connection: sa.Connection, student: int) -> int:
    query = (
        sa.select(sa.func.count())
        .select_from(replies)
        .join(cases, cases.c.id == replies.c.case_id)
        .where(cases.c.student_id == student, replies.c.kind == AnswerKind.ANSWER)
    )
    return int(connection.execute(query).scalar_one())
