"""What each of a person's own cases needs next, in the same words as on the case's card."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.cards.cases.lists import NEEDS
from bot.cards.cases.state import Turn, next_turn
from bot.cards.kit.model import StatusLine
from bot.posting.channel_card import around_of
from store.db import repository
from store.db.database import Connection
from store.db.read_once import Of, shown_together
from store.policies.versions import policy_in_force
from store.queries.cases.case import case_view
from store.queries.cases.lists import CaseLine
from store.queries.readiness.on_case import readiness
from store.rules.calendar import institution_day
from store.rules.cases.case import Actor
from store.rules.notices.reminders import WaitingFor
from store.rules.outreach.guards import SendingLimits


@dataclass(frozen=True, slots=True)
class Turns:
    """What cases need, in words: ``needs`` from their owner, ``others`` from someone else.

    A case in neither needs no action for now.
    """

    needs: Mapping[int, str]
    others: Mapping[int, str]


def turns_of(
    connection: Connection,
    lines: Iterable[CaseLine],
    waiting: Mapping[int, WaitingFor],
    now: dt.datetime,
    limits: SendingLimits,
    reader: Actor,
) -> Turns:
    """Read who acts next on each case. ``waiting`` maps a case to the reader's action on it, where
    that is known already."""
    lines = tuple(lines)
    shown_together(connection, Of.CASE, {line.id for line in lines} | waiting.keys())
    needs = {
        case: _approval(connection, case, now, limits, reader)
        if what is WaitingFor.APPROVAL
        else NEEDS[what]
        for case, what in waiting.items()
    }
    others: dict[int, str] = {}
    for line in lines:
        if line.id in needs:
            continue
        turn, status = _turn(connection, line.id, now, reader)
        if turn is Turn.OWNER:
            needs[line.id] = _words(status)
        elif turn is Turn.OTHERS:
            others[line.id] = _words(status)
    return Turns(needs, others)


def _approval(
    connection: Connection, case: int, now: dt.datetime, limits: SendingLimits, reader: Actor
) -> str:
    """Say what an email that is not approved yet lacks, or who can approve it."""
    ready = readiness(connection, repository.case(connection, case), now, limits)
    if ready.can("approve", reader):
        return "Has an email that you can read and approve"
    return ready.approval_line(reader) or "Has an email that another colleague approves"


def _turn(
    connection: Connection, case: int, now: dt.datetime, reader: Actor
) -> tuple[Turn, StatusLine]:
    day = institution_day(now)
    view = case_view(connection, case, day, is_brief=True)
    published = policy_in_force(connection, view.case.school, day)
    if published is None:
        return Turn.NO_ONE, StatusLine(view.owner or "", "")
    around = around_of(connection, view, published.policy, day)
    return next_turn(view, around, published.policy.calendar, reader)


def _words(status: StatusLine) -> str:
    """Leave out the owner where the line only names them: the list is theirs."""
    if not status.rest.startswith("· "):
        return status.text
    said = status.rest.removeprefix("· ")
    return f"{said[0].upper()}{said[1:]}"
