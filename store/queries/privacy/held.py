"""Gather everything that the tables hold on a student, in a form that can be given to them (§28).

Rows are found as for an erasure, by foreign keys, so that new tables are included without further
code. Encrypted texts are decrypted, ids become names, other people are removed and listed.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from store.db.dependents import reach
from store.db.student_keys import is_sealed, open_document, open_words
from store.encryption import SealBroken
from store.queries.privacy.evidence_copy import evidence_copy
from store.queries.privacy.harm import WORDS, HarmMark, harm_marks_of
from store.queries.privacy.names import Names, without_others
from store.rules.students.harm import HELD_BACK, LEAST_COPIED, WITHHELD, HarmPlace
from store.rules.students.third_parties import TakenOut, ThirdParties
from store.tables import (
    absence_requests,
    automatic_replies,
    complaints,
    data_letters,
    harm_marks,
    outreach,
    student_keys,
    students,
    wordings,
)

Row = Mapping[str, Any]
"""Column → value as JSON has it."""


@dataclass(frozen=True, slots=True)
class Redaction:
    """A place where another person was removed; ``row`` counts from 1 within its table.

    ``words`` are what stood there, for the officer to check, and ``instead`` what stands there now;
    '' where they still stand, since they may be an ordinary word.
    """

    table: str
    row: int
    column: str
    words: str
    instead: str


@dataclass(frozen=True, slots=True)
class MarkedWords:
    """Words that may do serious harm, and where they stand; ``row`` counts within its table."""

    table: str
    row: int
    mark: HarmMark

    @property
    def is_decided(self) -> bool:
        """Return whether the officer has decided if they are given."""
        return self.mark.gives is not None


@dataclass(frozen=True, slots=True)
class Held:
    """Everything held on a student: rows by table, the redactions in them, and the marked words.

    Marked words are in the rows only where the officer decided to give them.
    """

    tables: Mapping[str, tuple[Row, ...]]
    redactions: tuple[Redaction, ...]
    marked: tuple[MarkedWords, ...] = ()

    @property
    def removed(self) -> int:
        """Return in how many places another person was removed."""
        return sum(bool(each.instead) for each in self.redactions)

    @property
    def doubtful(self) -> int:
        """Return how many words may still name another person."""
        return len(self.redactions) - self.removed

    @property
    def first_marked(self) -> str:
        """Return the first text that waits for a decision, such as ``views/2``; '' for none."""
        waits = (f"{each.table}/{each.row}" for each in self.marked if not each.is_decided)
        return next(waits, "")

    @property
    def undecided(self) -> int:
        """Return how many marked words wait for the officer's decision."""
        return sum(not each.is_decided for each in self.marked)


def held_on(connection: sa.Connection, student: int) -> Held:
    """Return what the tables hold on one student. Tables without a row are left out."""
    rows_of = _Rows(connection, student)
    tables: dict[str, tuple[Row, ...]] = {}
    reached = {**reach(connection, students, [student])}
    reached.pop(student_keys)  # They say nothing of the student.
    reached.pop(harm_marks)  # For the officer alone: ``Held.marked``.
    for table, where in reached.items():
        order = list(table.primary_key.columns)
        found = connection.execute(sa.select(table).where(where).order_by(*order)).mappings()
        if rows := tuple(rows_of.said(table, n, row) for n, row in enumerate(found, start=1)):
            tables[table.name] = rows
    return Held(tables, tuple(rows_of.redactions), tuple(rows_of.marked))


