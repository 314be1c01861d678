"""The numbered steps make exactly the tables that the code works with."""

import re
from collections.abc import Iterator
from importlib.resources import files

import pytest
import sqlalchemy as sa

from store import migrations
from store.audit import GENESIS
from store.database import Database
from store.tables import audit_head, metadata, schools


@pytest.fixture
def database(fresh_database_url: str) -> Iterator[Database]:
    database = Database(fresh_database_url)
    yield database
    database.close()


def test_an_empty_database_gets_every_table(database: Database) -> None:
    assert not migrations.is_current(database)

    migrations.upgrade(database)

    assert migrations.is_current(database)
    with database.read() as connection:
        made = set(sa.inspect(connection).get_table_names())
        assert made - {"alembic_version"} == set(metadata.tables)
        assert connection.execute(sa.select(audit_head.c.seq, audit_head.c.hash)).all() == [
            (0, GENESIS)
        ]


def test_the_steps_make_what_the_code_expects_and_nothing_else(database: Database) -> None:
    migrations.upgrade(database)

    with database.read() as connection:
        assert migrations.differences(connection) == []


def test_a_missing_column_is_noticed(database: Database) -> None:
    """So that the test above can be trusted."""
    migrations.upgrade(database)
    with database.write() as connection:
        connection.execute(sa.text("ALTER TABLE schools DROP COLUMN faculty"))

    with database.read() as connection:
        assert "faculty" in str(migrations.differences(connection))


def test_upgrading_again_keeps_what_is_stored(database: Database) -> None:
    migrations.upgrade(database)
    with database.write() as connection:
        connection.execute(sa.insert(schools).values(code="LANG", name="Languages", faculty=""))

    migrations.upgrade(database)

    with database.read() as connection:
        assert connection.execute(sa.select(schools.c.code)).scalars().all() == ["LANG"]
        assert connection.execute(sa.select(audit_head.c.seq)).scalars().all() == [0]


def test_the_database_itself_allows_one_open_case_and_one_active_flag(database: Database) -> None:
    migrations.upgrade(database)

    with database.read() as connection:
        looks = sa.inspect(connection)
        unique = {
            str(index["name"])
            for table in ("cases", "flags")
            for index in looks.get_indexes(table)
            if index["unique"]
        }
    assert unique >= {"uq_cases_one_open", "uq_flags_one_active"}


def test_there_is_one_newest_step_and_the_files_count_up() -> None:
    steps = sorted(
        entry.name
        for entry in files("store.migrations").joinpath("versions").iterdir()
        if entry.name.endswith(".py")
    )
    numbers = [re.match(r"(\d{4})_[a-z_]+\.py$", name) for name in steps]

    assert [number and int(number[1]) for number in numbers] == list(range(1, len(steps) + 1))
    assert migrations.heads() == [steps[-1][:4]]
