"""News about a source's data, also in a case's thread: whole sentences that name no student."""

from __future__ import annotations

import datetime as dt

import pytest

from store.rules.access.permissions import Action
from store.rules.calendar import Calendar
from store.rules.model import OCCASIONAL, MarkerFamily, NoticeKind
from store.rules.notices.feed_news import (
    KnownDays,
    Moved,
    Rests,
    describe_coverage,
    late_after,
    missing_after,
    said_arrived,
    said_corrected,
    said_corrects_no_longer,
    said_held_no_longer,
    said_late,
    said_moved,
    said_refused,
    said_thin,
    said_unsettled,
)
from store.rules.notices.thread_notices import LineKind, first_needed, write_notice

MONDAY = dt.date(2025, 10, 20)
DAY = dt.timedelta(days=1)
TERM = Calendar()


def test_a_source_is_late_once_it_lacks_more_days_than_is_its_habit() -> None:
    assert [missing_after(TERM, MONDAY, MONDAY + n * DAY) for n in (0, 1, 2, 7, 8)] == [
        0,
        0,
        1,
        4,
        5,
    ]
    daily = [(MONDAY + n * DAY, MONDAY + (n - 1) * DAY) for n in range(1, 4)]
    outage, weekly = (MONDAY + 16 * DAY, MONDAY), (MONDAY + 9 * DAY, MONDAY + DAY)
    vle, meetings = MarkerFamily.VLE, MarkerFamily.MEETINGS
    assert late_after(TERM, daily, [vle]) == 1, "no habit yet"
    assert late_after(TERM, daily, [meetings]) == late_after(TERM, daily, OCCASIONAL) == 10
    assert late_after(TERM, daily, [meetings, vle]) == 1
    assert late_after(TERM, [*daily, outage], [meetings]) == 0, "one outage is no habit"
    assert late_after(TERM, [*daily, outage, weekly], [vle]) == 4


@pytest.mark.parametrize(
    ("rests", "more"),
    [
        (Rests(0, 0), ""),
        (Rests(1, 2), " 2 open cases depend on other evidence. The flags of 1 open case depend "
        "on it: "
         "they do not change until it arrives."),
        (Rests(0, 1), " 1 open case depends on other evidence."),
    ],
)  # fmt: skip
def test_a_late_source_names_the_cases_that_rest_on_it(rests: Rests, more: str) -> None:
    families = [MarkerFamily.SUBMISSIONS, MarkerFamily.ATTENDANCE, MarkerFamily.ATTENDANCE]
    named = f"{MarkerFamily.ATTENDANCE.label} and {MarkerFamily.SUBMISSIONS.label}"
    assert said_late("moodle", families, MONDAY, rests) == (
        f"moodle has not arrived since Monday 20 October. Data on {named} is unknown after "
        f"that day.{more} Ask the people who deliver it."
    )


def test_thin_and_refused_data_make_students_unknown_and_never_absent() -> None:
    one, three = (said_thin("moodle", [MONDAY + n * DAY for n in of], TERM) for of in ([0], [0, 2]))
    assert "on Monday 20 October. Lantern treats your students as unknown on this day" in one
    assert "on Monday 20 October and Wednesday 22 October." in three
    assert "unknown on these days, not as absent" in three
    refused = said_refused("moodle", "a.csv", 2, 1, ["no such module", "no such day"])
    assert refused.startswith(
        "moodle: 2 of the 1 row of a.csv were refused. The most frequent reason: no such module. "
        "Students they may be about"
    )
    assert "of a.csv were refused. Students they" in said_refused("moodle", "a.csv", 2, 9, [])
    assert said_unsettled(1).startswith("1 student of your school has a second student number")
    assert said_unsettled(2).startswith("2 students of your school have a second student number")


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (KnownDays(None), "unknown: no data yet"),
        (KnownDays(MONDAY), "complete to Monday 20 October"),
        (
            KnownDays(MONDAY, (MONDAY - 3 * DAY, MONDAY, MONDAY + DAY)),
            "complete to Monday 20 October, except for 17 to 20 October",
        ),
        (
            KnownDays(
                MONDAY,
                (),
                {MONDAY - n * DAY: ["LANG", "MATH"] if n == 3 else ["LANG"] for n in (0, 3, 4, 5)},
            ),
            "complete to Monday 20 October; LANG missing on Thursday 16 October; LANG and MATH "
            "missing on Friday 17 October; LANG missing on Monday 20 October",
        ),
    ],
)
def test_a_source_says_how_far_it_is_complete(known: KnownDays, said: str) -> None:
    assert describe_coverage(known, TERM) == said
    assert said_arrived("moodle", known, TERM, Moved(1)) == (
        f"moodle has arrived. moodle is {said}. With this data 1 flag ended."
    )


def test_three_runs_of_days_are_named_and_more_are_counted() -> None:
    days = tuple(MONDAY + 2 * n * DAY for n in (0, 1, 2, 4, 5))
    named = "Monday 20 October, Wednesday 22 October, Friday 24 October and 2 more days"
    assert f"on {named}. Lantern" in said_thin("vle", days, TERM)
    known = KnownDays(days[-1], days)
    assert describe_coverage(known, TERM) == f"complete to Thursday 30 October, except for {named}"


def test_work_that_was_held_counts_again() -> None:
    assert said_held_no_longer("hand-in") == (
        "Work in hand-in that had not arrived counts again: the rest has arrived, or 3 weeks or "
        "more have passed since it was due."
    )


def test_a_source_that_corrects_its_days_is_waited_for() -> None:
    assert said_corrected("hand-in") == (
        "hand-in has corrected earlier days, or delivered them late. Until 4 weeks have passed "
        "without another correction, Lantern waits 7 days for a correction of each day on which "
        "less late work came than usual, before it treats that work as missing. Ask the people "
        "who deliver it for the reason."
    )
    assert said_corrects_no_longer("hand-in") == (
        "hand-in has corrected nothing for 4 weeks. Lantern no longer waits for corrections "
        "before it treats work as missing."
    )


def test_late_data_says_what_it_moved() -> None:
    assert said_moved(Moved()) == " No flags changed."
    assert said_moved(Moved(new=1)) == " With this data 1 flag is new."
    assert said_moved(Moved(2, 3)) == " With this data 2 flags ended and 3 flags are new."


def test_a_line_in_the_thread_goes_to_the_first_who_can_act_on_it() -> None:
    people = [(1, 1), (2, 5), (3, 3)]
    for able, spared, found in [
        ([1, 5, 3], [], (1, 1)),
        ([1, 5, 3], [1], (2, 5)),
        ([2, 3], [], (3, 3)),
        ([3], [3], None),
    ]:
        assert first_needed(people, able, spared) == found
    asks = {
        LineKind.DOUBTFUL: Action.REVEAL,
        LineKind.DRAFTED: Action.APPROVE,
        LineKind.ASSIGNED: Action.TAKE,
        LineKind.ALERT: Action.ACKNOWLEDGE,
    }
    for kind in LineKind:
        line = write_notice(kind, "LANG-1", "the student answered.")
        assert "LANG-1" in line
        assert line.endswith(".")
        assert not line.endswith("..")
        assert kind.needs is asks.get(kind, Action.SEE)
        told = None if kind is LineKind.DRAFTED else NoticeKind(kind.value)
        assert kind.notice is told
    assert write_notice(LineKind.NOT_SENT, "LANG-1", "the student answered.") == (
        "the approved email of LANG-1 was not sent: the student answered."
    )
