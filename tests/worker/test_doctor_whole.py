"""Plain ``lantern doctor``: a line for each part of Lantern, with a repair where one is wrong."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from rq import SimpleWorker
from typer.testing import CliRunner, Result

from integrations.job_queue import RqQueue
from integrations.settings import Settings
from store.queries import health
from tests.servers import redis_server
from tests.worker.office import Office, office_in
from worker.cli.main import app
from worker.doctor import machine, outside
from worker.doctor.whole import CHECKS
from worker.processes.alive import showing_life

PARTS = {
    "settings", "keys", "database", "redis", "disk", "clock", "lake", "feeds", "policies", "roster",
    "leads", "platforms", "mail", "processes", "outbox", "audit", "backup", "public address",
}  # fmt: skip


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for field in Settings.model_fields.values():
        monkeypatch.delenv(str(field.validation_alias), raising=False)
    monkeypatch.setenv("LANTERN_HOME", str(tmp_path))
    # No service of this machine is asked whether it is Lantern's.
    monkeypatch.setenv("PORT", "0")
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    structlog.reset_defaults()


def doctor(*words: str) -> Result:
    return CliRunner().invoke(app, ["doctor", *words])


@pytest.mark.usefixtures("home", "office")
def test_each_part_has_a_line_and_json_says_the_same() -> None:
    plain, packed = doctor(), json.loads(doctor("--json").stdout)
    assert packed["ok"] is (plain.exit_code == 0), plain.exception
    assert {each["check"] for each in packed["findings"]} >= PARTS
    assert len(plain.stdout.splitlines()) == len(packed["findings"])
    assert "no email is sent: each goes into" in plain.stdout


@pytest.mark.usefixtures("home")
def test_a_wrong_setting_is_a_line_and_not_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "nowhere")
    said = doctor()
    assert said.exit_code == 1
    assert said.stdout.startswith("FAIL settings: The setting PUBLIC_URL cannot be used")


@pytest.mark.usefixtures("home", "office")
def test_a_part_that_is_away_does_not_hide_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    said = doctor().stdout
    assert "FAIL redis: The Redis of REDIS_URL cannot be reached" in said
    assert "ok   audit: " in said


def test_keys_that_others_may_read_are_named(office: Office) -> None:
    key = next((office.services.settings.home / "keys").glob("*.key"))
    key.chmod(0o644)
    (found, *_) = machine.check_keys(office.services)
    assert found.is_fine is False
    assert "chmod 600" in found.sentence


def test_little_room_and_a_late_clock_are_named(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.world.open_case()
    monkeypatch.setattr(machine, "LEAST_FREE", 1 << 60)
    assert [each.is_fine for each in machine.check_disk(office.services)] == [False]
    office.clock.now -= dt.timedelta(days=1)
    assert [each.is_fine for each in machine.check_clock(office.services)] == [False]


def test_what_waits_too_long_and_an_old_backup_are_named(office: Office) -> None:
    office.world.open_case()
    assert [each.is_fine for each in outside.check_outbox(office.services)] == [True]
    office.clock.now += dt.timedelta(hours=1)
    (late,) = outside.check_outbox(office.services)
    assert late.is_fine is False
    (never,) = outside.check_backup(office.services)
    assert "there is no backup yet" in never.sentence
    with office.services.store.unit_of_work() as work:
        work.record("system:cli", health.BACKUP, "database")
    assert [each.is_fine for each in outside.check_backup(office.services)] == [True]
    office.clock.now += dt.timedelta(days=9)
    (old,) = outside.check_backup(office.services)
    assert old.sentence.startswith("the last was on")
    with office.services.store.unit_of_work() as work:
        work.record("system:cli", health.RESTORE, "database")
    (restored,) = outside.check_backup(office.services)
    assert restored.is_fine is None
    assert restored.sentence.startswith("one was restored on ")


def test_a_killed_worker_is_not_counted_though_redis_still_lists_it(tmp_path: Path) -> None:
    with redis_server() as url, office_in(tmp_path, redis_url=url) as office:
        queue = office.services.queue
        assert isinstance(queue, RqQueue)
        worker = SimpleWorker([queue.queue], connection=queue.connection)
        worker.register_birth()  # type: ignore[no-untyped-call]

        def said() -> tuple[bool | None, str]:
            (*_, found) = outside.check_processes(office.services)
            return found.is_fine, found.sentence.partition(".")[0]

        with showing_life(queue.quick, worker.name):
            assert said() == (True, "1 worker runs")
        assert said() == (False, "0 workers run")


def test_every_check_is_listed_once() -> None:
    assert len({check for _, check in CHECKS}) == len(CHECKS)
