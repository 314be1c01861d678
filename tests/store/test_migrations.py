"""The migrations create exactly the tables that the code uses."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from threading import Barrier

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from store import migrations
from store.audit import GENESIS
from store.db.database import Database
from store.encryption import Encryption, SealBroken
from store.tables import audit_head, metadata, schools
from tests.stores import SEAL


@pytest.fixture
def database(fresh_database_url: str) -> Iterator[Database]:
    database = Database(fresh_database_url)
    yield database
    database.close()


def test_an_empty_database_gets_every_table(database: Database) -> None:
    assert not migrations.is_current(database)

    migrations.upgrade(database, SEAL)

    assert migrations.is_current(database)
    with database.read() as connection:
        made = set(sa.inspect(connection).get_table_names())
        assert made - {"alembic_version"} == set(metadata.tables)
        assert connection.execute(sa.select(audit_head.c.seq, audit_head.c.hash)).all() == [
            (0, GENESIS)
        ]


def test_the_steps_make_what_the_code_expects_and_nothing_else(database: Database) -> None:
    migrations.upgrade(database, SEAL)

    with database.read() as connection:
        assert migrations.schema_differences(connection) == []


def test_a_missing_column_is_noticed(database: Database) -> None:
    """Shows that the test above can fail."""
    migrations.upgrade(database, SEAL)
    with database.write() as connection:
        connection.execute(sa.text("ALTER TABLE schools DROP COLUMN faculty"))

    with database.read() as connection:
        assert "faculty" in str(migrations.schema_differences(connection))


def test_upgrading_again_keeps_what_is_stored(database: Database) -> None:
    migrations.upgrade(database, SEAL)
    with database.write() as connection:
        connection.execute(sa.insert(schools).values(code="LANG", name="Languages", faculty=""))

    migrations.upgrade(database, SEAL)

    with database.read() as connection:
        assert connection.execute(sa.select(schools.c.code)).scalars().all() == ["LANG"]
        assert connection.execute(sa.select(audit_head.c.seq)).scalars().all() == [0]


def test_the_database_itself_allows_one_open_case_and_one_active_flag(database: Database) -> None:
    migrations.upgrade(database, SEAL)

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
    names = [re.match(r"((\d{4})[a-z]?)_[a-z_]+\.py$", name) for name in steps]
    assert all(names)
    numbers = sorted({int(name[2]) for name in names if name})

    assert numbers == list(range(1, len(numbers) + 1))
    scripts = ScriptDirectory.from_config(migrations.config_of_steps())
    assert {name[1] for name in names if name} == {
        each.revision for each in scripts.walk_revisions()
    }
    assert scripts.get_heads() == [migrations.newest_step()]


def before_the_seal(database: Database) -> None:
    """Create a database of the step before, with an answer and a complaint's evidence unsealed."""
    migrations.upgrade(database, SEAL, to="0007")
    at = {"at": "2025-10-22 09:30:00+00:00"}
    with database.write() as connection:
        for statement in OPEN_ROWS:
            connection.execute(sa.text(statement), at if ":at" in statement else {})


OPEN_ROWS = (
    "INSERT INTO schools (id, code, name, faculty) VALUES (1, 'LANG', 'Languages', '')",
    "INSERT INTO staff (id, email, name, active) VALUES (1, 'a@example.ac.uk', 'Alice', TRUE)",
    "INSERT INTO students (id, number, given_name, family_name, level, programme, home_school_id,"
    " university_email, personal_email) VALUES"
    " (1, '1', 'Dana', 'Dvorak', 'undergraduate', 'R100', 1, '', '')",
    "INSERT INTO cases (id, reference, student_id, school_id, status, version, opened_on,"
    " opened_at, changed_at, outcome_note, weeks, weeks_until) VALUES"
    " (1, 'LANG-1', 1, 1, 'responded', 1, '2025-10-20', :at, :at, '', '[]', '2025-10-19')",
    "INSERT INTO outreach (id, case_id, rung, status, drafter_id, writers, sender, recipient,"
    " subject, body, version, drafted_at) VALUES"
    " (1, 1, 'university-email', 'sent', 1, '[1]', '', '', '', '', 1, :at)",
    "INSERT INTO replies (case_id, outreach_id, message_id, body, received_at) VALUES"
    " (1, 1, 'm1', 'I was in hospital', :at), (1, 1, 'm2', '', :at)",
    "INSERT INTO complaints (case_id, recorded_by, summary, informal_by, evidence, evidence_hash,"
    " at, resolution) VALUES (1, 1, '', '2025-11-01', '{\"frozen\": 1}', 'x', :at, '')",
)


def texts(database: Database) -> list[str]:
    with database.read() as connection:
        bodies = connection.execute(sa.text("SELECT body FROM replies ORDER BY id")).scalars()
        return [*bodies, *connection.execute(sa.text("SELECT evidence FROM complaints")).scalars()]


def test_answers_that_lie_open_are_sealed_by_the_step(database: Database) -> None:
    before_the_seal(database)
    open_texts = texts(database)

    migrations.upgrade(database, SEAL)

    sealed = texts(database)
    assert "hospital" not in str(sealed)
    assert [SEAL.open(each) for each in sealed] == open_texts
    migrations.upgrade(database, SEAL)
    assert texts(database) == sealed, "once is enough"


def test_with_another_key_the_step_changes_nothing(database: Database) -> None:
    before_the_seal(database)
    with database.write() as connection:
        connection.execute(
            sa.text("INSERT INTO seal_checks VALUES ('probe', :s)"), {"s": SEAL.close("probe")}
        )
    before = texts(database)

    with pytest.raises(SealBroken):
        migrations.upgrade(database, Encryption("a key of somebody else"))

    assert texts(database) == before
    assert not migrations.is_current(database)


def test_upgrades_at_the_same_time_wait_for_each_other(fresh_database_url: str) -> None:
    """As when three machines run the release at the same time."""
    together = Barrier(3)

    def release(_: int) -> bool:
        database = Database(fresh_database_url)
        try:
            together.wait(timeout=60)
            migrations.upgrade(database, SEAL)
            return migrations.is_current(database)
        finally:
            database.close()

    with ThreadPoolExecutor(3) as machines:
        assert list(machines.map(release, range(3))) == [True, True, True]


def test_a_database_of_a_newer_version_is_told_from_an_older_one(database: Database) -> None:
    migrations.upgrade(database, SEAL)
    assert not migrations.is_newer(database)
    with database.write() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    assert migrations.is_newer(database)
    assert not migrations.is_current(database)
