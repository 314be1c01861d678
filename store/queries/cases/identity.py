"""Read who the student of a case is, and what they wrote."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from store.db import repository
from store.queries.cases.records import PrivateView
from store.queries.outreach.replies import came_back
from store.queries.student_facts import student_facts
from store.queries.students.messages import preference_words, words_said
from store.rules.model import AnswerKind
from store.tables import sayings


def private_view(connection: sa.Connection, case_id: int) -> PrivateView:
    """Return identity and words, decrypted. The caller has authorised and audited it."""
    row = _student(connection, case_id)
    came = came_back(connection, case_id)
    return PrivateView(
        name=f"{row.given_name} {row.family_name}",
        number=row.number,
        university_email=row.university_email,
        personal_email=row.personal_email,
        answers=came[AnswerKind.ANSWER],
        automatic=came[AnswerKind.AUTOMATIC],
        doubtful=came[AnswerKind.DOUBTFUL],
        said=words_said(connection, sayings.c.case_id == case_id),
        preference_words=preference_words(connection, row.id),
    )


def student_name(connection: sa.Connection, case_id: int) -> str:
    """Return only the name, for a school that shows names in its channel."""
    row = _student(connection, case_id)
    return f"{row.given_name} {row.family_name}"


def _student(connection: sa.Connection, case_id: int) -> Any:
    return student_facts(connection, repository.case(connection, case_id).student)
