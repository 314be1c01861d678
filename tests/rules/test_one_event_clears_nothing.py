"""No single event ends a flag, for any rule, class, calendar and feeds (paragraph 18)."""

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
from store.rules.flag_rules.evidence import Evidence, Finding, Measure, Piece
from store.rules.flag_rules.inactivity import Inactivity
from store.rules.flags.flagging import judging
from store.rules.model import FlagEnd, MarkerFamily
from store.rules.text.tone.check import labelling_words
from tests.rules.runs import DAY, EVERY_FAMILY, ago, families, on, policy, run_of, standing
from tests.rules.test_sentences import EASY

closures = st.builds(
    lambda first, days: (Period("Closed", ago(first), ago(first) + dt.timedelta(days=days)),),
    st.integers(1, 50),
    st.integers(0, 30),
)
calendars = st.builds(Calendar, closures=st.just(()) | closures)


def figures_of(family: MarkerFamily, luck: Random) -> dict[str, Any]:
    """Return random counts of a family, consistent or not."""
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
    """Any activity before the flag was last found, and one event on any day since."""
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
