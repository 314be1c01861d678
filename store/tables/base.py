"""Building blocks of tables: the metadata, aware instants, numbered keys."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator

from store.rules.errors import TIME_UNREADABLE, CaseworkError

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[dt.datetime]):
    """An aware UTC instant, on SQLite too, which stores no time zone of its own."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: sa.Dialect) -> Any:  # noqa: ARG002
        """Convert to UTC; raises ``ValueError`` for a naive datetime, whose meaning is unclear."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(dt.UTC)

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Any:
        """Return what reads a value. It raises ``CaseworkError`` where Lantern did not write it."""
        read = super().result_processor(dialect, coltype)
        if read is None:
            return None

        def read_or_refuse(value: Any) -> dt.datetime | None:
            try:
                found: dt.datetime | None = read(value)
            except (ValueError, TypeError, AttributeError, OverflowError):
                raise CaseworkError(TIME_UNREADABLE) from None
            return found

        return read_or_refuse

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> dt.datetime | None:  # noqa: ARG002
        """Return the instant in UTC, whatever zone the driver uses."""
        if value is None:
            return None
        stamp: dt.datetime = value
        return stamp.replace(tzinfo=dt.UTC) if stamp.tzinfo is None else stamp.astimezone(dt.UTC)


def row_id() -> sa.Column[int]:
    """Return the numbered key of a table."""
    # SQLite only numbers a plain INTEGER key by itself; PostgreSQL wants the room of a BIGINT.
    kind = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    return sa.Column("id", kind, primary_key=True)


def to(table: str, name: str, *, null: bool = False, index: bool = True) -> sa.Column[int]:
    """Return a column that points to a row of another table."""
    return sa.Column(name, sa.ForeignKey(f"{table}.id"), nullable=null, index=index)


def text(name: str, *, default: str | None = None) -> sa.Column[str]:
    """Return a text column that is never NULL; it may be empty."""
    return sa.Column(name, sa.Text, nullable=False, default=default)
