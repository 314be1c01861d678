"""The nightly screening, from files in a folder to flags, cases and cards."""

import datetime as dt
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from integrations import bootstrap
from store.rules.model import FlagState
from store.tables import cases, flags, ingests, outbox, quarantine
from tests.people import MORNING
from tests.stores import FakeClock
from tests.worker.office import Office, office_in, settings_for
from tests.world import World
from worker import jobs

ROOT = Path(__file__).parents[2]
DAY = MORNING.date()
FIRST = dt.date(2025, 9, 22)
SILENT_FROM = DAY - dt.timedelta(days=18)
HEADER = "student_number,module,family,kind,at"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with office_in(tmp_path / "home") as made:
        yield made


def write_feed(home: Path, *, dana_until: dt.date = SILENT_FROM, extra: str = "") -> None:
    """Write a feed in which all students click every day, and Dana stops."""
    lines = [HEADER, extra] if extra else [HEADER]
    for n in range((DAY - FIRST).days):
        day = FIRST + dt.timedelta(days=n)
        clicking = ["1002", "2001", *(["1001"] if day < dana_until else [])]
        lines += [f"{number},FR101,vle,done,{day}" for number in clicking]
    folder = home / "feeds" / "moodle"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "clicks.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def screen(office: Office, day: dt.date = DAY) -> None:
    jobs.run_with(office.services)("screen", day=day.isoformat())


def lake_file(office: Office, day: dt.date) -> Path:
    return office.services.lake.path("moodle", day)


def test_a_file_in_the_folder_becomes_a_flag_a_case_and_a_card(office: Office) -> None:
    write_feed(office.services.settings.home, extra="9999,FR101,vle,done,2025-09-22")

    screen(office)

    (flag,) = office.world.rows(flags)
    last = SILENT_FROM - dt.timedelta(days=1)
    assert flag["student_id"] == office.world.student("dana")
    assert f"{last.day} {last:%B}" in flag["reason_staff"]
    (case,) = office.world.rows(cases)
    assert case["weeks"][-1] == 0, "the trend says it too"
    assert [row["idem_key"] for row in office.world.rows(outbox)] == [f"card:{case['id']}:1"]
    (bad,) = office.world.rows(quarantine)
    assert (bad["file"], bad["line"]) == ("clicks.csv", 2)
    assert "9999" not in bad["reason"]


def test_the_same_night_again_changes_nothing(office: Office) -> None:
    write_feed(office.services.settings.home)
    screen(office)
    before = office.world.dump()

    screen(office)

    assert office.world.dump() == before


def test_a_late_correction_withdraws_what_it_disproves(office: Office) -> None:
    home = office.services.settings.home
    write_feed(home)
    screen(office)

    write_feed(home, dana_until=DAY)
    screen(office)

    (flag,) = office.world.rows(flags)
    assert flag["state"] == FlagState.WITHDRAWN
    assert len(office.world.rows(ingests)) == 2


@pytest.mark.parametrize("damage", [b"", b"PAR1 and no more", None])
def test_a_damaged_file_ends_no_flag_and_raises_none(office: Office, damage: bytes | None) -> None:
    """Unreadable data is unknown: it shows neither activity nor inactivity."""
    write_feed(office.services.settings.home)
    screen(office)
    before = office.world.rows(flags)
    path = lake_file(office, DAY - dt.timedelta(days=6))
    path.write_bytes(path.read_bytes()[:40] if damage is None else damage)

    screen(office)

    assert office.world.rows(flags) == before
    (again,) = office.services.lake.damaged_days()
    assert (again.source, again.day) == ("moodle", DAY - dt.timedelta(days=6))


def test_a_night_that_is_killed_anywhere_is_completed_by_the_next(tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    with office_in(begun):
        write_feed(begun)
    command = [sys.executable, "-m", "tests.worker.night"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as nights:
        steps, _ = night(nights, copied(begun, tmp_path / "whole"))
        whole = dump(tmp_path / "whole")

        for kill_before in (1, steps // 3, steps // 2, steps * 2 // 3, steps - 3, steps):
            home = copied(begun, tmp_path / f"killed-{kill_before}")
            assert night(nights, home, kill_before) == [-signal.SIGKILL]
            assert night(nights, home)[-1] == 0
            assert dump(home) == whole, f"killed before step {kill_before} of {steps}"


def night(nights: "subprocess.Popen[str]", home: Path, kill_before: int = 0) -> list[int]:
    """Run a night; return steps and status of a complete one, or the status of a killed one."""
    assert nights.stdin
    assert nights.stdout
    nights.stdin.write(f"{kill_before} {home}\n")
    nights.stdin.flush()
    return [int(word) for word in nights.stdout.readline().split()]


def copied(home: Path, to: Path) -> Path:
    shutil.copytree(home, to)
    return to


def dump(home: Path) -> dict[str, list[dict[str, object]]]:
    """Return all stored rows, and the files that the lake holds."""
    clock = FakeClock()
    services = bootstrap.build(settings_for(home), now=clock)
    try:
        stored = dict(World(services.store, clock).dump())
        held = sorted(services.lake.files(FIRST, DAY))
    finally:
        services.close()
    return stored | {"lake": [{"source": each.source, "day": each.day} for each in held]}
