"""The evidence about a student on a day, and the findings of a rule in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from store.rules.model import MarkerFamily


@dataclass(frozen=True, slots=True)
class MissedItem:
    """An assessment that was expected and has not been submitted."""

    module: str
    item: str
    due: dt.date


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of work that was expected of a student, whether or not it was submitted."""

    item: str
    due: dt.date
    handed_in: dt.date | None
    """The first day on which the work was submitted, however early; None: not yet."""
    is_owed: bool = True
    """False where it was due before the student joined, or returned from an exemption."""


@dataclass(slots=True)
class Measure:
    """What one marker family measures of one student in one module, as known on a day.

    Not frozen, since a night makes tens of thousands and a frozen one takes eight times as long.
    No rule changes one.

    All counts look back from the screened day, inclusive. ``last_done`` is ``None`` where
    nothing was ever seen in the window. Source: one row of ``measures.sql``.
    """

    student: int
    module: str
    family: MarkerFamily
    source: str
    fresh: dt.date
    """The newest day for which this source has delivered anything."""
    last_done: dt.date | None
    active_days_28: int
    expected_28: int
    done_28: int
    missed: tuple[MissedItem, ...] = ()
    since: dt.date | None = None
    """The first day of the enrolment on this module."""
    weeks: tuple[int, ...] = ()
    """Active days in each of the last eight weeks, oldest first (0 to 7 each). Empty for
    families that are not compared with the class week by week."""
    class_weeks: tuple[float, ...] = ()
    """The mean of everyone on the module in the same weeks."""
    absences: int = 0
    """Days with sessions in a row, up to the last one, on which nothing was attended. Attendance
    only."""
    meetings_missed: int = 0
    """Days with meetings in a row, up to the last one, on which none took place. Meetings only: one
    fact belongs to one family (§2)."""
    work_due: int = 0
    """Pieces of work due before the screened day, in the window, that the class has handed in."""
    days_late: int = 0
    """Days from due day to submission, added up; missing work counts up to yesterday. Early work
    counts as on time: no student has to be early, and one early piece does not make up for
    another that is missing."""
    pieces: tuple[Piece, ...] = ()
    """Work due before the screened day, of students with active flags only."""
    days_seen: int = 0
    """A bit for each of the last eight weeks' days on which anything was done (``day_bits``)."""
    days_expected: int = 0
    """The same for days with sessions or meetings. 0 for other families."""
    class_in_period: float | None = None
    """The class's mean active days in ``Evidence.period``; None where it is not compared."""
    class_sessions: tuple[float | None, ...] = ()
    """Sessions attended by the middle of the class in each of the last eight teaching weeks, oldest
    first; None for a week in which fewer than ten had any. () without such a week."""
    is_spoken_of: bool = field(default=True, compare=False)
    """Whether the source has delivered any data on the module. An agreed source need not cover all
    of the school's modules; the others are not measured (§10)."""


@dataclass(frozen=True, slots=True)
class FirstWork:
    """The first piece of work of a student in a module, due on the screened day or later.

    Nothing of it is in, no more time was agreed, and nothing was due before in this module since
    the student joined it.
    """

    module: str
    item: str
    due: dt.date


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one school knows about one student on one day: the measures and the weekly trend.

    ``measures`` are of the school's own modules. ``elsewhere`` are of other schools' modules: the
    home school counts them before it calls a student inactive (§24). They only show whether
    anything was done; late or missing work there is for that school to follow up.
    """

    student: int
    measures: tuple[Measure, ...]
    weeks: tuple[int, ...] = ()
    """Active days in each of the last eight weeks, oldest first (0 to 7 each)."""
    enrolled_since: dt.date | None = None
    """The first day of the oldest open enrolment; inactivity is counted from here at most."""
    elsewhere: tuple[Measure, ...] = ()
    at_home: bool = True
    """Whether the school is the student's home school."""
    unmeasured: Mapping[str, frozenset[dt.date]] = field(default_factory=dict, compare=False)
    """Source → the unknown days of the last four months: without a delivery, or with one that lacks
    this student or one of their schools."""
    looked_from: dt.date | None = None
    """The first day that the measures cover. Earlier days are unknown."""
    period: int = 0
    """The school's clearing period as bits (``day_bits``): the last days on which inactivity counts
    and for which a source has delivered. 0: there are not enough such days yet."""
    middle: float | None = None
    """The middle of the student's classes in ``period``: active days over all sources, the median
    of each class, of the busiest class. None where no class is large enough."""
    first_work: tuple[FirstWork, ...] = ()
    """On the school's own modules, due by ``Criterion.first_due_by``."""


@dataclass(frozen=True, slots=True)
class Raised:
    """An active flag, with what its rule needs to judge it."""

    student: int
    rule: str
    module: str | None
    subject: str
    family: MarkerFamily
    source: str
    """The sources of the flag, joined by ``SOURCES_APART``."""
    last_found_on: dt.date
    measured: Mapping[str, str | int | float] = field(default_factory=dict)


SOURCES_APART = ", "
"""The separator between the sources of one finding."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A flag that a rule raises for a student, before it is stored."""

    student: int
    rule: str
    family: MarkerFamily
    module: str | None
    subject: str
    """What distinguishes this flag from others of the rule, e.g. the assessment. May be ''."""
    reason_staff: str
    reason_student: str
    source: str
    fresh: dt.date
    measured: Mapping[str, str | int | float] = field(default_factory=dict)
    """The figures behind the reason, which a colleague can check."""
    since: dt.date | None = None
    """The first day that the reason covers; the last is ``fresh``. None: it covers no range of
    days."""
    seen_on: dt.date | None = None
    """The last day on which the flag's sources show the student; None: on no known day."""

    @classmethod
    def on_module(
        cls,
        rule: str,
        measure: Measure,
        said: tuple[str, str],
        measured: Mapping[str, str | int | float],
        since: dt.date,
    ) -> Finding:
        """Return a finding about the module of one measure.

        ``said`` has the reason for staff, then the reason for the student.
        """
        staff, student = said
        return cls(
            student=measure.student,
            rule=rule,
            family=measure.family,
            module=measure.module,
            subject="",
            reason_staff=staff,
            reason_student=student,
            source=measure.source,
            fresh=measure.fresh,
            measured=measured,
            since=since,
        )

    @property
    def key(self) -> str:
        """Return the key of the flag among all flags of this student."""
        return "|".join((self.rule, self.module or "", self.subject))
