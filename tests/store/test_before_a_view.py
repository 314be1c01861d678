"""Contact made before any other colleague's view is recorded and shown (§13)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.cards.cases.card import case_card
from bot.cards.cases.show import show_dialog
from bot.cards.notices.digests import week_card
from store.actions.cases import discuss as discussion
from store.actions.cases import log_attempt as attempts
from store.actions.cases import use_welfare_route as welfare
from store.queries.cases.case import case_view
from store.queries.cases.first_view import said_of_newest
from store.queries.notices.week import week
from store.rules.calendar import Calendar
from store.rules.cases.first_view import NO_VIEW_BEFORE
from store.rules.model import AttemptResult, InterventionKind, Rung
from tests.world import World

Act = Callable[[World, int], object]


def log(kind: InterventionKind, on: str = "") -> Act:
    return lambda world, case: discussion.log_intervention(
        world.store, world.by("alice"), case, kind, "Talked for a while", on=on
    )


def rang(world: World, case: int) -> None:
    attempts.log_attempt(world.store, world.by("alice"), case, Rung.PHONE, AttemptResult.NO_ANSWER)


CONTACTS: dict[str, Act] = {
    "attempt": rang,
    **{kind.value: log(kind) for kind in InterventionKind if kind is not InterventionKind.NOTE},
    "a call of yesterday": log(InterventionKind.CALL, "yesterday"),
}


def places(world: World, case: int) -> list[str]:
    """Return the places that show it: the answer, the card, the timeline and the lead's week."""
    with world.store.database.read() as connection:
        view = case_view(connection, case, world.today)
        answer = said_of_newest(connection, case, world.staff("alice"))
        lead = week(connection, world.school(), world.today)
    card = repr(case_card(view, Calendar()))
    return [answer, card, repr(show_dialog(view, None, Calendar())), repr(week_card(lead))]


def said(place: str) -> bool:
    return "No colleague had given a view before" in place


@pytest.mark.parametrize("contact", CONTACTS)
def test_a_contact_before_any_other_view_is_said_everywhere(world: World, contact: str) -> None:
    case = world.open_case()
    world.give_view(case, "alice")
    world.clock.forward(minutes=1)
    CONTACTS[contact](world, case)
    found = places(world, case)

    assert found[0] == NO_VIEW_BEFORE
    assert all(map(said, found))
    assert "before 1 contact" in found[3]
    assert world.case(case).reference in found[3]


@pytest.mark.parametrize("first", ["another's view", "the welfare route", "a note"])
def test_nothing_is_said_where_the_policy_was_kept(world: World, first: str) -> None:
    case = world.open_case()
    if first == "another's view":
        world.give_view(case, "bob")
    elif first == "the welfare route":
        welfare.use_welfare_route(world.store, world.by("alice"), case, "She wrote of danger")
    world.clock.forward(minutes=1)
    log(InterventionKind.NOTE if first == "a note" else InterventionKind.CALL)(world, case)

    assert not any(map(said, places(world, case)))
