"""Count a school's last seven days, for its lead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from store.db.student_keys import keys_of, know_keys, open_notes
from store.db.together import Together
from store.policies.versions import policy_in_force, why_not_screened
from store.queries.cases.ended_reasons import ended_reasons
from store.queries.cases.first_view import contacts_before_views
from store.queries.cases.waiting import waiting_in
from store.queries.deaths import lives
from store.queries.flags.queue_cost import queue_costs
from store.queries.schools.leads import has_trained_lead
from store.queries.schools.no_case import students_without_case
from store.queries.schools.review_calendar import review_calendar
from store.queries.schools.troubles import told_troubles
from store.queries.schools.unwatched import unwatched_counted
from store.queries.students.exemptions import select_exempt
from store.queries.students.messages import waiting_sayings
from store.rules.calendar import Calendar
from store.rules.flags.no_case import NoCase, count_reasons
from store.rules.flags.queue_cost import describe_costs
from store.rules.model import CaseStatus, Outcome
from store.rules.notices.reminders import WaitingFor
from store.rules.policies.review_calendar import ReviewSubject
from store.rules.text.reasons import Pasted, pasted
from store.tables import CASE_IS_OPEN, cases, emergencies, schools, staff, student_keys, views
from store.tables import waiting as queued


@dataclass(frozen=True, slots=True)
class Week:
    """A week's counts. ``closed`` is by outcome; ``unseen`` cases had no view for a week.

    ``to_answer`` counts students' messages without an answer, with a case or without, and replies
    to which no colleague has reacted.
    """

    school_name: str
    opened: int
    closed: tuple[tuple[Outcome, int], ...]
    open_now: int
    unseen: int
    to_review: int
    to_answer: int
    trained_lead: bool
    troubles: tuple[str, ...] = ()
    """Sentences on what Lantern cannot read, post or send until a person repairs it."""
    pasted: tuple[Pasted, ...] = ()
    """Reasons that one colleague gave on several cases in the same words."""
    no_case: tuple[tuple[NoCase, int], ...] = ()
    """Students with an active flag and no open case, counted by the reason why."""
    reviews_due: tuple[ReviewSubject, ...] = ()
    first: dt.date | None = None
    last: dt.date | None = None
    """The days that the week covers, both included; None where not known."""
    before_views: tuple[str, ...] = ()
    """The case of each contact before another colleague's view, by reference (§13)."""
    unwatched: tuple[tuple[str, int], ...] = ()
    """Students that no rule looks at, counted by the reason why."""
    unruled: str = ""
    """Why no one is screened in the school; '' where a policy is in force."""
    queue: tuple[str, ...] = ()
    """What the daily limit costs those who wait, a sentence each; () where no one waits."""


def week(connection: sa.Connection, school: int, day: dt.date) -> Week:
    """Count the seven days that end with ``day``, so that this morning's cases are included."""
    since = day - dt.timedelta(days=6)
    here = sa.and_(cases.c.school_id == school, lives(cases.c.student_id))
    started = dt.datetime.combine(since, dt.time(), dt.UTC)
    counts, closed, unseen, given, keys = Together(
        _counts(school, here, since, day),
        _closed_since(here, started),
        _unseen(school, here, day),
        _views_since(here, started),
        keys_of(student_keys.c.student_id.in_(_viewed_since(here, started))),
    ).rows(connection)
    know_keys(connection, keys)
    over = ended_reasons(connection, [row.id for row in unseen])
    costs = queue_costs(connection, school, day) if counts[0].queued else None
    return Week(
        school_name=counts[0].name,
        opened=counts[0].opened,
        closed=tuple((Outcome(row.outcome), row.number) for row in closed),
        open_now=counts[0].open_now,
        unseen=sum(row.id not in over for row in unseen),
        to_review=counts[0].to_review,
        to_answer=_to_answer(connection, school, day),
        trained_lead=has_trained_lead(connection, school),
        troubles=told_troubles(connection, school=school),
        pasted=pasted(
            (row.name, row.reference, reason)
            for row, reason in zip(given, _reasons(connection, given), strict=True)
        ),
        no_case=count_reasons(
            each.explained for each in students_without_case(connection, day, school)
        ),
        first=since,
        last=day,
        before_views=contacts_before_views(connection, school, started),
        reviews_due=tuple(
            line.subject for line in review_calendar(connection, school, day) if line.is_due(day)
        ),
        unwatched=unwatched_counted(connection, school, day),
        unruled=why_not_screened(connection, school, day),
        queue=tuple(describe_costs(*costs)) if costs else (),
    )


