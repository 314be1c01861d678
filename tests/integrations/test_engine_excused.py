"""Work and sessions from which a student was excused count neither as missed nor attended."""

from __future__ import annotations

import datetime as dt
from contextlib import nullcontext
from pathlib import Path
from typing import cast

import pytest

from integrations.activity.lake import Lake
from integrations.activity.records import AskRecords
from integrations.feeds.events_csv import load_events
from store.rules.flag_rules.base import Criterion
from tests.integrations.small_lake import MISSED, TERM, School, before

HEADER = "student_number,module,family,kind,at,item,until\n"
ABSENT = {"LANG": Criterion(absent_in_a_row=3)}
DAYS = (7, 6, 5, 4, 3)
CLASS = (1, 2, 3, 4)


@pytest.fixture
def school(tmp_path: Path) -> School:
    return School(Lake(tmp_path / "lake"))


def load(school: School, rows: str, source: str = "register") -> None:
    path = school.lake.roster.parent / "events.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_text(HEADER + rows)
    students = [(str(each), each) for each in CLASS]
    report = load_events(school.lake, path, source, students, ["FRE1"])
    assert report.rejected == ()


def row(student: int, kind: str, day: dt.date, item: str = "", until: str = "") -> str:
    return f"{student},FRE1,attendance,{kind},{day},{item},{until}\n"


def register(absent: int = 4) -> str:
    """Return a register: all were expected on five days, and all but one were there."""
    return "".join(
        row(student, kind, before(back), f"L{back}")
        for back in DAYS
        for student in CLASS
        for kind in ("expected", "done")
        if (student, kind) != (absent, "done")
    )


def caught(school: School) -> list[int]:
    return school.students(ABSENT)


def test_without_an_excuse_the_student_is_absent(school: School) -> None:
    load(school, register())
    assert caught(school) == [4]


@pytest.mark.parametrize(
    "excuses",
    [
        "".join(row(4, "excused", before(back), f"L{back}") for back in DAYS),
        "".join(row(4, "excused", before(back)) for back in DAYS),
        row(4, "excused", before(7), until=str(before(3))),
        row(4, "excused", before(7), until=str(before(3))).replace("FRE1", ""),
    ],
    ids=["each session", "each day", "a week", "a week of everything"],
)
@pytest.mark.parametrize("source", ["register", "placements"])
def test_an_excuse_takes_the_expectation_away(school: School, excuses: str, source: str) -> None:
    if source == "register":
        load(school, register() + excuses)
    else:
        load(school, register())
        load(school, excuses, source)
    assert caught(school) == []


def test_an_excuse_is_for_its_days_and_sessions_alone(school: School) -> None:
    others = row(4, "excused", before(7), "L6") + row(3, "excused", before(7), until="2026-01-01")
    load(school, register() + others)
    assert caught(school) == [4]


def test_a_long_placement_that_began_before_what_is_looked_at(school: School) -> None:
    load(school, register())
    load(school, row(4, "excused", before(300), until=str(before(1))), "placements")
    assert caught(school) == []


def test_work_is_excused_whenever_that_was_agreed(school: School) -> None:
    work = "".join(
        f"{student},FRE1,submissions,{kind},{before(10)},Essay,\n"
        for student in CLASS
        for kind in ("expected", "done")
        if (student, kind) != (4, "done")
    )
    load(school, work, "turned-in")
    assert school.students(MISSED) == [4]
    load(school, f"4,FRE1,submissions,excused,{before(40)},Essay,\n", "exemptions")
    assert school.students(MISSED) == []


def test_a_student_who_joins_late_misses_nothing_from_before(tmp_path: Path) -> None:
    joined = {4: before(4)}
    roster = [(s, "LANG", "FRE1", "LANG", joined.get(s, TERM), None) for s in CLASS]
    school = School(Lake(tmp_path / "lake"), roster)
    load(school, register())
    assert caught(school) == []


@pytest.mark.parametrize(
    ("family", "first", "last", "is_absent"),
    [
        ("attendance", 7, 3, False),
        ("attendance", 6, 3, False),  # two absences are left; the rule needs three
        ("meetings", 7, 3, True),
        ("attendance", 20, 8, True),
    ],
)
def test_what_colleagues_agreed_counts_as_an_excuse_does(
    school: School, family: str, first: int, last: int, *, is_absent: bool
) -> None:
    load(school, register())

    class Known:
        def adjustments(self, *_days: dt.date) -> list[tuple[int, str, dt.date, dt.date]]:
            return [(4, family, before(first), before(last))]

    school.records = cast(AskRecords, lambda: nullcontext(Known()))
    assert caught(school) == ([4] if is_absent else [])
