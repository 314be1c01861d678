"""An office with 60 students in each of two groups, whose names are found wherever they leak."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.actions.flags.screen import Screened
from store.actions.schools.load_roster import load_roster
from store.rules.model import Level
from store.rules.schools import EnrolmentEntry, Roster, StudentEntry
from store.tables import metadata
from tests.people import LANGUAGES, finding, policy_document
from tests.policy.doors import Printed, command_line
from tests.worker.erasures import joins
from tests.worker.office import Office, office_in

SECRETS = ("Zephyrian", "Quokkan")
"""Names of invented groups, which are found wherever they leak."""
EACH = 60
NUMBERS = [str(3000 + at) for at in range(2 * EACH)]
THERE = ("2025-08-01", "2026-07-31")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Give 60 students in each group; half of the first are flagged, and a few of the second."""
    with office_in(tmp_path / "home") as made:
        filled(made)
        yield made


def filled(office: Office) -> None:
    joins(office, "priya", LANGUAGES)
    office.world.publish(policy_document(LANGUAGES, capacity=10_000))
    load_roster(office.world.store, Roster(students=tuple(map(student_entry, NUMBERS))))


def student_entry(number: str) -> StudentEntry:
    return StudentEntry(
        number, f"Invented{letters(number)}", "Extra", Level.UNDERGRADUATE, "R100", LANGUAGES
    )


def letters(number: str) -> str:
    return "".join("abcdefghij"[int(digit)] for digit in number)


def screened(office: Office) -> Screened:
    """Flag 30 of the first 60 students, and 6 of the other 60.

    All are enrolled after the flags: this many flags at once on one module would be held.
    """
    flagged = [*range(3000, 3030), *range(3000 + EACH, 3006 + EACH)]
    world = office.world
    result = world.screen(*(finding(world.student(f"Invented{letters(str(n))}")) for n in flagged))
    began = dt.date(2025, 9, 22)
    enrolled = tuple(EnrolmentEntry(number, "FR101", began) for number in NUMBERS)
    load_roster(world.store, Roster(enrolments=enrolled))
    return result


def groups_file(folder: Path, *more: str, group: dict[int, str] | None = None) -> Path:
    lines = ["student_number,origin,fee status"]
    for at in range(2 * EACH):
        said = SECRETS[at >= EACH] if group is None else group[at]
        lines.append(f"{3000 + at},{said},home")
    path = folder / "groups.csv"
    path.write_text("\n".join([*lines, *more]) + "\n", encoding="utf-8")
    return path


def lantern(office: Office, *arguments: object) -> Printed:
    home = {"LANTERN_HOME": str(office.services.settings.home)}
    return command_line(home, *map(str, arguments))


def year_is_over(office: Office) -> None:
    office.clock.now = dt.datetime(2026, 9, 1, 9, 30, tzinfo=dt.UTC)


PRIYA = "priya@example.ac.uk"


def groups_kept(office: Office) -> int:
    return len(office.world.rows(metadata.tables["student_groups"]))
