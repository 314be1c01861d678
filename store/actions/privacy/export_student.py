"""Gather everything on a student for a subject access request, and record that it was done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from store.actions.kept_words import think_twice
from store.actions.privacy.request import on_student
from store.actions.request import Request
from store.db.unit_of_work import Store
from store.queries.privacy.data_requests import open_copy_request
from store.queries.privacy.held import Held, held_on
from store.queries.privacy.names import colleagues_by_role, titles_of_modules
from store.queries.privacy.who_saw import Viewing, who_saw
from store.rules.access.disclosures import Implied, Shows
from store.rules.access.permissions import Action
from store.rules.text.reasons import check_reason
from store.tables import exports


@dataclass(frozen=True, slots=True)
class StudentExport:
    """The student's rows. ``student`` is the internal number, for finding activity in the lake."""

    student: int
    number: str
    made_at: dt.datetime
    held: Held
    looks: tuple[Viewing, ...]
    asked_in: int | None
    """The student's open request for a copy; None for none."""
    titles: Mapping[str, str]
    """Module's code → its title."""


def export_student(store: Store, request: Request, number: str, why: str) -> StudentExport:
    """Return everything held on a student except activity, with other people removed.

    A request for a copy stays open until the officer has read the copy and given it. Words that may
    do serious harm are not in it before the officer has decided on them.

    Raises:
        NotAllowed: the person is not a data protection officer of any school.
        InvalidInput: no student of their schools has that number, or there is no reason.
    """
    with on_student(store, request, Action.EXPORT, number) as asked:
        reason = check_reason(why, field="why", asks="Say what it is exported for")
        think_twice(asked, reason, "why")
        connection = asked.work.connection
        connection.execute(
            sa.insert(exports).values(
                student_id=asked.student, by_staff_id=asked.actor.id, why=reason, at=asked.work.now
            )
        )
        held = held_on(connection, asked.student)
        looks = tuple(who_saw(connection, asked.student, colleagues_by_role(connection)))
        asked.disclose(tuple(Shows), Implied.EXPORTING)
        asked.record(
            "export-student",
            rows=sum(map(len, held.tables.values())),
            taken_out=held.removed,
            undecided=held.undecided,
        )
        waits = open_copy_request(connection, asked.student)
        return StudentExport(
            asked.student,
            number.strip(),
            asked.work.now,
            held,
            looks,
            waits,
            titles_of_modules(connection),
        )
