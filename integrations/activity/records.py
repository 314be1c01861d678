"""The interface to the record store for the activity data; bootstrap provides it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from store.rules.model import FlagEnd, Level
from store.rules.policies.overrides import Override
from store.rules.policies.policy import SchoolPolicy


class Records(Protocol):
    """Facts as of one moment. ``store.queries.schools.monitored`` documents each method."""

    def roster_revision(self) -> str:
        """Return a value that changes with every delivery of the roster; '' before the first."""

    def enrolments(self) -> list[tuple[int, str, str, str, dt.date, dt.date | None]]:
        """Return every enrolment as (student, home school, module, module's school,
        starts, ends).
        """

    def school(self, code: str) -> int:
        """Return the id of the school of this code. Raises ``InvalidInput`` where there is none."""

    def policies(self, day: dt.date) -> dict[str, tuple[int, SchoolPolicy]]:
        """Map the code of each school with a policy in force on this day to its id and policy."""

    def policy(self, school: int, day: dt.date) -> tuple[int, SchoolPolicy] | None:
        """Return the version and the policy in force on this day; None where there is none."""

    def why_not_screened(self, school: int, day: dt.date) -> str:
        """Return a sentence if no policy of the school is in force, with what to do, else ''."""

    def left_out(
        self, school: int, policy: SchoolPolicy, day: dt.date
    ) -> Mapping[int, FlagEnd | None]:
        """Map students who get no flags from a school on this day to the reason.

        None: their flags stay as they are, since it is unclear which numbers are theirs.
        """

    def unwatched(self, school: int, day: dt.date) -> Mapping[int, str]:
        """Map students of the school that no rule looks at to the reason, in words."""

    def cohorts(self, school: int, day: dt.date) -> dict[str, int]:
        """Map each module's code to the number of students on it on this day."""

    def levels(self, overrides: Sequence[Override]) -> Mapping[int, Level]:
        """Map students to levels, for those levels with thresholds of their own in a policy."""

    def back_since(self, day: dt.date, within: dt.timedelta) -> dict[int, dt.date]:
        """Map students to the first day that counts again after a recent exemption."""

    def adjustments(self, first: dt.date, last: dt.date) -> list[tuple[int, str, dt.date, dt.date]]:
        """Return (student, family, first, last) of what was agreed not to expect in these days."""

    def engaged_on(self, first: dt.date, last: dt.date) -> frozenset[tuple[int, dt.date]]:
        """Return (student, day) of every meeting with staff in these days."""

    def references(self, who: Sequence[int], school: int) -> dict[int, str]:
        """Map students to the reference of their newest case in this school."""

    def numbers(self, who: Sequence[int]) -> dict[int, str]:
        """Map students to their university numbers; the caller records who sees them."""


AskRecords = Callable[[], AbstractContextManager[Records]]
"""Opens the records as of now."""
