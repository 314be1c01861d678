"""Meetings that were arranged and not attended."""

from dataclasses import replace

import pytest

from store.rules.calendar import Calendar
from store.rules.flag_rules.base import Criterion
from store.rules.flag_rules.evidence import Evidence, Finding, Measure
from store.rules.flag_rules.missed_meetings import MissedMeetings
from store.rules.model import MarkerFamily
from tests.rules.test_flags_over_weeks import DAY, ago, register

UNTIL = " up to Sunday 16 November."


def meetings(missed: int, fresh: int = 1) -> Measure:
    return replace(register(fresh=fresh), family=MarkerFamily.MEETINGS, meetings_missed=missed)


def found(rule: MissedMeetings, *measures: Measure) -> list[Finding]:
    return rule.findings(Calendar(), Evidence(7, measures), DAY)


@pytest.mark.parametrize(("missed", "fires"), [(0, False), (1, False), (2, True), (5, True)])
def test_one_missed_meeting_is_nothing_and_two_in_a_row_are(missed: int, fires: bool) -> None:
    assert bool(found(MissedMeetings(in_a_row=2), meetings(missed))) is fires


def test_a_diary_that_has_not_come_in_says_nothing() -> None:
    assert found(MissedMeetings(), meetings(3, fresh=8)) == []
    assert found(MissedMeetings(), meetings(3, fresh=7))


def test_sessions_are_not_meetings() -> None:
    assert found(MissedMeetings(), register(absences=9)) == []


def test_it_says_how_many() -> None:
    (flag,) = found(MissedMeetings(), meetings(2))
    assert flag.reason_staff == f"Not at the last 2 meetings arranged for FR101{UNTIL}"
    assert flag.reason_student == f"We missed you at your last 2 meetings for FR101{UNTIL}"
    assert flag.key == "missed-meetings|FR101|"


def test_its_net() -> None:
    net = MissedMeetings(in_a_row=3).criterion(Calendar(), DAY)
    assert net == Criterion(meetings_in_a_row=3)


def test_the_finding_holds_where_it_comes_from_and_since_when() -> None:
    (flag,) = found(MissedMeetings(in_a_row=2), meetings(3))
    assert flag == Finding(
        student=7,
        rule="missed-meetings",
        family=MarkerFamily.MEETINGS,
        module="FR101",
        subject="",
        reason_staff=f"Not at the last 3 meetings arranged for FR101{UNTIL}",
        reason_student=f"We missed you at your last 3 meetings for FR101{UNTIL}",
        source="registers",
        fresh=ago(1),
        measured={"meetings missed in a row": 3, "that raise a flag": 2},
        since=ago(56),
    )
