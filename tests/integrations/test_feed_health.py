"""A school's day against its usual amount, declarations of files, and unchecked files."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb
import pytest

from integrations.activity.day_notes import DayNote
from integrations.activity.feed_health import thin_days, thin_days_of
from integrations.activity.lake_folders import SourceDay
from integrations.activity.unknown_people import unknown_of
from integrations.feeds.manifest import DeliveryDeclaration, declared
from integrations.feeds.text_files import FeedError
from worker.jobs.schools.feeds_folder import found_in

FIRST = dt.date(2025, 9, 22)
DAYS = [FIRST + dt.timedelta(days=number) for number in range(70)]
TODAY = dt.date(2025, 10, 22)


def usual(day: dt.date) -> int:
    """Return the day's usual number of rows: weekends have few, which is normal."""
    return 30 if day.weekday() > 4 else 200 + day.day


@pytest.mark.parametrize(("share", "is_found"), [(0, True), (0.4, True), (0.8, False), (2, False)])
def test_a_day_of_few_rows_or_none_is_thin_and_one_bad_day_is_no_habit(
    share: float, is_found: bool
) -> None:
    bad = DAYS[40]
    rows = {day: usual(day) for day in DAYS} | {bad: round(share * usual(bad))}
    found = thin_days([{("moodle", "SCI"): rows}], {"moodle": DAYS})
    assert found == ([("moodle", "SCI", bad)] if is_found else [])


@pytest.mark.parametrize(
    ("a_day", "missing", "found"),
    [(6, 4, 4), (6, 3, 0), (3, 6, 0), (3, 9, 9), (1, 7, 0), (1, 10, 10), (10, 2, 0)],
    ids=[
        "missing for days",
        "too few rows to say",
        "not a week yet",
        "a handful of people for more than a week",
        "a week of one row a day",
        "longer than that",
        "a quiet weekend",
    ],
)
def test_a_small_school_is_missing_only_after_days_without_any_row(
    a_day: int, missing: int, found: int
) -> None:
    gone = DAYS[40 : 40 + missing]
    rows = {day: 0 if day in gone else a_day for day in DAYS}
    thin = thin_days([{("moodle", "HUM"): rows}], {"moodle": DAYS})
    assert [day for *_, day in thin] == gone[:found]


def test_a_small_school_of_two_students_or_of_quiet_weeks_is_not_missing() -> None:
    gone = DAYS[40:55]
    rows = {day: 0 if day in gone else 3 for day in DAYS}
    of_school = {("moodle", "HUM"): rows}
    assert thin_days([of_school], {"moodle": DAYS}, lambda *_: 2) == []
    quiet = DAYS[26:33]
    of_school = {("moodle", "HUM"): rows | dict.fromkeys(quiet, 0)}
    assert thin_days([of_school], {"moodle": DAYS}) != []
    assert [d for *_, d in thin_days([of_school], {"moodle": DAYS})] == quiet, "not in the second"


def test_more_strangers_than_a_source_is_used_to_leave_a_school_unknown() -> None:
    notes = {
        SourceDay("moodle", day): DayNote(strangers={"SCI": 0.2 if day == DAYS[-1] else 0.05})
        for day in DAYS
    }
    found = unknown_of({k: v for k, v in notes.items() if k.day > DAYS[15]}, {"moodle": DAYS[40:]})
    assert DAYS[-1] in found.schools["moodle", "SCI"], "no habit yet"
    found = unknown_of(notes, {"moodle": DAYS})
    assert DAYS[-1] in found.schools["moodle", "SCI"]
    assert DAYS[-2] not in found.schools["moodle", "SCI"]


def test_what_is_declared_beside_a_file(tmp_path: Path) -> None:
    file, own = tmp_path / "m.csv", tmp_path / "m.csv.toml"
    assert declared(file, TODAY, ["LANG"]) == DeliveryDeclaration()
    (tmp_path / "feed.toml").write_text("days_before = 2\n")
    covers = (TODAY - dt.timedelta(days=2), TODAY - dt.timedelta(days=1))
    assert declared(file, TODAY, ["LANG"]) == DeliveryDeclaration(covers)
    own.write_text('from = 2025-10-06\nto = 2025-10-07\ncomplete = true\nschool = "LANG"\n')
    covers = (dt.date(2025, 10, 6), dt.date(2025, 10, 7))
    assert declared(file, TODAY, ["LANG"]) == DeliveryDeclaration(covers, True, ("LANG",))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("from = 2025-10-06", "both from and to"),
        ('school = "SCI"', "there is no school SCI"),
        ("form = 2025-10-06", "form is not known"),
        ("from = ", "cannot be read as TOML"),
        ("from = 2025-10-06\nto = 2025-10-05", "must be within 1830 days"),
        ('complete = "yes"', "complete must be true or false"),
    ],
)
def test_a_record_that_is_not_understood_is_named(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "m.csv.toml").write_text(text)
    with pytest.raises(FeedError, match=said):
        declared(tmp_path / "m.csv", TODAY, ["LANG"])


def test_every_file_is_to_be_loaded_or_is_not_looked_at_because(tmp_path: Path) -> None:
    (tmp_path / "moodle" / "deep").mkdir(parents=True)
    names = ["moodle/a.csv", "moodle/a.csv.toml", "moodle/feed.toml", "moodle/b.csv.toml"]
    names += ["moodle/c.PDF", "moodle/.d.csv", "moodle/deep/e.csv", "f.csv", "moodle/g.csv.part"]
    for name in names:
        (tmp_path / name).write_text("")
    found = {str(each.path.relative_to(tmp_path)): each.why_not for each in found_in(tmp_path)}
    assert found.pop("moodle/a.csv") == ""
    assert sorted(found) == sorted(set(names) - {names[0], names[1], names[2]})
    assert all(Path(name).name in why for name, why in found.items() if not name.endswith(".toml"))
    assert "b.csv.toml describes does not exist" in found["moodle/b.csv.toml"]


@pytest.mark.parametrize(("people", "is_found"), [(2, False), (3, True)])
def test_who_had_the_rows_of_a_small_school_is_counted(people: int, is_found: bool) -> None:
    gone = set(DAYS[40:50])
    with duckdb.connect() as con:
        con.execute("CREATE TYPE sources AS ENUM ('moodle')")
        con.execute(
            "CREATE TABLE delivered_rows AS SELECT CAST('moodle' AS sources) AS source, "
            "if(who < 10, 'H1', 'S1') AS module, 'vle' AS family, who AS student, "
            "CAST(day AS DATE) AS day, 0 AS expected, 1 AS done "
            "FROM (SELECT unnest($days) AS day), (SELECT unnest($who) AS who) "
            "WHERE who >= 10 OR NOT list_contains($gone, CAST(day AS DATE))",
            {"days": DAYS, "gone": list(gone), "who": [*range(people), *range(10, 50)]},
        )
        con.execute(
            "CREATE TABLE enrolments AS "
            "FROM (VALUES ('H1', 'HUM'), ('S1', 'SCI')) AS found(module, module_school)"
        )
        con.execute(
            "CREATE TABLE agreed AS SELECT school, 'moodle' AS source, 'vle' AS family "
            "FROM (VALUES ('HUM'), ('SCI')) AS found(school)"
        )
        found = thin_days_of(con, {"moodle": frozenset(DAYS)})
    assert {(school, day) for _, school, day in found} == {("HUM", day) for day in gone if is_found}
