"""Jisc's Unified Data Definitions 1.6, as a folder or an archive of tables.

Reads who is expected at which event and which work is due, from ``event``, ``studentevent``,
``moduleinstance``, ``studentcoursemembership`` and ``studentassessmentinstance``. Expectations
before joining and after leaving are ignored. ``student`` is never read: it has dates of birth and
other protected characteristics.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from integrations.feeds.formats.files.json_items import item_of
from integrations.feeds.formats.files.opening import Opened
from integrations.feeds.formats.files.tables import TableRow, normal, read_table
from integrations.feeds.formats.model import (
    NUMBER,
    Declared,
    Event,
    EventFact,
    Format,
    Item,
    Passed,
    RefusedRow,
    Tried,
)
from integrations.feeds.formats.times import format_time, iso_time

EXPECTED, WORK = "studentevent", "studentassessmentinstance"
_WORK = ("ASSESS_INSTANCE_ID", "STUDENT_ID", "DUE_DATE", "SUBMISSION_DATE")
NOT_MEMBER = "expected before the student joined or after they left"


class _Session(NamedTuple):
    at: dt.datetime | dt.date
    module: str


def recognises(opened: Opened) -> bool:
    """Return whether the archive has tables of expected events or of work."""
    return bool({EXPECTED, WORK} & set(_tables(opened)))


def read(opened: Opened, declared: Declared) -> Iterator[Item]:
    """Read the expected events and due work of each student, and the submissions."""
    tables = _tables(opened)
    modules = {
        row["MOD_INSTANCE_ID"]: row["MOD_ID"]
        for _, row in _rows(tables, "moduleinstance", ("MOD_INSTANCE_ID", "MOD_ID"))
    }
    yield from _sessions(tables, modules)
    yield from _work(tables, modules, declared)
    for table, columns in ((EXPECTED, ("EVENT_ID", "STUDENT_ID")), (WORK, _WORK)):
        yield from (row for row in _all(tables, table, columns) if isinstance(row, RefusedRow))


def _sessions(tables: dict[str, Path], modules: dict[str, str]) -> Iterator[Item]:
    members = _members(tables)
    events = {
        row["EVENT_ID"]: _Session(at, modules.get(row["MOD_INSTANCE_ID"], row["MOD_INSTANCE_ID"]))
        for _, row in _rows(tables, "event", ("EVENT_ID", "EVENT_START", "MOD_INSTANCE_ID"))
        if (at := iso_time(row["EVENT_START"])) is not None
    }
    for line, row in _rows(tables, EXPECTED, ("EVENT_ID", "STUDENT_ID")):
        session = events.get(row["EVENT_ID"])
        if session is None:
            yield RefusedRow(
                line, f"{EXPECTED}: the event is not in the table event, or has no time"
            )
            continue
        if not _is_member(members, row["STUDENT_ID"], _day(session.at)):
            yield Passed(line, NOT_MEMBER)
            continue
        fact = EventFact("attendance", "expected", item_of(row["EVENT_ID"]))
        who = ((NUMBER, row["STUDENT_ID"]),)
        yield Event(line, who, session.at, "session expected", (fact,), session.module)


def _work(tables: dict[str, Path], modules: dict[str, str], declared: Declared) -> Iterator[Item]:
    instances = {
        row["ASSESS_INSTANCE_ID"]: modules.get(row["MOD_INSTANCE_ID"], row["MOD_INSTANCE_ID"])
        for _, row in _rows(tables, "assessmentinstance", ("ASSESS_INSTANCE_ID", "MOD_INSTANCE_ID"))
    }
    usual: dict[str, Counter[str]] = {}
    for _, row in _rows(tables, WORK, _WORK):
        usual.setdefault(row["ASSESS_INSTANCE_ID"], Counter())[row["DUE_DATE"]] += 1
    for line, row in _rows(tables, WORK, _WORK):
        due, done = iso_time(row["DUE_DATE"]), iso_time(row["SUBMISSION_DATE"])
        if due is None or (row["SUBMISSION_DATE"] and done is None):
            who = ((NUMBER, row["STUDENT_ID"]),)
            yield RefusedRow(line, f"{WORK}: a date is not an ISO 8601 date or time", who)
            continue
        work = row["ASSESS_INSTANCE_ID"]
        facts: tuple[EventFact, ...] = (EventFact("submissions", "expected", item_of(work)),)
        if done is not None:
            at = format_time(done, declared.zone)
            facts += (EventFact("submissions", "done", item_of(work), at=at),)
        late = done is not None and row["SUBMISSION_DATE"] > row["DUE_DATE"]
        label = "not handed in" if done is None else "handed in late" if late else "handed in"
        if row["DUE_DATE"] > usual[work].most_common(1)[0][0]:
            label += ", with more time"
        who = ((NUMBER, row["STUDENT_ID"]),)
        yield Event(line, who, due, label, facts, instances.get(work, ""), late=late)


def _members(tables: dict[str, Path]) -> dict[str, list[tuple[str, str]]]:
    """Map students to (day of joining, day of leaving) of each membership; '' for open."""
    found: dict[str, list[tuple[str, str]]] = {}
    columns = ("STUDENT_ID", "COURSE_JOIN_DATE", "COURSE_END_DATE")
    for _, row in _rows(tables, "studentcoursemembership", columns):
        days = (row["COURSE_JOIN_DATE"][:10], row["COURSE_END_DATE"][:10])
        found.setdefault(row["STUDENT_ID"], []).append(days)
    return found


def _is_member(members: dict[str, list[tuple[str, str]]], student: str, day: str) -> bool:
    """Return whether a student was on a course on a day; True without any membership."""
    known = members.get(student)
    return known is None or any(
        (not joined or joined <= day) and (not left or day <= left) for joined, left in known
    )


def _day(at: dt.datetime | dt.date) -> str:
    return (at.date() if isinstance(at, dt.datetime) else at).isoformat()


def _tables(opened: Opened) -> dict[str, Path]:
    return {name.casefold().partition(".")[0]: path for name, path in opened.members.items()}


def _rows(
    tables: dict[str, Path], table: str, columns: tuple[str, ...]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of a table with these columns only; none where it is missing."""
    for row in _all(tables, table, columns):
        if isinstance(row, TableRow):
            yield row.line, row.values


def _all(
    tables: dict[str, Path], table: str, columns: tuple[str, ...]
) -> Iterator[TableRow | RefusedRow]:
    if table in tables:
        headings = {column: (normal(column),) for column in columns}
        yield from read_table(Opened(tables[table], f"{table}.csv"), headings, columns)


FORMAT = Format(
    key="udd",
    name="Jisc UDD tables",
    recognises=recognises,
    read=read,
    columns=(
        "event, studentevent, moduleinstance, studentcoursemembership, assessmentinstance, "
        "studentassessmentinstance, studentidmap",
    ),
    example_name="udd",
    tried=Tried.SPECIFICATION,
)
