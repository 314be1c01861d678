"""Convert a file of any format to rows of the documented event feed, with a summary in counts.

A refused row is handed on as one that the event feed refuses too, so that its student, or those
it may be about, are unknown and not absent, and so that it is tried again when the roster knows
more.

People and modules are matched only here. Only the student's number, module, family, kind, time,
item and count of a row are passed on.
"""

from __future__ import annotations

import csv
import datetime as dt
import shutil
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import IO

from integrations.feeds.csv_tables import Rejections
from integrations.feeds.formats.files import json_items
from integrations.feeds.formats.files.opening import Opened
from integrations.feeds.formats.keeping import Fate, Fates
from integrations.feeds.formats.matching.at_once import PlainStatements
from integrations.feeds.formats.matching.modules import Modules
from integrations.feeds.formats.matching.people import STRANGER, KnownPeople, nameless
from integrations.feeds.formats.model import (
    GUEST,
    NUMBER,
    Declared,
    Event,
    EventFact,
    Format,
    Identifier,
    RefusedRow,
)
from integrations.feeds.formats.times import Dates, format_time
from integrations.feeds.people import ANY_MODULE
from integrations.feeds.text_files import FeedError
from store.rules.calendar import INSTITUTION
from store.rules.model import MarkerFamily
from store.rules.text.formatting import counted

COLUMNS = ("student_number", "module", "family", "kind", "at", "item", "count", "until")

UNKNOWN_PERSON = "the person is not on the roster, and not in the map of identifiers"
NO_PERSON = "the row names no person: of merged cells only the first has the value"
TWO_PEOPLE = "the map of identifiers gives this person's identifier to two students: correct it"
STAFF = "staff, not a student"
BAD_TIME = "the time is not a date or time as declared"
NO_MODULE = "the module is not said, and the student has several: declare it with --module"
NOT_ENROLLED = "the student is on no module on that day"
UNKNOWN_MODULE = "the module is not on the roster, and not in the map of identifiers"

UNNAMED = "?"
"""Stands for a person or a module that a refused row does not name."""

_SPREAD = frozenset({MarkerFamily.VLE, MarkerFamily.RECORDINGS})

_FATES = {
    STAFF: Fate.LEFT_OUT,
    json_items.TWICE: Fate.LEFT_OUT,
    json_items.VOIDING: Fate.VOIDS,
}
"""What becomes of a record that is left aside, by why."""

OTHER_ORDER = {"day-first": "month-first", "month-first": "day-first"}
LEAST_DAYS = 3
"""With fewer days it cannot be said in which order they are written."""

MOST_BAD_TIMES = 0.05
"""If more rows than this have unreadable times, the declaration is wrong or the file is broken."""


@dataclass(slots=True)
class Summary:
    """Counts of what was read from a file. ``lines`` are those of the written rows."""

    format: Format
    rows: int = 0
    events: int = 0
    by_label: Counter[str] = field(default_factory=Counter)
    people: Counter[str] = field(default_factory=Counter)
    days: Counter[dt.date] = field(default_factory=Counter)
    passed: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    rejections: Rejections = field(default_factory=Rejections)
    late: int = 0
    minutes: float = 0.0
    lines: array[int] = field(default_factory=lambda: array("L"))
    refused_lines: array[int] = field(default_factory=lambda: array("L"))
    handed_on: set[int] = field(default_factory=set)
    """The written rows, from 2 on, that stand for refused ones."""
    repaired: Counter[str] = field(default_factory=Counter)
    """Numbers written otherwise, by how they were."""
    fates: Fates = field(default_factory=Fates)
    plain: PlainStatements | None = None
    """What was read at once, of xAPI; its rows are the last ones."""

    def refuse(self, name: str, line: int, reason: str) -> None:
        """Count a refused row and record its line."""
        self.refused[reason] += 1
        self.refused_lines.append(line)
        self.rejections.add(name, line, reason)

    def count(self, event: Event, number: str, day: dt.date) -> None:
        """Count an event of a known person."""
        self.events += 1
        self.by_label[event.label] += 1
        self.people[number] += 1
        self.days[day] += 1
        self.late += event.late
        self.minutes += event.minutes


@dataclass(frozen=True, slots=True)
class KnownRoster:
    """The roster for matching rows. ``enrolled`` maps a number to (module, starts, ends)."""

    people: KnownPeople
    modules: Modules
    enrolled: Mapping[str, list[tuple[str, dt.date, dt.date | None]]] = field(default_factory=dict)

    def modules_on(self, number: str, day: dt.date) -> list[str]:
        """Name the modules on which a student is enrolled on a day."""
        return [
            module
            for module, starts, ends in self.enrolled.get(number, ())
            if starts <= day and (ends is None or day <= ends)
        ]


