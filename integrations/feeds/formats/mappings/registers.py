"""Registers and other tables, read by a confirmed mapping.

A register that was not taken makes the session unknown, not an absence. A later mark for the same
person and session replaces the earlier one.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from integrations.feeds.events_csv import EXCUSABLE
from integrations.feeds.formats.files.json_items import item_of
from integrations.feeds.formats.files.opening import Opened
from integrations.feeds.formats.files.tables import Headings, TableRow, normal, read_table
from integrations.feeds.formats.mappings.mapping import (
    ABSENT,
    EXCUSED,
    LATE,
    NOT_EXPECTED,
    NOT_TAKEN,
    PRESENT,
    Mapped,
)
from integrations.feeds.formats.matching.summary import BAD_TIME
from integrations.feeds.formats.model import (
    NUMBER,
    Declared,
    Event,
    EventFact,
    Format,
    Identifier,
    Item,
    Keeps,
    Passed,
    RefusedRow,
    Tried,
)
from integrations.feeds.text_files import FeedError

KINDS: dict[str, tuple[str, ...]] = {
    PRESENT: ("expected", "done"),
    LATE: ("expected", "done"),
    ABSENT: ("expected",),
    EXCUSED: ("excused",),
    NOT_EXPECTED: ("excused",),
}
"""A meaning → the kinds of rows that it makes. An excused session may be expected by the source's
timetable; the ``excused`` row cancels that."""

UNKNOWN_MARK = "the mark is not in the mapping"
UNKNOWN = "the register was not taken: unknown, not absent"
REPLACED = "replaced by a later mark"
NO_PERSON = "a row of no person, such as a summary"


def format_of(mapped: Mapped) -> Format:
    """Make a format from a mapping, usable like those in the registry."""

    def recognises(opened: Opened) -> bool:
        return any(mapped.matches(row) for row in opened.first_rows[:8])

    def read(opened: Opened, declared: Declared) -> Iterator[Item]:
        reader = _Reader(mapped, declared)
        return reader.long(opened) if mapped.layout == "long" else reader.wide(opened)

    named = {normal(heading) for heading in mapped.columns.values()}

    def is_used(heading: str, _declared: Declared) -> bool:
        is_session = mapped.layout == "wide" and mapped.dates.read(heading) is not None
        return is_session or normal(heading) in named

    return Format(
        key=f"mapping:{mapped.name}",
        name=f"a table read by the mapping {mapped.name}",
        recognises=recognises,
        read=read,
        columns=tuple(mapped.columns.values()),
        example_name="",
        tried=Tried.OWN,
        version=hashlib.sha256(repr(mapped).encode()).hexdigest()[:8],
        keeps=Keeps(is_used),
    )


@dataclass(slots=True)
class _Reader:
    mapped: Mapped
    declared: Declared
    newest: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)
    """(person, session) → (line, time of marking) of the mark that counts."""

    def long(self, opened: Opened) -> Iterator[Item]:
        """Read a table with a row for each mark, in two passes: first which marks count."""
        if "mark" in self.mapped.columns:
            for row in self._rows(opened):
                if isinstance(row, TableRow) and isinstance(self._when(row), dt.date):
                    self._note(row)
        for row in self._rows(opened):
            yield row if isinstance(row, RefusedRow) else self._of_row(row)

    def _rows(self, opened: Opened) -> Iterator[TableRow | RefusedRow]:
        headings: Headings = {
            name: (normal(heading),) for name, heading in self.mapped.columns.items()
        }
        return read_table(opened, headings, tuple(headings))

    def _note(self, row: TableRow) -> None:
        """Record a mark if it is the newest for its person and session."""
        if row.values["mark"].casefold() not in self.mapped.marks:
            return
        changed = self.mapped.dates.read(row.values.get("changed", ""))
        mark = (row.line, str(changed or ""))
        before = self.newest.get(self._session(row))
        if before is None or mark[1] >= before[1]:
            self.newest[self._session(row)] = mark

    def _session(self, row: TableRow) -> tuple[str, str]:
        of = row.values.get
        return of("person", ""), "|".join(of(key, "") for key in ("module", "item", "date", "time"))

    def _when(self, row: TableRow) -> dt.datetime | dt.date | None:
        text = f"{row.values['date']} {row.values.get('time', '')}".strip()
        return self.mapped.dates.read(text) or self.mapped.dates.read(row.values["date"])

    def _of_row(self, row: TableRow) -> Item:
        person = row.values["person"]
        is_number = self.mapped.people != NUMBER or any(map(str.isdigit, person))
        is_foot = not row.values["date"] and (" " in person or not is_number)
        if not person or is_foot:
            return Passed(row.line, NO_PERSON)
        when = self._when(row)
        if when is None:
            return RefusedRow(row.line, BAD_TIME, self._who(row.values))
        item = item_of(row.values.get("item", "")) if row.values.get("item") else ""
        if "mark" not in self.mapped.columns:
            return Event(
                row.line,
                self._who(row.values),
                when,
                "done",
                (EventFact(self.mapped.family, item=item),),
                row.values.get("module", ""),
            )
        mark = row.values["mark"].casefold()
        if mark in self.mapped.marks and self.newest[self._session(row)][0] != row.line:
            return Passed(row.line, REPLACED)
        return self._marked(row.line, row.values, mark, when, item)

    def _who(self, values: dict[str, str]) -> tuple[Identifier, ...]:
        return ((self.mapped.people, values["person"]),)

    def _marked(
        self, line: int, values: dict[str, str], mark: str, when: dt.datetime | dt.date, item: str
    ) -> Item:
        meaning = self.mapped.marks.get(mark, "" if mark else NOT_TAKEN)
        if not meaning:
            return RefusedRow(line, UNKNOWN_MARK, self._who(values), when)
        if meaning == NOT_TAKEN:
            return Passed(line, UNKNOWN)
        family = self.mapped.family
        named = item or f"session-{when:%Y-%m-%dT%H%M}"
        kinds = KINDS[meaning]
        if meaning in (EXCUSED, NOT_EXPECTED) and family not in EXCUSABLE:
            kinds = ()
        facts = tuple(EventFact(family, kind, named) for kind in kinds)
        module = values.get("module", "") or self.mapped.module
        who = self._who(values)
        return Event(line, who, when, meaning, facts, module, late=meaning == LATE)

    def wide(self, opened: Opened) -> Iterator[Item]:
        """Read a table with a row for each person and a column for each session's date."""
        person, sessions = -1, list[tuple[int, dt.datetime | dt.date]]()
        for record in opened.rows():
            if record.reason:
                yield RefusedRow(record.line, record.reason)
            elif person < 0:
                if self.mapped.matches(record.fields):
                    names = [normal(each) for each in record.fields]
                    person = names.index(normal(self.mapped.columns["person"]))
                    sessions = self._sessions(record.fields)
            else:
                yield from self._cells(record.line, record.fields, person, sessions)
        if not sessions:
            raise FeedError(
                f"{opened.name}: no heading is a date as the mapping {self.mapped.name} declares "
                "it. Nothing was loaded."
            )

    def _sessions(self, header: Sequence[str]) -> list[tuple[int, dt.datetime | dt.date]]:
        found = ((at, self.mapped.dates.read(heading)) for at, heading in enumerate(header))
        return [(at, when) for at, when in found if when is not None]

    def _cells(
        self,
        line: int,
        fields: Sequence[str],
        person: int,
        sessions: list[tuple[int, dt.datetime | dt.date]],
    ) -> Iterator[Item]:
        who = fields[person].strip() if person < len(fields) else ""
        if not who or (self.mapped.people == NUMBER and not any(map(str.isdigit, who))):
            yield Passed(line, NO_PERSON)
            return
        for at, when in sessions:
            mark = fields[at].strip().casefold() if at < len(fields) else ""
            yield self._marked(line, {"person": who}, mark, when, "")
