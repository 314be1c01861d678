"""The text of the engagement lead's private notes."""

from __future__ import annotations

import datetime as dt

from store.rules.flags.coverage import Burst, Coverage, SilentWork, notes_for_lead, number_notes

FRIDAY = dt.date(2025, 10, 24)
CALLED = {1: "LANG-1", 2: "LANG-2", 3: "LANG-3", 4: "LANG-4"}


def test_half_of_the_modules_is_enough_to_judge_by() -> None:
    known = {(0, 0): False, (0, 1): False, (1, 1): True, (1, 2): True, (1, 3): False, (2, 4): True}
    for (monitored, modules), is_enough in known.items():
        assert Coverage(1, modules, monitored).is_cross_section is is_enough


def test_the_notes_name_cases_and_only_count_other_students() -> None:
    notes = notes_for_lead(
        [
            Coverage(1, 4, 2),
            Coverage(2, 4, 1),
            Coverage(3, 6, 1),
            Coverage(4, 5, 0),
            Coverage(5, 5, 0),
        ],
        [
            Burst(2, "FR101", FRIDAY, 60, 1, 4.4),
            Burst(1, "FR102", FRIDAY, 80, 2, 5.6),
            Burst(7, "FR102", FRIDAY, 90, 2, 5.6),
            Burst(8, "FR102", FRIDAY, 90, 2, 5.6),
        ],
        CALLED,
        silent=[
            SilentWork("FR102", "Essay 1", FRIDAY, 1),
            SilentWork("FR101", "Essay 2", FRIDAY, 30),
            SilentWork("FR101", "Essay 1", FRIDAY, 30),
            SilentWork("FR103", "Essay 1", FRIDAY - dt.timedelta(days=1), 2),
        ],
        unmeasured=["swipes: 3 days"],
        unwatched={1: "no module on the roster", 9: "no rule looks at their modules"},
    )
    assert notes == [
        "No submissions have arrived for the work below, so no one is flagged for it. It may be "
        "submitted somewhere that Lantern has no data from. Ask the module organiser:",
        "  Essay 1 in FR103, due on Thu 23 Oct, from 2 students",
        "  Essay 1 in FR101, due on Fri 24 Oct, from 30 students",
        "  Essay 2 in FR101, due on Fri 24 Oct, from 30 students",
        "  Essay 1 in FR102, due on Fri 24 Oct, from 1 student",
        "No case can open for 2 students, who may still need help:",
        "  LANG-1: no module on the roster",
        "  1 student without a case: /lantern coverage",
        "4 students with less than half of their modules monitored. Without a flag, they may "
        "still need help:",
        "  LANG-4: 0 of 5 modules",
        "  LANG-3: 1 of 6 modules",
        "  LANG-2: 1 of 4 modules",
        "  1 student without a case: /lantern coverage",
        "Many clicks on one day, and few on others in four weeks. There are many good reasons for "
        "it, such as downloading everything before travelling. If you ask, ask kindly:",
        "  LANG-1: 80 clicks in FR102 on Fri 24 Oct; active on 2 days, the class on 6",
        "  LANG-2: 60 clicks in FR101 on Fri 24 Oct; active on 1 day, the class on 4",
        "  2 students without a case: /lantern coverage",
        "Not measured in these four weeks, so these notes do not cover:",
        "  swipes: 3 days",
    ]


def test_with_nothing_to_say_they_say_so_and_what_was_not_measured() -> None:
    assert notes_for_lead([Coverage(1, 4, 2)], [], CALLED) == ["Nothing stands out."]
    assert notes_for_lead([], [], {}, unmeasured=["swipes: 1 day"])[1:] == [
        "Not measured in these four weeks, so these notes do not cover:",
        "  swipes: 1 day",
    ]
    assert notes_for_lead([Coverage(1, 3, 1)], [], CALLED)[1:] == ["  LANG-1: 1 of 3 modules"]


def test_two_numbers_with_one_address_are_a_question_for_the_records_team() -> None:
    assert number_notes(0) == []
    for number, begins in {1: "1 student has the same", 2: "2 students have the same"}.items():
        (said,) = number_notes(number)
        assert said.startswith(f"{begins} university address as another student number.")
