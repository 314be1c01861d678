"""Inactivity at its boundaries: when it flags, when it must not, and its sentences."""

import datetime as dt

import pytest

from store.rules.flag_rules.evidence import Evidence
from store.rules.flag_rules.inactivity import Inactivity
from store.rules.model import OCCASIONAL, MarkerFamily
from tests.rules.measures import CONTINUOUS, DAY, TERM, YESTERDAY, ago, found, measure

# -- Inactivity --------------------------------------------------------------------------------


@pytest.mark.parametrize(("last", "fires"), [(15, True), (14, False), (1, False)])
def test_inactivity_fires_after_as_many_silent_days_as_the_school_says(
    last: int, fires: bool
) -> None:
    # Seen 15 days ago: 14 whole days of inactivity, the last of them yesterday.
    assert bool(found(Inactivity(days=14), measure(last=ago(last)))) is fires


@pytest.mark.parametrize("family", sorted(OCCASIONAL))
def test_a_file_that_ends_with_its_last_due_day_does_not_hide_silence(family: MarkerFamily) -> None:
    old = measure(family, last=ago(40), fresh=ago(20))
    (finding,) = found(Inactivity(days=14), measure(last=ago(15)), old)
    assert family.label not in finding.reason_staff
    assert (finding.source, finding.fresh) == ("moodle", YESTERDAY)
    assert found(Inactivity(days=14), old) == [], "nothing else is known"
    assert found(Inactivity(days=14), measure(last=ago(15), fresh=ago(20)), old) == []


def test_nothing_is_said_of_days_before_the_first_that_was_looked_at() -> None:
    evidence = Evidence(7, (measure(),), enrolled_since=ago(300), looked_from=ago(120))
    (finding,) = Inactivity().findings(CONTINUOUS, evidence, DAY)
    assert finding.reason_staff.startswith("Not seen since at least Monday 23 June.")
    assert finding.measured["last seen"] == "before 2025-06-23"


def test_inactivity_says_since_when_and_where_it_looked() -> None:
    (finding,) = found(
        Inactivity(days=14),
        measure(last=dt.date(2025, 10, 2)),
        measure(MarkerFamily.ATTENDANCE, last=dt.date(2025, 10, 3)),
    )
    assert finding.reason_student == (
        "We have not seen you since Friday 3 October. We looked at attendance and the online "
        "learning space, up to Monday 20 October."
    )
    assert finding.reason_staff == (
        "Not seen since Friday 3 October. This looked at attendance and the online learning space, "
        "up to Monday 20 October."
    )
    assert finding.family is MarkerFamily.ATTENDANCE
    assert finding.source == "moodle, registers"
    assert finding.fresh == YESTERDAY
    assert finding.measured["last seen"] == "2025-10-03"


def test_one_trace_anywhere_is_not_inactivity() -> None:
    silent = measure(last=ago(30))
    assert found(Inactivity(), silent, measure(MarkerFamily.ATTENDANCE, last=ago(2))) == []


@pytest.mark.parametrize(("age", "fires"), [(4, True), (5, False)])
def test_a_source_that_has_stopped_delivering_is_unknown_not_silent(age: int, fires: bool) -> None:
    silent = measure(last=ago(60))
    stale = measure(MarkerFamily.ATTENDANCE, last=ago(60), fresh=ago(age))
    assert bool(found(Inactivity(stale_after_days=4), silent, stale)) is fires


def test_silence_is_counted_up_to_what_every_source_has_delivered() -> None:
    assert found(Inactivity(days=14), measure(last=ago(16), fresh=ago(3))) == []
    assert found(Inactivity(days=14), measure(last=ago(17), fresh=ago(3)))


def test_what_a_feed_delivered_early_does_not_prolong_the_silence() -> None:
    assert found(Inactivity(days=14), measure(last=ago(14), fresh=DAY + dt.timedelta(days=1))) == []


def test_nothing_known_is_nothing_found() -> None:
    assert found(Inactivity(), joined=ago(60)) == []
    assert found(Inactivity(), measure()) == []


@pytest.mark.parametrize(("joined", "fires"), [(14, True), (13, False)])
def test_somebody_never_seen_is_silent_since_they_joined(joined: int, fires: bool) -> None:
    findings = found(Inactivity(days=14), measure(), joined=ago(joined))
    assert bool(findings) is fires
    assert all(each.reason_staff.startswith("Not seen so far.") for each in findings)


@pytest.mark.parametrize(("joined", "fires"), [(14, True), (13, False)])
def test_somebody_who_comes_back_starts_afresh(joined: int, fires: bool) -> None:
    last_year = measure(last=ago(200))
    assert bool(found(Inactivity(days=14), last_year, joined=ago(joined))) is fires


def test_nobody_is_inactive_over_the_winter_closure() -> None:
    last, rule = dt.date(2025, 12, 12), Inactivity(days=14)

    def fires(day: dt.date) -> bool:
        fresh = day - dt.timedelta(days=1)
        return bool(found(rule, measure(last=last, fresh=fresh), day=day, calendar=TERM))

    # Seven days before the closure, none in it, five after it; then the term ends.
    assert not fires(dt.date(2025, 12, 31))
    assert not fires(dt.date(2026, 1, 12))
    assert fires(dt.date(2026, 1, 12)) is bool(TERM.silent_days(last, dt.date(2026, 1, 11)) >= 14)


def test_silence_goes_on_after_the_closure() -> None:
    seen = measure(last=dt.date(2025, 12, 10), fresh=dt.date(2026, 1, 8))
    # 11 to 19 December are nine days, 5 to 8 January four more.
    assert found(Inactivity(days=13), seen, day=dt.date(2026, 1, 9), calendar=TERM)
    assert not found(Inactivity(days=14), seen, day=dt.date(2026, 1, 9), calendar=TERM)


def test_the_net_of_inactivity_catches_whoever_the_rule_finds() -> None:
    rule = Inactivity(days=14)
    since = rule.criterion(CONTINUOUS, DAY).silent_since
    assert since == ago(15)
