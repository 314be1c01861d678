"""Judge whether a source has delivered what was done, by what was expected.

Work and meetings have no weekly habit: some weeks have no deadline, and some have all of them. So
their rows are not counted against those of other weeks. What was expected is known: of each piece
of work, who was asked for it and by when. How many of them have handed it in is compared with what
earlier work had in as many days. Where far fewer have, the data is not complete, and no one's work
counts as missing yet.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from statistics import median

FAR_FEWER = 0.8
"""Below this share of the usual number, work has not arrived. In seven real presentations the
share of a class that hands in falls over the year, but never this far below that of earlier
work."""
FAR_FEWER_MEETINGS = 0.5
"""The same for a day's meetings, which vary more."""
BY_CHANCE = 3.0
"""Standard deviations of the usual number: fewer by this many are no chance, in a small class."""
MOST_USUAL = 0.95
"""No class is taken to hand in everything: one student less than usual is always chance."""
LEAST_EARLIER = 4
"""Pieces of work, or days with meetings, that make a habit."""
HABIT = dt.timedelta(weeks=12)
"""How old they may be."""
USUAL_AT_FIRST = 0.85
"""What is taken as usual until there is a habit: of the first work of real presentations, 85 to 96%
is handed in.
"""
NEAR = dt.timedelta(days=7)
"""How near in time to work that has not arrived other work is doubted too."""
NOT_IN_EITHER = 0.25
"""Earlier work of which even less has arrived makes no habit."""
HELD_FOR = dt.timedelta(days=21)
"""How long after it was due work can be held. What is late has come by then; what is still missing
is put to people: a surge of flags asks them whether the data is right."""
TOLD_AFTER = dt.timedelta(days=7)
"""How long after it was due the leads are told: results of some kinds of work come days late."""


@dataclass(frozen=True, slots=True)
class ClassWork:
    """A piece of work of a class, as one source delivers it."""

    school: str
    source: str
    module: str
    item: str
    due: dt.date
    asked: int
    """How many students it is expected of."""
    came: Mapping[int, int]
    """Days after the student's own due day (0: by then) → students who handed it in."""

    def arrived(self, days: int) -> int:
        """Return how many students had handed the work in so many days after it was due."""
        return sum(students for late, students in self.came.items() if late <= days)

    def share(self, days: int) -> float:
        """Return the share of students, 0 to 1, that had handed the work in by then."""
        return self.arrived(days) / self.asked


@dataclass(frozen=True, slots=True)
class HeldWork:
    """Work handed in by far fewer students than is usual after so many days."""

    work: ClassWork
    arrived: int
    usual: float
    """The usual share, 0 to 1."""


def held_work(works: Iterable[ClassWork], last: dt.date) -> list[HeldWork]:
    """Find the work whose submissions have not all arrived by ``last``.

    ``last`` is the last day that counts. A module's own earlier work shows the usual pace; where
    there is too little of it, the school's work, then the source's. Held work is not used to judge
    work that was due soon after it.
    """
    in_order = sorted(
        (each for each in works if last - HELD_FOR - HABIT <= each.due <= last),
        key=lambda each: each.due,
    )
    of: dict[tuple[str, ...], list[ClassWork]] = defaultdict(list)

    @cache
    def usual_in(group: tuple[str, ...], due: dt.date) -> float | None:
        return _usual(of[group], due, last)

    found = []
    for each in in_order:
        groups = _groups(each)
        if each.due >= last - HELD_FOR:
            shares = (usual_in(group, each.due) for group in groups)
            usual = next((share for share in shares if share is not None), USUAL_AT_FIRST)
            arrived = each.arrived((last - each.due).days)
            if is_far_fewer(each.asked, arrived, usual):
                found.append(HeldWork(each, arrived, usual))
                continue
        for group in groups:
            of[group].append(each)
    return found


def not_to_be_judged(
    works: Iterable[ClassWork], held: Sequence[HeldWork], last: dt.date
) -> list[ClassWork]:
    """Find the work that no student counts as missing: held work, and work due near it.

    A feed that has lost a class's work may have lost single students' work of the same days too.
    Work with no submissions at all, such as an essay on paper, casts no doubt on other work.
    """
    days: dict[tuple[str, str], set[dt.date]] = defaultdict(set)
    for each in held:
        if each.arrived:
            days[each.work.school, each.work.source].add(each.work.due)
    return [
        each
        for each in works
        if last - HELD_FOR <= each.due <= last
        and any(abs(each.due - day) <= NEAR for day in days.get((each.school, each.source), ()))
    ]


def is_far_fewer(asked: int, arrived: int, usual: float, share: float = FAR_FEWER) -> bool:
    """Return whether ``arrived`` of ``asked`` is below this share of the usual.

    A small difference that may be chance does not count.
    """
    likely = min(usual, MOST_USUAL)
    chance = BY_CHANCE * math.sqrt(asked * likely * (1 - likely))
    return arrived < share * usual * asked and asked * likely - arrived > chance


def days_without_meetings(days: Mapping[dt.date, tuple[int, int]]) -> list[dt.date]:
    """Find the days on which far fewer of the expected meetings took place than usually do.

    ``days`` maps a day to the numbers of meetings expected and held, in a school by one source.
    """
    found = []
    for day, (expected, held) in sorted(days.items()):
        before = [
            done / asked
            for other, (asked, done) in days.items()
            if asked and day - HABIT <= other < day
        ]
        if (
            expected
            and len(before) >= LEAST_EARLIER
            and is_far_fewer(expected, held, median(before), FAR_FEWER_MEETINGS)
        ):
            found.append(day)
    return found


def _groups(work: ClassWork) -> tuple[tuple[str, ...], ...]:
    """Return what the work is compared with, the nearest first."""
    return (work.source, work.school, work.module), (work.source, work.school), (work.source,)


def _usual(in_order: Sequence[ClassWork], due: dt.date, last: dt.date) -> float | None:
    """Return the median share of earlier work in as many days; None where there is too little."""
    days = (last - due).days
    earlier = takewhile(lambda each: each.due < due, in_order)
    shares = [each.share(days) for each in earlier if each.due >= due - HABIT]
    arrived = [share for share in shares if share >= NOT_IN_EITHER]
    return median(arrived) if len(arrived) >= LEAST_EARLIER else None
