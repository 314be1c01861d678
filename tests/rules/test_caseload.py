"""The cases of a caseload that are shown, their order, and contacts before any view."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from store.rules.cases.caseload import (
    MINE,
    NO_ONE,
    Age,
    CaseloadEntry,
    CaseloadFilter,
    Order,
    age_of,
    choose,
    filter_key,
)
from store.rules.cases.first_view import CaseStep, came_first
from store.rules.model import CaseStatus, MarkerFamily

TODAY = dt.date(2025, 11, 20)
ALICE, BOB = 1, 12


def case(number: int, ago: int, owner: int | None, place: int, **more: Any) -> CaseloadEntry:
    usual = CaseloadEntry(
        case=number,
        owner=owner,
        status=CaseStatus.OPEN,
        opened_on=TODAY - dt.timedelta(days=ago),
        families=frozenset({MarkerFamily.VLE}),
        modules=frozenset({"FR101"}),
        programme="French",
        needs_me=False,
        place=place,
    )
    return replace(usual, **more)


CASES = [
    case(1, 6, ALICE, 4),
    case(2, 7, None, 3, needs_me=True, modules={"FR101", "FR102 'Essays' and more of it"}),
    case(3, 28, BOB, 1, status=CaseStatus.PAUSED, programme="Welsh (“Cymraeg”)"),
    case(4, 29, ALICE, 2, families={MarkerFamily.ATTENDANCE}),
    case(5, 29, BOB, 5, needs_me=True),
]


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        (CaseloadFilter(), [2, 5, 3, 4, 1]),
        (CaseloadFilter(order=Order.OLDEST), [4, 5, 3, 2, 1]),
        (CaseloadFilter(order=Order.NEWEST), [1, 2, 3, 5, 4]),
        (CaseloadFilter(order=Order.REFERENCE), [1, 2, 3, 4, 5]),
        (CaseloadFilter(owner=MINE), [4, 1]),
        (CaseloadFilter(owner=NO_ONE), [2]),
        (CaseloadFilter(owner=str(BOB)), [5, 3]),
        (CaseloadFilter(status=CaseStatus.PAUSED), [3]),
        (CaseloadFilter(age=Age.NEW), [1]),
        (CaseloadFilter(age=Age.WEEKS), [2, 3]),
        (CaseloadFilter(age=Age.OLD), [5, 4]),
        (CaseloadFilter(family=MarkerFamily.ATTENDANCE), [4]),
        (CaseloadFilter(module=filter_key("FR102 'Essays' and more of it")), [2]),
        (CaseloadFilter(programme="Welsh Cymraeg"), [3]),
        (CaseloadFilter(needs_me=True), [2, 5]),
        (CaseloadFilter(owner=MINE, age=Age.NEW, family=MarkerFamily.ATTENDANCE), []),
    ],
)
def test_each_part_of_a_filter_leaves_out_what_does_not_fit(
    wanted: CaseloadFilter, shown: list[int]
) -> None:
    assert choose(CASES[::-1], wanted, ALICE, TODAY) == shown
    assert choose(CASES, wanted, ALICE, TODAY, found=[1, 3]) == [n for n in shown if n in (1, 3)]


def test_what_was_opened_today_is_new_and_a_key_has_no_quotes() -> None:
    assert age_of(TODAY, TODAY) is Age.NEW
    assert filter_key("FR102 'Essays' and more of it") == "FR102 Essays and mor"
    assert filter_key("  A-b.c_d/e  ") == "A-b.c_d/e"


MORNING = dt.datetime(2025, 10, 22, 9, 30, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("step", "views", "welfare", "is_first"),
    [
        (CaseStep(ALICE, MORNING), [], [], True),
        (CaseStep(ALICE, MORNING), [CaseStep(BOB, MORNING)], [], False),
        (CaseStep(ALICE, MORNING), [CaseStep(BOB, MORNING + HOUR)], [], True),
        (CaseStep(ALICE, MORNING), [CaseStep(ALICE, MORNING - HOUR)], [], True),
        (CaseStep(ALICE, MORNING), [CaseStep(BOB, MORNING + HOUR)], [MORNING], False),
        (CaseStep(ALICE, MORNING), [], [MORNING + HOUR], True),
        # The contact was yesterday and was logged today, so this morning's view came after it.
        (CaseStep(ALICE, MORNING, MORNING.date() - DAY), [CaseStep(BOB, MORNING - HOUR)], [], True),
        (CaseStep(ALICE, MORNING, MORNING.date() - DAY), [CaseStep(BOB, MORNING - DAY)], [], False),
        (CaseStep(ALICE, MORNING, MORNING.date()), [CaseStep(BOB, MORNING - HOUR)], [], False),
    ],
)
def test_a_contact_comes_before_any_view_of_another_colleague(
    step: CaseStep, views: list[CaseStep], welfare: list[dt.datetime], is_first: bool
) -> None:
    assert came_first(step, views, welfare) is is_first
