"""The demo: the same data for everyone, no real people, and a check that can fail."""

from __future__ import annotations

import datetime as dt
import io
import os
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
import sqlalchemy as sa
from rich.console import Console

from integrations.feeds.ledger.deliveries import Ledger
from store.policies.document import parse
from store.queries.flags.looks import named_looks
from store.rules.calendar import institution_day
from store.rules.errors import InvalidInput
from store.rules.model import Level
from store.tables import cases, flags, outbox, screenings, students
from worker.cli.main import app
from worker.demo import people
from worker.demo import setup as stage
from worker.demo.clock import StoryClock, school_days, story_day
from worker.demo.habits import Part
from worker.demo.journey import CheckFailed, Journey
from worker.demo.output import Lines
from worker.demo.people import LANG, TIDE
from worker.demo.roster_files import write_roster
from worker.demo.run import run_demo, set_up
from worker.demo.steps import STEPS

DAY = dt.date(2026, 11, 9)
QUIET = Lines(Console(quiet=True))
DEMO = [sys.executable, "-m", "worker.cli.main", "demo"]


def demo_environment(folder: Path) -> dict[str, str]:
    """Return settings that point at a real system, which the demo must not touch."""
    real = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:9/real", "REDIS_URL": "redis://[::1]:9"}
    return {**os.environ, **real, "TMPDIR": str(folder), "PYTHONUNBUFFERED": "1"}


