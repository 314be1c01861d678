"""How a school stands today, in figures: the lead's week, what is overdue, training, reviews."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

import sqlalchemy as sa

from store.policies.versions import policy_in_force
from store.queries.cases.waiting import waiting_in
from store.queries.notices.week import week
from store.queries.schools.review_calendar import review_calendar
from store.queries.schools.staff import people_and_training
from store.rules.flags.no_case import NoCase
from store.rules.notices.reminders import WaitingFor, is_overdue
from store.rules.policies.review_calendar import ReviewLine
from store.rules.small_numbers import PUBLISHED, Figures


@dataclass(frozen=True, slots=True)
class Standing:
    """Counts of one day, the same as in the lead's week. ``overdue`` is what waits so long that
    the lead hears of it; ``trained`` of ``staff`` active colleagues have recorded training."""

    open_now: int
    to_answer: int
    unseen: int
    to_review: int
    overdue: tuple[tuple[WaitingFor, int], ...]
    unwatched: tuple[tuple[str, int], ...]
    no_case: tuple[tuple[NoCase, int], ...]
    trained_lead: bool
    trained: int
    staff: int
    reviews: tuple[ReviewLine, ...]
    unruled: str = ""
    """Why no one is screened in the school; '' where a policy is in force."""


def standing(
    connection: sa.Connection, school: int, day: dt.date, figures: Figures = PUBLISHED
) -> Standing:
    """Return how a school stands on a day. Colleagues are counted exactly; students are not."""
    seen = week(connection, school, day)
    published = policy_in_force(connection, school, day)
    overdue = Counter[WaitingFor]()
    if published is not None:
        calendar, duty = published.policy.calendar, published.policy.duty
        waiting = waiting_in(connection, school, calendar, day)
        overdue.update(each.what for each in waiting if is_overdue(each, duty, calendar, day))
    active = [trained for each, trained in people_and_training(connection, school) if each.active]
    return Standing(
        open_now=figures.number(seen.open_now),
        to_answer=figures.number(seen.to_answer),
        unseen=figures.number(seen.unseen),
        to_review=figures.number(seen.to_review),
        overdue=figures.parts(sorted(overdue.items())),
        unwatched=figures.parts(seen.unwatched),
        no_case=figures.parts(seen.no_case),
        trained_lead=seen.trained_lead,
        trained=sum(active),
        staff=len(active),
        reviews=tuple(review_calendar(connection, school, day)),
        unruled=seen.unruled,
    )
