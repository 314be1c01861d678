"""What was read from a file, in counts, and why rows of it were refused."""

from __future__ import annotations

import datetime as dt
from array import array
from collections import Counter
from dataclasses import dataclass, field

from integrations.feeds.csv_tables import Rejections
from integrations.feeds.formats.keeping import Fates
from integrations.feeds.formats.matching.at_once import PlainStatements
from integrations.feeds.formats.model import Event, Format
from integrations.feeds.formats.times import Dates
from integrations.feeds.text_files import FeedError
from store.rules.text.formatting import counted

UNKNOWN_PERSON = "the person is not on the roster, and not in the map of identifiers"
NO_PERSON = "the row names no person: of merged cells only the first has the value"
TWO_PEOPLE = "the map of identifiers gives this person's identifier to two students: correct it"
STAFF = "staff, not a student"
BAD_TIME = "the time is not a date or time as declared"
NO_MODULE = "the module is not said, and the student has several: declare it with --module"
NOT_ENROLLED = "the student is on no module on that day"
UNKNOWN_MODULE = "the module is not on the roster, and not in the map of identifiers"

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


def check_times(name: str, summary: Summary) -> None:
    """Refuse a file of which many times cannot be read as declared. Raises ``FeedError``."""
    bad = summary.refused[BAD_TIME]
    if bad > 2 and bad > MOST_BAD_TIMES * summary.rows:
        raise FeedError(
            f"{name}: {bad} of {counted(summary.rows, 'time')} cannot be read as declared. Check "
            "--dates: day-first, month-first, year-first, or a pattern. Nothing was loaded."
        )


def check_order(name: str, summary: Summary, dates: Dates | None) -> None:
    """Refuse a file whose days make sense only with day and month the other way round.

    Raises ``FeedError``.

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
