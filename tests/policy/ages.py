"""Helpers for retention: old students and cases, passing nights, an officer's approval."""

import csv
import datetime as dt
import re

from tests.policy.colleague import Answer
from tests.policy.people import SILENT, Student, address, write_roster, write_rows
from tests.policy.school import School
from worker.demo.browser import Form, NotThere

LEFT = dt.date(2027, 6, 30)
SIX_YEARS_LATER = "2033-07-04"
A_YEAR_LATER = "2028-01-10"
OFFICER = ("--officer", address("petra"))


def has_left(school: School, who: Student, on: dt.date = LEFT) -> None:
    rows = [(who.number, module, "2026-09-28", str(on)) for module in who.modules]
    folder = school.home / "who-left"
    write_rows(folder / "enrolments.csv", ("number", "module", "starts", "ends"), rows)
    done = school.lantern("ingest", "roster", folder)
    assert done.code == 0, done.text


def closes(school: School, who: Student) -> str:
    bob, reference = school.person("bob"), school.case_of(who)
    bob.types(f"take {reference}")
    bob.fills(f"close {reference}", outcome="circumstances-known", helped="time")
    return reference


def approves(school: School, *codes: str) -> None:
    for code in codes:
        asked = school.lantern("retention", "approve", code, *OFFICER).text
        figure = re.findall(r"--confirm (\S+)", asked)[-1]
        done = school.lantern("retention", "approve", code, *OFFICER, "--confirm", figure)
        assert "Approved" in done.text, done.text


def words_about(school: School, who: Student) -> list[str]:
    """Return which of their data is still in a file of the home or in the lake's day files."""
    words = [who.number, who.family, who.university_email, who.personal_email]
    whole = (school.home / "lantern.db").read_bytes()
    return [word for word in words if word.encode() in whole]


def nights(school: School, *days: str) -> None:
    for day in days:
        school.at("05:30", day)


def days_of(school: School) -> list[str]:
    return sorted({path.name[:10] for path in (school.home / "lake").rglob("*.parquet")
                   if re.match(r"\d{4}-", path.name)})  # fmt: skip


def activity_of_student(school: School, who: Student) -> list[str]:
    """Return the days of a student's activity, from a copy of their data."""
    folder = school.home / f"copy-{len(list(school.home.glob('copy-*')))}"
    made = school.lantern(
        "student", "export", who.number, *OFFICER, "--why", "What is kept", "--to", folder
    )
    assert made.code == 0, made.text
    with (folder / "activity.csv").open(encoding="utf-8", newline="") as file:
        return [row["day"] for row in csv.DictReader(file)]


def lists(school: School, name: str, rows: list[tuple[str, str, str, str]]) -> None:
    """Deliver a roster that names every student, with these enrolments."""
    folder = write_roster(school.home / name)
    write_rows(folder / "enrolments.csv", ("number", "module", "starts", "ends"), rows)
    done = school.lantern("ingest", "roster", folder)
    assert done.code == 0, done.text


def found(school: School) -> str:
    return school.person("alice").types(f"find {SILENT.number}").text


def approve_in(shown: Answer) -> Answer:
    for form in shown.page.all("form", action="/sandbox/act"):
        button = form.one("button")
        if button.text == "Approve":
            return Answer(shown.tab, shown.tab.send(Form(form, button)))
    raise NotThere(f"no button approves: {shown.text}")
