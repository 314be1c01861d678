"""Database behaviour that casework relies on: reads, writes and enforced foreign keys."""

import datetime as dt
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, StatementError

from store.db.database import Database
from store.db.read_once import Of, read_each, read_once, shown_together
from store.db.together import Together
from store.tables import enrolments, schools
from store.tables.base import Instant
from tests.store.together import together
from tests.world import World


@pytest.fixture
def database(world: World) -> Database:
    return world.store.database


def names(connection: sa.Connection) -> list[str]:
    return list(connection.execute(sa.select(schools.c.name).order_by(schools.c.code)).scalars())


def rename(connection: sa.Connection, name: str) -> None:
    connection.execute(sa.update(schools).where(schools.c.code == "LANG").values(name=name))


def test_sqlite_is_in_the_mode_that_lets_pages_be_read_while_the_worker_writes(
    tmp_path: Path,
) -> None:
    database = Database(f"sqlite:///{tmp_path}/lantern.db")
    try:
        with database.read() as connection:
            pragmas = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                for name in ("journal_mode", "foreign_keys", "synchronous")
            }
    finally:
        database.close()
    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2}


def test_a_reference_to_nobody_is_refused(database: Database) -> None:
    nobody = {"student_id": 4711, "module_id": 4711, "starts": dt.date(2025, 9, 22)}

    with pytest.raises(IntegrityError), database.write() as connection:
        connection.execute(sa.insert(enrolments).values(nobody))


def test_a_reader_sees_one_state_while_a_writer_changes_it(database: Database) -> None:
    with database.read() as reader:
        before = names(reader)
        with database.write() as writer:
            rename(writer, "New Languages")
            assert names(reader) == before
        assert names(reader) == before, "the reader must not see half of two states"

    with database.read() as reader:
        assert names(reader) == ["New Languages", "School of Mathematics"]


def test_a_reader_keeps_nothing(database: Database) -> None:
    # PostgreSQL refuses at once; SQLite drops the change at the end.
    with suppress(sa.exc.InternalError), database.read() as connection:
        rename(connection, "Changed by a reader")

    with database.read() as connection:
        assert "Changed by a reader" not in names(connection)


def test_two_writers_at_once_wait_for_each_other(database: Database) -> None:
    """Each writer reads the counter and adds one; a lost update would show in the sum."""

    def count_up() -> None:
        for _ in range(10):
            with database.write() as connection:
                connection.execute(
                    sa.update(schools)
                    .where(schools.c.code == "LANG")
                    .values(last_case=schools.c.last_case + 1)
                )

    together(count_up, count_up)

    with database.read() as connection:
        total = connection.execute(sa.select(sa.func.sum(schools.c.last_case))).scalar_one()
    assert total == 20


def test_a_second_writer_waits_until_the_first_has_finished(database: Database) -> None:
    asked = threading.Event()

    def second() -> None:
        asked.set()
        with database.write() as connection:
            rename(connection, "Second")

    with database.write() as first:
        rename(first, "First")
        thread = threading.Thread(target=second)
        thread.start()
        assert asked.wait(30)
        assert names(first)[0] == "First"
    thread.join(30)

    with database.read() as connection:
        assert names(connection)[0] == "Second"


@pytest.mark.parametrize("verb", ["read", "write"])
def test_a_half_read_answer_that_an_error_keeps_alive_locks_nothing(
    database: Database, verb: str
) -> None:
    kept: list[object] = []

    def fails_half_way() -> None:
        with getattr(database, verb)() as connection:
            found = connection.execute(sa.select(schools.c.name))
            kept.append((found, found.fetchone()))
            raise ArithmeticError

    for name in ("First", "Second"):
        with pytest.raises(ArithmeticError):
            fails_half_way()
        other = Database(database.url.render_as_string(hide_password=False))
        for each in (other, database):
            with each.write() as connection:
                rename(connection, name)
        other.close()

    with database.read() as connection:
        assert names(connection)[0] == "Second"


