"""Read what students asked about their data, with its legal days (§28)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from store.db.student_keys import open_all
from store.rules.calendar import institution_day
from store.rules.model import NoticeKind
from store.rules.students.data_requests import (
    ClockStop,
    DataAsk,
    LegalDates,
    Stop,
    dates_of_complaint,
    dates_of_copy,
)
from store.tables import data_letters, data_questions, data_requests, notices, schools, students


@dataclass(frozen=True, slots=True)
class DataQuestion:
    """A question to the student, which stops the clock until it is answered."""

    id: int
    asks: ClockStop
    at: dt.datetime
    answered_at: dt.datetime | None
    words: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class DataRequest:
    """One request or complaint. Its words are '' in a list that shows none."""

    id: int
    student: int
    school: int
    school_name: str
    kind: DataAsk
    received_on: dt.date
    is_recorded: bool
    """Whether the officer recorded it, since it came otherwise than by the student's page."""
    extra_months: int
    acknowledged_at: dt.datetime | None
    answered_at: dt.datetime | None
    dates: LegalDates
    questions: tuple[DataQuestion, ...]
    not_sent: str
    """Why the newest email about it was not sent; '' where it was, or none was to be."""
    words: str = ""
    extended_why: str = ""
    answer: str = ""

    @property
    def is_open(self) -> bool:
        """Return whether the officer has to answer it."""
        return self.answered_at is None

    @property
    def open_question(self) -> DataQuestion | None:
        """Return the oldest question that the student has not answered; None for none."""
        return next((each for each in self.questions if each.answered_at is None), None)


def open_requests(
    connection: sa.Connection, school_ids: Collection[int], today: dt.date
) -> list[DataRequest]:
    """Return the open requests of these schools, without words, the one due first at the top."""
    query = _requests().where(
        data_requests.c.school_id.in_(school_ids), data_requests.c.answered_at.is_(None)
    )
    found = _read(connection, query, today)

    def urgency(each: DataRequest) -> tuple[bool, dt.date, int]:
        waits = each.dates.is_stopped and not each.dates.is_overdue(today)
        return waits, each.dates.next_day, each.id

    return sorted(found, key=urgency)


def requests_of(connection: sa.Connection, student: int, today: dt.date) -> list[DataRequest]:
    """Return all requests of a student with their words, newest first."""
    query = _requests().where(data_requests.c.student_id == student)
    return _read(connection, query, today, words=True)[::-1]


def data_request(connection: sa.Connection, number: int, today: dt.date) -> DataRequest | None:
    """Return one request with its words; None where there is none of that number."""
    found = _read(connection, _requests().where(data_requests.c.id == number), today, words=True)
    return found[0] if found else None


def who_knows(connection: sa.Connection, numbers: Collection[int]) -> frozenset[tuple[int, int]]:
    """Return (colleague, request) for each of these requests that a colleague was told of."""
    query = sa.select(notices.c.staff_id, notices.c.about).where(
        notices.c.about.in_(numbers),
        notices.c.kind.in_((NoticeKind.DATA_REQUEST, NoticeKind.DATA_NOW)),
    )
    return frozenset((row.staff_id, row.about) for row in connection.execute(query))


def open_copy_request(connection: sa.Connection, student: int) -> int | None:
    """Return the number of the student's open request for a copy; None for none."""
    query = sa.select(data_requests.c.id).where(
        data_requests.c.student_id == student,
        data_requests.c.kind == DataAsk.COPY,
        data_requests.c.answered_at.is_(None),
    )
    found: int | None = connection.execute(query).scalar_one_or_none()
    return found


def student_number(connection: sa.Connection, number: int) -> str:
    """Return the student's number of a request; '' where there is no such request."""
    query = (
        sa.select(students.c.number)
        .join(data_requests, data_requests.c.student_id == students.c.id)
        .where(data_requests.c.id == number)
    )
    return connection.execute(query).scalar_one_or_none() or ""


def _requests() -> sa.Select[Any]:
    newest = (
        sa.select(data_letters.c.not_sent)
        .where(data_letters.c.request_id == data_requests.c.id)
        .order_by(data_letters.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        sa.select(
            data_requests,
            schools.c.name.label("school_name"),
            newest.label("not_sent"),
            *(column.label(f"question_{column.name}") for column in data_questions.columns),
        )
        .join(schools, schools.c.id == data_requests.c.school_id)
        .outerjoin(data_questions, data_questions.c.request_id == data_requests.c.id)
        .order_by(data_requests.c.id, data_questions.c.id)
    )


def _read(
    connection: sa.Connection, query: sa.Select[Any], today: dt.date, *, words: bool = False
) -> list[DataRequest]:
    rows = connection.execute(query).all()
    sealed = sorted({text for row in rows for text in _sealed(row) if text}) if words else []
    opened = dict(zip(sealed, open_all(connection, sealed), strict=True)) if sealed else {}
    grouped: dict[int, list[Any]] = {}
    for row in rows:
        grouped.setdefault(row.id, []).append(row)
    return [_request(group, opened, today) for group in grouped.values()]


def _sealed(row: Any) -> tuple[str | None, ...]:
    return (row.words, row.extended_why, row.answer, row.question_words, row.question_answer)


def _request(rows: Sequence[Any], opened: dict[str, str], today: dt.date) -> DataRequest:
    row = rows[0]
    questions = tuple(
        DataQuestion(
            each.question_id,
            ClockStop(each.question_asks),
            each.question_at,
            each.question_answered_at,
            opened.get(each.question_words, ""),
            opened.get(each.question_answer, ""),
        )
        for each in rows
        if each.question_id is not None
    )
    kind = DataAsk(row.kind)
    if kind is DataAsk.COMPLAINT:
        is_acknowledged = row.acknowledged_at is not None or row.answered_at is not None
        dates = dates_of_complaint(row.received_on, is_acknowledged=is_acknowledged)
    else:
        dates = dates_of_copy(row.received_on, _stops(questions), row.extra_months, today)
    return DataRequest(
        row.id,
        row.student_id,
        row.school_id,
        row.school_name,
        kind,
        row.received_on,
        row.recorded_by is not None,
        row.extra_months,
        row.acknowledged_at,
        row.answered_at,
        dates,
        questions,
        row.not_sent or "",
        opened.get(row.words, ""),
        opened.get(row.extended_why, ""),
        opened.get(row.answer, ""),
    )


def _stops(questions: Collection[DataQuestion]) -> list[Stop]:
    return [
        Stop(
            institution_day(each.at),
            institution_day(each.answered_at) if each.answered_at else None,
        )
        for each in questions
    ]
