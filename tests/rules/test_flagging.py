"""How flags begin, go on and end from day to day."""

import datetime as dt
from dataclasses import replace

from store.rules.calendar import Calendar
from store.rules.flag_rules.base import Criterion
from store.rules.flag_rules.evidence import Evidence, Measure
from store.rules.flags.flagging import by_student, criterion, findings
from store.rules.flags.reconcile import FlagRun, reconcile
from store.rules.model import FlagState, MarkerFamily
from tests.people import back
from tests.rules.screened_school import (
    CLEAR_AFTER,
    POLICY,
    SILENT,
    School,
    day,
    finding,
    in_order,
    only,
)

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
