"""Match each event to a student and modules, and write its rows of the event feed."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import IO

from integrations.feeds.formats.keeping import Fate
from integrations.feeds.formats.matching.at_once import PlainStatements
from integrations.feeds.formats.matching.known_roster import KnownRoster
from integrations.feeds.formats.matching.people import STRANGER, nameless
from integrations.feeds.formats.matching.summary import (
    BAD_TIME,
    NO_MODULE,
    NO_PERSON,
    NOT_ENROLLED,
    STAFF,
    TWO_PEOPLE,
    UNKNOWN_MODULE,
    UNKNOWN_PERSON,
    Summary,
)
from integrations.feeds.formats.model import (
    GUEST,
    NUMBER,
    Declared,
    Event,
    EventFact,
    Identifier,
    RefusedRow,
)
from integrations.feeds.formats.times import format_time
from integrations.feeds.people import ANY_MODULE
from store.rules.calendar import INSTITUTION
from store.rules.model import MarkerFamily

UNNAMED = "?"
"""Stands for a person or a module that a refused row does not name."""

_SPREAD = frozenset({MarkerFamily.VLE, MarkerFamily.RECORDINGS})


@dataclass(slots=True)
class RowWriter:
    """Writes the rows of a file, and counts in its summary what became of each of its records."""

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
            before = 0
            for line in (*sorted(found.odd), found.lines + 1):
                summary.lines.extend(range(before + 1, line))
                before = line

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
