"""Begin the data protection officer's use cases on one student's data."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sa

from store.actions.disclose import disclose
from store.actions.request import Request, once, record_refusal, remembers_question
from store.db import repository
from store.db.unit_of_work import Store, UnitOfWork
from store.rules.access.disclosures import Implied, Shows
from store.rules.access.permissions import Action, authorise_in, schools_where
from store.rules.cases.case import Actor
from store.rules.errors import InvalidInput, NotAllowed
from store.tables import cases, students


@dataclass(frozen=True, slots=True)
class StudentRequest:
    """An authorised request: the student is of one of the person's own schools."""

    work: UnitOfWork
    actor: Actor
    student: int
    school: int

    @property
    def about(self) -> str:
        """Return the subject in the audit's form, such as ``student:12``."""
        return f"student:{self.student}"

    def disclose(self, shows: Collection[Shows], purpose: Implied) -> None:
        """Record what is shown of the student, and of each of their cases."""
        about = sa.select(cases.c.id).where(cases.c.student_id == self.student)
        subjects = [f"case:{case}" for case in self.work.connection.execute(about).scalars()]
        for subject in (f"student:{self.student}", *subjects):
            disclose(self.work, self.actor.id, subject, shows, purpose)

    def record(self, action: str, **details: str | int | bool | None) -> None:
        """Record in the audit what this person did with this student's data."""
        self.work.record(f"staff:{self.actor.id}", action, f"student:{self.student}", **details)


@contextmanager
def on_student(
    store: Store, request: Request, action: Action, number: str
) -> Iterator[StudentRequest]:
    """Begin a use case on one student, by their number. A refusal is audited.

    Raises:
        NotAllowed: the person may do this in no school.
        InvalidInput: none of the person's own schools has such a student. The answer does not say
            whether another one has.
    """
    try:
        with remembers_question(store), store.unit_of_work() as work:
            once(work, request.key)
            actor = repository.actor(work.connection, request.actor)
            able = schools_where(actor, action)
            if not able:
                authorise_in(actor, action, 0)
            row = work.connection.execute(
                sa.select(students.c.id, students.c.home_school_id).where(
                    students.c.number == number.strip(),
                    students.c.home_school_id.in_(able),
                    students.c.erased_at.is_(None),
                )
            ).one_or_none()
            if row is None:
                raise InvalidInput("No student of your schools has that number.", field="number")
            yield StudentRequest(work, actor, row.id, row.home_school_id)
    except NotAllowed:
        record_refusal(store, request.actor, action, "students")
        raise
