"""Read who the student of a case is, and what they wrote."""

from __future__ import annotations

import sqlalchemy as sa

from store.encryption import Encryption
from store.queries.cases.records import PrivateView
from store.queries.outreach.replies import came_back
from store.queries.students.messages import preference_words, words_said
from store.rules.model import AnswerKind
from store.tables import cases, sayings, students


def private_view(connection: sa.Connection, seal: Encryption, case_id: int) -> PrivateView:
    """Return identity and words, decrypted. The caller has authorised and audited it."""
    row = connection.execute(
        sa.select(students)
        .join(cases, cases.c.student_id == students.c.id)
        .where(cases.c.id == case_id)
    ).one()
    return PrivateView(
        name=f"{row.given_name} {row.family_name}",
        number=row.number,
        university_email=row.university_email,
        personal_email=row.personal_email,
        answers=came_back(connection, seal, case_id, AnswerKind.ANSWER),
        automatic=came_back(connection, seal, case_id, AnswerKind.AUTOMATIC),
        doubtful=came_back(connection, seal, case_id, AnswerKind.DOUBTFUL),
        said=words_said(connection, seal, sayings.c.case_id == case_id),
        preference_words=preference_words(connection, seal, row.id),
    )


def student_name(connection: sa.Connection, case_id: int) -> str:
    """Return only the name, for a school that shows names in its channel."""
    given, family = connection.execute(
        sa.select(students.c.given_name, students.c.family_name)
        .join(cases, cases.c.student_id == students.c.id)
        .where(cases.c.id == case_id)
    ).one()
    return f"{given} {family}"
