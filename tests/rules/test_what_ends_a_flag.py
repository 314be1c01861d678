"""Events that do end a flag: work handed in, teaching over, a rule switched off."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from store.rules.calendar import Calendar
from store.rules.flag_rules import RULES
from store.rules.flag_rules.base import Rule
from store.rules.flag_rules.evidence import Finding, Piece, Raised
from store.rules.flag_rules.inactivity import Inactivity
from store.rules.flags.flagging import judging
from store.rules.model import FlagEnd, MarkerFamily
from tests.rules.runs import DAY, ago, families, on, policy, run_of, standing


@pytest.mark.parametrize(
    ("name", "family", "figures", "days", "end"),
    [
        ("quiet-weeks", "vle", {"class_in_period": 4.0}, on(1, 2), FlagEnd.BACK),
        ("quiet-weeks", "vle", {"class_in_period": 5.0}, on(1, 2), None),
        ("quiet-weeks", "vle", {"class_in_period": None}, on(1, 2, 3, 4), None),
        ("attendance", "attendance", {"expected_28": 8, "done_28": 4}, on(2, 9), FlagEnd.BACK),
        ("attendance", "attendance", {"expected_28": 8, "done_28": 3}, on(2, 9), None),
        ("attendance", "attendance", {"expected_28": 2, "done_28": 2}, on(2, 9), FlagEnd.BACK),
        ("absences", "attendance", {}, on(2, 5, 9, 12), FlagEnd.BACK),
        ("absences", "attendance", {}, on(2, 5, 9), None),
        ("absences", "attendance", {"absences": 4}, on(12, 15, 17, 19), None),
        ("missed-meetings", "meetings", {}, on(2, 9), FlagEnd.BACK),
        ("missed-meetings", "meetings", {}, on(2), None),
    ],
)
def test_each_rule_says_by_its_own_measure_who_is_back(
    name: str, family: str, figures: dict[str, Any], days: int, end: FlagEnd | None
) -> None:
    (rule,) = (each() for each in RULES if name == each.NAME)
    whole: dict[str, Any] = {
        "weeks": (4,) * 8,
        "class_weeks": (4.0,) * 8,
        "days_expected": days | on(3),
    }
    found = standing(rule, family=MarkerFamily(family), days=days, **(whole | figures))
    assert (found if isinstance(found, FlagEnd) else None) is end


@pytest.mark.parametrize(
    ("pieces", "found", "end"),
    [
        ((Piece("Essay 1", ago(28), ago(2)),), 20, FlagEnd.HANDED_IN),
        ((Piece("Essay 1", ago(28), ago(400)),), 20, FlagEnd.HANDED_IN),
        ((Piece("Essay 1", ago(28), None),), 20, None),
        ((Piece("Essay 1", ago(28), None, is_owed=False),), 20, FlagEnd.EXCUSED),
        ((Piece("Essay 1", ago(3), None),), 20, FlagEnd.EXCUSED),
        ((Piece("Essay 2", ago(28), ago(2)),), 20, FlagEnd.EXCUSED),
        ((), 20, FlagEnd.EXCUSED),
        ((Piece("Essay 1", ago(43), None),), 35, FlagEnd.EXPIRED),
        ((), 35, FlagEnd.EXPIRED),
    ],
)
def test_missed_work_ends_once_it_is_there_or_is_not_asked_any_more(
    pieces: tuple[Piece, ...], found: int, end: FlagEnd | None
) -> None:
    for kind in RULES:
        if kind.NAME in ("missed-submission", "fading-out"):
            work = MarkerFamily.SUBMISSIONS
            assert standing(kind(), family=work, found=found, pieces=pieces) is end


def test_work_that_a_broken_feed_does_not_list_is_not_excused() -> None:
    work = MarkerFamily.SUBMISSIONS
    for kind in RULES:
        if kind.NAME in ("missed-submission", "fading-out"):
            assert standing(kind(), family=work, fresh=ago(40)) is None


def test_work_whose_due_day_was_not_measured_is_not_excused() -> None:
    work = MarkerFamily.SUBMISSIONS
    for kind in RULES:
        if kind.NAME in ("missed-submission", "fading-out"):
            assert standing(kind(), family=work, unmeasured=frozenset({ago(28)})) is None
            assert standing(kind(), family=work, unmeasured=frozenset({ago(27)})) is FlagEnd.EXCUSED


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("attendance", MarkerFamily.ATTENDANCE),
        ("absences", MarkerFamily.ATTENDANCE),
        ("missed-meetings", MarkerFamily.MEETINGS),
    ],
)
def test_teaching_is_not_over_because_a_feed_was_away(name: str, family: MarkerFamily) -> None:
    (rule,) = (each() for each in RULES if name == each.NAME)
    assert standing(rule, family=family, found=35) is FlagEnd.EXPIRED
    away = frozenset(ago(day) for day in range(5, 20))
    assert isinstance(standing(rule, family=family, found=35, unmeasured=away), Finding)


@pytest.mark.parametrize("kind", [each for each in RULES if each.NEEDS])
def test_a_rule_that_is_switched_off_leaves_no_flag(kind: type[Rule]) -> None:
    flag = run_of(kind(), kind.NEEDS[0], 9)
    nothing_left = policy(Inactivity(), Calendar())
    assert judging(nothing_left, [], DAY, {}, {})(flag) is FlagEnd.RULE_OFF


@pytest.mark.parametrize("end", [FlagEnd.EXEMPT, FlagEnd.OUT_OF_SCOPE])
@pytest.mark.parametrize("kind", RULES)
def test_a_student_who_is_left_out_is_not_called_back(kind: type[Rule], end: FlagEnd) -> None:
    flag = run_of(kind(), families(kind())[0], 9)
    assert judging(policy(kind(), Calendar()), [], DAY, {}, {7: end})(flag) is end


@pytest.mark.parametrize("end", FlagEnd)
def test_every_end_has_words_and_none_of_them_is_it_is_over(end: FlagEnd) -> None:
    assert end.label
    assert "over" not in end.label.split()


def test_of_whom_nothing_is_known_the_flag_stays() -> None:
    for kind in RULES:
        flag = run_of(kind(), families(kind())[0], 9)
        assert judging(policy(kind(), Calendar()), [], DAY, {}, {})(flag) is None


def test_a_flag_is_known_to_its_rule_by_its_key() -> None:
    flag = run_of(Inactivity(), MarkerFamily.VLE, 9)
    assert replace(flag, key="missed-submission|FR101|A|B").raised == Raised(
        7, "missed-submission", "FR101", "A|B", MarkerFamily.VLE, "of-vle", ago(9), flag.measured
    )
    assert flag.raised.module is None
