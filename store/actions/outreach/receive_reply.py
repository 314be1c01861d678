"""Receive replies to an email: an answer, an automatic reply or a bounce."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa

from store.actions.notices.notify import Notice, notify_person
from store.actions.notices.post_thread_notice import say_in_thread
from store.actions.notices.read_now import have_it_read
from store.actions.notices.seen_after_fitness import seen_after_fitness
from store.actions.outreach.automatic_reply import Answered, reply_at_once
from store.actions.outreach.cancel_unsent import look_now
from store.actions.outreach.draft_follow_up import cancel_prepared
from store.actions.outreach.reply_words import HIDDEN, LONGEST, emails_of, words_kept
from store.actions.request import change_case, turned
from store.db import repository
from store.db.unit_of_work import Store, UnitOfWork
from store.queries.outreach.mail_marks import found_by
from store.rules.cases import lifecycle
from store.rules.cases.case import Case
from store.rules.cases.lifecycle import Move
from store.rules.model import AnswerKind, CaseStatus, Doubt, NoticeKind, OutreachStatus
from store.rules.notices.thread_notices import LineKind
from store.rules.outreach.mail_match import Marks, Match, MatchCandidate, match_of
from store.rules.text.formatting import storable
from store.tables import CASE_IS_OPEN, cases, outreach, replies, staff, students

WORKER = "system:replies"
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
    where the message was recorded before, was written by a colleague, or answers no email of ours.
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
        if is_from_a_person and sender and _is_ours(work, match.mail, sender):
            return False
        received_at = max(received_at, _sent_at(work, match.mail.mail) or received_at)
        sent = emails_of(work.connection, case.id)
        # What a machine writes there is no one's words.
        words = words_kept(body, whole, sent, subject if is_from_a_person else "")
        number = work.connection.execute(
            sa.insert(replies)
            .values(
                case_id=case.id,
                outreach_id=match.mail.mail,
                message_id=message,
                kind=kind,
                doubt=match.doubt or "",
                body=store.seal.close(storable(_shown(work, match, kind, sender, words))),
                received_at=received_at,
            )
            .returning(replies.c.id)
        ).scalar_one()
        _take_note(work, case, match.mail.mail, kind, number)
        if kind is AnswerKind.BOUNCE:
            return True
        is_urgent = _have_read(work, case, number, f"{words}\n{body[:LONGEST]}", sent)
        # The student did not write a forged one, and would wonder about a reply to it.
        is_forged = match.doubt is Doubt.UNPROVEN and not is_urgent
        if sender and not match.hides_words and not is_forged:
            own = sender if _is_of(work, match.mail, sender) else ""
            answer = Answered(match.mail.mail, message, own, written, received_at, is_urgent)
            reply_at_once(store, work, case, answer)
    return True


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
    if is_from_a_person and sender and not _is_of(work, match.mail, sender):
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


def _is_ours(work: UnitOfWork, mail: MatchCandidate, sender: str) -> bool:
    """Return whether a colleague or a school's mailbox wrote it, rather than the student.

    A student who also teaches has the same address in both roles, and answers as the student.
    """
    if _is_of(work, mail, sender):
        return False
    address = sender.lower()
    ours = sa.union_all(
        sa.select(staff.c.id).where(sa.func.lower(staff.c.email) == address),
        sa.select(outreach.c.id).where(sa.func.lower(outreach.c.sender) == address),
    )
    return work.connection.execute(ours.limit(1)).first() is not None


def _is_of(work: UnitOfWork, mail: MatchCandidate, sender: str) -> bool:
    """Return whether the email went to this address, or the roster has it for the student."""
    address = sender.lower()
    theirs = sa.union_all(
        sa.select(outreach.c.id).where(
            outreach.c.id == mail.mail, sa.func.lower(outreach.c.recipient) == address
        ),
        sa.select(students.c.id).where(
            students.c.id == mail.student,
            sa.or_(
                sa.func.lower(students.c.university_email) == address,
                sa.func.lower(students.c.personal_email) == address,
            ),
        ),
    )
    return work.connection.execute(theirs.limit(1)).first() is not None


def _take_note(work: UnitOfWork, case: Case, mail: int, kind: AnswerKind, message: int) -> None:
    student, subject = f"student:{case.student}", f"case:{case.id}"
    match kind:
        case AnswerKind.ANSWER:
            moved = student_answered(work, case)
            work.record(student, "answered", subject, outreach=mail, **moved)
            _tell(work, case, LineKind.ANSWERED, NoticeKind.ANSWERED, message)
        case AnswerKind.BOUNCE:
            status = _after_bounce(work, case, mail)
            change_case(work, case, status=status)
            work.record(WORKER, "bounced", subject, outreach=mail, **turned(case, status))
            _tell(work, case, LineKind.BOUNCED, NoticeKind.BOUNCED, message)
        case AnswerKind.DOUBTFUL:
            change_case(work, case)
            work.record(WORKER, "doubtful-reply", subject, outreach=mail)
            _tell(work, case, LineKind.DOUBTFUL, NoticeKind.DOUBTFUL, message)
        case AnswerKind.AUTOMATIC | AnswerKind.UNRELATED:
            change_case(work, case)
            work.record(WORKER, "automatic-reply", subject, outreach=mail)


def student_answered(work: UnitOfWork, case: Case) -> dict[str, str]:
    """Apply an answer to the case; returns what the audit says of its status.

    A pause ends, and a closed case is reopened, unless the student has a newer one. An email
    approved before the answer is checked now, and is not sent. Where Fitness to Study is under
    way, the leads are told.
    """
    reopened = case.status is CaseStatus.CLOSED and not _has_another(work, case)
    seen_after_fitness(work, case.student, f"answer-{case.id}-{case.version}")
    cancel_prepared(work, case.student)
    look_now(work, case.student)
    if case.is_closed and not reopened:
        change_case(work, case)
        _answer_open_case(work, case)
        return {}
    if reopened:
        again = lifecycle.after(case, Move.REOPEN)
        subject = f"case:{case.id}"
        work.record(WORKER, "reopen", subject, outcome=case.outcome, **turned(case, again))
        case = replace(case, status=again)
    status = lifecycle.after(case, Move.ANSWER)
    change_case(
        work,
        case,
        status=status,
        rested_from=None,
        paused_until=None,
        pause_reason="",
        snoozed_until=None,
        closed_at=None,
        outcome=None,
        outcome_note="",
        helped=[],
        usefulness=None,
    )
    return turned(case, status)


def _has_another(work: UnitOfWork, case: Case) -> bool:
    """Return whether the student has another open case, which then takes the answer."""
    return _open_case(work, case.student) is not None


def _open_case(work: UnitOfWork, student: int) -> int | None:
    return work.connection.execute(
        sa.select(cases.c.id).where(cases.c.student_id == student, CASE_IS_OPEN)
    ).scalar_one_or_none()


def _answer_open_case(work: UnitOfWork, earlier: Case) -> None:
    """Apply an answer to an earlier case to the student's open case too, and tell its owner."""
    found = _open_case(work, earlier.student)
    if found is None:
        return
    case = repository.case(work.connection, found, lock=True)
    status = lifecycle.after(case, Move.ANSWER)
    rests = dict.fromkeys(("rested_from", "paused_until", "snoozed_until"))
    change_case(work, case, status=status, pause_reason="", **rests)
    student = f"student:{case.student}"
    work.record(
        student, "answered", f"case:{case.id}", earlier_case=earlier.id, **turned(case, status)
    )
    if case.owner is not None:
        key = f"{earlier.id}:{earlier.version}"
        notify_person(work, case.owner, Notice(NoticeKind.ANSWERED, case.school, key, case=case.id))


def _tell(work: UnitOfWork, case: Case, line: LineKind, kind: NoticeKind, message: int) -> None:
    later = say_in_thread(work, case, line, str(message))
    if case.owner is not None:
        told = Notice(kind, case.school, str(message), case=case.id, not_before=later)
        notify_person(work, case.owner, told)


def tell_of_answer(work: UnitOfWork, case: Case, message: int) -> None:
    """Tell the case's owner and its thread that the student has answered."""
    _tell(work, case, LineKind.ANSWERED, NoticeKind.ANSWERED, message)


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
