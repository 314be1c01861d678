"""Each saved database of an older version is upgraded, and that version works on the new schema.

The files were written by those versions themselves: see ``make_database``.
"""

import gzip
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy import make_url

from integrations import bootstrap
from integrations.settings import WrongSetting, load_settings
from store import migrations
from store.actions.privacy.seal_words import Sealing, seal_words, sealing
from store.db.database import Database
from store.rules.model import OutreachStatus
from store.tables import outreach, replies, views
from tests.servers import new_postgresql_database
from tests.stores import SEAL
from tests.world import World, opened_world

HERE = Path(__file__).parent
KEPT = sorted(each.name.removesuffix(".sql.gz") for each in HERE.glob("database_*.sql.gz"))

Open = Callable[[str], str]


@pytest.fixture
def old_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Restore a saved database and return its URL."""
    made: list[Any] = []

    def put_back(name: str) -> str:
        text = gzip.decompress((HERE / f"{name}.sql.gz").read_bytes()).decode()
        if name.endswith("sqlite"):
            file = tmp_path / "lantern.db"
            with closing(sqlite3.connect(file)) as connection:
                connection.executescript(text)
            return f"sqlite:///{file}"
        server = request.getfixturevalue("postgres_url")
        empty = new_postgresql_database(server)
        made.append(empty)
        url = empty.__enter__()
        plain = make_url(url).set(drivername="postgresql")
        with psycopg.connect(plain.render_as_string(hide_password=False)) as connection:
            connection.execute(text.encode())
        return url

    yield put_back
    for each in made:
        each.__exit__(None, None, None)


def stored(url: str) -> tuple[sa.MetaData, dict[str, int]]:
    """Return the tables with their columns, and each table's number of rows."""
    engine = sa.create_engine(url)
    metadata = sa.MetaData()
    metadata.reflect(engine)
    with engine.connect() as connection:
        counts = {
            name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for name, table in metadata.tables.items()
        }
    engine.dispose()
    return metadata, counts


def test_each_kind_of_database_was_kept() -> None:
    kinds = {name.rpartition(".")[2] for name in KEPT}
    assert kinds == {"sqlite", "postgresql"}
    assert len(KEPT) >= 8


@pytest.mark.parametrize("name", KEPT)
def test_an_old_database_is_upgraded_and_loses_nothing(name: str, old_database: Open) -> None:
    url = old_database(name)
    _, before = stored(url)
    database = Database(url)
    try:
        migrations.upgrade(database, SEAL)
        assert migrations.is_current(database)
        with database.read() as connection:
            assert migrations.schema_differences(connection) == []
    finally:
        database.close()
    _, after = stored(url)
    assert {table: after[table] for table in before} == before
    with opened_world(url) as world:
        has_what_it_had(world)
        goes_on(world)
        seals_its_words(world)


def has_what_it_had(world: World) -> None:
    assert world.store.verify_audit() is None
    (answer,) = world.rows(replies)
    assert world.store.seal.open(answer["body"]) == "I was ill. Could we talk on Friday?"
    sent, draft = world.rows(outreach)
    assert (sent["status"], draft["status"]) == (OutreachStatus.SENT, OutreachStatus.DRAFT)


def seals_its_words(world: World) -> None:
    """Seal the old words by keys of their students, as the command does."""
    before = world.rows(views)
    assert seal_words(world.store) > 0
    with world.store.database.read() as connection:
        assert sealing(connection) == Sealing(True, 0, 0)
    (answer,) = world.rows(replies)
    assert answer["body"] == "I was ill. Could we talk on Friday?"
    assert world.rows(views) == before


def goes_on(world: World) -> None:
    """Give a view on the case from before the upgrade, as a colleague."""
    world._keys = count(1_000)  # new keys for clicks: the old ones are used
    before = len(world.rows(views))
    (case,) = [row["case_id"] for row in world.rows(outreach, status=OutreachStatus.DRAFT)]
    world.give_view(case)
    assert len(world.rows(views)) == before + 1
    assert world.store.verify_audit() is None


# -- Back by one version -------------------------------------------------------------------------


@pytest.mark.parametrize("name", KEPT)
def test_the_steps_since_then_only_added(name: str, old_database: Open) -> None:
    """Later steps only add to the schema, so that version's code works on today's tables."""
    url = old_database(name)
    known, _ = stored(url)
    database = Database(url)
    try:
        migrations.upgrade(database, SEAL)
        assert migrations.serves(database, known)
    finally:
        database.close()


@pytest.fixture
def newer(old_database: Open) -> Callable[[str, str], str]:
    """Create a database of this version after a later version's step."""

    def migrated(name: str, step: str) -> str:
        url = old_database(name)
        database = Database(url)
        migrations.upgrade(database, SEAL)
        with database.write() as connection:
            for line in (step, "UPDATE alembic_version SET version_num = '9999'"):
                connection.execute(sa.text(line))
        database.close()
        return url

    return migrated


ADDED = "ALTER TABLE cases ADD COLUMN later TEXT"
NEWEST = [name for name in KEPT if name.startswith(KEPT[-1].partition(".")[0])]


@pytest.mark.parametrize("name", NEWEST)
def test_a_version_rolled_back_works_with_what_the_newer_one_only_added(
    name: str, newer: Callable[[str, str], str]
) -> None:
    url = newer(name, ADDED)
    database = Database(url)
    assert migrations.is_newer(database)
    assert migrations.serves_this_version(database)
    database.close()
    with opened_world(url) as world:
        has_what_it_had(world)
        goes_on(world)
        seals_its_words(world)


@pytest.mark.parametrize(
    "step",
    [
        "ALTER TABLE cases ADD COLUMN later TEXT NOT NULL DEFAULT ''",
        "CREATE TABLE later (id INTEGER PRIMARY KEY, word TEXT NOT NULL)",
    ],
)
def test_what_an_older_version_can_leave_out_does_not_stop_it(
    step: str, newer: Callable[[str, str], str], tmp_path: Path
) -> None:
    keys = {"audit_key": 40 * "x", "encryption_key": 40 * "y"}
    url = newer(NEWEST[-1], step)
    bootstrap.build(load_settings(home=tmp_path, database_url=url, **keys)).close()


@pytest.mark.parametrize(
    "step",
    [
        "ALTER TABLE schools DROP COLUMN faculty",
        "ALTER TABLE schools RENAME COLUMN faculty TO division",
        "DROP TABLE slots",
    ],
)
def test_a_newer_database_that_lacks_something_is_refused(
    step: str, newer: Callable[[str, str], str], tmp_path: Path
) -> None:
    settings = load_settings(home=tmp_path / "home", database_url=newer(NEWEST[-1], step))
    with pytest.raises(WrongSetting, match="of a newer version of Lantern than this program"):
        bootstrap.build(settings)
