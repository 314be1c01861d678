"""Check the words of an email by a colleague or Lantern before they are saved."""

from __future__ import annotations

from textwrap import shorten

import sqlalchemy as sa

from store.actions.request import CaseRequest
from store.actions.think_again import ask_once
from store.db.unit_of_work import UnitOfWork
from store.letters.checks import Data, check_letter
from store.policies.versions import school_policy
from store.queries.module_titles import by_title
from store.rules.calendar import institution_day
from store.rules.cases.case import Actor, Case
from store.rules.errors import InvalidInput
from store.rules.flag_rules.measured_days import without_gaps
from store.rules.letters.left_out import refused_without, strange_greeting
from store.rules.letters.letter import LetterKind
from store.rules.letters.personal_address import added_sentences, names_of_studies
from store.rules.letters.welfare_words import on_the_studies
from store.rules.model import Rung
from store.rules.outreach.letter_to_send import LONGEST_BODY, LONGEST_SUBJECT, Letter
from store.rules.text.formatting import counted, listed
from store.rules.text.languages import unread
from store.rules.text.limits import within
from store.rules.text.tone.check import diagnoses, places
from store.tables import enrolments, flags, modules, schools, staff, staff_roles, students

_QUOTED = 3
"""Sentences that a question quotes: a form's error has little room."""


def validate_email_text(
    asked: CaseRequest, suggested: Letter, subject: str, body: str
) -> tuple[str, str]:
    """Return subject and body, tidied. ``InvalidInput`` names the field and what is wrong.

    ``suggested`` is the school's letter that the two replace.
    """
    subject, body = " ".join(subject.split()), body.replace("\r\n", "\n").strip()
    for field, text, longest in (
        ("subject", subject, LONGEST_SUBJECT),
        ("body", body, LONGEST_BODY),
    ):
        if not text:
            raise InvalidInput(f"Write the email's {field}.", field=field)
        within(text, longest, field)
    check_as_sent(asked.work, asked.case, asked.actor, suggested.rung, subject, body)
    check_letter_is_whole(asked.work, asked.case, suggested, body)
    if suggested.rung is Rung.PERSONAL_EMAIL:
        _check_no_module(asked, _added(suggested, subject, body))
    return subject, body


def check_letter_is_whole(work: UnitOfWork, case: Case, suggested: Letter, body: str) -> None:
    """Refuse an email that greets another person, or that lacks a question or an offer (§14).

    In a language that no check can read, the approver judges the second. Raises ``InvalidInput``.
    """
    names = _student_names(work, case)
    if stranger := strange_greeting(body, names):
        raise InvalidInput(
            f"This email greets “{stranger}”, which is not the student's name in the roster. "
            "Write the student's own name.",
            field="body",
        )
    missing = list(refused_without(suggested.kind, suggested.body, body))
    if missing and not unread(body, names):
        raise InvalidInput(
            "An email to a student needs a question and an offer. This one leaves out "
            f"{listed([each.part for each in missing])}. Add it, as in "
            f"{listed(list(dict.fromkeys(f'“{each.example}”' for each in missing)))}",
            field="body",
        )


def _check_no_module(asked: CaseRequest, added: list[str]) -> None:
    """Refuse the code or title of one of the student's modules before a personal address."""
    rows = asked.work.connection.execute(
        sa.select(modules.c.code, modules.c.title)
        .join(enrolments, enrolments.c.module_id == modules.c.id)
        .where(enrolments.c.student_id == asked.case.student)
    )
    titles = [name for row in rows for name in (row.code, row.title.strip())]
    if found := names_of_studies(added, titles):
        named = listed([f"“{each}”" for each in found])
        raise InvalidInput(
            "A personal address may be read by others, so this email cannot name a module. Leave "
            f"this out: {named}.",
            field="body",
        )


def ask_about_words(asked: CaseRequest, suggested: Letter, subject: str, body: str) -> None:
    """Ask once before an email names an illness (§25), holds sentences that no check can read, says
    more to a personal address than the school's letter does (§15), or speaks of the studies though
    it is about welfare (§13).

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
    words = body
    added = _added(suggested, subject, body)
    if suggested.kind is LetterKind.WELFARE and (studies := on_the_studies(added)):
        questions.append(
            f"An email about welfare asks how the student is. This speaks of the studies: "
            f"{_few(studies)}. Leave it out: contact about engagement needs a colleague's view "
            "first. Send it again to keep it."
        )
    if suggested.rung is Rung.PERSONAL_EMAIL and added:
        words = f"{subject}\n{body}"
        questions.append(
            f"This goes to a personal address, which others may read. You added: {_few(added)}. "
            "Check that it says nothing about the studies, health or reasons. Send it again to "
            "keep it, or change it."
        )
    if questions:
        ask_once(asked, words, "body", " ".join(questions))


def _added(suggested: Letter, subject: str, body: str) -> list[str]:
    """Return the sentences that the school's letter does not have."""
    return added_sentences(suggested.text, f"{subject}\n{body}")


def _few(added: list[str]) -> str:
    """Quote the first sentences and count the others; the author has the whole text on screen."""
    said = [f"“{shorten(each, 60, placeholder='…')}”" for each in added[:_QUOTED]]
    if len(added) > _QUOTED:
        said.append(counted(len(added) - _QUOTED, "more sentence"))
    return listed(said)


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
    # A letter names each gap in the data once, so a reason in it may lack its own sentence on gaps.
    said = (*reasons, *map(without_gaps, reasons))
    return Data.of(policy, *_people(work, case, writer), reasons=said)


def _people(work: UnitOfWork, case: Case, writer: Actor) -> set[str]:
    """Return the names of the student, of the school and of everyone who works there."""
    connection = work.connection
    school = connection.execute(
        sa.select(schools.c.name).where(schools.c.id == case.school)
    ).scalar_one()
    colleagues = connection.execute(
        sa.select(staff.c.name)
        .join(staff_roles, staff_roles.c.staff_id == staff.c.id)
        .where(staff_roles.c.school_id == case.school)
    ).scalars()
    return {*_student_names(work, case), school, writer.name, *colleagues}


def _student_names(work: UnitOfWork, case: Case) -> tuple[str, ...]:
    names = sa.select(students.c.given_name, students.c.family_name)
    return tuple(work.connection.execute(names.where(students.c.id == case.student)).one())
