"""Check the words of an email by a colleague or Lantern before they are saved."""

from __future__ import annotations

from textwrap import shorten

import sqlalchemy as sa

from store.actions.request import CaseRequest
from store.actions.think_again import ask_once
from store.db.unit_of_work import Store, UnitOfWork
from store.letters.checks import Data, check_letter
from store.policies.versions import school_policy
from store.queries.module_titles import by_title
from store.rules.calendar import institution_day
from store.rules.cases.case import Actor, Case
from store.rules.errors import InvalidInput
from store.rules.model import Rung
from store.rules.outreach.letter_to_send import LONGEST_BODY, LONGEST_SUBJECT
from store.rules.text.languages import unread
from store.rules.text.limits import within
from store.rules.text.tone import diagnoses, places
from store.tables import flags, schools, staff, staff_roles, students


def validate_email_text(asked: CaseRequest, rung: Rung, subject: str, body: str) -> tuple[str, str]:
    """Return subject and body, tidied. ``InvalidInput`` names the field and what is wrong."""
    subject, body = " ".join(subject.split()), body.replace("\r\n", "\n").strip()
    for field, text, longest in (
        ("subject", subject, LONGEST_SUBJECT),
        ("body", body, LONGEST_BODY),
    ):
        if not text:
            raise InvalidInput(f"Write the email's {field}.", field=field)
        within(text, longest, field)
    check_as_sent(asked.work, asked.case, asked.actor, rung, subject, body)
    return subject, body


def ask_about_words(store: Store, asked: CaseRequest, body: str) -> None:
    """Ask once before an email names an illness (§25) or holds sentences that no check can read.

    The same words pass the second time (§14). Raises ``ThinkAgain``.
    """
    questions = []
    if found := diagnoses(body):
        questions.append(
            f"This tells the student what illness they may have: {places(found)}. Keep it? Send "
            "it again to keep it, or name a service that can help instead."
        )
    if foreign := unread(body, _people(asked.work, asked.case, asked.actor)):
        first = shorten(foreign[0], 80, placeholder="…")
        questions.append(
            f"Lantern checks English and Welsh, and cannot check “{first}”. Send it again to keep "
            "it. The approver is told."
        )
    if questions:
        ask_once(store, asked, body, "body", " ".join(questions))


def check_as_sent(
    work: UnitOfWork, case: Case, writer: Actor, rung: Rung, subject: str, body: str
) -> None:
    """Refuse words that threaten, label or tell too much, whether by a person or by Lantern."""
    data = _data(work, case, writer)
    check_letter(subject, body, data, discreet=rung is Rung.PERSONAL_EMAIL)


def _data(work: UnitOfWork, case: Case, writer: Actor) -> Data:
    """Return names, which may be any word: a student or a colleague may be called Poor."""
    # Text that a reason quotes, such as an assessment's title, is the school's own.
    rows = work.connection.execute(
        sa.select(flags.c.module, flags.c.reason_student).where(flags.c.case_id == case.id)
    )
    reasons = by_title(work.connection, [(row.module, row.reason_student) for row in rows])
    policy = school_policy(work.connection, case.school, institution_day(work.now))
    return Data.of(policy, *_people(work, case, writer), reasons=tuple(reasons))


def _people(work: UnitOfWork, case: Case, writer: Actor) -> set[str]:
    """Return the names of the student, of the school and of everyone who works there."""
    connection = work.connection
    student = connection.execute(
        sa.select(students.c.given_name, students.c.family_name).where(
            students.c.id == case.student
        )
    ).one()
    school = connection.execute(
        sa.select(schools.c.name).where(schools.c.id == case.school)
    ).scalar_one()
    colleagues = connection.execute(
        sa.select(staff.c.name)
        .join(staff_roles, staff_roles.c.staff_id == staff.c.id)
        .where(staff_roles.c.school_id == case.school)
    ).scalars()
    return {*student, school, writer.name, *colleagues}
