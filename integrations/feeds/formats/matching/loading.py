"""Convert a file of any format to rows of the documented event feed, with a summary in counts.

People and modules are matched only here. Only the student's number, module, family, kind, time,
item and count of a row are passed on.
"""

from __future__ import annotations

import csv
import datetime as dt
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import IO

from integrations.feeds.csv_tables import Rejections
from integrations.feeds.formats.files.opening import Opened
from integrations.feeds.formats.matching.modules import Modules
from integrations.feeds.formats.matching.people import STRANGER, KnownPeople
from integrations.feeds.formats.model import Declared, Event, EventFact, Format, RefusedRow
from integrations.feeds.formats.times import format_time
from integrations.feeds.text_files import FeedError
from store.rules.calendar import INSTITUTION
from store.rules.model import MarkerFamily
from store.rules.text.formatting import counted

COLUMNS = ("student_number", "module", "family", "kind", "at", "item", "count", "until")

UNKNOWN_PERSON = "the person is not on the roster, and not in the map of identifiers"
STAFF = "staff, not a student"
BAD_TIME = "the time is not a date or time as declared"
NO_MODULE = "the module is not said, and the student has several: declare it with --module"
NOT_ENROLLED = "the student is on no module on that day"
UNKNOWN_MODULE = "the module is not on the roster, and not in the map of identifiers"

_SPREAD = frozenset({MarkerFamily.VLE, MarkerFamily.RECORDINGS})

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
) -> Summary:
    """Read a file; write its rows to ``out`` where there is one. Raises ``FeedError``."""
    summary = Summary(reader)
    write = csv.writer(out).writerow if out else None
    if write:
        write(COLUMNS)
    sink = _Sink(summary, opened.name, declared, roster, write)
    for item in reader.read(opened, declared):
        summary.rows += 1
        if isinstance(item, Event):
            sink.event(item)
        elif isinstance(item, RefusedRow):
            summary.refuse(opened.name, item.line, item.reason)
        else:
            summary.passed[item.why] += 1
    _check_times(opened.name, summary)
    return summary


def _check_times(name: str, summary: Summary) -> None:
    bad = summary.refused[BAD_TIME]
    if bad > 2 and bad > MOST_BAD_TIMES * summary.rows:
        raise FeedError(
            f"{name}: {bad} of {counted(summary.rows, 'time')} cannot be read as declared. Check "
            "--dates: day-first, month-first, year-first, or a pattern. Nothing was loaded."
        )


@dataclass(slots=True)
class _Sink:
    summary: Summary
    name: str
    declared: Declared
    roster: KnownRoster
    write: Callable[[Iterable[object]], object] | None

    def event(self, event: Event) -> None:
        """Match one event to a student and modules; count it, and write its facts."""
        number = self.roster.people.find(event.who)
        if number == STRANGER:
            self.summary.passed[STAFF] += 1
            return
        if number is None:
            self.summary.refuse(self.name, event.line, UNKNOWN_PERSON)
            return
        try:
            at = format_time(event.at, self.declared.zone)
            day = _day(event.at, self.declared.zone)
        except (OverflowError, ValueError):
            self.summary.refuse(self.name, event.line, BAD_TIME)
            return
        modules = self._modules(event, number, day)
        if isinstance(modules, str):
            self.summary.refuse(self.name, event.line, modules)
            return
        if not modules:
            self.summary.passed[NOT_ENROLLED] += 1
            return
        self.summary.count(event, number, day)
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

    def _row(self, line: int, number: str, module: str, fact: EventFact, at: str) -> None:
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


def _day(at: dt.datetime | dt.date, zone: dt.tzinfo) -> dt.date:
    if not isinstance(at, dt.datetime):
        return at
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(INSTITUTION).date()
