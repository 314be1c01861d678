"""The card of a case as it stands in its home school's channel now."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from bot.cards.cases.card import case_card
from bot.cards.cases.contact_ladder import ladder_line
from bot.cards.kit.model import Card
from store.policies.versions import policy_in_force
from store.queries.cases.case import case_view
from store.queries.cases.contact_ladder import ladder_of
from store.queries.cases.identity import student_name
from store.rules.calendar import Calendar


def channel_card(connection: sa.Connection, case: int, day: dt.date) -> Card:
    """With the student's name only where the school's policy shows names."""
    view = case_view(connection, case, day)
    published = policy_in_force(connection, view.case.school, day)
    if published is None:
        return case_card(view, Calendar())
    policy = published.policy
    name = student_name(connection, case) if policy.show_names else None
    ladder = ladder_line(ladder_of(connection, view.case, policy, day))
    return case_card(view, policy.calendar, name, ladder)
