"""The bench's university with its staff: their accounts on Slack and a channel for each school."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import sqlalchemy as sa

from integrations import bootstrap
from integrations.activity.population import refresh_roster
from integrations.bootstrap import Services
from integrations.settings import Settings
from store.actions.schools.load_roster import load_roster
from store.platforms.accounts import enrol
from store.policies.document import default_document
from store.policies.versions import publish
from store.queries.schools.staff import School, all_schools
from store.rules.calendar import institution_day
from store.rules.model import Platform, Role
from store.rules.policies.policy import Marker
from store.rules.schools import StaffEntry
from store.tables import cases, channels, interventions, outbox
from tests.bench.night import roster_of
from tests.bench.world import FAMILIES, SCHOOLS, SOURCE, World, build
from tests.fakes.slack.records import BOT, TEAM, SlackChannel, SlackPerson
from tests.fakes.slack.service import FakeSlack

NOTE = "An invented note, written under load."


@dataclass(frozen=True, slots=True)
class Clicker:
    """A colleague: their account, their school's channel, and the cases there (id, reference)."""

    user: str
    channel: str
    cases: Sequence[tuple[int, str]]


def last_school_day() -> dt.date:
    """Return the newest day on which schools work, so that a run on a Sunday has a morning too."""
    day = institution_day(dt.datetime.now(dt.UTC))
    return day - dt.timedelta(days=max(day.weekday() - 4, 0))


def make(home: Path, settings: Settings, slack: FakeSlack, students: int, staff: int) -> World:
    """Make the database, the lake and the accounts on Slack, in an empty home."""
    world = World(home.parent / "university", last_school_day())
    world.root.mkdir()
    services = bootstrap.build(settings, migrate=True)
    try:
        build(world.root, students, lambda *_: None, world.day)
        # After the database, since Lantern refuses a lake beside an empty one.
        (home / "lake").rmdir() if (home / "lake").exists() else None
        (home / "lake").symlink_to(world.lake.roster.parent)
        load_roster(services.store, replace(roster_of(world), staff=_staff(staff)))
        _publish(services, world.day)
        refresh_roster(services)
        _give_accounts(services, slack, staff)
    finally:
        services.close()
    return world


def clickers(services: Services, staff: int) -> list[Clicker]:
    """Return the staff of every school that has cases, with these cases."""
    schools = {each.id: number for number, each in enumerate(_schools(services))}
    found: dict[int, list[tuple[int, str]]] = {number: [] for number in schools.values()}
    query = sa.select(cases.c.school_id, cases.c.id, cases.c.reference).order_by(cases.c.id)
    with services.store.database.read() as connection:
        for school, case, reference in connection.execute(query):
            found[schools[school]].append((case, reference))
    return [
        Clicker(_user(number), _channel(number % SCHOOLS), found[number % SCHOOLS])
        for number in range(staff)
        if found[number % SCHOOLS]
    ]


def notes_kept(services: Services) -> int:
    """Return how many of the notes of the clicks are stored."""
    mine = interventions.c.kind == "note"
    with services.store.database.read() as connection:
        query = sa.select(sa.func.count()).select_from(interventions).where(mine)
        return int(connection.execute(query).scalar_one())


def cards_waiting(services: Services) -> int:
    """Return how many cards of cases have not been posted yet."""
    unsent = outbox.c.state.in_(("due", "sending")) & (outbox.c.kind == "card")
    with services.store.database.read() as connection:
        query = sa.select(sa.func.count()).select_from(outbox).where(unsent)
        return int(connection.execute(query).scalar_one())


def _staff(number: int) -> tuple[StaffEntry, ...]:
    """Return each school's staff in turn: its lead first, then advisers."""
    return tuple(
        StaffEntry(
            _address(n),
            f"Colleague {n}",
            ((f"S{n % SCHOOLS}", Role.ADVISER if n >= SCHOOLS else Role.ENGAGEMENT_LEAD),),
            dt.date(2025, 9, 1),
        )
        for n in range(number)
    )


def _publish(services: Services, day: dt.date) -> None:
    markers = [Marker(family, (SOURCE,)) for family in FAMILIES]
    for number in range(SCHOOLS):
        since = day - dt.timedelta(days=60)
        document = default_document(f"S{number}", f"s{number}@bench.example", since, markers)
        publish(services.store, document, f"s{number}.toml", actor="system:load")


def _give_accounts(services: Services, slack: FakeSlack, staff: int) -> None:
    users = [_user(n) for n in range(staff)]
    slack.people |= {u: SlackPerson(u, _address(n)) for n, u in enumerate(users)}
    for number, school in enumerate(_schools(services)):
        channel = _channel(number)
        slack.channels[channel] = SlackChannel(channel, [*users[number::SCHOOLS], BOT])
        row = {"school_id": school.id, "platform": Platform.SLACK, "tenant": TEAM}
        with services.store.unit_of_work() as work:
            made = sa.insert(channels).values(**row, channel=channel, name=school.code)
            work.connection.execute(made)
        mine = {_address(n): _user(n) for n in range(number, staff, SCHOOLS)}
        enrol(services.store, Platform.SLACK, TEAM, school.id, mine)


def _schools(services: Services) -> list[School]:
    with services.store.database.read() as connection:
        found = {each.code: each for each in all_schools(connection)}
    return [found[f"S{number}"] for number in range(SCHOOLS)]


def _user(number: int) -> str:
    return f"U0LOAD{number}"


def _channel(number: int) -> str:
    return f"C0LOAD{number}"


def _address(number: int) -> str:
    return f"colleague{number}@example.ac.uk"
