"""Compare students whose case opened at once with those who waited because there was no room.

It describes, and proves nothing: those with the strongest evidence are taken up first, so the two
groups differ from the start. No student is ever made to wait for the comparison. Those who waited
did so because the day's places were taken.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from store.rules.model import FlagEnd
from store.rules.small_numbers import Figures, ReportPeriod, rate_range
from store.rules.text.formatting import counted

AT_ONCE = dt.timedelta(days=2)
"""A case opened by then was opened at once."""
WITHIN = dt.timedelta(days=14)
"""Days from the first flag within which a return counts."""
SETTLED = dt.timedelta(days=28)
"""Days from the first flag after which it is known who had returned: a return is seen over days."""

_NOT_COMPARED = frozenset(
    {FlagEnd.EXCUSED, FlagEnd.EXEMPT, FlagEnd.CORRECTED, FlagEnd.OUT_OF_SCOPE, FlagEnd.RULE_OFF}
)
"""Ends for another reason than what the student did."""

DIFFER = (
    "The two groups differ from the start: the strongest evidence is taken up first. So this does "
    "not show that a case helped, or that it did not."
)
NEVER_WITHHELD = (
    "No student is ever left without help for a comparison. Those who waited did so because the "
    "daily limit was reached."
)


@dataclass(frozen=True, slots=True)
class FirstFlag:
    """One flag of a student's first flagged day in the period."""

    last_found_on: dt.date
    end: FlagEnd | None
    """None: it is still active."""


@dataclass(frozen=True, slots=True)
class Episode:
    """A student's first flags in the period, and their case."""

    first: dt.date
    case_on: dt.date | None
    """None: no case was opened for them."""
    flags: tuple[FirstFlag, ...]

    @property
    def is_compared(self) -> bool:
        """Return whether its flags ended, if at all, by what the student did."""
        return all(each.end not in _NOT_COMPARED for each in self.flags)

    @property
    def has_returned(self) -> bool:
        """Return whether the student was back, or had handed in, in the time that counts."""
        return all(
            each.end is not None and each.end.is_return and each.last_found_on < self.first + WITHIN
            for each in self.flags
        )


@dataclass(frozen=True, slots=True)
class RoomGroup:
    """One group: ``share`` and ``interval`` are None where there are too few to say."""

    students: int
    share: float | None
    """Of those who returned, 0 to 1."""
    interval: tuple[float, float] | None
    reasons: float | None
    """Flags on the first day, on average: how strong the evidence was."""


@dataclass(frozen=True, slots=True)
class RoomComparison:
    """The two groups of a school, and those in neither."""

    period: ReportPeriod
    at_once: RoomGroup
    waited: RoomGroup
    between: int
    """Students whose case opened later than at once, within the days that count."""


def compare_room(
    episodes: Iterable[Episode], period: ReportPeriod, figures: Figures
) -> RoomComparison:
    """Compare return to activity within 14 days. Counts and shares are protected as ``figures``
    does."""
    at_once, waited, between = list[Episode](), list[Episode](), 0
    for each in episodes:
        if not each.is_compared:
            continue
        if each.case_on is None or each.case_on - each.first > WITHIN:
            waited.append(each)
        elif each.case_on - each.first <= AT_ONCE:
            at_once.append(each)
        else:
            between += 1
    return RoomComparison(
        period, _group(at_once, figures), _group(waited, figures), figures.number(between)
    )


def _group(those: Sequence[Episode], figures: Figures) -> RoomGroup:
    returned = sum(each.has_returned for each in those)
    people = figures.number(len(those))
    share = figures.share(returned, len(those))
    return RoomGroup(
        students=people,
        share=share,
        interval=None if share is None else rate_range(figures.number(returned), people),
        reasons=figures.average(
            sum(len(each.flags) for each in those) / len(those) if those else 0.0, len(those)
        ),
    )


def describe_room(made: RoomComparison) -> Iterator[str]:
    """Yield the comparison in sentences, with what it does not show."""
    at_once = counted(AT_ONCE.days, "day")
    yield f"Case opened within {at_once} of the first flag: {_said(made.at_once)}"
    yield f"Waited longer than {counted(WITHIN.days, 'day')} for room: {_said(made.waited)}"
    if made.between:
        yield f"Case opened in between: {counted(made.between, 'student')}, in neither group."
    yield DIFFER
    yield NEVER_WITHHELD


def describe_room_where_any_waited(made: RoomComparison) -> tuple[str, ...]:
    """Return the sentences for a lead's report; () where there was room for every student."""
    return tuple(describe_room(made)) if made.waited.students else ()


def _said(group: RoomGroup) -> str:
    students = counted(group.students, "student")
    if group.share is None or group.interval is None:
        return f"{students}, too few for a percentage."
    low, high = group.interval
    strength = f" (reasons on average: {group.reasons:.1f})" if group.reasons else ""
    return (
        f"{students}{strength}. {group.share:.0%} returned to activity within "
        f"{counted(WITHIN.days, 'day')} (95% interval {low:.0%} to {high:.0%})."
    )
