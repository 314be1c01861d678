"""How a flag ends, from files in a folder to the text on its card."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.actions.students import exempt as exempting
from store.actions.students.exempt import Exemption
from store.queries.cases.case import case_view
from store.rules.model import CaseStatus, ExemptionKind, FlagEnd, FlagState
from store.tables import cases, flags
from tests.people import MORNING, policy_document
from tests.worker.office import Office, office_in
from worker import jobs

DAY = MORNING.date()
SILENT_FROM = DAY - dt.timedelta(days=18)
TERM = dt.date(2025, 9, 22)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with office_in(tmp_path / "home") as made:
        yield made


def day(number: int) -> dt.date:
    """Return the day this many days after the first screening."""
    return DAY + dt.timedelta(days=number)


def write_feed(home: Path, *later: int) -> None:
    """Write a feed: two others click every day; Dana stops, and returns on the days ``later``."""
    back = {day(number) for number in later}
    lines = ["student_number,module,family,kind,at"]
    for n in range(80):
        at = TERM + dt.timedelta(days=n)
        there = ["1002", "2001", *(["1001"] if at < SILENT_FROM or at in back else [])]
        lines += [f"{number},FR101,vle,done,{at}" for number in there]
    (home / "to-come.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def screen(office: Office, *days: int) -> None:
    """Screen each of these days, on its morning, with the data up to then."""
    home = office.services.settings.home
    header, *lines = (home / "to-come.csv").read_text(encoding="utf-8").splitlines()
    folder = home / "feeds" / "moodle"
    folder.mkdir(parents=True, exist_ok=True)
    for number in days:
        office.clock.now = max(office.clock.now, MORNING + dt.timedelta(days=number))
        done = [line for line in lines if line[-10:] < day(number).isoformat()]
        (folder / "clicks.csv").write_text("\n".join([header, *done, ""]), encoding="utf-8")
        jobs.run_with(office.services)("screen", day=day(number).isoformat())


def state(office: Office) -> tuple[FlagState, str | None]:
    (flag,) = office.world.rows(flags)
    return FlagState(flag["state"]), flag["ended"]


def test_one_log_in_ends_nothing_and_a_return_that_lasts_does(office: Office) -> None:
    write_feed(office.services.settings.home, 1, 10, 12, 13)
    screen(office, 0, 2)
    assert state(office) == (FlagState.ACTIVE, None)
    (flag,) = office.world.rows(flags)
    assert flag["reason_staff"] == (
        "Not seen from Saturday 4 October to Wednesday 22 October. "
        "Seen on 1 day since then, last on Thursday 23 October."
    )

    screen(office, 8, 11)
    assert state(office) == (FlagState.ACTIVE, None), "one day in a week, and one day after it"

    screen(office, 14)
    assert state(office) == (FlagState.CLEARED, FlagEnd.BACK)
    (case,) = office.world.rows(cases)
    with office.services.store.database.read() as connection:
        (shown,) = case_view(connection, case["id"]).flags
    assert shown.ended == "back: sustained"

    screen(office, 14)
    assert state(office) == (FlagState.CLEARED, FlagEnd.BACK), "a day again changes nothing"


def test_an_exemption_ends_it_under_its_own_name_and_is_no_return(office: Office) -> None:
    write_feed(office.services.settings.home)
    screen(office, 0)
    (case,) = office.world.rows(cases)
    wanted = Exemption(ExemptionKind.APPROVED_ABSENCE, DAY, day(9), "A family matter, agreed")
    exempting.exempt_student(office.world.store, office.world.by("alice"), case["id"], wanted)

    screen(office, 1)

    assert state(office) == (FlagState.CLEARED, FlagEnd.EXEMPT)
    (after,) = office.world.rows(cases)
    assert after["status"] != CaseStatus.RE_ENGAGING
    (flag,) = office.world.rows(flags)
    assert flag["cleared_on"] is None, "nobody came back"


def test_a_hand_in_file_that_ends_with_its_last_due_day_hides_nobody(office: Office) -> None:
    home = office.services.settings.home
    write_feed(home)
    marker = '[[markers]]\nfamily = "submissions"\nsources = ["turned-in"]\n'
    office.world.publish(policy_document().replace("[rules", f"{marker}[rules", 1))
    folder = home / "feeds" / "turned-in"
    folder.mkdir(parents=True)
    (folder / "essays.csv").write_text(
        "student_number,module,family,kind,at,item\n"
        f"1002,FR101,submissions,expected,{SILENT_FROM},Essay 1\n"
        f"1002,FR101,submissions,done,{SILENT_FROM},Essay 1\n",
        encoding="utf-8",
    )
    screen(office, 0)
    (flag,) = office.world.rows(flags)
    assert (flag["rule"], flag["source"]) == ("inactivity", "moodle")
    assert "work handed in" not in flag["reason_staff"]
