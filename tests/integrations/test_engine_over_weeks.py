"""The measures over several weeks: against the class, absences in a row, and late work."""

from __future__ import annotations

from pathlib import Path

import pytest

from integrations.activity.lake import Lake
from store.rules.flag_rules.base import Criterion
from tests.integrations.small_lake import (
    MISSED,
    TERM,
    Event,
    School,
    before,
    did,
    due,
    handed_in,
    write,
)


@pytest.fixture
def school(tmp_path: Path) -> School:
    return School(Lake(tmp_path / "lake"))


def quiet(weeks: int, below: float = 0.5) -> dict[str, Criterion]:
    return {"LANG": Criterion(quiet_weeks=weeks, quiet_below=below)}


def absent(days: int) -> dict[str, Criterion]:
    return {"LANG": Criterion(absent_in_a_row=days)}


def session(student: int, days: int, came: int) -> Event:
    return Event("register", before(days), student, "FRE1", "attendance", f"S{days}", 1, came)


def test_quiet_is_below_the_share_of_the_class_in_enough_weeks(school: School) -> None:
    busy = [did(s, before(day)) for s in (1, 2, 3) for day in range(1, 22)]
    # Student 4 comes on one day of the last week: class means are 5.5, 5.25 and 5.25 days.
    write(school.lake, [*busy, did(4, before(1))])
    assert school.students(quiet(3)) == [4]
    assert school.students(quiet(4)) == []
    (evidence,) = school.caught(quiet(3))
    assert evidence.measures[0].weeks == (0, 0, 0, 0, 0, 0, 0, 1)
    assert evidence.measures[0].class_weeks == (0, 0, 0, 0, 0, 5.25, 5.25, 5.5)


def test_exactly_the_share_is_not_quiet(school: School) -> None:
    busy = [did(s, before(day)) for s in (1, 2, 3) for day in range(1, 8)]
    write(school.lake, [*busy, *(did(4, before(day)) for day in (1, 2, 3))])
    # Three days of a mean of six.
    assert school.students(quiet(1, below=0.5)) == []
    assert school.students(quiet(1, below=0.51)) == [4]


def test_where_the_class_is_away_nobody_is_quiet(school: School) -> None:
    write(school.lake, [did(s, before(1)) for s in (1, 2, 3)])
    assert school.students(quiet(1)) == []


@pytest.mark.parametrize(("in_a_row", "caught"), [(2, [1, 2]), (3, [2]), (4, [])])
def test_absences_are_counted_since_the_last_day_attended(
    school: School, in_a_row: int, caught: list[int]
) -> None:
    write(
        school.lake,
        [
            *(session(1, 9, 0), session(1, 7, 1), session(1, 4, 0), session(1, 2, 0)),
            *(session(2, 9, 0), session(2, 7, 0), session(2, 4, 0)),
            *(session(3, 9, 0), session(3, 7, 0), session(3, 2, 1)),
        ],
    )
    assert school.students(absent(in_a_row)) == caught


@pytest.mark.parametrize(
    ("students", "median"), [(9, ()), (10, (*(None,) * 7, 1.5)), (11, (*(None,) * 7, 1))]
)
def test_the_class_median_of_sessions_is_of_ten_students_with_data(
    tmp_path: Path, students: int, median: tuple[float | None, ...]
) -> None:
    """The first five come to both sessions of the week, the others to one; student 1 to none."""
    of_class = range(1, students + 1)
    school = School(
        Lake(tmp_path / "lake"), [(each, "LANG", "FRE1", "LANG", TERM, None) for each in of_class]
    )
    came = {each: 2 if 2 <= each <= 6 else 1 for each in of_class} | {1: 0}
    write(
        school.lake,
        [
            session(each, days, int(came[each] >= needed))
            for each in of_class
            for days, needed in ((1, 1), (2, 2))
        ],
    )
    (evidence,) = school.caught(absent(2))
    assert evidence.student == 1
    assert evidence.measures[0].class_sessions == median


def test_absences_look_back_eight_weeks(school: School) -> None:
    write(school.lake, [session(1, day, 0) for day in (1, 56, 57)])
    (evidence,) = school.caught(absent(1))
    assert evidence.measures[-1].absences == 2


def test_work_is_late_from_its_due_day_and_missing_work_until_now(school: School) -> None:
    write(
        school.lake,
        [due(s, before(20)) for s in (1, 2, 3, 4)]
        + [handed_in(1, before(22)), handed_in(2, before(15)), handed_in(3, before(20))],
    )
    found = {
        evidence.student: (measure.work_due, measure.days_late)
        for evidence in school.caught(MISSED, also=[1, 2, 3, 4])
        for measure in evidence.measures
        if measure.family == "submissions"
    }
    assert found == {1: (1, 0), 2: (1, 5), 3: (1, 0), 4: (1, 19)}, "early is on time"


def test_work_that_the_class_has_not_handed_in_is_not_late(school: School) -> None:
    write(school.lake, [due(s, before(20)) for s in (1, 2, 3, 4)] + [handed_in(1, before(20))])
    found = school.caught(MISSED, also=[4])
    assert [m.work_due for m in found[0].measures if m.family == "submissions"] == [0]
