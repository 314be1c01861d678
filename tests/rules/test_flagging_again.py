"""Days screened again after a correction, or late for the first time, in any order."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from store.rules.flags.reconcile import FlagRun
from store.rules.model import FlagEnd, FlagState
from tests.rules.screened_school import SILENT, School, day, in_order, only

# -- Days screened again -----------------------------------------------------------------------


def test_a_correction_takes_its_day_out() -> None:
    school = School().screen_all(in_order(["silent"], ["silent"], ["silent"]))
    school.screen(2, [])
    assert (only(school).raised_on, only(school).last_found_on) == (day(0), day(1))
    school.screen(0, [])
    assert (only(school).raised_on, only(school).last_found_on) == (day(1), day(1))
    school.screen(1, [])
    assert only(school).state is FlagState.WITHDRAWN


def test_days_taken_out_from_the_middle_are_not_forgotten() -> None:
    school = School().screen_all(in_order(*[["silent"]] * 4))
    school.screen_all([(1, []), (2, []), (3, [])])
    assert (only(school).raised_on, only(school).last_found_on) == (day(0), day(0))


def test_a_withdrawn_flag_that_proves_true_after_all_speaks_again() -> None:
    school = School().screen_all([(0, ["silent"]), (0, []), (0, ["silent"])])
    assert only(school) == FlagRun(0, 1, SILENT, FlagState.ACTIVE, day(0), day(0))


def test_an_old_day_again_leaves_a_later_flag_alone() -> None:
    days = in_order(["silent"], [], [], [], [], [], ["silent"])
    school = School().screen_all(days)
    assert [school.screen(*each) for each in days] == [False] * len(days)
    assert [flag.raised_on for flag in school.flags] == [day(0), day(6)]


def test_a_correction_wakes_a_flag_that_had_cleared_too_early() -> None:
    school = School().screen_all(in_order(["silent"], [], [], [], []))
    school.screen(3, ["silent"])
    assert only(school).state is FlagState.ACTIVE
    assert only(school).last_found_on == day(3)


def test_a_finding_far_before_the_active_flag_joins_it() -> None:
    school = School().screen_all([(9, ["silent"]), (0, ["silent"])])
    assert only(school).raised_on == day(0)
    assert only(school).missed_on == {day(number) for number in range(1, 9)}


some_keys = st.sets(st.sampled_from(["silent", "missed|Essay 1"])).map(sorted)
a_term = st.lists(some_keys, min_size=1, max_size=25)


@given(term=a_term, data=st.data())
def test_screening_any_days_again_in_order_changes_nothing(
    term: list[list[str]], data: st.DataObject
) -> None:
    days = in_order(*term)
    school = School().screen_all(days)
    again = data.draw(st.sets(st.sampled_from(range(len(days)))).map(sorted))
    before = list(school.flags)
    for number in again:
        assert not school.screen(*days[number])
    assert school.flags == before


@given(data=st.data())
def test_after_a_correction_the_same_flags_speak_as_on_a_fresh_run(data: st.DataObject) -> None:
    length = data.draw(st.integers(1, 25))
    terms = st.lists(some_keys, min_size=length, max_size=length)
    wrong, right = (in_order(*data.draw(terms)) for _ in range(2))

    corrected = School().screen_all(wrong).screen_all(right)
    assert corrected.active == School().screen_all(right).active

    before = list(corrected.flags)
    corrected.screen_all(right)
    assert corrected.flags == before


@given(term=a_term, gaps=st.sets(st.integers(0, 24)))
def test_days_that_were_never_screened_change_nothing_either(
    term: list[list[str]], gaps: set[int]
) -> None:
    days = [each for each in in_order(*term) if each[0] not in gaps]
    school = School().screen_all(days)
    before = list(school.flags)
    school.screen_all(days)
    assert school.flags == before


def test_a_day_screened_again_on_which_a_flag_had_ended_goes_on_with_it() -> None:
    """Late data shows that the student was not back after all, so the same flag goes on."""
    days = in_order(["silent"], [], [], [], [])
    school = School().screen_all(days)
    assert only(school).state is FlagState.CLEARED
    school.screen(4, ["silent"])
    assert only(school) == FlagRun(
        0, 1, SILENT, FlagState.ACTIVE, day(0), day(4), frozenset(map(day, (1, 2, 3)))
    )


def test_an_old_day_found_again_leaves_an_ended_flag_ended() -> None:
    school = School().screen_all(in_order(["silent"], [], ["silent"], [], [], [], []))
    ended = only(school)
    assert (ended.end, ended.ended_on) == (FlagEnd.BACK, day(6))
    school.screen(1, ["silent"])
    assert only(school) == replace(ended, missed_on=frozenset())
