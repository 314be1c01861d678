"""Check whether a colleague acted before any other colleague had given a view (§13).

The record is not changed. Cards and digests say so, for the school to discuss.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from store.rules.calendar import institution_day

NO_VIEW_BEFORE = (
    "No colleague had given a view before this contact (the policy asks for one first)."
)


@dataclass(frozen=True, slots=True)
class CaseStep:
    """A contact, another intervention or a view: by a person, at a time.

    ``on`` is the day on which it happened, None for the day ``at`` which it was logged.
    """

    by: int
    at: dt.datetime
    on: dt.date | None = None


def came_first(step: CaseStep, views: Iterable[CaseStep], welfare: Iterable[dt.datetime]) -> bool:
    """Return whether ``step`` was taken before any other colleague gave a view.

    ``welfare`` are the uses of the welfare route, which skips the wait. A step known only by its
    day counts as taken at the end of that day.
    """
    return not any(_was_before(at, step) for at in welfare) and not any(
        view.by != step.by and _was_before(view.at, step) for view in views
    )


def _was_before(at: dt.datetime, step: CaseStep) -> bool:
    return at <= step.at and (step.on is None or institution_day(at) <= step.on)
