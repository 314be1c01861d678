"""Which work counts as missed, and which does not although nothing was handed in."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.activity.lake import Lake
from integrations.activity.relations import EXTENDED_TO, EXTENSIONS, AgreedSource
from store.rules.flag_rules.evidence import MissedItem, Piece
from store.rules.model import MarkerFamily
from tests.integrations.small_lake import (
    MISSED,
    TERM,
    WORK,
    Event,
    School,
    before,
    due,
    handed_in,
    lake,
    school,
    write,
)

__all__ = ["lake", "school"]


def test_work_is_missed_from_the_first_to_the_last_day_of_the_window(school: School) -> None:
    everyone = range(1, 5)
    items = {"Too old": 43, "Oldest": 42, "Newest": 8, "In grace": 7}
    write(
        school.lake,
        [due(s, before(day), item) for item, day in items.items() for s in everyone]
        + [handed_in(s, before(day), item) for item, day in items.items() for s in (1, 2, 3)],
    )
    (evidence,) = school.caught(MISSED)
    assert evidence.student == 4
    assert evidence.measures[0].missed == (
        MissedItem("FRE1", "Oldest", before(42)),
        MissedItem("FRE1", "Newest", before(8)),
    )


def test_a_batch_that_has_not_arrived_is_not_missed_work(school: School) -> None:
    write(school.lake, [due(s, before(10)) for s in range(1, 5)] + [handed_in(1, before(9))])
    assert school.students(MISSED) == []
    write(school.lake, [handed_in(2, before(3))])
    assert school.students(MISSED) == [3, 4]


def test_work_handed_in_weeks_early_or_late_is_not_missed(school: School) -> None:
    write(
        school.lake,
        [due(s, before(40)) for s in range(1, 5)]
        + [handed_in(1, before(100)), handed_in(2, before(1)), handed_in(3, before(40))],
    )
    assert school.students(MISSED) == [4]


def test_work_that_another_agreed_source_has_is_not_missed(school: School) -> None:
    paper = AgreedSource("LANG", MarkerFamily.SUBMISSIONS, "paper")
    write(
        school.lake,
        [due(s, before(10)) for s in range(1, 5)]
        + [handed_in(s, before(10)) for s in (1, 2)]
        + [handed_in(3, before(10))._replace(source="paper")],
    )
    found = school.caught(MISSED, agreed=[WORK, paper])
    assert [evidence.student for evidence in found] == [4]
    assert [e.student for e in school.caught(MISSED, agreed=[WORK])] == [3, 4]


def test_students_who_left_do_not_hold_back_a_class(lake: Lake) -> None:
    left = {1: None, 2: None, 3: before(5), 4: before(5)}
    school = School(lake, [(s, "LANG", "FRE1", "LANG", TERM, ends) for s, ends in left.items()])
    write(lake, [due(s, before(10)) for s in range(1, 5)] + [handed_in(1, before(10))])
    assert school.students(MISSED) == [2]


def test_what_was_due_before_a_student_joined_is_not_missed(lake: Lake) -> None:
    joined = {1: TERM, 2: TERM, 3: before(10), 4: before(9)}
    school = School(lake, [(s, "LANG", "FRE1", "LANG", day, None) for s, day in joined.items()])
    write(lake, [due(s, before(10)) for s in joined] + [handed_in(s, before(10)) for s in (1, 2)])
    assert school.students(MISSED) == [3]


# -- Earlier facts are not cut off by a window ---------------------------------------------------


@pytest.mark.parametrize("early", [61, 121, 200, 400])
def test_work_is_not_missed_however_early_it_was_handed_in(school: School, early: int) -> None:
    write(
        school.lake,
        [due(s, before(10)) for s in range(1, 5)]
        + [handed_in(1, before(early)), handed_in(2, before(12)), handed_in(3, before(9))],
    )
    assert school.students(MISSED) == [4]
    (other,) = (e for e in school.caught(MISSED, also=[1]) if e.student == 1)
    (measure,) = other.measures
    assert measure.pieces == (Piece("Essay", before(10), before(early)),)
    assert (measure.work_due, measure.days_late) == (1, 0)


def test_more_time_counts_however_long_ago_it_was_agreed(school: School) -> None:
    agreed = Event(
        "turned-in", before(200), 4, "FRE1", EXTENSIONS, f"Essay{EXTENDED_TO}{before(2)}", 1, 0
    )
    write(
        school.lake,
        [due(s, before(10)) for s in range(1, 5)]
        + [handed_in(s, before(11)) for s in (1, 2)]
        + [agreed],
    )
    assert school.students(MISSED) == [3]


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    handed=st.dictionaries(
        st.tuples(st.integers(1, 4), st.sampled_from(["Essay", "Poem"])),
        st.integers(2, 45),
        min_size=2,
    ),
    moved=st.data(),
    back=st.sampled_from([1, 20, 60, 90, 120, 365]),
)
def test_nothing_becomes_missing_where_an_event_lies_further_back(
    tmp_path_factory: pytest.TempPathFactory,
    handed: dict[tuple[int, str], int],
    moved: st.DataObject,
    back: int,
) -> None:
    dues = {"Essay": 10, "Poem": 40}

    def missing(days: dict[tuple[int, str], int]) -> set[tuple[int, str]]:
        small = School(Lake(tmp_path_factory.mktemp("lake")))
        write(
            small.lake,
            [due(s, before(day), item) for item, day in dues.items() for s in range(1, 5)]
            + [handed_in(s, before(day), item) for (s, item), day in days.items()],
        )
        return {
            (found.student, item.item)
            for found in small.caught(MISSED)
            for measure in found.measures
            for item in measure.missed
        }

    which = moved.draw(st.sampled_from(sorted(handed)))
    assert missing(handed | {which: handed[which] + back}) <= missing(handed)


# -- Work that has not arrived -------------------------------------------------------------------


def test_work_of_which_far_less_than_usual_has_arrived_is_not_missed(lake: Lake) -> None:
    """Nearly half of one piece is lost, less than the policy asks about; another piece is whole."""
    class_of = range(1, 21)
    school = School(lake, [(s, "LANG", "FRE1", "LANG", TERM, None) for s in class_of])
    dues = {"First": 50, "Second": 43, "Third": 36, "Fourth": 29, "Whole": 18, "Half": 10}
    events = [due(s, before(day), item) for item, day in dues.items() for s in class_of]
    whole = [
        handed_in(s, before(day), item)
        for item, day in dues.items()
        for s in class_of
        if s not in (1, 2)
    ]
    lost = [each for each in whole if each.item == "Half" and each.student > 13]

    def missed() -> set[tuple[int, str]]:
        return {
            (found.student, item.item)
            for found in school.caught(MISSED)
            for measure in found.measures
            for item in measure.missed
            if item.item in ("Whole", "Half")
        }

    write(lake, [*events, *(each for each in whole if each not in lost)])
    assert missed() == {(1, "Whole"), (2, "Whole")}
    write(lake, [*events, *whole])
    assert missed() == {(s, item) for s in (1, 2) for item in ("Whole", "Half")}
