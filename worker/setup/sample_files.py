"""A small invented roster and its activity, to see a first card and to copy the formats from."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator, Sequence

from store.rules.model import MarkerFamily
from worker.setup.answers import SchoolAnswers

_GIVEN = ("Ada", "Ben", "Cleo", "Dan", "Elif", "Finn", "Gwen", "Hari", "Ivy", "Jon", "Kit", "Lena")
WEEKS = 8
"""Weeks of activity up to yesterday. The first student is inactive in the last four."""
_STAFF = ("email", "name", "roles", "trained_on", "sandbox_user")
_QUIET = dt.timedelta(weeks=4)


def sample_roster_files(schools: Sequence[SchoolAnswers], today: dt.date) -> dict[str, str]:
    """Map the names of the roster's five files to their texts, with invented students."""
    start = today - dt.timedelta(weeks=WEEKS + 1)
    return {
        "schools.csv": _csv(("code", "name"), ((each.code, each.name) for each in schools)),
        "staff.csv": _csv(_STAFF, _staff(schools)),
        "modules.csv": _csv(
            ("code", "title", "school"),
            ((sample_module_code(each), "An invented module", each.code) for each in schools),
        ),
        "students.csv": _csv(
            ("number", "given_name", "family_name", "level", "programme", "home_school",
             "university_email"),
            (row for each in schools for row in _students(each)),
        ),
        "enrolments.csv": _csv(
            ("number", "module", "starts"),
            (
                (number, sample_module_code(each), start.isoformat())
                for each in schools
                for number, _ in _people(each)
            ),
        ),
    }  # fmt: skip


def event_files(schools: Sequence[SchoolAnswers], today: dt.date) -> dict[str, str]:
    """Map each source to the text of its file, from eight weeks ago to yesterday."""
    columns = ("student_number", "module", "family", "kind", "at", "item")
    found: dict[str, list[tuple[str, ...]]] = {}
    for school in schools:
        for family, source in school.sources.items():
            found.setdefault(source, []).extend(_events(school, family, today))
    return {source: _csv(columns, rows) for source, rows in found.items()}


def sample_module_code(school: SchoolAnswers) -> str:
    """Return the code of the invented module."""
    return f"{school.code}101"


def _staff(schools: Sequence[SchoolAnswers]) -> Iterator[tuple[str, ...]]:
    for each in schools:
        low = each.code.lower()
        yield each.lead_email, each.lead_name, f"{each.code}:engagement-lead", "", f"{low}-lead"
        for role, name in (
            ("student-support-officer", "Olga Officer"),
            ("adviser", "Abel Adviser"),
            ("data-protection-officer", "Daria Protection"),
        ):
            address, user = f"{role}@{low}.example", f"{low}-{role}"
            yield address, f"{name} (invented)", f"{each.code}:{role}", "", user


def _people(school: SchoolAnswers) -> Iterator[tuple[str, str]]:
    for place, given in enumerate(_GIVEN, 1):
        yield f"{school.code}-S{place:03}", given


def _students(school: SchoolAnswers) -> Iterator[tuple[str, ...]]:
    for number, given in _people(school):
        yield (
            number, given, "Invented", "undergraduate", f"BA {school.name}"[:100], school.code,
            f"{number.lower()}@students.example",
        )  # fmt: skip


def _events(
    school: SchoolAnswers, family: MarkerFamily, today: dt.date
) -> Iterator[tuple[str, ...]]:
    """Yield the events: every student is active every day, except the first, who stops."""
    numbers = [number for number, _ in _people(school)]
    for back in range(WEEKS * 7, 0, -1):
        day = today - dt.timedelta(days=back)
        week = f"Week {WEEKS - (back - 1) // 7}"
        at = day.isoformat()
        for number in numbers:
            here = (number, sample_module_code(school), family.value)
            is_there = number != numbers[0] or day < today - _QUIET
            item = f"{week} exercise" if family is MarkerFamily.SUBMISSIONS else ""
            if family is MarkerFamily.SUBMISSIONS and back % 7 != 1:
                continue
            if family is not MarkerFamily.VLE:
                yield *here, "expected", at, item
            if is_there:
                yield *here, "done", at, item


def _csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue()
