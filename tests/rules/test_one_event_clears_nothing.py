"""No single event ends a flag, whatever its rule, class, calendar and feeds (paragraph 18)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from random import Random
from typing import Any, TypeGuard

import pytest
import textstat
from hypothesis import given, settings
from hypothesis import strategies as st

from store.rules.calendar import Calendar, Period
from store.rules.flag_rules import RULES
from store.rules.flag_rules.base import Rule
from store.rules.flag_rules.day_bits import BITS, counting_days, newest, since
from store.rules.flag_rules.evidence import Evidence, Finding, Measure, Piece, Raised
from store.rules.flag_rules.inactivity import Inactivity
from store.rules.flags.flagging import judging
from store.rules.flags.reconcile import FlagRun
from store.rules.model import FlagEnd, FlagState, MarkerFamily
from store.rules.policies.policy import Approval, Marker, SchoolPolicy
from store.rules.text.tone.check import labelling_words
from tests.rules.test_sentences import EASY

DAY = dt.date(2025, 12, 8)
EVERY_FAMILY = tuple(MarkerFamily)
WITHIN = 7


def ago(days: int) -> dt.date:
    return DAY - dt.timedelta(days=days)


def policy(rule: Rule, calendar: Calendar, within: int = WITHIN) -> SchoolPolicy:
    return SchoolPolicy(
        school="LANG",
        approval=Approval("Alice Adviser", ago(200), ("handbook", "email")),
        markers=tuple(Marker(family, (f"of-{family}",)) for family in EVERY_FAMILY),
        rules=(rule,),
        calendar=calendar,
        clear_after_days=within,
    )


def run_of(rule: Rule, family: MarkerFamily, found: int) -> FlagRun:
    """A flag of the rule that was last found so many days ago."""
    module = "FR101" if rule.SAYS else ""
    subject = "Essay 1" if family is MarkerFamily.SUBMISSIONS else ""
    return FlagRun(
        1,
        7,
        f"{rule.NAME}|{module}|{subject}",
        FlagState.ACTIVE,
        ago(found + 5),
        ago(found),
        family=family,
        source=f"of-{family}",
        measured={"due": ago(found + 8).isoformat(), "last seen": ago(found + 15).isoformat()},
    )


def families(rule: Rule) -> list[MarkerFamily]:
    """The families in which a flag of the rule may stand."""
    if rule.NAME == "fading-out":
        return [MarkerFamily.VLE, MarkerFamily.SUBMISSIONS, MarkerFamily.ATTENDANCE]
    return [*rule.NEEDS] or [MarkerFamily.VLE]


closures = st.builds(
    lambda first, days: (Period("Closed", ago(first), ago(first) + dt.timedelta(days=days)),),
    st.integers(1, 50),
    st.integers(0, 30),
)
calendars = st.builds(Calendar, closures=st.just(()) | closures)


def figures_of(family: MarkerFamily, luck: Random) -> dict[str, Any]:
    """Counts of a family as they may be, whether or not they go together."""
    return {
        "expected_28": luck.randrange(20),
        "done_28": luck.randrange(20),
        "weeks": (4,) * 7 + (1,),
        "class_weeks": (luck.uniform(0, 7),) * 8,
        "absences": luck.randrange(9) if family is MarkerFamily.ATTENDANCE else 0,
        "meetings_missed": luck.randrange(9) if family is MarkerFamily.MEETINGS else 0,
        "class_in_period": luck.choice([None, luck.uniform(0, 7)]),
    }


@pytest.mark.parametrize("kind", RULES)
@settings(deadline=None)
@given(
    luck=st.randoms(use_true_random=False),
    calendar=calendars,
    found=st.integers(1, 45),
    within=st.sampled_from([3, 7, 14]),
    doing=st.sampled_from(EVERY_FAMILY),
)
def test_one_event_ends_no_flag(
    kind: type[Rule],
    luck: Random,
    calendar: Calendar,
    found: int,
    within: int,
    doing: MarkerFamily,
) -> None:
    """Whatever was seen before the flag was last found, and one event since, on any day of it."""
    rule = kind()
    flag = run_of(rule, luck.choice(families(rule)), found)
    event = 1 << luck.randrange(found)
    earlier = luck.getrandbits(BITS) & ~since(flag.last_found_on, DAY)
    expected, delivered = luck.getrandbits(BITS), luck.getrandbits(BITS)
    piece = Piece("Essay 1", ago(found + 8), None)
    measures = [
        Measure(7, "FR101", family, f"of-{family}", ago(1), None, 1, 0, 0,
            pieces=(piece,) if family is MarkerFamily.SUBMISSIONS else (),
            days_seen=earlier | (event if family is doing else 0),
            days_expected=expected | event)
        for family in EVERY_FAMILY
    ]  # fmt: skip
    evidence = Evidence(
        7,
        tuple(replace(each, **figures_of(each.family, luck)) for each in measures),
        enrolled_since=ago(80),
        period=newest(delivered & counting_days(calendar, DAY), within),
        middle=luck.choice([None, luck.uniform(0, 7)]),
    )
    end = judging(policy(rule, calendar, within), [evidence], DAY, {}, {})(flag)
    assert not (isinstance(end, FlagEnd) and end.is_return), end


# -- What does end them ------------------------------------------------------------------------


def standing(
    rule: Rule,
    *,
    family: MarkerFamily = MarkerFamily.VLE,
    days: int = 0,
    found: int = 20,
    middle: float | None = None,
    calendar: Calendar | None = None,
    delivered: int = 2**BITS - 1,
    measured: dict[str, str | int | float] | None = None,
    **figures: Any,
) -> FlagEnd | Finding | None:
    """How a flag stands that was last found ``found`` days ago; ``days`` are bits of days seen."""
    calendar = calendar or Calendar()
    flag = run_of(rule, family, found)
    flag = replace(flag, measured=measured or flag.measured)
    measure = Measure(7, "FR101", family, f"of-{family}", ago(1), None, 0, 0, 0, days_seen=days)
    unmeasured = {measure.source: figures.pop("unmeasured", frozenset())}
    evidence = Evidence(
        7,
        (replace(measure, **figures),),
        enrolled_since=ago(80),
        period=newest(delivered & counting_days(calendar, DAY), WITHIN),
        middle=middle,
        unmeasured=unmeasured,
    )
    return judging(policy(rule, calendar), [evidence], DAY, {}, {})(flag)


def on(*days_ago: int) -> int:
    return sum(1 << (day - 1) for day in days_ago)


def test_silence_ends_by_two_days_and_half_of_what_the_class_does() -> None:
    assert standing(Inactivity(), days=on(1, 4)) is FlagEnd.BACK
    assert standing(Inactivity(), days=on(1, 4), middle=4) is FlagEnd.BACK
    assert isinstance(standing(Inactivity(), days=on(1, 4), middle=5), Finding)
    assert standing(Inactivity(), days=on(1, 4, 6), middle=5) is FlagEnd.BACK
    assert isinstance(standing(Inactivity(), days=on(1, 9)), Finding), "not in one week"


def test_a_class_that_is_away_itself_asks_for_the_two_days_alone() -> None:
    assert standing(Inactivity(), days=on(2, 3), middle=0) is FlagEnd.BACK
    assert isinstance(standing(Inactivity(), days=on(3), middle=0), Finding)


def test_the_school_sets_how_often_is_back() -> None:
    strict = Inactivity(back_on_days=4, back_share=1)
    assert isinstance(standing(strict, days=on(1, 2, 3)), Finding)
    assert standing(strict, days=on(1, 2, 3, 4), middle=4) is FlagEnd.BACK
    assert isinstance(standing(strict, days=on(1, 2, 3, 4), middle=4.5), Finding)


def test_a_closure_makes_the_clearing_period_longer() -> None:
    closed = Calendar(closures=(Period("Winter", ago(8), ago(2)),))
    assert isinstance(standing(Inactivity(), days=on(1, 3), calendar=closed, found=10), Finding)
    assert standing(Inactivity(), days=on(1, 12), calendar=closed, found=20) is FlagEnd.BACK


def test_days_that_were_not_delivered_are_not_in_the_period() -> None:
    whole = 2**BITS - 1
    gap = whole & ~on(*range(3, 9))
    assert isinstance(standing(Inactivity(), days=on(1, 2), delivered=gap, found=9), Finding)
    assert standing(Inactivity(), days=on(1, 2), delivered=gap, found=20) is FlagEnd.BACK


def test_what_is_said_of_a_flag_that_goes_on_is_what_is_true_now() -> None:
    found = standing(Inactivity(), days=on(5), measured={"last seen": ago(30).isoformat()})
    assert isinstance(found, Finding)
    assert found.reason_staff == (
        "Not seen from Sunday 9 November to Tuesday 2 December. "
        "Seen on 1 day since then, last on Wednesday 3 December."
    )


@pytest.mark.parametrize("kind", [each for each in RULES if each.NAME != "missed-submission"])
@pytest.mark.parametrize("days", [0, on(3), on(3, 8, 15)])
def test_what_goes_on_is_easy_to_read_and_labels_nobody(kind: type[Rule], days: int) -> None:
    for family in families(kind()):
        weeks: dict[str, Any] = {
            "weeks": (4,) * 8,
            "class_weeks": (4.0,) * 8,
            "days_expected": days | on(3),
        }
        for figures in ({"expected_28": 9, "done_28": 2}, {}):
            found = standing(kind(), family=family, days=days, **(weeks | figures))
            for text in (found.reason_staff, found.reason_student) if _is_told(found) else ():
                assert textstat.textstat.flesch_reading_ease(text) >= EASY, text
                assert labelling_words(text) == []


def _is_told(found: object) -> TypeGuard[Finding]:
    return isinstance(found, Finding)


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
