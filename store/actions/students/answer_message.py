"""Read a student's message and answer it.

The answer is shown on the student's own page, so it is addressed to them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from store.actions.disclose import disclose
from store.actions.kept_words import think_twice
from store.actions.notices.read_now import mark_read
from store.actions.request import (
    CaseRequest,
    Request,
    SchoolRequest,
    change_case,
    in_school,
    on_case,
)
from store.db.student_keys import close_words
from store.db.unit_of_work import Store
from store.queries.students.messages import WAITS, SayingRead, words_said
from store.rules.access.disclosures import Implied, Shows
from store.rules.access.permissions import Action
from store.rules.errors import InvalidInput, NotPossibleNow
from store.rules.students.messages import LONGEST, Saying
from store.rules.text.reasons import check_reason
from store.rules.text.tone.check import check_supportive
from store.tables import cases, sayings, students


def waiting_on(store: Store, case_id: int) -> int | None:
    """Return the id of the oldest message on a case without an answer; None for none."""
    with store.database.read() as connection:
        return connection.execute(
            sa.select(sayings.c.id)
            .where(sayings.c.case_id == case_id, WAITS)
            .order_by(sayings.c.id)
            .limit(1)
        ).scalar_one_or_none()


def read_saying(store: Store, request: Request, saying: int) -> SayingRead:
    """Return a message with its words and the student; the access is audited."""
    with _about(store, request, Action.REVEAL, saying) as (asked, row):
        connection = asked.work.connection
        (said,) = words_said(connection, sayings.c.id == saying)
        mark_read(asked.work, asked.actor.id, case=row.case_id, saying=saying)
        _disclose(asked, row.student_id, saying)
        name = f"{row.given_name} {row.family_name}"
        return SayingRead(saying, row.reference or "", name, row.number, said)


def _disclose(asked: CaseRequest | SchoolRequest, student: int, saying: int) -> None:
    """Record that a colleague reads a student's message, where the student sees who looked.

    Without a case it is recorded on the student rather than on the school.
    """
    shows, action = (Shows.IDENTITY, Shows.ANSWERS), "read-saying"
    if isinstance(asked, CaseRequest):
        asked.disclose(shows, Implied.ANSWERING, action=action, saying=saying)
        return
    who, reader = f"student:{student}", asked.actor.id
    disclose(asked.work, reader, who, shows, Implied.ANSWERING, action=action, saying=saying)


def answer_message(store: Store, request: Request, saying: int, words: str) -> str:
    """Save the answer, once. Returns the case's reference, or ''.

    Raises ``NotPossibleNow`` where a colleague has answered it, or it asks for a decision.
    """
    with _about(store, request, Action.LOG, saying) as (asked, row):
        if row.kind == Saying.ABSENCE:
            raise NotPossibleNow("This asks for a decision. Open it, and choose.")
        tidy = check_reason(words, field="answer", asks="Answer", longest=LONGEST, keeps_lines=True)
        # The student reads it, as they read an email.
        check_supportive(tidy, field="answer")
        think_twice(asked, tidy, "answer")
        changed = asked.work.connection.execute(
            sa.update(sayings)
            .where(sayings.c.id == saying, sayings.c.answered_at.is_(None))
            .values(
                answered_by=asked.actor.id,
                answer=close_words(asked.work.connection, row.student_id, tidy),
                answered_at=asked.work.now,
            )
        )
        if not changed.rowcount:
            raise NotPossibleNow("A colleague has answered this already.")
        if isinstance(asked, CaseRequest):
            change_case(asked.work, asked.case)
        asked.record("answer-saying", saying=saying)
        return row.reference or ""


@contextmanager
def _about(
    store: Store, request: Request, action: Action, saying: int
) -> Iterator[tuple[CaseRequest | SchoolRequest, Any]]:
    """Authorise the person on a student's message: by its case, or by the school."""
    with store.database.read() as connection:
        row = connection.execute(
            sa.select(
                sayings.c.case_id,
                sayings.c.school_id,
                sayings.c.kind,
                sayings.c.student_id,
                cases.c.reference,
                students.c.given_name,
                students.c.family_name,
                students.c.number,
            )
            .join(students, students.c.id == sayings.c.student_id)
            .outerjoin(cases, cases.c.id == sayings.c.case_id)
            .where(sayings.c.id == saying)
        ).one_or_none()
    if row is None:
        raise InvalidInput(
            "No message has that number. Use /lantern said to see messages waiting for an answer."
        )
    if row.case_id is not None:
        with on_case(store, request, action, row.case_id) as on:
            yield on, row
    else:
        with in_school(store, request, action, row.school_id) as there:
            yield there, row
