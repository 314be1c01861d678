"""A student asks for a copy of their data or complains; an officer records other requests."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from store.actions.notices.notify import Notice, notify_people
from store.actions.notices.troubles import Trouble, note_within
from store.actions.privacy.data_letters import tell_student
from store.actions.privacy.request import on_student
from store.actions.request import Request
from store.db.student_keys import close_words
from store.db.unit_of_work import Store, UnitOfWork
from store.queries.schools.staff import protection_officers
from store.rules.access.permissions import Action
from store.rules.calendar import institution_day
from store.rules.errors import InvalidInput, NotPossibleNow
from store.rules.model import NoticeKind, TroubleKind
from store.rules.students.data_requests import (
    LONGEST_AGO,
    MOST_OPEN,
    DataAsk,
    check_reply,
    check_words,
)
from store.rules.students.data_steps import DataStep
from store.rules.students.links import without_secrets
from store.rules.students.urgent_words import may_speak_of_danger
from store.tables import data_questions, data_requests, students

ASKED_ALREADY = "You have asked for a copy already. Below you can see when you will get it."
TOO_MANY = (
    f"{MOST_OPEN} complaints of yours are open. This one was not sent. Wait for an answer, or "
    "write to the data protection officer."
)
NOT_OPEN = "This question was answered already, or your request is closed. Nothing was changed."


def no_officer(school: int) -> Trouble:
    """Return the trouble of a school whose students' requests no one may read."""
    reason = (
        "A student has asked about their data, and the school has no data protection officer to "
        "answer by the legal day. Name one in staff.csv."
    )
    return Trouble(TroubleKind.SCHOOL, f"officer:{school}", reason, school, is_final=True)


def ask_about_data(store: Store, student: int, kind: DataAsk, words: str, key: str) -> bool:
    """Save a student's own request once for its ``key``; False where it was saved before.

    It goes to the data protection officers of the home school, never to its lead.

    Raises:
        InvalidInput: words are missing or too long. The sentence is for the student.
        NotPossibleNow: one like it is open already. The sentence is for the student.
    """
    said = without_secrets(check_words(kind, words))
    with store.unit_of_work() as work:
        school = _school_of(work, student)
        kept = sa.select(data_requests.c.id).where(data_requests.c.key == key)
        if work.connection.execute(kept).first() is not None:
            return False
        _check_room(work, student, kind)
        number = _keep(work, student, school, kind, said, key, institution_day(work.now))
        who = f"student:{student}"
        work.record(who, f"ask-{kind}", who, data_request=number)
        return True


def record_data_request(
    store: Store, request: Request, number: str, kind: DataAsk, words: str, received: dt.date
) -> int:
    """Save a request that came by letter, by email or at a desk, and tell the student; return its
    number.

    Raises:
        NotAllowed: the person is not a data protection officer of any school.
        InvalidInput: no student of their schools has that number, or a field does not fit.
        NotPossibleNow: a request for a copy is open already.
    """
    said = check_words(kind, words)
    with on_student(store, request, Action.DATA_REQUESTS, number) as asked:
        today = institution_day(asked.work.now)
        if not today - LONGEST_AGO <= received <= today:
            raise InvalidInput(
                "Enter the day on which it came, today or in the last year.", field="received"
            )
        _check_room(asked.work, asked.student, kind, by_officer=True)
        found = _keep(
            asked.work,
            asked.student,
            asked.school,
            kind,
            said,
            f"recorded:{request.key}",
            received,
            asked.actor.id,
        )
        asked.record("record-data-request", data_request=found, kind=kind)
        tell_student(asked.work, found, DataStep.RECORDED, asked.actor.id)
        return found


def answer_question(store: Store, student: int, question: int, words: str) -> None:
    """Save a student's answer to a question about their request; the clock goes on from today.

    Raises:
        InvalidInput: words are missing or too long.
        NotPossibleNow: the question is answered, or is none of this student.
    """
    said = without_secrets(check_reply(words))
    with store.unit_of_work() as work:
        open_one = (
            sa.select(data_questions.c.id, data_requests.c.school_id, data_requests.c.id)
            .join(data_requests, data_requests.c.id == data_questions.c.request_id)
            .where(
                data_questions.c.id == question,
                data_requests.c.student_id == student,
                data_requests.c.answered_at.is_(None),
                data_questions.c.answered_at.is_(None),
            )
        )
        found = work.connection.execute(open_one).one_or_none()
        if found is None:
            raise NotPossibleNow(NOT_OPEN)
        changed = work.connection.execute(
            sa.update(data_questions)
            .where(data_questions.c.id == question, data_questions.c.answered_at.is_(None))
            .values(answered_at=work.now, answer=close_words(work.connection, student, said))
        )
        if not changed.rowcount:
            raise NotPossibleNow(NOT_OPEN)
        who = f"student:{student}"
        work.record(who, "reply-about-data-request", who, data_request=found[2])
        _tell_officers(work, found[1], found[2], f"{found[2]}:{question}", said)


def _school_of(work: UnitOfWork, student: int) -> int:
    """Return the home school, and lock the student, so that requests are saved in turn."""
    school: int | None = work.connection.execute(
        sa.select(students.c.home_school_id)
        .where(students.c.id == student, students.c.erased_at.is_(None))
        .with_for_update(key_share=True)
    ).scalar_one_or_none()
    if school is None:
        raise InvalidInput("Lantern no longer has your record. Write to your school.")
    return school


def _check_room(work: UnitOfWork, student: int, kind: DataAsk, *, by_officer: bool = False) -> None:
    query = sa.select(sa.func.count()).where(
        data_requests.c.student_id == student,
        data_requests.c.kind == kind,
        data_requests.c.answered_at.is_(None),
    )
    waiting = work.connection.execute(query).scalar_one()
    if kind is DataAsk.COPY and waiting:
        raise NotPossibleNow(
            "This student's request for a copy is open already: /lantern requests."
            if by_officer
            else ASKED_ALREADY
        )
    if waiting >= MOST_OPEN and not by_officer:
        raise NotPossibleNow(TOO_MANY)


def _keep(
    work: UnitOfWork,
    student: int,
    school: int,
    kind: DataAsk,
    words: str,
    key: str,
    received: dt.date,
    recorded_by: int | None = None,
) -> int:
    number: int = work.connection.execute(
        sa.insert(data_requests)
        .values(
            student_id=student,
            school_id=school,
            key=key,
            kind=kind,
            words=close_words(work.connection, student, words) if words else "",
            received_on=received,
            at=work.now,
            recorded_by=recorded_by,
        )
        .returning(data_requests.c.id)
    ).scalar_one()
    _tell_officers(work, school, number, str(number), words, by=recorded_by)
    return number


def _tell_officers(
    work: UnitOfWork, school: int, number: int, key: str, words: str, by: int | None = None
) -> None:
    """Tell the officers of a request, at any hour where its words may speak of danger."""
    told = protection_officers(work.connection, school)
    if not told:
        note_within(work, no_officer(school))
    kind = NoticeKind.DATA_NOW if may_speak_of_danger(words) else NoticeKind.DATA_REQUEST
    notify_people(work, told, Notice(kind, school, key, about=number), by=by)
