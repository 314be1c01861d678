"""Private notes for the lead alone: students with little data, and unusual bursts."""

from __future__ import annotations

import datetime as dt

import pytest

from integrations.activity.coverage import bursts, four_weeks, measure_coverage, silent_work
from integrations.activity.lake import Lake
from store.rules.flags.coverage import Burst, BurstLimits, Coverage, SilentWork, notes_for_lead
from tests.integrations.small_lake import (
    MONDAY,
    SILENT,
    TERM,
    VLE,
    WORK,
    Event,
    School,
    before,
    did,
    due,
    handed_in,
    lake,
    write,
)

__all__ = ["lake"]


def clicked(student: int, day: dt.date, clicks: int, module: str = "FRE1") -> Event:
    return Event("moodle", day, student, module, "vle", None, 0, clicks)


def enrol(lake: Lake, modules: dict[int, list[str]], school: str = "LANG") -> School:
    rows = [
        (student, school, module, "LANG", TERM, None)
        for student, each in modules.items()
        for module in each
    ]
    return School(lake, rows)


def test_a_module_of_which_no_agreed_source_speaks_is_not_monitored(lake: Lake) -> None:
    enrol(lake, {1: ["FRE1", "FRE2", "FRE3"], 2: ["FRE1"], 3: ["FRE3"]})
    write(lake, [did(2, before(3)), did(3, before(40), "FRE3")])
    with four_weeks(lake, MONDAY, [VLE]) as work:
        found = measure_coverage(work, "LANG")
    assert found == [
        Coverage(1, 3, 1),
        Coverage(2, 1, 1),
        Coverage(3, 1, 0),
    ]


@pytest.mark.parametrize(
    ("modules", "monitored", "fine"),
    [(4, 0, False), (4, 1, False), (4, 2, True), (1, 1, True), (2, 1, True), (3, 1, False)],
)
def test_half_the_modules_are_a_cross_section(modules: int, monitored: int, fine: bool) -> None:
    assert Coverage(1, modules, monitored).is_cross_section is fine


def test_a_source_that_nobody_agreed_to_monitors_nothing(lake: Lake) -> None:
    enrol(lake, {1: ["FRE1"]})
    write(lake, [did(1, before(3), source="gossip")])
    with four_weeks(lake, MONDAY, [VLE]) as work:
        found = measure_coverage(work, "LANG")
    assert found == [Coverage(1, 1, 0)]


def test_work_of_which_nothing_has_arrived_is_told_of_once_it_is_time(lake: Lake) -> None:
    enrol(lake, {n: ["FRE1"] for n in range(1, 4)})
    quiet = [due(n, before(9), "Essay") for n in (1, 2, 3)]
    late = [due(n, before(10), "Poem") for n in (1, 2)] + [handed_in(1, before(2), "Poem")]
    early = [due(1, before(9), "Sketch"), handed_in(1, before(40), "Sketch")]
    early += [due(1, before(9), "Portfolio"), handed_in(1, before(300), "Portfolio")]
    recent = [due(1, before(7), "Diary")]
    long_ago = [due(1, before(30), "Test")]
    write(lake, [*quiet, *late, *early, *recent, *long_ago])

    with four_weeks(lake, MONDAY, [WORK]) as work:
        found = silent_work(work, MONDAY, "LANG")
        assert found == [SilentWork("FRE1", "Essay", before(9), 3)]
        assert silent_work(work, MONDAY, "MATH") == [], "another school's lead hears of it"
    with four_weeks(lake, MONDAY, [VLE]) as work:
        assert silent_work(work, MONDAY, "LANG") == [], "a source that was not agreed to"


def busy_class(lake: Lake) -> list[Event]:
    """Return three students who come on eight days, with ten clicks on each."""
    enrol(lake, {n: ["FRE1"] for n in range(1, 5)})
    return [clicked(s, before(n), 10) for s in (1, 2, 3) for n in range(1, 25, 3)]


def test_nearly_everything_on_one_day_stands_out(lake: Lake) -> None:
    write(lake, [*busy_class(lake), clicked(4, before(6), 200), clicked(4, before(20), 4)])
    with four_weeks(lake, MONDAY, [VLE]) as work:
        (found,) = bursts(work, "LANG")
    assert (found.student, found.day, found.clicks, found.active_days) == (4, before(6), 200, 2)
    assert found.class_days == pytest.approx((3 * 8 + 2) / 4)


@pytest.mark.parametrize(
    "own",
    [
        [(6, 40)],  # few in total
        [(6, 200), (7, 50)],  # not nearly all on one day
        [(6, 60)],  # not far more than the class does in a day
        [(30, 500)],  # longer ago than four weeks
    ],
)
def test_other_patterns_do_not(lake: Lake, own: list[tuple[int, int]]) -> None:
    write(lake, [*busy_class(lake), *(clicked(4, before(n), clicks) for n, clicks in own)])
    strict = BurstLimits(times_the_class=8)
    with four_weeks(lake, MONDAY, [VLE]) as work:
        assert bursts(work, "LANG", strict) == []


def test_where_the_class_is_hardly_there_nothing_stands_out(lake: Lake) -> None:
    enrol(lake, {n: ["FRE1"] for n in range(1, 5)})
    write(lake, [clicked(1, before(3), 10), clicked(4, before(3), 400)])
    with four_weeks(lake, MONDAY, [VLE]) as work:
        assert bursts(work, "LANG") == []


def test_a_burst_counts_as_one_active_day(lake: Lake) -> None:
    school = enrol(lake, {1: ["FRE1"], 2: ["FRE1"]})
    write(lake, [clicked(1, before(20), 4000), did(2, before(1))])
    (evidence,) = school.caught(SILENT, [VLE])
    assert (evidence.student, evidence.measures[0].active_days_28) == (1, 1)
    assert sum(evidence.measures[0].weeks) == 1


def test_the_notes_are_kind_and_name_nobody() -> None:
    gaps = [Coverage(7, 4, 1), Coverage(8, 2, 2), Coverage(9, 3, 0)]
    odd = [Burst(7, "FR101", dt.date(2025, 10, 6), 212, 1, 9.4)]
    assert notes_for_lead(gaps, odd, {7: "LANG-4", 9: "student number 1009"}) == [
        "2 students with less than half of their modules monitored. Without a flag, they may "
        "still need help:",
        "  student number 1009: 0 of 3 modules",
        "  LANG-4: 1 of 4 modules",
        "Many clicks on one day, and few on others in four weeks. There are many good reasons for "
        "it, such as downloading everything before travelling. If you ask, ask kindly:",
        "  LANG-4: 212 clicks in FR101 on Mon 6 Oct; active on 1 day, the class on 9",
    ]
    assert notes_for_lead([], [], {}) == ["Nothing stands out."]
    assert notes_for_lead([], [], {}, [], ["moodle: Monday 5 October"]) == [
        "Nothing stands out.",
        "Not measured in these four weeks, so these notes do not cover:",
        "  moodle: Monday 5 October",
    ]


def test_the_notes_ask_where_the_work_is() -> None:
    essay = SilentWork("FR101", "Essay 1", dt.date(2025, 10, 6), 24)
    assert notes_for_lead([], [], {}, [essay]) == [
        "No submissions have arrived for the work below, so no one is flagged for it. It may be "
        "submitted somewhere that Lantern has no data from. Ask the module organiser:",
        "  Essay 1 in FR101, due on Mon 6 Oct, from 24 students",
    ]