def test_the_check_passes_and_leaves_nothing_behind(tmp_path: Path) -> None:
    done = subprocess.run(
        [*DEMO, "--check"],
        env=demo_environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    lines = [line.split()[:2] for line in done.stdout.splitlines() if line.startswith("ok")]
    assert lines == [["ok", str(number)] for number in range(1, len(STEPS) + 1)]
    assert done.stdout.count("1 row left out") == 4
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []


class StopsOnceOpen(io.StringIO):
    """A terminal at which Ctrl+C is pressed as soon as the demo prints its address."""

    def write(self, text: str) -> int:
        written = super().write(text)
        if "is open at" in text:
            os.kill(os.getpid(), signal.SIGINT)
        return written


@pytest.fixture
def no_days_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Load the schools only: simulating the days before this morning takes longest."""
    monkeypatch.setattr("worker.demo.run.play", lambda _actors, _today: None)


@pytest.mark.usefixtures("no_days_before")
def test_stopping_it_is_no_error_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It runs in this process; ``test_setup_texts`` stops the demo as a separate process."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    terminal = StopsOnceOpen()
    with redirect_stdout(terminal), redirect_stderr(terminal):
        code = run_demo(port=None, check=False, home=None)
    said = terminal.getvalue()
    assert code == 0
    assert said.count("is open at") == 1
    assert said.endswith("Stopped.\n")
    assert "Traceback" not in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("no_days_before")
@pytest.mark.parametrize("screen", ["DISPLAY", ""])
def test_it_heeds_the_environment_says_so_and_opens_the_browser_if_there_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, screen: str
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    monkeypatch.setattr(StopsOnceOpen, "isatty", lambda _: True)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("TERM", "dumb")
    for each in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(each, raising=False)
    if screen:
        monkeypatch.setenv(screen, ":0")
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
    monkeypatch.setenv("PORT", str(port))
    monkeypatch.setenv("LANTERN_HOME", str(tmp_path / "kept"))
    terminal = StopsOnceOpen()
    with redirect_stdout(terminal), redirect_stderr(terminal), pytest.raises(SystemExit) as end:
        app(["demo"], standalone_mode=True)
    said = terminal.getvalue()

    assert end.value.code == 0
    assert f"is open at http://127.0.0.1:{port} " in said
    assert f"Its data is kept in {tmp_path / 'kept'}." in said
    assert (tmp_path / "kept" / "lantern.db").exists()
    assert opened == ([f"http://127.0.0.1:{port}"] if screen else [])


@pytest.mark.usefixtures("no_days_before")
def test_a_broken_step_ends_the_check_and_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def works(journey: Journey) -> str:
        return f"sees {', '.join(journey.channels('Alice Alder'))}"

    def breaks(_journey: Journey) -> str:
        raise CheckFailed("the button does nothing")

    steps = (("Channels", works), ("Take", breaks), ("Never", works))
    monkeypatch.setattr("worker.demo.check.STEPS", steps)
    assert run_demo(port=None, check=True, home=tmp_path / "kept") == 1
    said = capsys.readouterr().out
    assert "1  Channels: sees lang-engagement" in said
    assert "failed   2  Take: the button does nothing" in said
    assert "Never" not in said
    assert (tmp_path / "kept" / "lantern.db").exists()


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(InvalidInput, match="empty or new folder"):
        run_demo(port=None, check=True, home=tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "mine"


# A Friday just after the clocks went back; a Wednesday; a Friday of another year.
MORNINGS = [
    ("2026-10-30", ["2026-11-02", "2026-11-03"]),
    pytest.param("2026-10-28", ["2026-10-29", "2026-10-30"], marks=pytest.mark.exhaustive),
    pytest.param("2028-03-03", ["2028-03-06", "2028-03-07"], marks=pytest.mark.exhaustive),
]


@pytest.mark.parametrize(("morning", "later"), MORNINGS)
def test_those_who_are_not_fine_are_seen_and_nobody_else_nor_on_the_next_days(
    tmp_path: Path, morning: str, later: list[str]
) -> None:
    now = dt.datetime.fromisoformat(f"{morning}T10:00+00:00")
    with set_up(tmp_path, QUIET, lambda: now) as (services, days):
        assert str(days.story) == morning
        with services.store.database.read() as connection:
            seen = _seen_on(connection, days.story)
        next_days = [dt.date.fromisoformat(each) for each in later]
        assert [days.forward() for _ in next_days] == next_days
        assert services.now() == dt.datetime.combine(next_days[-1], dt.time(9), dt.UTC)
        early = [
            entry.file
            for entry in Ledger(services.lake).entries()
            if any(last >= institution_day(entry.arrived) for _, last in entry.covered)
        ]
        assert early == [], "a file came before a day that it tells of"
        with services.store.database.read() as connection:
            after = connection.execute(sa.select(sa.func.count()).select_from(cases)).scalar_one()
            screened = connection.execute(sa.select(screenings.c.day).distinct()).scalars().all()
            digests = connection.execute(
                sa.select(outbox.c.day).where(outbox.c.kind == "digest").distinct()
            ).scalars()
            assert set(next_days) <= set(digests)
        assert set(next_days) <= set(screened)
        # No students become inactive because the simulation of the invented students ended.
        assert after - seen <= 4


def _seen_on(connection: sa.Connection, story: dt.date) -> int:
    """Check that each case on the story's morning is for a student who should have one; count
    them."""
    opened = sa.select(students.c.number, cases.c.opened_on).join(
        cases, cases.c.student_id == students.c.id
    )
    rows = connection.execute(opened).all()
    seen = {row.number: row.opened_on for row in rows}
    both = connection.execute(
        sa.select(flags.c.family)
        .join(students, students.c.id == flags.c.student_id)
        .where(students.c.number == Part.SELDOM_AND_NO_ESSAY.number(LANG))
    ).scalars()
    assert sorted(both) == ["attendance", "submissions"]
    unseen = {
        Part.BACK_AFTER_A_DIP.number(LANG),
        Part.BACK_AFTER_A_DIP.number(TIDE),
        Part.NEVER_SEEN_RESEARCHER.number(LANG),
        Part.GONE_FROM_ONE_MODULE.number(LANG),
        Part.GONE_FROM_ONE_MODULE.number(TIDE),
    }
    everybody = {part.number(school) for part in Part for school in (LANG, TIDE)}
    assert set(seen) == everybody - unseen
    (named,) = named_looks(connection, [1], story)
    assert named.number == Part.GONE_FROM_ONE_MODULE.number(LANG), "worth a look, and no more"
    new = (Part.SILENT_TODAY, Part.SILENT_TODAY_TOO)
    today = {part.number(school) for part in new for school in (LANG, TIDE)}
    assert {number for number, opened_on in seen.items() if opened_on == story} == today
    return len(rows)


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2026-11-09T08:34+00:00", "2026-11-06"),
        ("2026-11-09T08:35+00:00", "2026-11-09"),
        ("2026-11-15T12:00+00:00", "2026-11-13"),
        ("2026-07-01T07:40+00:00", "2026-07-01"),  # summer time: it is 08:40 there
    ],
)
def test_the_morning_is_the_newest_that_has_begun(now: str, day: str) -> None:
    assert story_day(dt.datetime.fromisoformat(now)) == dt.date.fromisoformat(day)


def test_three_school_days_leave_out_the_weekend() -> None:
    assert [f"{day:%a}" for day in school_days(DAY, 3)] == ["Thu", "Fri", "Mon"]


def test_the_storys_clock_neither_goes_back_nor_ahead_of_the_real_one() -> None:
    now = dt.datetime(2026, 11, 9, 9, 0, tzinfo=dt.UTC)
    clock = StoryClock(lambda: now)
    clock.set(DAY, "08:30")
    clock.set(DAY, "08:15")
    assert clock() == dt.datetime(2026, 11, 9, 8, 30, tzinfo=dt.UTC)
    clock.set(DAY, "14:00")
    assert clock() == now
    clock.let_go()
    assert clock() == now


def test_the_data_is_the_same_every_time(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_roster(people.build_roster(DAY), tmp_path / name / "roster")
        stage.write_feeds(tmp_path / name, DAY)
    first, second = (
        {str(path.relative_to(tmp_path / name)): path.read_bytes() for path in files}
        for name in ("one", "two")
        for files in [sorted((tmp_path / name).rglob("*.csv"))]
    )
    assert len(first) == 8
    assert first == second


def test_nobody_in_it_is_real() -> None:
    roster = people.build_roster(DAY)
    addresses = [person.email for person in roster.staff]
    for student in roster.students:
        addresses += [student.university_email, student.personal_email]
    assert all(address.endswith(".example") for address in addresses)
    assert len({(each.given_name, each.family_name) for each in roster.students}) == 120
    assert {each.level for each in roster.students} >= {Level.MRES, Level.POSTGRADUATE_RESEARCH}


def test_the_policies_are_right_and_the_schools_have_chosen_differently() -> None:
    lang, tide = (parse(text, name) for name, text in stage.policy_documents(DAY).items())
    assert (lang.school, tide.school) == ("LANG", "TIDE")
    assert lang.rules != tide.rules
    assert lang.ladder != tide.ladder
    assert stage.silent_after(DAY) == {"LANG": 14, "TIDE": 10}
    assert not any(policy.show_names for policy in (lang, tide))
