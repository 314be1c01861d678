"""Write the messages about a problem with a source's data, and about its end.

Each says what happened, what Lantern does, and what to do. It names sources, files, days and
numbers, and never a student.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from store.rules.calendar import Calendar
from store.rules.flag_rules.arrivals import HELD_FOR, NEAR, TOLD_AFTER, HeldWork
from store.rules.flag_rules.measured_days import days_said, missing_days
from store.rules.flag_rules.settling import REMEMBERED, SETTLES
from store.rules.model import OCCASIONAL, MarkerFamily
from store.rules.text.formatting import counted, listed, on_day

ONE_DAY = dt.timedelta(days=1)
LEAST_ARRIVALS = 4
"""Arrivals of a source needed to know its habit."""
LATE_AFTER, LATE_AFTER_OCCASIONAL = 1, 10
"""School days that may be missing before a source without a habit is late."""
MOST_NAMED = 3

Arrival = tuple[dt.date, dt.date]
"""The day on which a source delivered, and its last known day before that."""


@dataclass(frozen=True, slots=True)
class Rests:
    """Numbers of a school's open cases: with an active flag from a source, and without one."""

    on_it: int
    on_others: int


@dataclass(frozen=True, slots=True)
class Moved:
    """Numbers of flags of a source that a screening ended and raised."""

    ended: int = 0
    new: int = 0


@dataclass(frozen=True, slots=True)
class KnownDays:
    """A source's known days in a school: the newest, and the missing ones.

    ``partial`` maps a day to the names of the schools whose data is missing on it.
    """

    newest: dt.date | None
    missing: tuple[dt.date, ...] = ()
    partial: Mapping[dt.date, Sequence[str]] = field(default_factory=dict)


def missing_after(calendar: Calendar, newest: dt.date, day: dt.date) -> int:
    """Count the school days after ``newest`` and before ``day``."""
    return len(missing_days(calendar, (), newest + ONE_DAY, day - ONE_DAY))


def late_after(
    calendar: Calendar, arrivals: Sequence[Arrival], families: Collection[MarkerFamily]
) -> int:
    """Return how many school days a source may usually lack before it counts as late.

    It is the second largest number of days missing before an arrival: one outage is not a habit.
    """
    if len(arrivals) < LEAST_ARRIVALS:
        return LATE_AFTER_OCCASIONAL if set(families) <= OCCASIONAL else LATE_AFTER
    waits = sorted(missing_after(calendar, known, came - ONE_DAY) for came, known in arrivals)
    return waits[-2]


def said_late(source: str, families: Iterable[MarkerFamily], newest: dt.date, rests: Rests) -> str:
    """Write that a source has not arrived, and which cases depend on it."""
    unknown = listed([family.label for family in sorted(set(families))])
    held = (
        f" The flags of {counted(rests.on_it, 'open case')} depend on it: they do not change until "
        "it arrives."
        if rests.on_it
        else ""
    )
    others = (
        f" {counted(rests.on_others, 'open case depends', 'open cases depend')} on other evidence."
        if rests.on_others
        else ""
    )
    return (
        f"{source} has not arrived since {on_day(newest)}. Data on {unknown} is unknown after "
        f"that day.{others}{held} Ask the people who deliver it."
    )


def said_thin(source: str, days: Collection[dt.date], calendar: Calendar) -> str:
    """Write that a school has far fewer rows than usual on these days."""
    return (
        f"{source} has less than half of its usual data for your school on "
        f"{days_said(days, calendar, MOST_NAMED)}. Lantern treats your students as unknown on "
        f"{'this day' if len(days) == 1 else 'these days'}, not as absent. Ask the people who "
        "deliver it for the missing data."
    )


