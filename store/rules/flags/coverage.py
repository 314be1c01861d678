"""What the engagement lead looks into privately: gaps in what is monitored, and odd patterns.

None of it is a flag, none of it is on a card, and none of it counts for or against a student.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from store.rules.text.formatting import counted, short_day


@dataclass(frozen=True, slots=True)
class Coverage:
    """On how many of a student's modules anything is monitored at all (§10)."""

    student: int
    modules: int
    monitored: int

    @property
    def is_cross_section(self) -> bool:
        """Whether what is monitored says something about the whole: half the modules or more."""
        return self.monitored > 0 and 2 * self.monitored >= self.modules


@dataclass(frozen=True, slots=True)
class Burst:
    """Much at once, then nothing: nearly all of four weeks' clicks on one day (§18).

    It counts as one active day in every measure, so it gains nobody anything.
    """

    student: int
    module: str
    day: dt.date
    clicks: int
    active_days: int
    class_days: float
    """Days on which the class was active in the same four weeks, on average."""


@dataclass(frozen=True, slots=True)
class SilentWork:
    """Work that was due a while ago, of which nothing has arrived from anybody (§9).

    Missing is not zero: nobody is flagged for it. Most likely the feed does not bring it.
    """

    module: str
    item: str
    due: dt.date
    students: int
    """From how many it was expected."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """From when on a burst is unusual."""

    clicks: int = 50
    """At least so many on the day..."""
    of_all: float = 0.9
    """...which is at least this share of four weeks..."""
    times_the_class: float = 5
    """...and so many times what the class does on a day on which it does anything."""
    class_days: float = 4
    """The class itself was there on at least so many days; else it says nothing."""


Notes = Callable[[int, dt.date], list[str]]
"""How the notes are made: (school, day) → a line each."""


def notes_for_lead(
    coverage: Sequence[Coverage],
    bursts: Sequence[Burst],
    called: Mapping[int, str],
    silent: Sequence[SilentWork] = (),
    unmeasured: Sequence[str] = (),
) -> list[str]:
    """The lead's private notes, a line each. ``called`` is what each student is called there.

    Students who have no name in it are counted, and stand on no line of their own. ``unmeasured``
    are the sources with the school days of these weeks of which they have delivered nothing.
    """
    gaps = [each for each in coverage if not each.is_cross_section]
    lines = []
    if silent:
        lines.append(
            "Nobody's work has arrived for the following, so nobody is flagged for it. Is it "
            "handed in somewhere that Lantern does not see? The module's organiser may know:"
        )
        lines += [
            f"  {each.item} in {each.module}, due on {short_day(each.due)}, from "
            f"{counted(each.students, 'student')}"
            for each in sorted(silent, key=lambda each: (each.due, each.module, each.item))
        ]
    if gaps:
        lines.append(
            f"{counted(len(gaps), 'student')} whose monitored modules are no cross-section. Little "
            "is known of them, so no flag does not mean that all is well:"
        )
        lines += [
            f"  {called[each.student]}: {each.monitored} of {counted(each.modules, 'module')}"
            for each in sorted(gaps, key=lambda each: (each.monitored, -each.modules, each.student))
            if each.student in called
        ]
        lines += _uncalled([each.student for each in gaps], called)
    if bursts:
        lines.append(
            "Much at once, and little else in four weeks. There are many good reasons for it, "
            "such as a download before a journey; ask kindly, if at all:"
        )
        lines += [
            f"  {called[each.student]}: {each.clicks} clicks in {each.module} on "
            f"{short_day(each.day)}; active on {counted(each.active_days, 'day')}, the class on "
            f"{each.class_days:.0f}"
            for each in sorted(bursts, key=lambda each: (-each.clicks, each.student))
            if each.student in called
        ]
        lines += _uncalled([each.student for each in bursts], called)
    return [*(lines or ["Nothing stands out."]), *_not_measured(unmeasured)]


def _not_measured(unmeasured: Sequence[str]) -> list[str]:
    """Which days nothing here speaks of: students may have been active on them."""
    if not unmeasured:
        return []
    said = "Not measured in these four weeks, so nothing here speaks of these days:"
    return [said, *(f"  {each}" for each in unmeasured)]


def _uncalled(students: Sequence[int], called: Mapping[int, str]) -> list[str]:
    """The line on those whom no case names: a message in a chat does not say who they are."""
    left = len(set(students) - called.keys())
    return [f"  {counted(left, 'student')} without a case: /lantern coverage"] if left else []