def read_events(
    opened: Opened,
    reader: Format,
    declared: Declared,
    roster: KnownRoster,
    out: IO[str] | None = None,
    *,
    hands_on: bool = True,
    is_again: bool = False,
    plain: PlainStatements | None = None,
) -> Summary:
    """Read a file; write its rows to ``out`` where there is one. Raises ``FeedError``.

    ``hands_on``: the refused ones too. A poll does not, since it asks for them again. ``is_again``:
    it was read before, so its declaration has been checked. ``plain``: what was read of it at once.
    """
    if declared.module and not roster.modules.find(declared.module):
        raise FeedError(
            f"{opened.name}: the declared module is not on the roster. Check --module, or load the "
            "module first. Nothing was loaded."
        )
    summary = Summary(reader, plain=plain)
    write = csv.writer(out, lineterminator="\n" if plain else "\r\n").writerow if out else None
    if write:
        write(COLUMNS)
    sink = _Sink(summary, opened.name, declared, roster, write, hands_on)
    for item in reader.read(opened, declared):
        summary.rows += 1
        sink.record, refused = opened.record, len(summary.refused_lines)
        if isinstance(item, Event):
            fate = sink.event(item)
        elif isinstance(item, RefusedRow):
            fate = sink.refused(item)
        else:
            summary.passed[item.why] += 1
            fate = _FATES.get(item.why, Fate.PASSED)
        if not hands_on and len(summary.refused_lines) > refused:
            fate = Fate.LEFT_OUT  # It is asked for again.
        summary.fates.add(opened.record, fate)
    if plain:
        sink.plain(plain, out)
    if not is_again:
        _check_times(opened.name, summary)
        _check_order(opened.name, summary, declared.dates)
    sink.end()
    summary.repaired.update(roster.people.repaired.values())
    return summary


def _check_times(name: str, summary: Summary) -> None:
    bad = summary.refused[BAD_TIME]
    if bad > 2 and bad > MOST_BAD_TIMES * summary.rows:
        raise FeedError(
            f"{name}: {bad} of {counted(summary.rows, 'time')} cannot be read as declared. Check "
            "--dates: day-first, month-first, year-first, or a pattern. Nothing was loaded."
        )


def _check_order(name: str, summary: Summary, dates: Dates | None) -> None:
    """Refuse a file whose days make sense only with day and month the other way round.

    Such as 5/10 to 12/10: a week in October, or one day in each of eight months. All its days are
    among the first twelve of a month, so that each can be read both ways.
    """
    if dates is None or dates.declared not in OTHER_ORDER or len(summary.days) < LEAST_DAYS:
        return
    try:
        others = [day.replace(day=day.month, month=day.day) for day in summary.days]
    except ValueError:
        return
    span, other = (max(days) - min(days) for days in (list(summary.days), others))
    if span > 4 * other + LEAST_DAYS * dt.timedelta(days=7):
        raise FeedError(
            f"{name}: with --dates {dates.declared}, the days are far apart ({min(summary.days)} "
            f"to {max(summary.days)}); with --dates {OTHER_ORDER[dates.declared]}, they are close "
            f"together ({min(others)} to {max(others)}). Check --dates. Nothing was loaded."
        )