def said_held(source: str, held: Sequence[HeldWork]) -> str:
    """Write that far fewer students than usual have handed in these pieces of work.

    The numbers are those of the first week, so that the message stays the same from day to day.
    """
    shown = [
        f"{each.work.arrived(TOLD_AFTER.days)} of {counted(each.work.asked, 'student')} handed in "
        f"{each.work.item} in {each.work.module} within a week of {on_day(each.work.due)}"
        for each in held[:MOST_NAMED]
    ]
    left = len(held) - len(shown)
    more = [f"the same applies to {counted(left, 'more piece')} of work"] if left else []
    until = max(each.work.due for each in held) + HELD_FOR
    return (
        f"{source} has much less work handed in than usual. {'; '.join([*shown, *more])}. Until "
        f"{on_day(until)}, or until the rest arrives, Lantern does not treat this work as missing, "
        f"nor other work due within {counted(NEAR.days, 'day')} of it. Ask the people who deliver "
        "it for the missing data."
    )


def said_held_no_longer(source: str) -> str:
    """Write the message that work which had not arrived counts as missing again."""
    return (
        f"Work in {source} that had not arrived counts again: the rest has arrived, or "
        f"{counted(HELD_FOR.days // 7, 'week')} or more have passed since it was due."
    )


def said_corrected(source: str) -> str:
    """Write that a source corrects its days, so that late work is waited for."""
    return (
        f"{source} has corrected earlier days, or delivered them late. Until "
        f"{counted(REMEMBERED.days // 7, 'week')} have passed without another correction, Lantern "
        f"waits {counted(SETTLES.days, 'day')} for a correction of each day on which less late "
        "work came than usual, before it treats that work as missing. Ask the people who deliver "
        "it for the reason."
    )


def said_corrects_no_longer(source: str) -> str:
    """Write the message that a source's late work is no longer waited for."""
    return (
        f"{source} has corrected nothing for {counted(REMEMBERED.days // 7, 'week')}. Lantern no "
        "longer waits for corrections before it treats work as missing."
    )


def said_refused(source: str, file: str, refused: int, rows: int, reasons: Sequence[str]) -> str:
    """Write that many rows of a delivery were refused, and why."""
    why = f" The most frequent reason: {reasons[0]}." if reasons else ""
    return (
        f"{source}: {refused} of the {counted(rows, 'row')} of {file} were refused.{why} Students "
        "they may be about are unknown on those days, not absent. Correct the rows or the "
        "roster. Lantern reads the rows again when the roster changes."
    )


def said_unsettled(students: int) -> str:
    """Write the message that students may have a second student number."""
    have = "has" if students == 1 else "have"
    return (
        f"{counted(students, 'student')} of your school {have} a second student number with the "
        "same email address. Lantern raises no flags from their missing data until this is "
        "settled. Add "
        "the pair to identifiers.csv, or correct the address, and load the roster again."
    )


def said_arrived(source: str, known: KnownDays, calendar: Calendar, moved: Moved) -> str:
    """Write that a source has arrived, its last known day, and what it changed."""
    covered = describe_coverage(known, calendar)
    return f"{source} has arrived. {source} is {covered}.{said_moved(moved)}"


def describe_coverage(known: KnownDays, calendar: Calendar) -> str:
    """Write a source's last known day, and which days and schools are missing."""
    if known.newest is None:
        return "unknown: no data yet"
    missing = [day for day in known.missing if day <= known.newest]
    gaps = f", except for {days_said(missing, calendar, MOST_NAMED)}" if missing else ""
    parts = [
        f"{listed(list(schools))} missing on {on_day(day)}"
        for day, schools in sorted(known.partial.items())
    ]
    lacks = "".join(f"; {part}" for part in parts[-MOST_NAMED:])
    return f"complete to {on_day(known.newest)}{gaps}{lacks}"


def said_moved(moved: Moved) -> str:
    """Write what late data changed, as a sentence with a leading space."""
    if not moved.ended and not moved.new:
        return " No flags changed."
    parts = [f"{counted(moved.ended, 'flag')} ended"] if moved.ended else []
    parts += [f"{counted(moved.new, 'flag is', 'flags are')} new"] if moved.new else []
    return f" With this data {listed(parts)}."
