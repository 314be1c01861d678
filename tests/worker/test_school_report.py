"""The report on schools: a page, a table, a summary and an extract, all of the same figures."""

from __future__ import annotations

import csv
import io
import re
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from store.actions.schools.load_roster import load_roster
from store.queries.notices.standing import count_standing
from store.queries.notices.week import week
from store.rules.model import Role
from store.rules.schools import Roster, SchoolEntry, StaffEntry
from store.rules.small_numbers import EXACT
from tests.people import LANGUAGES
from tests.worker.office import Office
from tests.worker.round_trips import counted
from worker.cli import jobs as jobs_line
from worker.cli import main as cli
from worker.cli import report as command_line
from worker.jobs.schools.weekly_standings import publish_standings

NAMES = re.compile(r"Dana|Dvorak|Alice|Adviser\b|1001|LANG-\d")


def reports(office: Office, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> str:
    monkeypatch.setattr(command_line, "open_services", lambda: nullcontext(office.services))
    result = CliRunner().invoke(cli.app, ["report", "schools", *arguments])
    return result.output or str(result.exception)


def test_every_format_has_the_same_figures_and_names_no_one(
    office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    office.has_approved_mails(30)
    office.works()
    office.clock.forward(days=14)
    page, table, folder = tmp_path / "r.html", tmp_path / "r.csv", tmp_path / "powerbi"
    said = reports(
        office,
        monkeypatch,
        *("--html", str(page), "--csv", str(table), "--extract", str(folder)),
    )
    assert "School of Languages: 30 cases opened" in said
    rows = list(csv.DictReader(io.StringIO(table.read_text())))
    opened = {row["school"]: row["value"] for row in rows if row["measure"] == "Cases opened"}
    assert opened == {"LANG": "30", "MATH": "0"}
    sections = {row["section"] for row in rows if row["school"] == "LANG"}
    assert sections >= {"Cases", "Response times", "Contact steps", "Emails", "Training", "Reviews"}
    html = page.read_text()
    assert html.count("<svg") >= 3
    assert 'aria-label="Cases opened: School of Languages 30, School of Mathematics 0"' in html
    with duckdb.connect() as con:
        con.execute(f"SET file_search_path = '{folder}'")
        con.execute((folder / "figures.sql").read_text())
        told = con.execute(
            "SELECT school, value FROM lantern_figures WHERE measure = 'Cases opened' ORDER BY 1"
        ).fetchall()
        held = con.execute(
            "SELECT COUNT(*) FROM lantern_figures WHERE is_withheld AND value IS NOT NULL"
        ).fetchone()
    assert told == [("LANG", 30.0), ("MATH", 0.0)]
    assert held == (0,)
    assert (folder / "figures.parquet").stat().st_mode & 0o222 == 0
    for text in (said, html, table.read_text()):
        assert not NAMES.search(text.replace("Student support", "")), NAMES.search(text)
    again = reports(office, monkeypatch, "--school", "LANG", "--extract", str(folder))
    assert "Mathematics" not in again, "an extract is replaced as a whole"


def test_small_numbers_are_withheld(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.world.open_case()
    office.clock.forward(days=14)
    said = reports(office, monkeypatch, "--school", "LANG")
    assert "0 cases opened, 0 closed" in said
    assert "too few cases to say" in said
    assert "0 stands for fewer than 3" in said


def test_a_name_that_begins_like_a_formula_is_none_in_a_spreadsheet(
    office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    named = SchoolEntry("LANG", '=HYPERLINK("http://x.example")', "Humanities")
    load_roster(office.world.store, Roster(schools=(named,)))
    table = tmp_path / "r.csv"
    reports(office, monkeypatch, "--faculty", "humanities", "--csv", str(table))
    rows = list(csv.reader(io.StringIO(table.read_text())))
    assert {row[1][0] for row in rows[1:]} == {"'"}


def test_the_standing_agrees_with_the_lead_s_week(office: Office) -> None:
    office.world.open_case()
    office.clock.forward(days=20)
    school, today = office.world.school(), office.world.today
    with office.world.store.database.read() as connection:
        now = count_standing(connection, school, today, EXACT)
        seen = week(connection, school, today)
    assert (now.open_now, now.unseen, now.to_answer, now.to_review) == (
        (seen.open_now, seen.unseen, seen.to_answer, seen.to_review)
    )
    assert now.open_now == 1
    assert sum(number for _, number in now.overdue) == 1
    assert "Open cases', '1'" in repr(office.types("lena", "report").card)


def test_a_published_standing_is_the_same_for_the_whole_week(office: Office) -> None:
    office.clock.forward(days=5)  # a Monday
    frida = StaffEntry("frida@example.ac.uk", "Frida", ((LANGUAGES, Role.FACULTY_LEAD),))
    load_roster(office.world.store, Roster(staff=(replace(frida, sandbox_user="frida"),)))
    first = repr(office.types("frida", "report").card)
    assert "('Open cases', '0')" in first
    office.has_approved_mails(6)
    assert repr(office.types("frida", "report").card) == first
    assert "('Open cases', '6')" in repr(office.types("lena", "report").card)
    office.clock.forward(days=7)
    assert "('Open cases', '5')" in repr(office.types("frida", "report").card)


def test_a_school_s_channel_reads_rounded_figures(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.world.open_case()
    monkeypatch.setattr(jobs_line, "open_services", lambda: nullcontext(office.services))
    office.clock.forward(days=14)
    reports(office, monkeypatch, "--school", "LANG", "--post")
    shown = office.shown()
    assert "Cases opened" in shown
    assert "Colleagues with training" in shown
    assert office.shown("math").count("Cases opened") == 0
    posted = [each for each in office.messages() if "Cases opened" in str(each.payload)]
    assert "'1'" not in str(posted[0].payload), "one case is too few to say"


def test_the_number_of_statements_does_not_grow_with_cases(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    office.world.open_case()
    publish_standings(office.services, office.world.today)
    for number in (0, 30):
        if number:
            office.has_approved_mails(number)
        with counted(office) as statements:
            reports(office, monkeypatch, "--school", "LANG")
        made.append(len(statements))
        office.clock.forward(days=7)
        publish_standings(office.services, office.world.today)  # as the night does
    with counted(office) as statements:
        reports(office, monkeypatch, "--school", "LANG", "--school", "MATH")
    assert max(*made, len(statements)) <= 25, (made, len(statements))
    assert len(statements) == made[-1], "nor with schools"