class _Rows:
    """Puts rows into words; notes who was taken out of them, and which words are marked."""

    def __init__(self, connection: sa.Connection, student: int) -> None:
        self._connection, self._named = connection, Names(connection, student)
        marks = harm_marks_of(connection, student)
        self._marks = {(each.place.value, each.row): each for each in marks}
        self._hidden = _Hidden([each for each in marks if not each.gives])
        self.redactions: list[Redaction] = []
        self.marked: list[MarkedWords] = []

    def said(self, table: sa.Table, number: int, row: sa.RowMapping) -> Row:
        """Return a row as column → value, without bare ids; ``number`` counts within its table."""
        mark = self._marks.get((table.name, row["id"])) if table.name in _PLACES else None
        if mark is not None:
            self.marked.append(MarkedWords(table.name, number, mark))
        said: dict[str, Any] = {}
        for column in table.columns:
            if row[column] is None:
                continue
            name, value = self._named.column(column, row[column])
            if name is None:
                continue
            if column is absence_requests.c.document:
                said[name] = _as_base64(self._connection, value)
            elif mark is not None and not mark.gives and column is WORDS[mark.place]:
                said[name] = _instead_of(mark)
            elif table is students:
                # The student's own name, number and addresses.
                said[name] = _plain(self._connection, value)
            else:
                is_written = table not in _LETTERS
                plain = self._value(column, value)
                said[name], out = _without(self._named.others, plain, is_written=is_written)
                self.redactions += [Redaction(table.name, number, name, *each) for each in out]
        return said

    def _value(self, column: sa.Column[Any], value: Any) -> Any:
        plain = _plain(self._connection, value)
        if column is complaints.c.evidence and isinstance(plain, dict):
            plain = evidence_copy(plain, self._named.column, self._named.colleagues)
        return self._hidden.taken_out(plain)


_PLACES = frozenset(HarmPlace)
_LETTERS = frozenset({automatic_replies, data_letters, outreach, wordings})
"""Emails that the student has, with the school's own addresses and numbers in them."""


def _instead_of(mark: HarmMark) -> str:
    return HELD_BACK if mark.gives is None else WITHHELD


class _Hidden:
    """Words that are not given, wherever they are repeated: in saved evidence, on a card."""

    def __init__(self, marks: list[HarmMark]) -> None:
        self._words = [each for each in marks if len(each.words) >= LEAST_COPIED]

    def taken_out(self, value: Any) -> Any:
        """Return a JSON value without these words."""
        if not self._words:
            return value
        if isinstance(value, str):
            for each in self._words:
                value = value.replace(each.words, _instead_of(each))
            return value
        if isinstance(value, list):
            return [self.taken_out(each) for each in value]
        if isinstance(value, dict):
            return {name: self.taken_out(each) for name, each in value.items()}
        return value


def _plain(connection: sa.Connection, value: Any) -> Any:
    """Return the value as JSON: days as text, encrypted texts decrypted, packed ones unpacked."""
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if not isinstance(value, str):
        return value
    if is_sealed(value):
        try:
            value = open_words(connection, value)
        except SealBroken:
            return "(sealed with a key that no longer exists)"
    if value.startswith(("{", "[")):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _as_base64(connection: sa.Connection, sealed: str) -> str:
    """Return a document as JSON can hold it; the officer looks for other people in it."""
    try:
        return base64.b64encode(open_document(connection, sealed)).decode("ascii")
    except SealBroken:
        return ""


def _without(
    others: ThirdParties, value: Any, *, is_written: bool
) -> tuple[Any, tuple[TakenOut, ...]]:
    """Take other people out of every text of a value; ``is_written``: people wrote it freely."""
    if isinstance(value, str):
        if not is_written or " " not in value:
            return others.taken_out(value)
        text, out = without_others(others, value)
        return text, out + tuple(TakenOut(each, "") for each in others.perhaps_in(text))
    if isinstance(value, list):
        parts = [_without(others, each, is_written=is_written) for each in value]
        return [each for each, _ in parts], tuple(each for _, found in parts for each in found)
    if isinstance(value, dict):
        parts = [_without(others, each, is_written=is_written) for each in value.values()]
        told = dict(zip(value, (each for each, _ in parts), strict=True))
        return told, tuple(each for _, found in parts for each in found)
    return value, ()
