"""Private notes for the engagement lead: students with little data, and unusual patterns.

They are not flags, are on no card, and do not count for or against a student.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from store.rules.text.formatting import counted, short_day

NO_MODULE = "no module on the roster"
NO_RULE = "no rule looks at their modules"


@dataclass(frozen=True, slots=True)
class Coverage:
    """The number of a student's modules, and how many of them are monitored at all (§10)."""

    student: int
    modules: int
    monitored: int

    @property
    def is_cross_section(self) -> bool:
        """Return whether at least half the modules are monitored, enough to judge the student."""
        return self.monitored > 0 and 2 * self.monitored >= self.modules


@dataclass(frozen=True, slots=True)
class SchoolCoverage:
    """A school's coverage: of its ``modules``, those with recent data; of its ``students``, those
    with data on at least half their modules."""

    modules: int
    monitored: int
    students: int
    cross_section: int


@dataclass(frozen=True, slots=True)
class Burst:
    """Nearly all of four weeks' clicks on one day, then nothing (§18).

    It counts as one active day in every measure, so it brings no advantage.
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
    """Work that was due some time ago, of which no student's submission has arrived (§9).

    Missing is not zero: no student is flagged for it. Most likely the feed does not have it.
    """

    module: str
    item: str
    due: dt.date
    students: int
    """The number of students expected to submit it."""


@dataclass(frozen=True, slots=True)
class BurstLimits:
    """The limits from which a burst is unusual."""

    clicks: int = 50
    """At least so many on the day..."""
    of_all: float = 0.9
    """...which is at least this share of four weeks..."""
    times_the_class: float = 5
    """...and this many times the class's mean on its active days."""
    class_days: float = 4
    """The class was active on at least this many days; otherwise the comparison says nothing."""


Named = Callable[[Collection[int]], None]
"""Called with the students that the notes name, before they are shown, so that it is audited."""

Notes = Callable[[int, dt.date, Named], list[str]]
"""Makes the notes: (school, day, named) → lines."""


def number_notes(students: int) -> list[str]:
    """Write a note on students who may have a second number, for the lead to settle, if any."""
    if not students:
        return []
    called = counted(students, "student has", "students have")
    return [
        f"{called} the same university address as another student number. Lantern raises no "
        "flags for inactivity until this is settled. Ask the student records team: are both "
        "numbers one person? If so, "
        "add the pair to identifiers.csv. If not, correct the address."
    ]


def notes_for_lead(
    coverage: Sequence[Coverage],
    bursts: Sequence[Burst],
    called: Mapping[int, str],
    silent: Sequence[SilentWork] = (),
    unmeasured: Sequence[str] = (),
    unwatched: Mapping[int, str] = MappingProxyType({}),
) -> list[str]:
    """Write the lead's private notes, a line each.

    ``called`` maps students to how they are named; students not in it are only counted.
    ``unmeasured`` lists the sources with the school days of these weeks that they have not
    delivered. ``unwatched`` maps the students that no rule checks to the reason.
    """
    gaps = [each for each in coverage if not each.is_cross_section]
    lines = []
    if silent:
        lines.append(
            "No submissions have arrived for the work below, so no one is flagged for it. It may "
            "be submitted somewhere that Lantern has no data from. Ask the module organiser:"
        )
        lines += [
            f"  {each.item} in {each.module}, due on {short_day(each.due)}, from "
            f"{counted(each.students, 'student')}"
            for each in sorted(silent, key=lambda each: (each.due, each.module, each.item))
        ]
    if unwatched:
        lines.append(
            f"No case can open for {counted(len(unwatched), 'student')}, who may still need help:"
        )
        lines += [
            f"  {called[student]}: {why}" for student, why in unwatched.items() if student in called
        ]
        lines += _uncalled(list(unwatched), called)
    if gaps:
        lines.append(
            f"{counted(len(gaps), 'student')} with less than half of their modules monitored. "
            "Without a flag, they may still need help:"
        )
        lines += [
            f"  {called[each.student]}: {each.monitored} of {counted(each.modules, 'module')}"
            for each in sorted(gaps, key=lambda each: (each.monitored, -each.modules, each.student))
            if each.student in called
        ]
        lines += _uncalled([each.student for each in gaps], called)
    if bursts:
        lines.append(
            "Many clicks on one day, and few on others in four weeks. There are many good reasons "
            "for it, such as downloading everything before travelling. If you ask, ask kindly:"
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
    """List the days that the notes do not cover: students may have been active on them."""
    if not unmeasured:
        return []
    said = "Not measured in these four weeks, so these notes do not cover:"
    return [said, *(f"  {each}" for each in unmeasured)]


def _uncalled(students: Sequence[int], called: Mapping[int, str]) -> list[str]:
    """Count the students without a case reference: a chat message does not name them."""
    left = len(set(students) - called.keys())
    return [f"  {counted(left, 'student')} without a case: /lantern coverage"] if left else []
