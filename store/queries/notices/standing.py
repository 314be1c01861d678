"""How a school stands, in figures: the lead's week, what is overdue, training, reviews."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from store.policies.versions import policy_in_force, why_not_screened
from store.queries.cases.waiting import waiting_in
from store.queries.notices.week import week
from store.queries.schools.leads import has_trained_lead
from store.queries.schools.review_calendar import review_calendar
from store.queries.schools.staff import people_and_training
from store.rules.flags.no_case import NoCase
from store.rules.notices.reminders import WaitingFor, is_overdue
from store.rules.policies.review_calendar import ReviewLine
from store.rules.small_numbers import PUBLISHED, Figures
from store.tables import weekly_standings


@dataclass(frozen=True, slots=True)
class StandingCounts:
    """Counts of students and cases on one day, the same as in the lead's week.

    ``overdue`` is what waits so long that the lead hears of it.
    """

    open_now: int
    to_answer: int
    unseen: int
    to_review: int
    overdue: tuple[tuple[WaitingFor, int], ...] = ()
    unwatched: tuple[tuple[str, int], ...] = ()
    no_case: tuple[tuple[NoCase, int], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the counts as they are stored."""
        return asdict(self)

    @classmethod
    def of_json(cls, found: dict[str, Any]) -> StandingCounts:
        """Read stored counts, with their words as enumerations again."""
        return cls(
            open_now=found["open_now"],
            to_answer=found["to_answer"],
            unseen=found["unseen"],
            to_review=found["to_review"],
            overdue=tuple((WaitingFor(what), number) for what, number in found["overdue"]),
            unwatched=tuple((str(why), number) for why, number in found["unwatched"]),
            no_case=tuple((NoCase(why), number) for why, number in found["no_case"]),
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """How a school stands. ``trained`` of ``staff`` active colleagues have recorded training;
    ``as_of`` is the day of the counts, None for today."""

    counts: StandingCounts
    trained_lead: bool
    trained: int
    staff: int
    reviews: tuple[ReviewLine, ...]
    unruled: str = ""
    """Why no one is screened in the school; '' where a policy is in force."""
    as_of: dt.date | None = None


def count_standing(
    connection: sa.Connection, school: int, day: dt.date, figures: Figures = PUBLISHED
) -> StandingCounts:
    """Count how a school stands on this day."""
    seen = week(connection, school, day)
    published = policy_in_force(connection, school, day)
    overdue = Counter[WaitingFor]()
    if published is not None:
        calendar, duty = published.policy.calendar, published.policy.duty
        waiting = waiting_in(connection, school, calendar, day)
        overdue.update(each.what for each in waiting if is_overdue(each, duty, calendar, day))
    return StandingCounts(
        open_now=figures.number(seen.open_now),
        to_answer=figures.number(seen.to_answer),
        unseen=figures.number(seen.unseen),
        to_review=figures.number(seen.to_review),
        overdue=figures.parts(sorted(overdue.items())),
        unwatched=figures.parts(seen.unwatched),
        no_case=figures.parts(seen.no_case),
    )


def published_counts(
    connection: sa.Connection, schools: Collection[int], monday: dt.date
) -> dict[int, tuple[StandingCounts, dt.date]]:
    """Map schools to the counts that are published in the week of this Monday, and their day."""
    rows = connection.execute(
        sa.select(weekly_standings).where(
            weekly_standings.c.school_id.in_(schools), weekly_standings.c.monday == monday
        )
    )
    return {row.school_id: (StandingCounts.of_json(row.counts), row.day) for row in rows}


def standing(
    connection: sa.Connection,
    school: int,
    day: dt.date,
    counts: StandingCounts,
    as_of: dt.date | None = None,
) -> Standing:
    """Return how a school stands with these counts. Colleagues are counted exactly."""
    active = [trained for each, trained in people_and_training(connection, school) if each.active]
    return Standing(
        counts,
        trained_lead=has_trained_lead(connection, school),
        trained=sum(active),
        staff=len(active),
        reviews=tuple(review_calendar(connection, school, day)),
        unruled=why_not_screened(connection, school, day),
        as_of=as_of,
    )
