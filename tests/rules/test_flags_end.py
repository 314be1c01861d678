"""How a flag ends: by new data, by a correction, or for a reason outside the data."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from store.rules.calendar import Period
from store.rules.flag_rules.base import Clearing
from store.rules.flag_rules.evidence import Finding
from store.rules.flags.flagging import clearing, correcting, judging, unknown_sources
from store.rules.flags.reconcile import FlagRun, reconcile
from store.rules.model import FlagEnd, FlagState, Level
from store.rules.policies.overrides import Override
from tests.people import back
from tests.rules.screened_school import (
    CLEAR_AFTER,
    FIRST,
    POLICY,
    SILENT,
    School,
    day,
    finding,
    in_order,
    only,
)


def test_what_later_data_disproves_ends_as_corrected_and_never_as_over() -> None:
    """Screening the day again changes nothing; if the earlier data returns, the flag is active."""
    disproved: dict[int, Finding | None] = {0: None}
    school = School(judge=correcting(back, disproved))
    school.screen_all([(0, ["quiet|"]), (1, ["quiet|"])])
    school.screen(2, [])
    (flag,) = school.flags
    assert (flag.state, flag.end, flag.ended_on) == (
        FlagState.WITHDRAWN,
        FlagEnd.CORRECTED,
        day(2),
    )
    disproved.clear()
    assert not school.screen(2, [])
    school.screen(3, ["quiet|"])
    (flag,) = school.flags
    assert (flag.state, flag.end, flag.ended_on) == (FlagState.ACTIVE, None, None)


@given(st.sampled_from([FlagEnd.EXCUSED, FlagEnd.EXEMPT, FlagEnd.ENROLMENT_ENDED]))
def test_an_end_that_is_no_matter_of_the_data_keeps_its_name(end: FlagEnd) -> None:
    school = School(judge=correcting(lambda _: end, {0: None}))
    school.screen_all([(0, ["quiet|"]), (1, [])])
    assert [flag.end for flag in school.flags] == [end]


def test_what_still_holds_is_said_as_it_is_known_now() -> None:
    said = finding("quiet|")
    run = FlagRun(0, 1, "quiet|", FlagState.ACTIVE, FIRST, FIRST)
    assert correcting(lambda _: None, {0: said})(run) is said
    assert correcting(lambda judged: said if judged is run else None, {})(run) is said


def test_an_end_is_judged_once_and_a_flag_of_which_no_day_is_left_was_corrected() -> None:
    school = School(judge=lambda _: FlagEnd.EXEMPT).screen_all(in_order(["silent"], []))
    exempt = only(school)
    school.judge = lambda _: FlagEnd.RULE_OFF
    assert not school.screen(2, [])
    assert only(school) == exempt == replace(exempt, end=FlagEnd.EXEMPT, ended_on=day(1))

    school = School().screen_all([(0, ["silent"]), (0, [])])
    assert (only(school).end, only(school).ended_on) == (FlagEnd.CORRECTED, None)
    school = School().screen_all(in_order(["silent"], [], [], [], []))
    school.screen(0, [])
    assert (only(school).state, only(school).ended_on) == (FlagState.WITHDRAWN, None)


def test_a_flag_that_was_followed_by_another_stays_ended_when_its_last_day_is_judged_again() -> (
    None
):
    school = School().screen_all(in_order(["silent"], [], [], [], [], ["silent"]))
    school.judge = lambda _: None
    school.screen(4, [])
    assert [flag.state for flag in school.flags] == [FlagState.CLEARED, FlagState.ACTIVE]

    alone = School().screen_all(in_order(["silent"], [], [], [], []))
    alone.judge = lambda _: None
    alone.screen(4, [])
    assert only(alone) == FlagRun(0, 1, SILENT, FlagState.ACTIVE, day(0), day(0))


def test_a_source_that_stopped_neither_shortens_nor_ends_by_a_return() -> None:
    run = FlagRun(0, 1, SILENT, FlagState.ACTIVE, day(0), day(4))

    def screened(number: int, end: FlagEnd, unsure: Sequence[int]) -> tuple[FlagRun, ...]:
        return reconcile([], [run], day(number), CLEAR_AFTER, lambda _: end, unsure).changed

    assert screened(4, FlagEnd.BACK, [0]) == ()
    assert screened(4, FlagEnd.RULE_OFF, [0]) == (), "it was found on this day"
    assert screened(8, FlagEnd.BACK, [0]) == ()
    (ended,) = screened(8, FlagEnd.RULE_OFF, [0])
    assert ended.end is FlagEnd.RULE_OFF
    (shorter,) = screened(4, FlagEnd.BACK, [])
    assert shorter.last_found_on == day(3)
    (cleared,) = screened(8, FlagEnd.BACK, [])
    assert (cleared.end, cleared.ended_on) == (FlagEnd.BACK, day(8))
    assert unknown_sources({"old": day(0), "weekend": day(1)}, day(4)) == {"old"}


def test_a_finding_of_an_earlier_day_far_from_an_ended_flag_is_a_flag_of_its_own() -> None:
    later = FlagRun(0, 1, SILENT, FlagState.CLEARED, day(8), day(9), end=FlagEnd.BACK)

    def raises(number: int) -> bool:
        return bool(reconcile([finding("silent")], [later], day(number), CLEAR_AFTER, back).raised)

    assert [raises(number) for number in (4, 5)] == [True, False]


def test_a_carried_flag_keeps_only_its_own_days() -> None:
    carried = FlagRun(0, 1, SILENT, FlagState.CARRIED, day(0), day(2))
    found = [finding("silent")]
    assert reconcile(found, [carried], day(2), CLEAR_AFTER, back).raised == ()
    assert reconcile(found, [carried], day(3), CLEAR_AFTER, back).raised == tuple(found)


def test_a_flag_is_judged_by_the_rules_of_its_level_and_module() -> None:
    off = Override(level=Level.FOUNDATION, module="FR101", off=("attendance",))
    policy = replace(POLICY, overrides=(off,))
    run = FlagRun(0, 1, "attendance|FR101", FlagState.ACTIVE, day(0), day(0))
    assert run.raised.module == "FR101"
    assert (run.raised.rule, run.raised.subject) == ("attendance", "")
    assert replace(run, key="inactivity").raised.module is None
    assert replace(run, key="inactivity").raised.subject == ""

    def judged(run: FlagRun, levels: dict[int, Level]) -> object:
        return judging(policy, [], day(5), levels, {2: FlagEnd.EXEMPT, 3: None})(run)

    assert judged(run, {1: Level.FOUNDATION}) is FlagEnd.RULE_OFF
    assert judged(run, {1: Level.MRES}) is None, "nothing is known of the student"
    assert judged(run, {}) is None
    assert judged(replace(run, key="attendance|FR102"), {1: Level.FOUNDATION}) is None
    assert judged(replace(run, key="quiet-weeks|FR101"), {}) is FlagEnd.RULE_OFF
    assert judged(replace(run, student=2), {}) is FlagEnd.EXEMPT
    assert judged(replace(run, student=3, key="unknown|"), {}) is None


def test_the_clearing_period_counts_days_in_term() -> None:
    assert clearing(POLICY, day(20)) == Clearing(7, (1 << 56) - 1)
    closed = replace(POLICY.calendar, closures=(Period("a strike", day(19), day(19)),))
    assert clearing(replace(POLICY, calendar=closed), day(20)).counting == (1 << 56) - 2
