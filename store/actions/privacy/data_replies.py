"""Take messages that answer an email about a student's request, for the data protection officer.

An answer goes to the officers' own addresses, which the email names. What comes to the school's
mailbox all the same is never shown on a case: those who work on it may not know of the request.
"""

from __future__ import annotations

import hashlib

import sqlalchemy as sa

from store.actions.notices.notify import Notice, notify_people
from store.actions.outreach.reply_words import words_kept
from store.db.student_keys import close_words
from store.db.unit_of_work import Store, UnitOfWork
from store.queries.outreach.data_mail import AnsweredLetter, is_taken, letter_answered
from store.queries.schools.staff import protection_officers
from store.rules.model import AnswerKind, NoticeKind
from store.rules.outreach.mail_match import Marks
from store.rules.students.messages import LONGEST
from store.rules.students.urgent_words import may_speak_of_danger
from store.rules.text.formatting import storable
from store.tables import data_letters, data_questions

WORKER = "system:data-letter"
RETURNED = "it came back undelivered"
CAME_BACK = "Your email about this came back undelivered. Tell the student yourself."
IN_MAILBOX = "A reply to your email about this is in the school's mailbox. Read it there."


def record_data_reply(
    store: Store, *, message: str, marks: Marks, kind: AnswerKind, body: str, whole: str = ""
) -> bool:
    """Take a message that answers an email about a request; False where it answers none.

    The student's own answer to an open question starts the clock again. A bounce means that the
    student was not told. Of anything else the officers hear that it lies in the mailbox. An
    automatic reply changes nothing. ``message`` is the mail service's id; each counts once.
    """
    with store.unit_of_work() as work:
        letter = letter_answered(work.connection, marks)
        if letter is None:
            return False
        if kind is AnswerKind.AUTOMATIC or is_taken(work.connection, storable(message)):
            return True
        if kind is AnswerKind.BOUNCE:
            _record_bounce(work, letter, message)
        elif letter.is_from_student and letter.question is not None:
            _record_answer(work, letter, message, words_kept(body, whole, ())[:LONGEST])
        else:
            _tell_officers(work, letter, message, NoticeKind.DATA_MAIL, IN_MAILBOX)
        if may_speak_of_danger(body):
            _tell_officers(work, letter, message, NoticeKind.DATA_NOW)
    return True


def _record_bounce(work: UnitOfWork, letter: AnsweredLetter, message: str) -> None:
    work.connection.execute(
        sa.update(data_letters).where(data_letters.c.id == letter.id).values(not_sent=RETURNED)
    )
    who = f"student:{letter.student}"
    work.record(WORKER, "not-told-of-data-request", who, reason=RETURNED)
    _tell_officers(work, letter, message, NoticeKind.DATA_MAIL, CAME_BACK)


def _record_answer(work: UnitOfWork, letter: AnsweredLetter, message: str, words: str) -> None:
    work.connection.execute(
        sa.update(data_questions)
        .where(data_questions.c.id == letter.question)
        .values(
            answered_at=work.now,
            answer=close_words(work.connection, letter.student, words),
            message_id=storable(message),
        )
    )
    who = f"student:{letter.student}"
    work.record(who, "reply-about-data-request", who, data_request=letter.request)
    _tell_officers(work, letter, message, NoticeKind.DATA_REQUEST)


def _tell_officers(
    work: UnitOfWork, letter: AnsweredLetter, message: str, kind: NoticeKind, words: str = ""
) -> None:
    told = protection_officers(work.connection, letter.school)
    key = f"{letter.request}:{_short(message)}"
    notify_people(work, told, Notice(kind, letter.school, key, about=letter.request, words=words))


def _short(message: str) -> str:
    return hashlib.sha256(message.encode()).hexdigest()[:24]