def test_an_instant_without_a_time_zone_is_refused(world: World) -> None:
    naive = dt.datetime(2025, 10, 22, 9, 30)  # noqa: DTZ001

    world.clock.now = naive
    with (
        pytest.raises(StatementError, match="an instant needs a time zone"),
        world.store.unit_of_work() as work,
    ):
        work.record("system:test", "anything", "school:1")


@read_once
def _first_name(connection: sa.Connection) -> str:
    return names(connection)[0]


@read_each(Of.SCHOOL)
def _name_of(connection: sa.Connection, these: Collection[int]) -> dict[int, str]:
    query = sa.select(schools.c.id, schools.c.name).where(schools.c.id.in_(these))
    return dict(connection.execute(query).all())


@contextmanager
def asked(database: Database) -> Iterator[list[str]]:
    """Yield the list of queries made meanwhile."""
    found: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("SELECT schools"):
            found.append(statement)

    sa.event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        sa.event.remove(database.engine, "before_cursor_execute", note)


def test_a_transaction_asks_once_and_anew_after_its_own_change_or_lock(database: Database) -> None:
    with database.write() as connection, asked(database) as questions:
        assert _first_name(connection) == _first_name(connection) == "School of Languages"
        assert len(questions) == 1
        rename(connection, "Renamed")
        assert _first_name(connection) == "Renamed"

    with database.read() as connection, asked(database) as questions:
        assert _first_name(connection) == _first_name(connection) == "Renamed"
        assert len(questions) == 1


def test_what_is_shown_together_is_asked_for_at_once(database: Database) -> None:
    with database.read() as connection, asked(database) as questions:
        shown_together(connection, Of.SCHOOL, [1, 2])
        found = [_name_of(connection, school) for school in (1, 2, 1)]
        assert found[:2] == names(connection)
        assert len(questions) == 2, "one for both, and the comparison's own"


def test_several_questions_by_one_statement_keep_their_rows_order_and_types(
    database: Database,
) -> None:
    day = dt.date(2025, 10, 6)
    at = dt.datetime(2025, 10, 6, 8, tzinfo=dt.UTC)
    by_code = sa.select(schools.c.code, schools.c.id).order_by(schools.c.code.desc())
    mixed = sa.select(
        sa.literal(day, sa.Date).label("day"),
        sa.literal(at, Instant).label("at"),
        sa.literal(True, sa.Boolean).label("is_so"),
        sa.cast(sa.null(), sa.Text).label("gap"),
    )
    first = sa.select(schools.c.name).order_by(schools.c.code).limit(1)
    together = Together(by_code, mixed, first, first.where(schools.c.code == "none"))

    with database.read() as connection, asked(database) as apart:
        codes, (one,), (name,), none = together.rows(connection)
        assert not apart
        assert [tuple(row) for row in codes] == [tuple(r) for r in connection.execute(by_code)]
        assert len(codes) > 1
        assert (one.day, one.at, one.is_so, one.gap) == (day, at, True, None)
        assert name.name == names(connection)[0]
        assert none == []


def test_reads_together_see_one_state_until_something_is_changed(database: Database) -> None:
    with database.reads_together():
        with database.read() as first, asked(database) as questions:
            _first_name(first)
        with database.read() as second:
            assert second is first
            assert _first_name(second) == "School of Languages"
        assert len(questions) == 1
        with database.write() as writer:
            rename(writer, "Renamed")
        with database.read() as third:
            assert _first_name(third) == "Renamed"


def test_a_read_that_goes_on_is_not_closed_by_a_change_or_an_error(database: Database) -> None:
    with database.reads_together(), database.read() as goes_on:
        before = names(goes_on)
        with database.write() as writer:
            rename(writer, "Renamed")
        with suppress(LookupError), database.read():
            raise LookupError
        assert names(goes_on) == before
    with database.read() as connection:
        assert names(connection)[0] == "Renamed"
