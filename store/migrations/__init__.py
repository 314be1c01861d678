"""The numbered steps from an empty database to ``store.tables``, and how they are taken.

Alembic is imported where a step is taken. Most starts only look whether there is one to take, and
would wait for the import longer than for the look.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import sqlalchemy as sa

from store.db.database import Database
from store.encryption import Encryption
from store.tables import metadata

if TYPE_CHECKING:
    from alembic.config import Config

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
    """Say whether the database has taken every step that this version of Lantern knows."""
    return _taken(database) == {newest_step()}


def is_newer(database: Database) -> bool:
    """Say whether the database has taken a step that this version of Lantern does not know."""
    return not _taken(database) <= _known()


def newest_step() -> str:
    """Return the number of the newest step."""
    return max(_known())


def _taken(database: Database) -> set[str]:
    with database.read() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return set()
        return set(connection.scalars(sa.text("SELECT version_num FROM alembic_version")))


@cache
def _known() -> frozenset[str]:
    """The number of each step, with which its file's name begins."""
    steps = files(__package__).joinpath("versions").iterdir()
    return frozenset(each.name.split("_")[0] for each in steps if each.name.endswith(".py"))


def schema_differences(connection: sa.Connection) -> list[object]:
    """Say what ``store.tables`` has that the migrated database has not, and the other way round."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


def config_of_steps() -> Config:
    """Return what Alembic finds the steps with."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(files(__package__)))
    # A folder of versions is a list of paths to Alembic, which splits on this.
    config.set_main_option("path_separator", "os")
    return config
