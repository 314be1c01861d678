"""The words of a mail that somebody wrote, checked before they are kept."""

from __future__ import annotations

import sqlalchemy as sa

from store.actions.outreach.compose_letter import LONGEST_BODY, LONGEST_SUBJECT
from store.actions.request import CaseRequest
from store.rules.errors import InvalidInput
from store.rules.model import Rung
from store.rules.text.limits import within
from store.rules.text.tone import check_discreet, check_supportive
from store.tables import flags, schools, students


def checked_words(asked: CaseRequest, rung: Rung, subject: str, body: str) -> tuple[str, str]:
    """Subject and body, tidied. ``InvalidInput`` says beside which field what is wrong."""
    subject, body = " ".join(subject.split()), body.replace("\r\n", "\n").strip()
    for field, text, longest in (
        ("subject", subject, LONGEST_SUBJECT),
        ("body", body, LONGEST_BODY),
    ):
        if not text:
            raise InvalidInput(f"Please write the mail's {field}.", field=field)
        within(text, longest, field)
    quoting = _quoted(asked)
    for field, text in (("subject", subject), ("body", body)):
        check_supportive(text, quoting=quoting, field=field)
        if rung is Rung.PERSONAL_EMAIL:
            check_discreet(text, quoting=quoting, field=field)
    return subject, body


def _quoted(asked: CaseRequest) -> tuple[str, ...]:
    """Names that may hold any word: somebody called Poor may write, or be written to."""
    connection, case = asked.work.connection, asked.case
    student = connection.execute(
        sa.select(students.c.given_name, students.c.family_name).where(
            students.c.id == case.student
        )
    ).one()
    school = connection.execute(
        sa.select(schools.c.name).where(schools.c.id == case.school)
    ).scalar_one()
    # What a reason quotes, such as an assessment's title, is the school's own word for it.
    reasons = connection.execute(
        sa.select(flags.c.reason_student).where(flags.c.case_id == case.id)
    ).scalars()
    return (*student, school, asked.actor.name, *reasons)
