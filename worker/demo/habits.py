"""How the demo's students spend their weeks: most are well, a few in each school are not.

Each of these few shows a different pattern, which one rule should find, or none should. Days are
counted back from ``day``, the morning on which the demo takes place.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import Enum

from worker.demo.people import CLASS_SIZE, DemoSchool


class Part(Enum):
    """A student with an unusual pattern of activity. The value is their place in the school."""

    SILENT_TODAY = 3
    """Inactive for exactly as long as the school's rule allows: the case is opened this morning."""
    GONE_FROM_ONE_MODULE = 7
    """Not seen for two weeks in the module whose first work is due soon: worth a look, no flag."""
    SELDOM_AND_NO_ESSAY = 11
    """Comes to every third session of a module, and an essay is missing: two families agree."""
    NO_ESSAY = 17
    SELDOM = 23
    LONG_SILENT = 29
    """Inactive for 24 days, so that sessions and an essay were missed as well."""
    SILENT_TODAY_TOO = 34
    ESSAY_FORGOTTEN = 41
    BACK_AFTER_A_DIP = 47
    """Away for eight days between two deadlines, and back since: not flagged."""
    NEVER_SEEN_RESEARCHER = CLASS_SIZE - 1
    """Never active. The lead's coverage notes name such students where the policy covers them."""

    def number(self, school: DemoSchool) -> str:
        """Return the number of the student who plays this part in a school."""
        return school.number(self.value)


@dataclass(frozen=True, slots=True)
class Habit:
    """What one invented student does in each week."""

    away: tuple[dt.date, dt.date] | None = None
    """First and last day on which nothing was done."""
    misses_every: int = 7
    """Every how many sessions one is missed; 0 for none."""
    seldom_in: int = 0
    """The number of modules in which only every third session is attended."""
    essays_missing: int = 0
    gone_from_one: dt.date | None = None
    """From this day on nothing was done in the module that sets a talk."""

    def is_away(self, day: dt.date) -> bool:
        """Return whether the student does nothing on this day."""
        return self.away is not None and self.away[0] <= day <= self.away[1]

    def is_last_before(self, day: dt.date) -> bool:
        """Return whether this is the last day before an absence."""
        return self.away is not None and day + dt.timedelta(days=1) == self.away[0]


def habits(day: dt.date, silent_after: int) -> dict[int, Habit]:
    """Map a student's place in the school to their habit, for the few who are unlike the others.

    ``silent_after``: days of inactivity after which the school's policy raises a flag.
    """

    def back(days: int) -> dt.date:
        return day - dt.timedelta(days=days)

    def gone(days: int) -> Habit:
        return Habit(away=(back(days), day), misses_every=0)

    return {
        Part.SILENT_TODAY.value: gone(silent_after),
        Part.GONE_FROM_ONE_MODULE.value: Habit(gone_from_one=back(13), misses_every=0),
        Part.SELDOM_AND_NO_ESSAY.value: Habit(seldom_in=1, essays_missing=1),
        Part.NO_ESSAY.value: Habit(essays_missing=1),
        Part.SELDOM.value: Habit(seldom_in=1),
        Part.LONG_SILENT.value: gone(24),
        Part.SILENT_TODAY_TOO.value: gone(silent_after),
        Part.ESSAY_FORGOTTEN.value: Habit(essays_missing=1),
        Part.BACK_AFTER_A_DIP.value: Habit(away=(back(31), back(24)), misses_every=0),
        Part.NEVER_SEEN_RESEARCHER.value: gone(100),
    }