def _counts(
    school: int, here: sa.ColumnElement[bool], since: dt.date, day: dt.date
) -> sa.Select[Any]:
    """Select the school's name, and how many of its cases were opened, are open, or had a use of
    the welfare route that no one has reviewed, and the rows of its queue."""
    cases_here = sa.select(sa.func.count()).select_from(cases).where(here)
    reviews = cases_here.join(emergencies, emergencies.c.case_id == cases.c.id)
    opened = cases_here.where(cases.c.opened_on >= since, cases.c.opened_on <= day)
    in_queue = sa.select(sa.func.count()).where(queued.c.school_id == school)
    return sa.select(
        schools.c.name,
        opened.scalar_subquery().label("opened"),
        cases_here.where(CASE_IS_OPEN).scalar_subquery().label("open_now"),
        in_queue.scalar_subquery().label("queued"),
        reviews.where(emergencies.c.reviewed_at.is_(None)).scalar_subquery().label("to_review"),
    ).where(schools.c.id == school)


def _closed_since(here: sa.ColumnElement[bool], started: dt.datetime) -> sa.Select[Any]:
    return (
        sa.select(cases.c.outcome, sa.func.count().label("number"))
        .where(here, cases.c.closed_at >= started, cases.c.outcome.is_not(None))
        .group_by(cases.c.outcome)
        .order_by(sa.func.count().desc(), cases.c.outcome)
    )


def _unseen(school: int, here: sa.ColumnElement[bool], day: dt.date) -> sa.Select[Any]:
    """Select open cases without a view for a week, except snoozed ones and exempt students."""
    rests_until = sa.func.coalesce(cases.c.snoozed_until, day)
    return sa.select(cases.c.id).where(
        here,
        cases.c.status == CaseStatus.OPEN,
        cases.c.opened_on < day - dt.timedelta(days=6),
        rests_until <= day,
        cases.c.student_id.not_in(select_exempt(school, day)),
    )


def _views_since(here: sa.ColumnElement[bool], started: dt.datetime) -> sa.Select[Any]:
    return (
        sa.select(staff.c.name, cases.c.reference, views.c.reason)
        .select_from(views)
        .join(cases, cases.c.id == views.c.case_id)
        .join(staff, staff.c.id == views.c.author_id)
        .where(here, views.c.at >= started)
        .order_by(views.c.id)
    )


def _viewed_since(here: sa.ColumnElement[bool], started: dt.datetime) -> sa.Select[Any]:
    viewed = sa.select(cases.c.student_id).join(views, views.c.case_id == cases.c.id)
    return viewed.where(here, views.c.at >= started)


def _reasons(connection: sa.Connection, given: Sequence[Any]) -> list[str]:
    return open_notes(connection, [row.reason for row in given])


def _to_answer(connection: sa.Connection, school: int, day: dt.date) -> int:
    """Count messages without an answer, and replies to which no colleague has reacted.

    A reply counts as waiting by the same rule as in the reminders.
    """
    published = policy_in_force(connection, school, day)
    calendar = published.policy.calendar if published else Calendar()
    waits = waiting_in(connection, school, calendar, day)
    replied = {each.case for each in waits if each.what is WaitingFor.REACTION}
    asked = waiting_sayings(connection, [school])
    return len(asked) + len(replied - {each.case for each in asked})
