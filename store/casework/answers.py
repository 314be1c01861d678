"""What comes back to a mail: a student's answer, an automatic reply, or the mail itself."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from store import repository
from store.casework.request import change_case
from store.rules import lifecycle
from store.rules.case import Case
from store.rules.lifecycle import Move
from store.rules.model import AnswerKind, CaseStatus, OutreachStatus
from store.rules.words import storable
from store.tables import outreach, replies
from store.unit_of_work import Store, UnitOfWork

WORKER = "system:replies"


def record_answer(
    store: Store,
    *,
    message: str,
    conversation: str,
    body: str,
    received_at: dt.datetime,
    kind: AnswerKind = AnswerKind.ANSWER,
) -> bool:
    """Record once what came back, on the case of the mail that it belongs to.

    ``message`` is the mail service's id of it. Only an answer moves the case to *responded*; a
    bounce takes the contact back; an automatic reply is kept and changes nothing. False where it
    was recorded before, or belongs to nothing of ours: such mail is left alone.
    """
    with store.unit_of_work() as work:
        answered = work.connection.execute(
            sa.select(outreach.c.id, outreach.c.case_id).where(
                outreach.c.conversation == conversation
            )
        ).first()
        if answered is None:
            return False
        # Locked before asking, so that two who read the same answer at once record it once.
        case = repository.case(work.connection, answered.case_id, lock=True)
        known = work.connection.execute(
            sa.select(replies.c.id).where(replies.c.message_id == message)
        ).first()
        if known is not None:
            return False
        work.connection.execute(
            sa.insert(replies).values(
                case_id=case.id,
                outreach_id=answered.id,
                message_id=message,
                kind=kind,
                body=storable(body),
                received_at=received_at,
            )
        )
        _take_note(work, case, answered.id, kind)
    return True


def _take_note(work: UnitOfWork, case: Case, mail: int, kind: AnswerKind) -> None:
    student, subject = f"student:{case.student}", f"case:{case.id}"
    match kind:
        case AnswerKind.ANSWER:
            status = case.status if case.is_closed else lifecycle.after(case, Move.ANSWER)
            change_case(work, case, status=status)
            work.record(student, "answered", subject, outreach=mail)
        case AnswerKind.BOUNCE:
            change_case(work, case, status=_after_bounce(work, case, mail))
            work.record(WORKER, "bounced", subject, outreach=mail)
        case AnswerKind.AUTOMATIC:
            change_case(work, case)
            work.record(WORKER, "automatic-reply", subject, outreach=mail)


def _after_bounce(work: UnitOfWork, case: Case, mail: int) -> CaseStatus:
    """The mail did not arrive; where no other did, there is no contact (paragraph 15)."""
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
