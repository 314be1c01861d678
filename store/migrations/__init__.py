"""The numbered steps from an empty database to ``store.tables``, and how they are taken."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from store.db.database import Database
from store.encryption import Encryption
from store.tables import metadata

_LOCK = 0x1A57E12
"""Lantern's own number among the locks that programs agree on in PostgreSQL."""
_PATIENCE = ("SET LOCAL statement_timeout = 0", "SET LOCAL lock_timeout = '10min'")
"""A step may take long, and so may waiting for another process that takes it."""


def upgrade(database: Database, seal: Encryption, to: str = "head") -> None:
    """Bring the database to the newest step; one that is there already is left as it is.

    Of several at once the others wait for the first, and find its work done.

    ``seal`` closes what was kept open before. Raises ``SealBroken`` where the database was begun
    with another one; nothing is changed then.
    """
    config = _config()
    config.attributes["seal"] = seal
    with database.write() as connection:
        if not database.is_sqlite:  # SQLite lets one writer begin at a time
            for line in (*_PATIENCE, f"SELECT pg_advisory_xact_lock({_LOCK})"):
                connection.execute(sa.text(line))
        config.attributes["connection"] = connection
        command.upgrade(config, to)


def is_current(database: Database) -> bool:
    """Say whether the database has taken every step that this version of Lantern knows."""
    return _taken(database) == set(heads())


def is_newer(database: Database) -> bool:
    """Say whether the database has taken a step that this version of Lantern does not know."""
    taken = _taken(database)
    # All steps are read only where there is something to find among them.
    return bool(taken) and not taken <= _known()


def _taken(database: Database) -> set[str]:
    with database.read() as connection:
        return set(MigrationContext.configure(connection).get_current_heads())


@cache
def _known() -> frozenset[str]:
    scripts = ScriptDirectory.from_config(_config())
    return frozenset(each.revision for each in scripts.walk_revisions())


@cache
def heads() -> tuple[str, ...]:
    """Return the newest steps; more than one means that two were written side by side."""
    return tuple(ScriptDirectory.from_config(_config()).get_heads())


def schema_differences(connection: sa.Connection) -> list[object]:
    """Say what ``store.tables`` has that the migrated database has not, and the other way round."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(files(__package__)))
    # A folder of versions is a list of paths to Alembic, which splits on this.
    config.set_main_option("path_separator", "os")
    return config
