"""How absences, attendance and meetings judge a flag that was not found today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from store.rules.flag_rules.absences import Absences
from store.rules.flag_rules.attendance import Attendance
from store.rules.flag_rules.base import Rule, in_a_row_since
from store.rules.flag_rules.day_bits import BITS
from store.rules.flag_rules.evidence import Evidence, Finding
from store.rules.flag_rules.missed_meetings import MissedMeetings
from store.rules.flag_rules.quiet_weeks import QuietWeeks
from store.rules.flag_rules.returns import measures_of, row_since
from store.rules.model import FlagEnd, MarkerFamily
from tests.rules.judged import ABSENT, DAY, REGISTER, ago, flag, judged, measure, on, said


def test_absences_say_what_raised_them_and_how_often_the_student_came_since() -> None:
    came = replace(REGISTER, days_seen=on(2, 30), days_expected=on(2, 4, 6, 30))
    found = judged(Absences(in_a_row=3), ABSENT, came)
    assert said(found) == (
        "Not seen on 1 day with sessions in FR101 in a row. Seen on 1 of the 3 such days since, up "
        "to Monday 8 December.",
        "We did not see you on 1 day with sessions in FR101 in a row. We saw you on 1 of the 3 "
        "such days since, up to Monday 8 December.",
    )
    assert isinstance(found, Finding)
    assert found.key == "absences|FR101|"
    assert found.measured == {"days absent in a row": 1, "that raise a flag": 3}
    assert found.since == ago(29), "the day after the last presence before it was found"
    none = judged(Absences(in_a_row=3), replace(ABSENT, measured={}), REGISTER)
    assert said(none) == (
        "Not seen on 3 days with sessions in FR101 in a row.",
        "We did not see you on 3 days with sessions in FR101 in a row.",
    )


def test_a_run_of_absences_begins_after_the_last_presence_within_eight_weeks() -> None:
    assert row_since(REGISTER, ABSENT, DAY) == ago(BITS)
    assert row_since(replace(REGISTER, days_seen=on(BITS)), ABSENT, DAY) == ago(BITS - 1)
    for last, first in [(None, BITS), (BITS + 5, BITS), (BITS, BITS - 1), (9, 8)]:
        done = replace(REGISTER, last_done=ago(last) if last else None)
        assert in_a_row_since(done, DAY) == ago(first)


@pytest.mark.parametrize(
    ("rule", "family", "row"),
    [
        (Absences(in_a_row=3), MarkerFamily.ATTENDANCE, "absences"),
        (MissedMeetings(in_a_row=3), MarkerFamily.MEETINGS, "meetings_missed"),
    ],
)
def test_a_row_ends_after_as_many_days_as_raise_it_and_half_of_those_since(
    rule: Rule, family: MarkerFamily, row: str
) -> None:
    raised = flag(rule, family)

    def ends(seen: Iterable[int], expected: Iterable[int], still: int = 0) -> object:
        new = replace(measure(family), days_seen=on(*seen), days_expected=on(*expected))
        found = judged(rule, raised, replace(new, **{row: still}))  # type: ignore[arg-type]
        return None if isinstance(found, Finding) else found

    assert ends((2, 4, 6), range(1, 7)) is FlagEnd.BACK
    assert ends((2, 4, 6), range(1, 8)) is None, "less than half"
    assert ends((2, 4), range(1, 5)) is None, "not as many as raise it"
    assert ends((2, 4, 25), range(1, 7)) is None, "one was before"
    assert ends((2, 4, 6), range(1, 7), still=2) is FlagEnd.BACK
    assert ends((2, 4, 6), range(1, 7), still=3) is None, "away again"


def test_meetings_say_what_raised_them_and_which_took_place_since() -> None:
    rule = MissedMeetings(in_a_row=2)
    raised = flag(rule, MarkerFamily.MEETINGS, meetings_missed_in_a_row=1)
    diary = replace(measure(MarkerFamily.MEETINGS), days_expected=on(2))
    assert said(judged(rule, raised, diary)) == (
        "Not at 1 meeting in a row arranged for FR101.",
        "We missed you at 1 meeting in a row for FR101.",
    )
    met = judged(rule, replace(raised, measured={}), replace(diary, days_seen=on(2)))
    assert said(met) == (
        "Not at 2 meetings in a row arranged for FR101. Met since then on 1 day.",
        "We missed you at 2 meetings in a row for FR101. We met since then on 1 day.",
    )
    assert isinstance(met, Finding)
    assert met.key == "missed-meetings|FR101|"
    assert met.measured == {"meetings missed in a row": 2, "that raise a flag": 2}


def test_attendance_without_sessions_since_is_said_as_it_was() -> None:
    rule = Attendance()
    raised = flag(rule, MarkerFamily.ATTENDANCE, attended=1, expected=9)
    as_it_was = judged(rule, raised, REGISTER)
    assert said(as_it_was) == (
        "Attended 1 of 9 sessions in FR101 in the four weeks to Tuesday 18 November.",
        "You came to 1 of 9 sessions in FR101 in the four weeks to Tuesday 18 November.",
    )
    assert isinstance(as_it_was, Finding)
    assert as_it_was.key == "attendance|FR101|"
    unknown = judged(rule, replace(raised, measured={}), REGISTER)
    assert "0 of 0 sessions" in said(unknown)[0]
    low = replace(REGISTER, expected_28=8, done_28=2, days_seen=on(3, 4), days_expected=on(3, 4))
    assert said(judged(rule, raised, low))[0].startswith("Attended 2 of 8 sessions in FR101")
    assert judged(rule, raised, replace(low, done_28=4)) is FlagEnd.BACK
    once = replace(low, done_28=4, days_seen=on(3))
    assert isinstance(judged(rule, raised, once), Finding), "one day is no return"


@pytest.mark.parametrize(
    ("rule", "family"),
    [
        (Absences(), MarkerFamily.ATTENDANCE),
        (Attendance(), MarkerFamily.ATTENDANCE),
        (MissedMeetings(), MarkerFamily.MEETINGS),
        (QuietWeeks(), MarkerFamily.VLE),
    ],
)
def test_a_source_that_stopped_says_nothing_from_its_last_day_on(
    rule: Rule, family: MarkerFamily
) -> None:
    stale_after = rule.stale_after_days  # type: ignore[attr-defined]
    new = replace(measure(family), days_expected=on(2), weeks=(0,) * 8, class_weeks=(5.0,) * 8)
    new = replace(new, weeks=(5, *[0] * 7))
    raised = flag(rule, family)
    assert judged(rule, raised, replace(new, fresh=ago(stale_after))) is not None
    assert judged(rule, raised, replace(new, fresh=ago(stale_after + 1))) is None
    assert judged(rule, raised, replace(new, module="FR102")) is None
    assert judged(rule, raised, replace(new, family=MarkerFamily.SUBMISSIONS)) is None


def test_teaching_is_over_after_four_measured_weeks_with_nothing_expected() -> None:
    rule = Absences()
    for found, end in [(28, FlagEnd.EXPIRED), (27, None)]:
        raised = replace(ABSENT, last_found_on=ago(found))
        standing = judged(rule, raised, REGISTER)
        assert (None if isinstance(standing, Finding) else standing) is end
    raised = replace(ABSENT, last_found_on=ago(28))
    unmeasured = {"ours": frozenset({ago(5)})}
    assert isinstance(judged(rule, raised, REGISTER, unmeasured=unmeasured), Finding)
    expected = replace(REGISTER, days_expected=on(5))
    assert isinstance(judged(rule, raised, expected), Finding)


def test_a_flag_is_judged_by_its_own_sources_or_by_those_agreed_since() -> None:
    raised = replace(ABSENT, source="ours, theirs")
    ours, theirs, other = (
        replace(REGISTER, source=source) for source in ("ours", "theirs", "of others")
    )
    evidence = Evidence(7, (other, theirs, ours, replace(ours, module="FR102")))
    assert measures_of(evidence, raised) == [theirs, ours]
    assert measures_of(Evidence(7, (other, measure(MarkerFamily.VLE))), raised) == [other]
