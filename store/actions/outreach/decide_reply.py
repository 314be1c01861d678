"""Decide whether a doubtful message is the student's answer. Until then it is no contact."""

from __future__ import annotations

import sqlalchemy as sa

from store.actions.notices.read_now import mark_read
from store.actions.outreach.apply_answer import student_answered, tell_of_answer
from store.actions.request import Request, change_case, on_case
from store.db.student_keys import close_words, open_words
from store.db.unit_of_work import Store
from store.queries.cases.identity import student_name
from store.queries.outreach.replies import DoubtfulReply
from store.rules.access.disclosures import Implied, Shows
from store.rules.access.permissions import Action
from store.rules.errors import InvalidInput, NotPossibleNow
from store.rules.model import AnswerKind, Doubt
from store.tables import replies


def read_doubtful(store: Store, request: Request, case_id: int) -> DoubtfulReply:
    """Return the oldest doubtful message of a case, and audit the access.

    Raises:
        InvalidInput: there is none.
    """
    with on_case(store, request, Action.REVEAL, case_id) as asked:
        connection = asked.work.connection
        row = connection.execute(
            sa.select(replies)
            .where(replies.c.case_id == case_id, replies.c.kind == AnswerKind.DOUBTFUL)
            .order_by(replies.c.received_at, replies.c.id)
            .limit(1)
        ).one_or_none()
        if row is None:
            raise InvalidInput(f"{asked.case.reference} has no reply to check.")
        mark_read(asked.work, asked.actor.id, case=case_id)
        shows = (Shows.IDENTITY, Shows.ANSWERS)
        asked.disclose(shows, Implied.CHECKING, action="read-doubtful", reply=row.id)
        return DoubtfulReply(
            row.id,
            case_id,
            asked.case.reference,
            student_name(connection, case_id),
            Doubt(row.doubt),
            row.received_at,
            open_words(connection, row.body),
        )


def decide_doubtful(
    store: Store, request: Request, case_id: int, reply: int, *, is_answer: bool
) -> str:
    """Accept the message as the student's answer, or set it aside. Returns the case's reference.

    Set aside, an automatic reply stays as context. The words of any other message are removed,
    since they do not belong to this case.

    Raises:
        NotPossibleNow: a colleague has decided already.
    """
    with on_case(store, request, Action.LOG, case_id) as asked:
        work = asked.work
        is_it = (
            replies.c.id == reply,
            replies.c.case_id == case_id,
            replies.c.kind == AnswerKind.DOUBTFUL,
        )
        row = work.connection.execute(sa.select(replies).where(*is_it)).one_or_none()
        if row is None:
            raise NotPossibleNow("A colleague has already decided about this reply.")
        changes: dict[str, str] = {"kind": AnswerKind.ANSWER}
        if not is_answer and row.doubt == Doubt.AUTOMATIC:
            changes = {"kind": AnswerKind.AUTOMATIC}
        elif not is_answer:
            nothing = close_words(work.connection, asked.case.student, "")
            changes = {"kind": AnswerKind.UNRELATED, "body": nothing}
        work.connection.execute(sa.update(replies).where(*is_it).values(**changes))
        moved = {}
        if is_answer:
            moved = student_answered(work, asked.case)
            tell_of_answer(work, asked.case, reply)
        else:
            change_case(work, asked.case)
        asked.record("decide-doubtful", reply=reply, answer=is_answer, **moved)
        return asked.case.reference
