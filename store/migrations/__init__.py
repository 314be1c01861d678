"""Migrate a database by numbered steps to the schema in ``store.tables``.

Alembic is imported only to take a step: most starts only check whether one is needed, and the
import takes longer than the check.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import sqlalchemy as sa

from store.db.database import Database
from store.encryption import Encryption
from store.tables import audit, audit_head, metadata

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic.config import Config
    from sqlalchemy.engine.interfaces import ReflectedColumn

_LOCK = 0x1A57E12
"""Lantern's number for the advisory lock in PostgreSQL."""
_PATIENCE = ("SET LOCAL statement_timeout = 0", "SET LOCAL lock_timeout = '10min'")
"""A migration may take long, and so may waiting for another process's."""

_OF_EXTENSIONS = (
    "SELECT c.relname FROM pg_class c JOIN pg_depend d ON d.objid = c.oid AND d.deptype = 'e' "
    "AND d.classid = 'pg_class'::regclass"
)


_STEPS = "alembic_version"
_AUDIT = (audit, audit_head)


def upgrade(database: Database, seal: Encryption, to: str = "head") -> None:
    """Migrate the database to the newest step; does nothing where it is current.

    Of several processes at once, one migrates and the others wait for it.

    ``seal`` encrypts texts that earlier versions stored in the clear. Raises ``SealBroken``, and
    changes nothing, where the database was first used with another key.
    """
    from alembic import command

    config = config_of_steps()
    config.attributes["seal"] = seal
    with database.write() as connection:
        if not database.is_sqlite:  # SQLite lets one writer begin at a time
            for line in (*_PATIENCE, f"SELECT pg_advisory_xact_lock({_LOCK})"):
                connection.execute(sa.text(line))
        config.attributes["connection"] = connection
        command.upgrade(config, to)


def is_current(database: Database) -> bool:
    """Return whether the database has taken every step that this version of Lantern knows."""
    return _taken(database) == {newest_step()}


def is_newer(database: Database) -> bool:
    """Return whether the database has taken a step that this version of Lantern does not know."""
    return not _taken(database) <= _known()


def serves_this_version(database: Database) -> bool:
    """Return whether this version can work with a newer version's database, as in a rollback.

    It can where the newer steps only added: everything that this version knows is there as it
    knows it, and a row that it writes may leave out the columns that it does not know.
    """
    return serves(database, metadata)


def serves(database: Database, known: sa.MetaData) -> bool:
    """Return whether code that knows these tables can work with the database."""
    with database.read() as connection:
        looks = sa.inspect(connection)
        if not set(known.tables) <= set(looks.get_table_names()):
            return False
        return all(_serves(table, looks.get_columns(table.name)) for table in known.tables.values())


def _serves(table: sa.Table, columns: Sequence[ReflectedColumn]) -> bool:
    there = {column["name"]: column for column in columns}
    if not set(table.c.keys()) <= there.keys():
        return False
    # What this version leaves empty must not be required, whether it knows the column or not.
    required = (
        name
        for name, column in there.items()
        if not column["nullable"] and column["default"] is None
    )
    return all(name in table.c and not table.c[name].nullable for name in required)


def is_of_others(database: Database) -> bool:
    """Return whether the database holds tables of another program, and none that is migrated here.

    Tables that belong to an extension of PostgreSQL, such as PostGIS, count for nothing.
    """
    with database.read() as connection:
        names = set(sa.inspect(connection).get_table_names()) - {_STEPS}
        if not database.is_sqlite:
            names -= set(connection.scalars(sa.text(_OF_EXTENSIONS)))
    is_begun = bool(_taken(database))
    return bool(names) and not (is_begun and names & set(metadata.tables))


def lost(database: Database) -> str:
    """Return what was taken out of Lantern's database from outside, such as ``the table audit``; ''
    where nothing is missing, or the database is new or another program's.

    Where it is at this version's step every table is looked for, and else the two of the audit. Of
    these two each column is looked for too, and its type.
    """
    with database.read() as connection:
        looks = sa.inspect(connection)
        there = set(looks.get_table_names())
        if not there & metadata.tables.keys():
            return ""
        if _STEPS not in there:
            return f"the table {_STEPS}" if _AUDIT[1].name in there else ""
        wanted = set(metadata.tables) if is_current(database) else {table.name for table in _AUDIT}
        if gone := sorted(wanted - there, key=lambda name: (not name.startswith("audit"), name)):
            return f"the table {gone[0]}"
        for table in _AUDIT if is_current(database) else ():
            kinds = {
                column["name"]: column["type"].compile(connection.dialect)
                for column in looks.get_columns(table.name)
            }
            for name, column in table.c.items():
                if kinds.get(name) != column.type.compile(connection.dialect):
                    return f"the column {name} of the table {table.name}"
    return ""


def newest_step() -> str:
    """Return the number of the newest step."""
    return max(_known())


def _taken(database: Database) -> set[str]:
    with database.read() as connection:
        if not sa.inspect(connection).has_table(_STEPS):
            return set()
        return set(
            connection.scalars(sa.select(sa.column("version_num")).select_from(sa.table(_STEPS)))
        )


@cache
def _known() -> frozenset[str]:
    """Return the number of each step, with which its file's name begins."""
    steps = files(__package__).joinpath("versions").iterdir()
    return frozenset(each.name.split("_")[0] for each in steps if each.name.endswith(".py"))


def schema_differences(connection: sa.Connection) -> list[object]:
    """Return the differences between ``store.tables`` and the migrated database."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


def config_of_steps() -> Config:
    """Return Alembic's configuration, with the location of the steps."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(files(__package__)))
    # A folder of versions is a list of paths to Alembic, which splits on this.
    config.set_main_option("path_separator", "os")
    return config
