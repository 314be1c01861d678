"""Build the current card of a case: for its home school's channel, or for one person alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import replace

from bot.cards.cases.card import case_card
from bot.cards.cases.contact_ladder import ladder_line
from bot.cards.cases.state import Around
from bot.cards.kit.model import Card
from store.db import repository
from store.db.database import Connection
from store.db.read_once import Of, shown_together
from store.db.unit_of_work import Store
from store.policies.versions import policy_in_force
from store.queries.cases.case import case_view
from store.queries.cases.contact_ladder import ladder_of
from store.queries.cases.identity import student_name
from store.queries.cases.records import CaseView
from store.queries.cases.waiting import names_asked
from store.queries.readiness.on_case import readiness
from store.rules.access.permissions import Action, may
from store.rules.calendar import Calendar, institution_day
from store.rules.cases.case import Actor
from store.rules.errors import InvalidInput
from store.rules.outreach.guards import SendingLimits
from store.rules.policies.policy import SchoolPolicy


def channel_card(
    connection: Connection,
    case: int,
    now: dt.datetime,
    limits: SendingLimits,
    person: Actor | None = None,
    *,
    is_whole: bool = False,
) -> Card:
    """Build the card, with the student's name only where the school's policy shows names.

    ``person``: the only one who sees it; None: everyone in the channel sees this one card.
    ``is_whole``: a closed case is shown with everything too.
    """
    view = case_view(connection, case, institution_day(now))
    return card_of(connection, view, now, limits, person, is_whole=is_whole)


def card_of(
    connection: Connection,
    view: CaseView,
    now: dt.datetime,
    limits: SendingLimits,
    person: Actor | None = None,
    *,
    is_whole: bool = False,
) -> Card:
    """Build the card of a case that has been read already, like ``channel_card``."""
    day = institution_day(now)
    view = replace(view, ready=readiness(connection, view.case, now, limits))
    published = policy_in_force(connection, view.case.school, day)
    if published is None:
        return case_card(view, Calendar(), person=person, is_whole=is_whole)
    policy = published.policy
    name = student_name(connection, view.case.id) if policy.show_names else None
    around = around_of(connection, view, policy, day)
    return case_card(view, policy.calendar, name, person=person, around=around, is_whole=is_whole)


def around_of(connection: Connection, view: CaseView, policy: SchoolPolicy, day: dt.date) -> Around:
    """Read the school's policy and ladder for the case on this day, to decide who acts next."""
    ladder = ladder_of(connection, view.case, policy, day)
    view_by = policy.calendar.add_school_days(view.case.opened_on, policy.duty.remind_after_days)
    return Around(
        ladder=ladder_line(ladder, policy.calendar),
        waits_until=ladder.waiting_until,
        is_exhausted=ladder.exhausted,
        is_on_hold=ladder.stopped_by is not None,
        views_needed=policy.views_needed,
        view_by=view_by,
        is_view_late=view_by < day,
        asked=names_asked(connection, view.case.id),
    )


def own_card(store: Store, person: Actor, case_id: int) -> Card | None:
    """Build the card of a case for one person; None where they may not see it, or it is gone."""
    with store.database.read() as connection:
        return own_cards(connection, store, person, [case_id]).get(case_id)


def own_cards(
    connection: Connection, store: Store, person: Actor, which: Collection[int]
) -> dict[int, Card]:
    """Build the cards of these cases for one person; those that they may not see are left out."""
    shown_together(connection, Of.CASE, which)
    found = {each: _own(connection, store, person, each) for each in which}
    return {case: card for case, card in found.items() if card is not None}


def _own(connection: Connection, store: Store, person: Actor, case_id: int) -> Card | None:
    try:
        case = repository.case(connection, case_id)
    except InvalidInput:
        return None
    if not may(person, Action.SEE, case.school) or person.id in case.barred:
        return None
    return channel_card(connection, case_id, store.now(), store.limits, person)
