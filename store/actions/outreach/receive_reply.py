"""Receive replies to an email: an answer, an automatic reply or a bounce."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa

from store.actions.notices.read_now import have_it_read
from store.actions.outreach.apply_answer import WORKER, student_answered, tell_of_reply
from store.actions.outreach.automatic_reply import Answered, reply_at_once
from store.actions.outreach.reply_sender import is_ours, is_students_address
from store.actions.outreach.reply_words import HIDDEN, LONGEST, emails_of, words_kept
from store.actions.request import change_case, turned
from store.db import repository
from store.db.student_keys import close_words, open_all
from store.db.unit_of_work import Store, UnitOfWork
from store.queries.outreach.mail_marks import found_by
from store.rules.cases import lifecycle
from store.rules.cases.case import Case
from store.rules.cases.lifecycle import Move
from store.rules.model import AnswerKind, CaseStatus, Doubt, NoticeKind, OutreachStatus
from store.rules.notices.thread_notices import LineKind
from store.rules.outreach.mail_match import Marks, Match, match_of
from store.rules.text.formatting import storable
from store.tables import outreach, replies

COPIED_WITHIN = dt.timedelta(minutes=1)

ELSEWHERE = "[This came from an address that is none of the student's in the roster.]"


def record_reply(  # noqa: PLR0913 -- each is one thing that the mail service says
    store: Store,
    *,
    message: str,
    conversation: str = "",
    body: str,
    received_at: dt.datetime,
    kind: AnswerKind = AnswerKind.ANSWER,
    sender: str = "",
    marks: Marks | None = None,
    whole: str = "",
    subject: str = "",
) -> bool:
    """Record a reply once, on the case of the email that it answers.

    ``message`` is the mail service's id of the reply. Its ``marks``, or else ``conversation`` and
    ``sender``, decide which email it answers: see ``store.rules.outreach.mail_match``. ``whole`` is
    the text with everything it quotes, where that is not the ``body``. A ``subject`` of the
    student's own is part of their words.

    Only an answer moves the case to *responded*. A bounce means that the email was no contact. An
    automatic reply is kept and changes nothing. A doubtful message waits for a colleague's
    decision. A ``sender`` who may be another person is noted. Returns False, and changes nothing,
    where the message or what it is a copy of was recorded before, where a colleague wrote it, or
    where it answers no email of ours.
    """
    marks = marks or Marks(conversation, sender=sender)
    sender = storable(marks.sender)
    with store.unit_of_work() as work:
        match = match_of(found_by(work.connection, marks, work.now), kind)
        if match is None:
            return False
        # Locked before asking, so that two workers reading the same answer record it once.
        case = repository.case(work.connection, match.mail.case, lock=True)
        known = work.connection.execute(
            sa.select(replies.c.id).where(replies.c.message_id == message)
        ).first()
        if known is not None:
            return False
        written = kind
        if marks.is_unproven and kind is AnswerKind.ANSWER and not match.doubt:
            match = replace(match, doubt=Doubt.UNPROVEN)
        kind = AnswerKind.DOUBTFUL if match.doubt else _kind_here(work, match.mail.mail, kind)
        is_from_a_person = kind in (AnswerKind.ANSWER, AnswerKind.DOUBTFUL)
        if is_from_a_person and sender and is_ours(work, match.mail, sender):
            return False
        received_at = max(received_at, _sent_at(work, match.mail.mail) or received_at)
        sent = emails_of(work.connection, case.id)
        # A subject written by a machine is not the student's words.
        words = words_kept(body, whole, sent, subject if is_from_a_person else "")
        shown = storable(_shown(work, match, kind, sender, words))
        alike = _received_near(work, match.mail.mail, kind, received_at)
        is_copy = not match.hides_words and shown in open_all(work.connection, alike)
        number = work.connection.execute(
            sa.insert(replies)
            .values(
                case_id=case.id,
                outreach_id=match.mail.mail,
                message_id=message,
                kind=AnswerKind.COPY if is_copy else kind,
                doubt=match.doubt or "",
                body=close_words(work.connection, case.student, "" if is_copy else shown),
                received_at=received_at,
            )
            .returning(replies.c.id)
        ).scalar_one()
        if is_copy:
            return False
        _take_note(work, case, match.mail.mail, kind, number)
        if kind is AnswerKind.BOUNCE:
            return True
        is_urgent = _have_read(work, case, number, f"{words}\n{body[:LONGEST]}", sent)
        # The student did not write a forged one, and would wonder about a reply to it.
        is_forged = match.doubt is Doubt.UNPROVEN and not is_urgent
        if sender and not match.hides_words and not is_forged:
            own = sender if is_students_address(work, match.mail, sender) else ""
            answer = Answered(match.mail.mail, message, own, written, received_at, is_urgent)
            reply_at_once(store, work, case, answer)
    return True


def _received_near(
    work: UnitOfWork, mail: int, kind: AnswerKind, received_at: dt.datetime
) -> Sequence[str]:
    """Return the encrypted words of replies of this kind to the same email at about this time.

    A rule of the mailbox may copy a message: the copy says the same, and has an id of its own.
    """
    return (
        work.connection.execute(
            sa.select(replies.c.body).where(
                replies.c.outreach_id == mail,
                replies.c.kind == kind,
                replies.c.received_at.between(
                    received_at - COPIED_WITHIN, received_at + COPIED_WITHIN
                ),
            )
        )
        .scalars()
        .all()
    )


def _sent_at(work: UnitOfWork, mail: int) -> dt.datetime | None:
    """Return when the email left: no answer to it is older, whatever a clock elsewhere says."""
    sent_at: dt.datetime | None = work.connection.execute(
        sa.select(outreach.c.sent_at).where(outreach.c.id == mail)
    ).scalar_one()
    return sent_at


def _have_read(work: UnitOfWork, case: Case, number: int, words: str, sent: Sequence[str]) -> bool:
    """Ask people to read a message that may speak of danger; return whether they were asked.

    Both the words that the case keeps and the whole message are checked, since a hidden or quoted
    part may speak of danger too.
    """
    return have_it_read(
        work,
        words,
        key=f"reply:{number}",
        student=case.student,
        school=case.school,
        case=case,
        quoting="\n".join(sent),
    )


def _shown(work: UnitOfWork, match: Match, kind: AnswerKind, sender: str, words: str) -> str:
    """Return what the case shows of it: never the words of another student."""
    if match.doubt is not None and match.hides_words:
        return HIDDEN[match.doubt]
    is_from_a_person = kind in (AnswerKind.ANSWER, AnswerKind.DOUBTFUL)
    if is_from_a_person and sender and not is_students_address(work, match.mail, sender):
        return f"{ELSEWHERE}\n\n{words}"
    return words


def _kind_here(work: UnitOfWork, mail: int, kind: AnswerKind) -> AnswerKind:
    """Decide its kind. An answered email has arrived, so a later bounce in its conversation belongs
    to another email, such as a colleague's.
    """
    answers = sa.select(replies.c.id).where(
        replies.c.outreach_id == mail, replies.c.kind == AnswerKind.ANSWER
    )
    if kind is AnswerKind.BOUNCE and work.connection.execute(answers.limit(1)).first():
        return AnswerKind.AUTOMATIC
    return kind


def _take_note(work: UnitOfWork, case: Case, mail: int, kind: AnswerKind, message: int) -> None:
    student, subject = f"student:{case.student}", f"case:{case.id}"
    match kind:
        case AnswerKind.ANSWER:
            moved = student_answered(work, case)
            work.record(student, "answered", subject, outreach=mail, **moved)
            tell_of_reply(work, case, LineKind.ANSWERED, NoticeKind.ANSWERED, message)
        case AnswerKind.BOUNCE:
            status = _after_bounce(work, case, mail)
            change_case(work, case, status=status)
            work.record(WORKER, "bounced", subject, outreach=mail, **turned(case, status))
            tell_of_reply(work, case, LineKind.BOUNCED, NoticeKind.BOUNCED, message)
        case AnswerKind.DOUBTFUL:
            change_case(work, case)
            work.record(WORKER, "doubtful-reply", subject, outreach=mail)
            tell_of_reply(work, case, LineKind.DOUBTFUL, NoticeKind.DOUBTFUL, message)
        case AnswerKind.AUTOMATIC | AnswerKind.UNRELATED:
            change_case(work, case)
            work.record(WORKER, "automatic-reply", subject, outreach=mail)


def _after_bounce(work: UnitOfWork, case: Case, mail: int) -> CaseStatus:
    """Record a bounce; where no other email arrived, there is no contact (paragraph 15)."""
    work.connection.execute(
        sa.update(outreach).where(outreach.c.id == mail).values(status=OutreachStatus.BOUNCED)
    )
    another = work.connection.execute(
        sa.select(outreach.c.id).where(
            outreach.c.case_id == case.id, outreach.c.status == OutreachStatus.SENT
        )
    ).first()
    if case.is_closed or another:
        return case.status
    return lifecycle.after(case, Move.BOUNCE)
