"""Allowances for a student: more time, another attempt, an exemption; and missed meetings."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from integrations.activity.engine import ActivityEngine
from integrations.activity.lake import Lake
from integrations.activity.relations import EXTENDED_TO, EXTENSIONS, AgreedSource
from store.rules.calendar import Calendar
from store.rules.flag_rules.base import Criterion
from store.rules.flag_rules.evidence import Evidence
from store.rules.flag_rules.inactivity import Inactivity
from store.rules.model import MarkerFamily
from tests.integrations.event_feed import HEADER, Feed, reasons
from tests.integrations.small_lake import (
    MISSED,
    MONDAY,
    REGISTER,
    SILENT,
    VLE,
    WORK,
    Event,
    School,
    before,
    did,
    due,
    handed_in,
    write,
)

MEETINGS = AgreedSource("LANG", MarkerFamily.MEETINGS, "diary")
NEW_HEADER = HEADER.rstrip() + ",until\n"


@pytest.fixture
def school(tmp_path: Path) -> School:
    return School(Lake(tmp_path / "lake"))


def extended(student: int, day: dt.date, until: dt.date, source: str = "turned-in") -> Event:
    item = f"Essay{EXTENDED_TO}{until}"
    return Event(source, day, student, "FRE1", EXTENSIONS, item, 1, 0)


def meeting(student: int, day: dt.date, *, held: bool) -> Event:
    return Event("diary", day, student, "FRE1", "meetings", None, 1, int(held))


def essay(*handing_in: int) -> list[Event]:
    """Return an essay due from every student ten days ago, handed in by these."""
    return [due(s, before(10)) for s in range(1, 5)] + [
        handed_in(s, before(11)) for s in handing_in
    ]


# -- More time -----------------------------------------------------------------------------------


def test_work_that_is_due_later_for_somebody_is_not_missed_before(school: School) -> None:
    write(school.lake, [*essay(1, 2), extended(3, before(12), before(2))])
    assert school.students(MISSED) == [4]


def test_work_that_is_late_even_so_is_missed_on_the_later_day(school: School) -> None:
    write(school.lake, [*essay(1, 2), extended(3, before(14), before(8))])
    missed = {each.student: each.measures[0].missed[0].due for each in school.caught(MISSED)}
    assert missed == {3: before(8), 4: before(10)}


def test_a_day_in_the_future_is_not_due_yet(school: School) -> None:
    write(school.lake, [*essay(1, 2), extended(3, before(12), MONDAY + dt.timedelta(days=5))])
    assert school.students(MISSED) == [4]


def test_of_several_the_latest_day_counts_and_never_an_earlier_one(school: School) -> None:
    events = [extended(3, before(12), before(3)), extended(3, before(13), before(30))]
    write(school.lake, [*essay(1, 2), *events, extended(4, before(13), before(40))])
    assert school.students(MISSED) == [4]


def test_what_is_granted_after_the_day_is_not_known_on_it(school: School) -> None:
    write(school.lake, [*essay(1, 2), extended(3, MONDAY, MONDAY + dt.timedelta(days=9))])
    assert school.students(MISSED) == [3, 4]


def test_only_a_source_that_was_agreed_can_say_so(school: School) -> None:
    write(school.lake, [*essay(1, 2), extended(3, before(12), before(2), "gossip")])
    assert school.students(MISSED) == [3, 4]


def test_more_time_is_no_sign_of_life(school: School) -> None:
    write(school.lake, [did(s, before(2)) for s in (1, 2, 4)] + [extended(3, before(2), before(1))])
    assert school.students(SILENT) == [3]


def test_the_feed_has_a_row_for_it(tmp_path: Path) -> None:
    feed = Feed(tmp_path)
    report = feed.load(NEW_HEADER + "100,FRE1,submissions,extended,2025-10-06,Essay,,2025-10-20\n")
    assert report.rejected_total == 0
    item = f"Essay{EXTENDED_TO}2025-10-20"
    assert feed.rows() == [("2025-10-06", 1, "FRE1", EXTENSIONS, item, 1, 0)]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("100,FRE1,submissions,extended,2025-10-06,Essay,,", "until is not an ISO date or time"),
        ("100,FRE1,submissions,extended,2025-10-06,Essay,,soon", "until is not an ISO date or"),
        ("100,FRE1,submissions,extended,2025-10-06,,,2025-10-20", "a submission needs an item"),
        ("100,FRE1,vle,extended,2025-10-06,Essay,,2025-10-20", "only a submission is extended"),
        ("100,FRE1,vle,missed,2025-10-06,,,", "the kind is neither expected nor done nor extended"),
    ],
)
def test_a_row_that_does_not_say_until_when_is_left_out(
    tmp_path: Path, row: str, reason: str
) -> None:
    report = Feed(tmp_path).load(NEW_HEADER + row + "\n")
    assert reasons(report)[0][1].startswith(reason)


def test_from_the_feed_to_what_is_missed(tmp_path: Path) -> None:
    feed = Feed(tmp_path)
    lines = [f"{n},FRE1,submissions,expected,{before(10)},Essay,," for n in ("100", "200", "0300")]
    lines += [f"100,FRE1,submissions,done,{before(11)},Essay,,"]
    lines += [f"200,FRE1,submissions,extended,{before(11)},Essay,,{before(1)}"]
    feed.load(NEW_HEADER + "\n".join(lines) + "\n")
    feed.lake.write_roster([(s, "LANG", "FRE1", "LANG", before(60), None) for s in (1, 2, 3)])
    agreed = [AgreedSource("LANG", MarkerFamily.SUBMISSIONS, "moodle")]
    net = {"LANG": Criterion(missed_due_from=before(42), missed_due_by=before(8))}
    found = dict(ActivityEngine(feed.lake).evidence(MONDAY, agreed, net))["LANG"]
    assert [each.student for each in found] == [3]


# -- Back from an exemption ----------------------------------------------------------------------


def evidence_of(
    school: School, criteria: dict[str, Criterion], since: dt.date | None
) -> list[Evidence]:
    """Return the evidence of all caught students, with student 3 back since that day."""
    back = {3: since} if since else {}
    engine = ActivityEngine(school.lake)
    return dict(engine.evidence(MONDAY, (VLE, REGISTER, WORK), criteria, back=back))["LANG"]


def caught(school: School, criteria: dict[str, Criterion], since: dt.date | None) -> list[int]:
    return [each.student for each in evidence_of(school, criteria, since)]


def test_silence_is_counted_from_the_day_somebody_was_back(school: School) -> None:
    every_day = [("moodle", before(n)) for n in range(1, 41)]
    write(school.lake, [did(s, before(1)) for s in (1, 2, 4)] + [did(3, before(40))], every_day)
    rule = Inactivity(days=14, stale_after_days=14)
    for since, silent in ((None, True), (before(5), False), (before(20), True)):
        (evidence,) = evidence_of(school, SILENT, since)
        assert bool(rule.findings(Calendar(), evidence, MONDAY)) is silent


def test_work_that_was_due_meanwhile_is_not_missed(school: School) -> None:
    write(school.lake, essay(1, 2, 4))
    assert caught(school, MISSED, None) == [3]
    assert caught(school, MISSED, before(9)) == []


def test_sessions_before_that_day_were_not_expected(school: School) -> None:
    sessions = [
        Event("register", before(n), s, "FRE1", "attendance", None, 1, int(s != 3))
        for n in (20, 15, 10, 3)
        for s in range(1, 5)
    ]
    write(school.lake, sessions)
    net = {"LANG": Criterion(absent_in_a_row=2, attended_below=0.5, expected_at_least=2)}
    assert caught(school, net, None) == [3]
    assert caught(school, net, before(9)) == []


# -- Meetings ------------------------------------------------------------------------------------


def test_meetings_missed_in_a_row_are_counted(school: School) -> None:
    days = (20, 12, 4)
    write(
        school.lake,
        [meeting(1, before(n), held=False) for n in days]
        + [meeting(2, before(n), held=n == 4) for n in days]
        + [meeting(3, before(n), held=n == 12) for n in days],
    )
    net = {"LANG": Criterion(meetings_in_a_row=2)}
    (evidence,) = school.caught(net, [MEETINGS])
    assert (evidence.student, evidence.measures[0].meetings_missed) == (1, 3)


def test_a_meeting_counts_as_a_sign_of_life(school: School) -> None:
    write(school.lake, [meeting(1, before(2), held=True), did(2, before(30))], [("moodle", MONDAY)])
    assert school.caught(SILENT, [MEETINGS])[0].student == 2


def test_a_meeting_that_a_colleague_logged_is_engagement(school: School) -> None:
    write(school.lake, [meeting(2, before(9), held=False), meeting(2, before(4), held=False)])
    write(school.lake, [did(1, before(1))])
    net = {"LANG": Criterion(meetings_in_a_row=1)}

    def missed(*met: tuple[int, dt.date]) -> list[tuple[int, dt.date | None]]:
        found = school.caught(net, [MEETINGS], met=met)
        return [(each.measures[0].meetings_missed, each.measures[0].last_done) for each in found]

    assert missed() == [(2, None)]
    assert missed((2, before(6))) == [(1, before(6))], "the later one was missed all the same"
    assert missed((2, before(2))) == []
    assert missed((2, MONDAY)) == [(2, None)], "what is not past is not known"
    assert missed((1, before(2))) == [(2, None)]


def test_without_a_marker_for_meetings_a_logged_one_changes_nothing(school: School) -> None:
    write(school.lake, [did(1, before(1))], [("moodle", before(2))])
    silent = [each.student for each in school.caught(SILENT, [VLE])]
    assert [each.student for each in school.caught(SILENT, [VLE], met=[(2, before(2))])] == silent
