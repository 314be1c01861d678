"""The delivery ledger: a day follows from all deliveries, in any order of arrival."""

from __future__ import annotations

import datetime as dt
import itertools
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.feeds.ledger import changes as ledger_changes
from integrations.feeds.ledger.deliveries import State
from tests.integrations.ledger_place import ARRIVED, OCTOBER, SCHOOLS, STUDENTS, Place, place, saw

__all__ = ["place"]


def test_a_correction_that_is_taken_back_takes_effect(place: Place) -> None:
    first = saw("0100", 6), saw("0200", 6)
    place.deliver(*first)
    place.deliver(first[0])
    assert len(place.rows()) == 1
    place.deliver(*first)
    assert len(place.rows()) == 2
    assert len(place.ledger.entries()) == 3


def test_files_of_one_night_are_joined_and_none_empties_another(place: Place) -> None:
    place.deliver(saw("0100", 4), arrived=ARRIVED)
    place.deliver(saw("0100", 3), saw("0200", 6), arrived=ARRIVED)
    place.deliver(saw("0300", 3), saw("0200", 6, count=2), arrived=ARRIVED)
    assert place.rows() == [
        ("2025-10-03", 1, "FRE1", 1),
        ("2025-10-03", 3, "FRE1", 1),
        ("2025-10-04", 1, "FRE1", 1),
        ("2025-10-06", 2, "FRE1", 2),
    ]


def test_days_from_before_the_ledger_come_back(place: Place) -> None:
    """A lake of an older version has days and no deliveries."""
    place.deliver(saw("0100", 6))
    (place.ledger.folder(place.ledger.entries()[0]) / "entry.json").unlink()
    place.deliver(saw("0200", 6, "BIO1"))
    assert len(place.rows()) == 2
    ledger_changes.withdraw(place.ledger, 2)
    assert place.rows() == [("2025-10-06", 1, "FRE1", 1)]


DELIVERIES = st.lists(
    st.tuples(
        st.lists(
            st.tuples(
                st.sampled_from(sorted(STUDENTS)),
                st.integers(1, 6),
                st.sampled_from(sorted(SCHOOLS)),
                st.integers(1, 3),
            ),
            min_size=1,
            max_size=6,
        ),
        st.booleans(),
        st.integers(0, 2),
    ),
    min_size=1,
    max_size=4,
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(DELIVERIES, st.randoms(use_true_random=False))
def test_the_order_of_reading_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory,
    deliveries: list[tuple[list[tuple[str, int, str, int]], bool, int]],
    chance: object,
) -> None:
    """The arrival times decide, or the content where they are equal."""
    made = []
    shuffled = list(deliveries)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    for order in (deliveries, shuffled):
        place = Place(tmp_path_factory.mktemp("order"))
        for rows, complete, minute in order:
            place.deliver(
                *(saw(*row) for row in rows),
                complete=complete,
                arrived=ARRIVED + dt.timedelta(minutes=minute),
            )
        for entry in place.ledger.entries():
            if entry.state is State.WAITING:
                ledger_changes.accept(place.ledger, entry.number)
        made.append(place.made())
    assert made[0] == made[1]


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(DELIVERIES)
def test_withdrawn_is_as_if_it_had_never_come_and_again_as_if_it_had(
    tmp_path_factory: pytest.TempPathFactory,
    deliveries: list[tuple[list[tuple[str, int, str, int]], bool, int]],
) -> None:
    place = Place(tmp_path_factory.mktemp("withdrawn"))
    for rows, _, _ in deliveries:
        before = place.made()
        report = place.deliver(*(saw(*row) for row in rows))
        if report.waiting:
            ledger_changes.accept(place.ledger, report.number)
        after = place.made()
    numbers = {entry.number for entry in place.ledger.entries()}
    assert report.number in numbers
    newest = report.number
    is_new = len(numbers) == len(deliveries)
    ledger_changes.withdraw(place.ledger, newest)
    if is_new:
        assert place.made() == before
    again = place.deliver(*(saw(*row) for row in deliveries[-1][0]))
    if again.waiting:
        ledger_changes.accept(place.ledger, again.number)
    assert place.made() == after


def test_polls_add_up_and_cover_nothing_in_any_order(tmp_path: Path) -> None:
    """Each poll adds new rows from its source; a file for the whole day replaces them."""
    day, came = (OCTOBER[5], OCTOBER[5]), "0200,FRE1,attendance,done,2025-10-06,S1,"
    polls = ((saw("0100", 6, count=2), came), (saw("0100", 6, count=3), came), ())
    made = set()
    for order in itertools.permutations(range(3)):
        place = Place(tmp_path / str(order))
        for nth in order:
            at = ARRIVED + dt.timedelta(minutes=nth)
            place.deliver(*polls[nth], arrived=at, polled=(ARRIVED, at), polls=(day,))
        made.add(str(place.rows()))
    assert made == {"[('2025-10-06', 1, 'FRE1', 5), ('2025-10-06', 2, 'FRE1', 1)]"}
    assert place.known() == [6]
    place.deliver(saw("0100", 6, count=4), arrived=ARRIVED + dt.timedelta(hours=1))
    assert place.rows() == [("2025-10-06", 1, "FRE1", 4)]
    place.deliver(saw("0100", 6), arrived=ARRIVED + dt.timedelta(hours=2), polled=(at, at))
    assert place.rows() == [("2025-10-06", 1, "FRE1", 5)]
