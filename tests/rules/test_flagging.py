"""What becomes of flags from day to day, and when days are screened again."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from hypothesis import given
from hypothesis import strategies as st

from store.rules.calendar import Calendar, Period
from store.rules.flag_rules.attendance import Attendance
from store.rules.flag_rules.base import Clearing, Criterion
from store.rules.flag_rules.evidence import Evidence, Finding, Measure
from store.rules.flag_rules.inactivity import Inactivity
from store.rules.flag_rules.missed_submission import MissedSubmission
from store.rules.flags.flagging import (
    by_student,
    clearing,
    correcting,
    criterion,
    findings,
    judging,
    unknown_sources,
)
from store.rules.flags.reconcile import FlagRun, Judge, reconcile
from store.rules.model import FlagEnd, FlagState, Level, MarkerFamily
from store.rules.policies.overrides import Override
from store.rules.policies.policy import Approval, Marker, SchoolPolicy
from tests.people import back

FIRST = dt.date(2025, 10, 6)
CLEAR_AFTER = 4
POLICY = SchoolPolicy(
    school="LANG",
    approval=Approval("Alice Adviser", FIRST, ("handbook", "email")),
    markers=(Marker(MarkerFamily.VLE, ("moodle",)),),
    rules=(Inactivity(days=14), MissedSubmission(), Attendance()),
)


def day(number: int) -> dt.date:
    return FIRST + dt.timedelta(days=number)


def finding(key: str, student: int = 1) -> Finding:
    rule, _, subject = key.partition("|")
    return Finding(student, rule, MarkerFamily.VLE, None, subject, "", "", "moodle", FIRST)


@dataclass
class School:
    """A store as small as can be: flags in a list, screened day by day."""

    flags: list[FlagRun] = field(default_factory=list)
    judge: Judge = back

    def screen(self, number: int, found: Iterable[str]) -> bool:
        """Screen a day on which these rules fire; returns whether anything changed."""
        today = day(number)
        result = reconcile(
            [finding(each) for each in found], self.known(today), today, CLEAR_AFTER, self.judge
        )
        changed = {run.id: run for run in result.changed}
        self.flags = [changed.get(run.id, run) for run in self.flags]
        for each in result.raised:
            state = FlagState.ACTIVE
            self.flags.append(FlagRun(len(self.flags), each.student, each.key, state, today, today))
        active = [run.key for run in self.flags if run.state is FlagState.ACTIVE]
        assert len(active) == len(set(active)), "a flag is active twice"
        return bool(result.raised or result.changed)

    def known(self, today: dt.date) -> list[FlagRun]:
        """What ``reconcile`` asks for."""
        since = today - dt.timedelta(days=CLEAR_AFTER)
        return [
            f
            for f in self.flags
            if f.state is FlagState.ACTIVE or f.last_found_on > since or f.ended_on == today
        ]

    def screen_all(self, days: Sequence[tuple[int, Sequence[str]]]) -> "School":
        for number, found in days:
            self.screen(number, found)
        return self

    @property
    def active(self) -> list[tuple[str, dt.date]]:
        return sorted((f.key, f.last_found_on) for f in self.flags if f.state is FlagState.ACTIVE)


def in_order(*found: Sequence[str]) -> list[tuple[int, Sequence[str]]]:
    return list(enumerate(found))


SILENT = finding("silent").key


def only(school: School) -> FlagRun:
    (flag,) = school.flags
    return flag


# -- Day by day --------------------------------------------------------------------------------


def test_a_finding_raises_a_flag_and_the_next_prolongs_it() -> None:
    school = School().screen_all(in_order(["silent"], ["silent"]))
    assert only(school) == FlagRun(0, 1, SILENT, FlagState.ACTIVE, day(0), day(1))


def test_screening_a_day_twice_changes_nothing() -> None:
    school = School().screen_all(in_order(["silent"], ["silent"]))
    assert not school.screen(1, ["silent"])


def test_one_day_without_a_finding_does_not_clear() -> None:
    school = School().screen_all(in_order(["silent"], [], ["silent"]))
    assert only(school).state is FlagState.ACTIVE
    assert only(school).missed_on == {day(1)}


def test_a_flag_clears_after_the_school_s_days() -> None:
    school = School().screen_all(in_order(["silent"], [], [], []))
    assert only(school).state is FlagState.ACTIVE
    school.screen(4, [])
    assert only(school).state is FlagState.CLEARED


def test_after_it_cleared_the_same_finding_is_a_new_flag() -> None:
    school = School().screen_all(in_order(["silent"], [], [], [], [], ["silent"]))
    assert [flag.state for flag in school.flags] == [FlagState.CLEARED, FlagState.ACTIVE]


def test_rules_and_students_do_not_touch_each_other() -> None:
    known = [FlagRun(0, 1, SILENT, FlagState.ACTIVE, day(0), day(0))]
    result = reconcile([finding("silent", student=2)], known, day(1), CLEAR_AFTER, back)
    assert [each.student for each in result.raised] == [2]
    assert result.changed == ()


# -- Days again --------------------------------------------------------------------------------


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


# -- All rules together ------------------------------------------------------------------------


def test_one_net_for_all_rules() -> None:
    assert criterion(POLICY, day(20)) == Criterion(
        silent_since=day(5),
        missed_due_by=day(12),
        missed_due_from=day(20) - dt.timedelta(days=42),
        arrived_share=0.25,
        attended_below=0.5,
        expected_at_least=4,
    )


def test_every_rule_is_asked_about_the_same_evidence() -> None:
    vle = Measure(1, "FR101", MarkerFamily.VLE, "moodle", day(19), day(0), 0, 0, 0)
    attendance = replace(vle, family=MarkerFamily.ATTENDANCE, expected_28=8)
    found = findings(POLICY, Evidence(1, (vle, attendance)), day(20))
    assert [each.rule for each in found] == ["inactivity", "attendance"]
    assert findings(replace(POLICY, rules=()), Evidence(1, (vle,)), day(20)) == []


def test_closures_reach_the_rules() -> None:
    closed = replace(POLICY, calendar=replace(Calendar(), terms=()))
    assert criterion(closed, day(20)).silent_since == day(5)


def test_findings_merge_by_student() -> None:
    found = [finding("silent", 1), finding("silent", 2), finding("missed|Essay 1", 1)]
    assert {student: len(each) for student, each in by_student(found).items()} == {1: 2, 2: 1}


def test_what_later_data_disproves_ends_as_corrected_and_never_as_over() -> None:
    """Screening the day again changes nothing; with the data of before, it is true again."""
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


def test_a_day_screened_again_on_which_a_flag_had_ended_goes_on_with_it() -> None:
    """Late data says that the student was not back after all: the flag is the same one."""
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
