"""Read students' own messages, and how they want to be contacted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from store.db.student_keys import open_all, open_words
from store.queries.complaints import complaining_about
from store.queries.deaths import lives
from store.queries.student_facts import student_facts
from store.rules.model import Level
from store.rules.students.messages import ASKS_FOR_AN_ANSWER, ContactWay, Saying
from store.tables import cases, sayings, students


@dataclass(frozen=True, slots=True)
class SayingView:
    """A student's message without its words: all that a channel may show of it."""

    id: int
    kind: Saying
    way: ContactWay | None
    at: dt.datetime
    waits: bool
    """Whether a colleague still has to answer it."""


@dataclass(frozen=True, slots=True)
class SayingWords:
    """A student's message with its words and a colleague's answer, for authorised readers."""

    kind: Saying
    way: ContactWay | None
    at: dt.datetime
    words: str
    answer: str
    answered_at: dt.datetime | None
    id: int = 0


@dataclass(frozen=True, slots=True)
class SayingRead:
    """A student's message with their identity, opened by an authorised reader."""

    id: int
    reference: str
    """The case's reference; '' without a case."""
    name: str
    number: str
    said: SayingWords


@dataclass(frozen=True, slots=True)
class SayingLine:
    """A message that waits for a colleague's answer. ``reference``: None without a case."""

    id: int
    school: int
    kind: Saying
    at: dt.datetime
    case: int | None
    reference: str | None
    level: Level
    programme: str


@dataclass(frozen=True, slots=True)
class Preference:
    """How a student wants to be contacted; empty where they have not said."""

    way: ContactWay | None = None
    said_at: dt.datetime | None = None
    opted_out_at: dt.datetime | None = None

    @property
    def has_opted_out(self) -> bool:
        """Whether the student opted out of engagement emails. Welfare emails stay possible."""
        return self.opted_out_at is not None


def preference_of(connection: sa.Connection, student: int) -> Preference:
    """Return how the student wants to be contacted, without the words that they added."""
    row = student_facts(connection, student)
    return Preference(_way(row.way), row.said_at, row.opted_out_at)


def preference_words(connection: sa.Connection, student: int) -> str:
    """Return what the student added to their preference, such as a number; '' for nothing."""
    return open_words(connection, student_facts(connection, student).sealed_words or "")


WAITS = sayings.c.answered_at.is_(None) & sa.or_(
    sayings.c.kind.in_((Saying.WRONG, Saying.ABSENCE)),
    sayings.c.case_id.is_(None) & sayings.c.kind.in_(sorted(ASKS_FOR_AN_ANSWER)),
)
"""Whether a colleague still has to answer it. A student who would like to talk and has a case is
answered on the case, like every student who writes.
"""


def words_said(connection: sa.Connection, which: sa.ColumnElement[bool]) -> tuple[SayingWords, ...]:
    """Return messages with their words, decrypted; the caller has authorised and audited it.

    ``which`` is a condition on ``sayings``.
    """
    rows = connection.execute(
        sa.select(sayings).where(which).order_by(sayings.c.at, sayings.c.id)
    ).all()
    words = open_all(connection, [row.words for row in rows])
    answers = open_all(connection, [row.answer for row in rows])
    return tuple(
        SayingWords(
            Saying(row.kind),
            _way(row.way),
            row.at,
            said,
            answer,
            row.answered_at,
            row.id,
        )
        for row, said, answer in zip(rows, words, answers, strict=True)
    )


def words_of(connection: sa.Connection, student: int) -> tuple[SayingWords, ...]:
    """Return all messages of a student, decrypted, for them alone; the caller has audited it."""
    return words_said(connection, sayings.c.student_id == student)


def waiting_sayings(
    connection: sa.Connection, schools: Collection[int], reader: int | None = None
) -> list[SayingLine]:
    """Return messages without an answer in these schools, oldest first.

    For a ``reader`` without those of students with an open complaint about them (§27).
    """
    barred = [] if reader is None else [sayings.c.student_id.not_in(complaining_about(reader))]
    rows = connection.execute(
        sa.select(sayings, cases.c.reference, students.c.level, students.c.programme)
        .join(students, students.c.id == sayings.c.student_id)
        .outerjoin(cases, cases.c.id == sayings.c.case_id)
        .where(
            WAITS,
            lives(sayings.c.student_id),
            *barred,
            sa.func.coalesce(cases.c.school_id, sayings.c.school_id).in_(sorted(schools)),
        )
        .order_by(sayings.c.at, sayings.c.id)
    )
    return [
        SayingLine(
            row.id,
            row.school_id,
            Saying(row.kind),
            row.at,
            row.case_id,
            row.reference,
            Level(row.level),
            row.programme,
        )
        for row in rows
    ]


def _way(value: str | None) -> ContactWay | None:
    return ContactWay(value) if value else None
