"""Concurrency: two people act at the same moment, or one click arrives twice."""

import pytest

from store.actions.cases import assign as ownership
from store.actions.cases import discuss as discussion
from store.actions.cases import log_access as reading
from store.actions.request import AlreadyDone
from store.rules.errors import (
    InvalidInput,
    OvertakenError,
)
from store.rules.model import CaseStatus, Opinion
from store.tables import views
from tests.people import REASON
from tests.store.acts import EACH, Act, has_read
from tests.store.together import together
from tests.world import World

OTHER = "He has been ill since Friday"


def test_the_second_to_take_a_case_learns_who_has_it(world: World) -> None:
    case = world.open_case()
    seen = world.case(case).version
    ownership.take_case(world.store, world.by("lena"), case, seen)

    with pytest.raises(OvertakenError, match="Lena Lead owns it now"):
        ownership.take_case(world.store, world.by("alice"), case, seen)

    assert world.case(case).owner == world.staff("lena")


def test_of_two_who_take_it_at_once_one_has_it_and_the_other_knows(world: World) -> None:
    case = world.open_case()
    lena, alice = world.by("lena"), world.by("alice")

    results = together(
        lambda: ownership.take_case(world.store, lena, case, 1),
        lambda: ownership.take_case(world.store, alice, case, 1),
    )

    assert sorted(type(result).__name__ for result in results) == ["NoneType", "OvertakenError"]
    assert world.case(case).version == 2


def test_two_who_act_at_once_are_both_heard(world: World) -> None:
    case = world.open_case()
    bob, lena = world.by("bob"), world.by("lena")
    for name in ("bob", "lena"):
        reading.show_case(world.store, world.by(name), case)

    results = together(
        lambda: discussion.add_view(world.store, bob, case, Opinion.WAIT, REASON),
        lambda: discussion.add_view(world.store, lena, case, Opinion.CONTACT_NOW, OTHER),
    )

    assert results == [None, None]
    assert len(world.rows(views)) == 2
    assert world.case(case).status is CaseStatus.AGREED
    assert world.store.verify_audit() is None


@EACH
def test_the_same_click_twice_acts_once(world: World, act: Act) -> None:
    case = world.open_case()
    has_read(world, "alice", case)
    act(world, world.by("alice", "the very click"), case)
    before = world.dump()

    with pytest.raises(AlreadyDone):
        act(world, world.by("alice", "the very click"), case)

    assert world.dump() == before


def test_the_same_click_twice_at_once_acts_once(world: World) -> None:
    case = world.open_case()
    click = world.by("bob", "the very click")
    reading.show_case(world.store, world.by("bob"), case)

    def view() -> None:
        discussion.add_view(world.store, click, case, Opinion.WAIT, REASON)

    results = together(view, view)

    assert sorted(type(result).__name__ for result in results) == ["AlreadyDone", "NoneType"]
    assert len(world.rows(views)) == 1


def test_a_refused_click_may_be_tried_again(world: World) -> None:
    """The dialog stays open with the hint, and its second submission has the same click's key."""
    case = world.open_case()
    click = world.by("bob", "the very click")
    reading.show_case(world.store, world.by("bob"), case)
    with pytest.raises(InvalidInput):
        discussion.add_view(world.store, click, case, Opinion.WAIT, "ok")

    discussion.add_view(world.store, click, case, Opinion.WAIT, REASON)

    assert len(world.rows(views)) == 1