@dataclass(slots=True)
class _Sink:
    summary: Summary
    name: str
    declared: Declared
    roster: KnownRoster
    write: Callable[[Iterable[object]], object] | None
    hands_on: bool
    seen: set[tuple[str, dt.date]] = field(default_factory=set)
    elsewhere: dict[tuple[str, dt.date], tuple[int, int]] = field(default_factory=dict)
    """Student and day → the first line, and record, of what they did on a module that is not on
    the roster."""
    record: int = -1
    """The record that is being read."""

    def refuse(self, line: int, reason: str, who: str = UNNAMED, at: str = "") -> None:
        """Count a refused row, and hand it on for the person that it names, if it names one."""
        self.summary.refuse(self.name, line, reason)
        self._hand_on(line, who, at)

    def refused(self, row: RefusedRow) -> Fate:
        """Count a row that its reader refused, and hand it on for the person that it names."""
        number = self.roster.people.find(row.who) if row.who else None
        if row.who == GUEST or number == STRANGER:
            self.summary.refuse(self.name, row.line, row.reason)
            return Fate.LEFT_OUT
        try:
            at = format_time(row.at, self.declared.zone) if row.at else ""
        except (OverflowError, ValueError):
            at = ""
        self.refuse(row.line, row.reason, number or _name_of(row.who), at)
        return Fate.READ

    def _hand_on(self, line: int, who: str, at: str) -> None:
        self._row(line, who, UNNAMED, EventFact(MarkerFamily.VLE), at, is_refused=True)

    def _unknown(self, event: Event, at: str) -> None:
        """Hand on an event of an unknown person whole, so that it counts once they are known."""
        reason = UNKNOWN_PERSON
        if not any(identifier.strip() for _, identifier in event.who):
            reason = NO_PERSON
        elif self.roster.people.is_disputed(event.who):
            reason = TWO_PEOPLE
        self.summary.refuse(self.name, event.line, reason)
        module = self.roster.modules.find(event.module) if event.module else None
        for fact in event.facts:
            to = module or self.declared.module or (UNNAMED if event.module else ANY_MODULE)
            self._row(event.line, _name_of(event.who), to, fact, at, is_refused=True)

    def end(self) -> None:
        """Hand on who was only on modules that are not on the roster: those may have new codes."""
        for (number, day), (line, record) in self.elsewhere.items():
            if (number, day) not in self.seen:
                self.record = record
                self._hand_on(line, number, day.isoformat())

    def plain(self, found: PlainStatements, out: IO[str] | None) -> None:
        """Count the plain statements of a file, and write their rows below the others."""
        summary = self.summary
        for label, day, number, events in found.counts:
            summary.rows += events
            summary.events += events
            summary.by_label[label] += events
            summary.people[number] += events
            summary.days[day] += events
            self.seen.add((number, day))
        fates = bytearray([Fate.READ]) * found.lines
        for line in found.odd:
            fates[line - 1] = summary.fates.get(line - 1)
        summary.fates.of = fates
        if out:
            with found.rows.open(encoding="utf-8", newline="") as rows:
                shutil.copyfileobj(rows, out)
            summary.lines.extend(
                line for line in range(1, found.lines + 1) if line not in found.odd
            )

    def event(self, event: Event) -> Fate:
        """Match one event to a student and modules; count it, and write its facts."""
        number = self.roster.people.find(event.who)
        if number == STRANGER:
            self.summary.passed[STAFF] += 1
            return Fate.LEFT_OUT
        self._event(event, number)
        return Fate.READ

    def _event(self, event: Event, number: str | None) -> None:
        try:
            at = format_time(event.at, self.declared.zone)
            day = _day(event.at, self.declared.zone)
        except (OverflowError, ValueError):
            self.refuse(event.line, BAD_TIME, number or UNNAMED)
            return
        if number is None:
            self._unknown(event, at)
            return
        modules = self._modules(event, number, day)
        if modules == UNKNOWN_MODULE:
            self.elsewhere.setdefault((number, day), (event.line, self.record))
            self.summary.refuse(self.name, event.line, UNKNOWN_MODULE)
            return
        if isinstance(modules, str):
            self.refuse(event.line, modules, number, at)
            return
        if not modules:
            self.summary.passed[NOT_ENROLLED] += 1
            return
        self.summary.count(event, number, day)
        self.seen.add((number, day))
        for fact in event.facts:
            for module in modules:
                self._row(event.line, number, module, fact, at)

    def _modules(self, event: Event, number: str, day: dt.date) -> list[str] | str:
        """Return the modules that an event counts for, or the reason why there are none.

        Use of the online learning space and of recordings without a module counts for all of the
        student's modules: it shows activity. A session or a submission belongs to one module.
        """
        if self.summary.format.swipes:
            return [""]
        if event.module:
            found = self.roster.modules.find(event.module)
            if found:
                return [found]
            if not self.declared.module:
                return UNKNOWN_MODULE
        if self.declared.module:
            return [self.declared.module]
        enrolled = self.roster.modules_on(number, day)
        if len(enrolled) == 1 or all(fact.family in _SPREAD for fact in event.facts):
            return enrolled
        return NO_MODULE if enrolled else []

    def _row(
        self,
        line: int,
        number: str,
        module: str,
        fact: EventFact,
        at: str,
        *,
        is_refused: bool = False,
    ) -> None:
        if is_refused and (self.summary.format.swipes or not self.hands_on):
            return
        if self.write:
            count = "" if fact.item else fact.amount
            self.write(
                (
                    number,
                    module,
                    fact.family,
                    fact.kind,
                    fact.at or at,
                    fact.item,
                    count,
                    fact.until,
                )
            )
            self.summary.lines.append(line)
            self.summary.fates.rows.append(max(self.record, 0))
            if is_refused:
                self.summary.handed_on.add(len(self.summary.lines) + 1)


def _name_of(who: tuple[Identifier, ...]) -> str:
    """Return an unknown person's number as written, else what stands for their identifier."""
    number = next((each for system, each in who if system == NUMBER), "")
    return " ".join(number.split()) or (nameless(*who[0]) if who else UNNAMED)


def _day(at: dt.datetime | dt.date, zone: dt.tzinfo) -> dt.date:
    if not isinstance(at, dt.datetime):
        return at
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(INSTITUTION).date()
