"""The whole screening of one day at the bench's university: flags, cases and outbox rows."""

from __future__ import annotations

import datetime as dt
import shutil

import duckdb
import sqlalchemy as sa

from integrations.activity.population import refresh_roster
from integrations.bootstrap import Services, build
from integrations.settings import Settings
from store.actions.schools.load_roster import load_roster
from store.db.unit_of_work import Store
from store.policies.document import default_document
from store.policies.versions import publish
from store.rules.model import Level
from store.rules.policies.policy import Marker
from store.rules.schools import EnrolmentEntry, ModuleEntry, Roster, SchoolEntry, StudentEntry
from store.tables import cases, flags, outbox
from tests.bench.world import DAY, FAMILIES, SCHOOLS, SOURCE, World
from worker.jobs.flags import screen

_NIGHT = dt.datetime.combine(DAY, dt.time(5, 30), dt.UTC)


def open_night(world: World) -> Services:
    """Give a university that has never been screened. Its store is made once and copied each
    time."""
    first = world.root / "store"
    if not first.exists():
        _make_store(world)
    home = world.root / "night"
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(first, home, symlinks=True)
    return _services(world, "night")


def screen_night(services: Services) -> str:
    """Screen the day, and return what was written."""
    screen(services, DAY)
    with services.store.database.read() as connection:
        written = [
            connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in (flags, cases, outbox)
        ]
    return "{} flags, {} cases, {} outbox rows".format(*written)


def _make_store(world: World) -> None:
    home = world.root / "store"
    home.mkdir()
    services = _services(world, "store")
    # The university's own lake, where the settings look for it. It comes after the database, since
    # Lantern refuses a lake beside an empty database.
    (home / "lake").symlink_to(world.lake.roster.parent)
    load_roster(services.store, roster_of(world))
    _publish_policies(services.store)
    refresh_roster(services)
    services.close()


def _services(world: World, name: str) -> Services:
    settings = Settings(LANTERN_HOME=world.root / name, DATABASE_URL="", REDIS_URL="")
    return build(settings, now=lambda: _NIGHT)


def _publish_policies(store: Store) -> None:
    markers = [Marker(family, (SOURCE,)) for family in FAMILIES]
    for number in range(SCHOOLS):
        document = default_document(
            f"S{number}", f"s{number}@bench.example", DAY - dt.timedelta(days=60), markers
        )
        publish(store, document, f"s{number}.toml", actor="system:bench")


def roster_of(world: World) -> Roster:
    """Return the schools, modules, students and enrolments, without staff."""
    enrolled = duckdb.read_parquet(str(world.lake.roster))
    students = enrolled.select("student, home_school").distinct().order("student").fetchall()
    modules = enrolled.select("module, module_school").distinct().fetchall()
    number = {student: text for text, student in world.numbers}
    return Roster(
        schools=tuple(SchoolEntry(f"S{n}", f"School {n}") for n in range(SCHOOLS)),
        modules=tuple(ModuleEntry(code, code, school) for code, school in modules),
        students=tuple(
            StudentEntry(
                number=number[student],
                given_name="Bench",
                family_name=str(student),
                level=Level.UNDERGRADUATE,
                programme="Bench Studies",
                home_school=school,
            )
            for student, school in students
        ),
        enrolments=tuple(
            EnrolmentEntry(number[student], module, starts)
            for student, module, starts in enrolled.select("student, module, starts").fetchall()
        ),
    )
