"""``lantern doctor``: the machine and its services, from the keys to the clock."""

from __future__ import annotations

import datetime as dt
import shlex
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from integrations.bootstrap import Services
from integrations.job_queue import RqQueue
from integrations.moved_clock import MovedClock
from integrations.settings import WrongSetting
from store import migrations
from store.db.fault_sentences import ROLLED_BACK
from store.queries import health
from store.rules.calendar import INSTITUTION
from store.rules.text.formatting import counted
from worker.doctor.findings import CheckResult

_GIB = 1024**3
LEAST_FREE, LITTLE_FREE = 1 * _GIB, 5 * _GIB
"""Bytes of a disk below which Lantern will soon stop, and below which a person should look."""
LARGEST_DRIFT = dt.timedelta(seconds=30)


def check_keys(services: Services) -> Iterator[CheckResult]:
    """Check where the keys are, who may read them, and whether they are backed up."""
    settings = services.settings
    if settings.audit_key and settings.encryption_keys:
        yield CheckResult(True, "AUDIT_KEY and ENCRYPTION_KEY are set")
    else:
        folder = settings.home / "keys"
        open_to_others = [
            each for each in folder.glob("*.key") if stat.S_IMODE(each.stat().st_mode) & 0o077
        ]
        if open_to_others:
            yield CheckResult(False, f"other accounts may read them. Type: chmod 600 {folder}/*")
        else:
            yield CheckResult(True, f"in {folder}, which only Lantern's account may read")
    with services.store.database.read() as connection:
        kept = health.last_done(connection, health.KEY_BACKUP)
    if kept is None:
        yield CheckResult(
            None,
            "no backup has them yet. Without them students' answers cannot be read: "
            "lantern backup DIR --keys FILE",
        )


def check_access(services: Services) -> Iterator[CheckResult]:
    """Check that no other account may read the data: a wide home may be of an earlier version."""
    home, places = services.settings.home, [services.settings.home, services.lake.root]
    if services.store.database.is_sqlite:
        file = Path(str(services.store.database.url.database))
        places += file.parent.glob(f"{file.name}*")
    wide = [each for each in places if each.exists() and each.stat().st_mode & 0o077]
    if not wide:
        yield CheckResult(True, f"only Lantern's account may enter {home}")
        return
    commands = f"chmod -R go= {shlex.quote(str(home))}"
    if beside := [each for each in wide if not each.is_relative_to(home)]:
        commands += f" {shlex.join(map(str, beside))}"
    yield CheckResult(False, f"other accounts of this machine may read {wide[0]}. Type: {commands}")


def check_database(services: Services) -> Iterator[CheckResult]:
    """Name the database, its version and its migration step."""
    with services.store.database.read() as connection:
        version = health.server_version(connection)
    if migrations.is_newer(services.store.database):
        yield CheckResult(None, ROLLED_BACK)
    step = migrations.newest_step()
    yield CheckResult(True, f"{version}, migrated to {step}")


def check_redis(services: Services) -> Iterator[CheckResult]:
    """Check that Redis answers, where it is set up."""
    if isinstance(services.queue, RqQueue):
        services.queue.ping()
        yield CheckResult(True, "Redis answers")
    else:
        yield CheckResult(True, "not set: lantern web runs the jobs and the schedule")


def check_disk(services: Services) -> Iterator[CheckResult]:
    """Check the free space on the disks of Lantern's folder and of an embedded database."""
    places = {services.settings.home}
    if services.store.database.is_sqlite:
        places.add(Path(str(services.store.database.url.database)).parent)
    for place in sorted(places):
        free = shutil.disk_usage(place).free
        said = f"{free / _GIB:.1f} GiB are free for {place}"
        if free < LEAST_FREE:
            yield CheckResult(False, f"{said}. Make room, or Lantern will stop.")
        elif free < LITTLE_FREE:
            yield CheckResult(None, f"{said}. Make room soon.")
        else:
            yield CheckResult(True, said)


def check_clock(services: Services) -> Iterator[CheckResult]:
    """Compare this machine's clock with the database server's and with what was recorded."""
    now = services.now()
    if isinstance(services.now, MovedClock):
        yield CheckResult(None, "this is not the real time: LANTERN_CLOCK is set")
        return
    with services.store.database.read() as connection:
        there, newest = health.server_time(connection), health.last_recorded(connection)
    drift = abs(there - now) if there else dt.timedelta(0)
    if drift > LARGEST_DRIFT:
        seconds = counted(round(drift.total_seconds()), "second")
        yield CheckResult(
            False, f"this machine and the database server differ by {seconds}. Set both by NTP."
        )
    elif newest and newest - now > LARGEST_DRIFT:
        yield CheckResult(False, "this machine's clock is behind what was recorded. Set it by NTP.")
    else:
        local = now.astimezone(INSTITUTION)
        yield CheckResult(True, f"it is {local:%H:%M} in {INSTITUTION.key}")


def check_traces(services: Services) -> Iterator[CheckResult]:
    """Check that the collector of traces takes what is sent; nothing is said where none is set."""
    settings = services.settings
    if not settings.traces_endpoint:
        return
    from integrations.traces import try_collector

    try:
        try_collector(settings)
    except WrongSetting as refused:
        yield CheckResult(False, str(refused))
    else:
        yield CheckResult(True, "the collector of OTEL_EXPORTER_OTLP_ENDPOINT takes them")
