"""Mark words that may do serious harm in a copy for the student, and decide on them (§28)."""

from __future__ import annotations

import re
from dataclasses import replace

import sqlalchemy as sa

from store.actions.disclose import disclose
from store.actions.kept_words import think_twice
from store.actions.privacy.request import on_student
from store.actions.request import Request, on_case
from store.db.student_keys import close_words
from store.db.unit_of_work import Store, UnitOfWork
from store.queries.privacy.harm import (
    HarmMark,
    Markable,
    harm_marks_of,
    markable,
    row_in_copy,
    row_of,
)
from store.rules.access.disclosures import Implied, Shows
from store.rules.access.permissions import Action
from store.rules.errors import InvalidInput, NotPossibleNow
from store.rules.students.harm import HarmPlace
from store.rules.text.formatting import either
from store.rules.text.reasons import check_reason
from store.tables import harm_marks

_TEXT = re.compile(r"([a-z]{1,20})/(\d{1,9})")
_MARKED = "These words are marked already. The data protection officer decides on them."
_NONE = "There are no such words about this student. Choose again."


def words_to_mark(store: Store, request: Request, case: int) -> list[Markable]:
    """Return the records of a case whose words a colleague can mark; it shows no words."""
    with on_case(store, request, Action.HARM, case) as asked:
        return markable(asked.work.connection, case)


def mark_harm(
    store: Store, request: Request, case: int, place: HarmPlace, row: int, why: str
) -> None:
    """Mark the words of one record of a case: the officer decides before they are in a copy.

    Raises:
        InvalidInput: the case has no such words, or there is no reason.
        NotPossibleNow: they are marked already.
    """
    with on_case(store, request, Action.HARM, case) as asked:
        said = check_reason(why, field="why", asks="Say what harm they may do")
        think_twice(asked, said, "why")
        found = row_of(asked.work.connection, place, row)
        if found is None or found[0] != case:
            raise InvalidInput(_NONE, field="words")
        _mark(asked.work, asked.case.student, case, place, row, said, asked.actor.id)
        asked.record("mark-harm", place=place)


def harm_marks_to_decide(store: Store, request: Request, number: str) -> list[HarmMark]:
    """Return the marks on a student's records with the words, for the officer; audited."""
    with on_student(store, request, Action.DATA_REQUESTS, number) as asked:
        found = harm_marks_of(asked.work.connection, asked.student)
        if found:
            shows = (Shows.NOTES, Shows.ANSWERS)
            disclose(asked.work, asked.actor.id, asked.about, shows, Implied.HARM)
        return found


def decide_harm(
    store: Store,
    request: Request,
    number: str,
    place: HarmPlace,
    row: int,
    *,
    gives: bool,
    why: str,
) -> None:
    """Decide as data protection officer whether these words are in a copy, and why.

    The officer can decide on words that no one has marked, and decide anew.

    Raises:
        NotAllowed: the person is not a data protection officer of any school.
        InvalidInput: there is no such student, there are no such words, or there is no reason.
    """
    with on_student(store, request, Action.DATA_REQUESTS, number) as asked:
        said = check_reason(why, field="why", asks="Say why")
        think_twice(asked, said, "why")
        connection = asked.work.connection
        found = row_of(connection, place, row)
        if found is None or found[1] != asked.student:
            raise InvalidInput(_NONE, field="words")
        is_it = (harm_marks.c.place == place, harm_marks.c.row == row)
        if connection.execute(sa.select(harm_marks.c.id).where(*is_it)).first() is None:
            _mark(asked.work, asked.student, found[0], place, row, said, asked.actor.id)
        connection.execute(
            sa.update(harm_marks)
            .where(*is_it)
            .values(
                gives=gives,
                decision=close_words(connection, asked.student, said),
                decided_by=asked.actor.id,
                decided_at=asked.work.now,
            )
        )
        asked.record("decide-harm", place=place, given=gives)


def decide_on_row(
    store: Store, request: Request, number: str, words: str, *, gives: bool, why: str
) -> None:
    """Decide like ``decide_harm``, on a text that is named as in a copy: ``views/2``.

    Raises ``InvalidInput`` where the student's records have no such text, and like ``decide_harm``.
    """
    found = _TEXT.fullmatch(words.strip())
    if found is None or found[1] not in set(HarmPlace):
        raise InvalidInput(f"Name the text as {either(sorted(HarmPlace))}/ROW, such as views/2.")
    place = HarmPlace(found[1])
    with on_student(store, request, Action.DATA_REQUESTS, number) as asked:
        row = row_in_copy(asked.work.connection, asked.student, place, int(found[2]))
    if row is None:
        raise InvalidInput(_NONE)
    again = replace(request, key=f"{request.key}:decide")
    decide_harm(store, again, number, place, row, gives=gives, why=why)


def _mark(
    work: UnitOfWork,
    student: int,
    case: int,
    place: HarmPlace,
    row: int,
    why: str,
    by: int,
) -> None:
    known = sa.select(harm_marks.c.id).where(harm_marks.c.place == place, harm_marks.c.row == row)
    if work.connection.execute(known).first() is not None:
        raise NotPossibleNow(_MARKED)
    work.connection.execute(
        sa.insert(harm_marks).values(
            student_id=student,
            case_id=case,
            place=place,
            row=row,
            why=close_words(work.connection, student, why),
            by_staff_id=by,
            at=work.now,
        )
    )
