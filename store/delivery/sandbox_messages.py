"""The sandbox's messages: one table, for both databases and any number of processes.

Every change gives its row a higher revision than all before, so that a page can ask for changes
with one number.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from store.db.database import Database
from store.tables import sandbox_messages as table

# A deleted message keeps an empty row with a revision, so that a page that shows it learns that it
# is gone, and `revision` never falls.
_GONE: Mapping[str, Any] = {}

_NEXT = sa.select(sa.func.coalesce(sa.func.max(table.c.revision), 0) + 1).scalar_subquery()


class NoSuchThread(Exception):
    """The message to reply to is not in this channel."""


class Unanswered(Exception):
    """The database did not answer. Any write can be repeated, whether or not it succeeded."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message as a page shows it.

    ``payload`` holds ``html`` and ``summary`` where Lantern posted it, ``text`` where a person
    wrote it, and nothing where it was deleted. ``thread`` is the id of the message it answers.
    """

    id: int
    channel: str
    thread: int | None
    author: str
    payload: Mapping[str, Any]
    posted_at: dt.datetime
    changed_at: dt.datetime
    revision: int


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message to be written. ``thread`` is any message of its thread; ``key`` identifies it."""

    channel: str
    author: str
    key: str
    payload: Mapping[str, Any]
    thread: int | None = None


class SandboxMessages:
    """Reads and writes the sandbox's messages. Writing raises ``Unanswered``."""

    def __init__(self, database: Database, now: Callable[[], dt.datetime]) -> None:
        self._database = database
        self._now = now

    def put(self, new: NewMessage) -> int:
        """Write a message, or replace the one with the same key; return its id.

        Raises ``NoSuchThread`` where the channel does not have the thread.
        """
        with self._writing() as connection:
            insert = self._insert(connection, new)
            renewed = {name: insert.excluded[name] for name in ("payload", "changed_at")}
            statement = insert.on_conflict_do_update(
                index_elements=[table.c.key], set_={**renewed, "revision": _NEXT}
            ).returning(table.c.id)
            return int(connection.execute(statement).scalar_one())

    def add(self, new: NewMessage) -> int | None:
        """Write a message and return its id; None where a message with its key exists."""
        with self._writing() as connection:
            insert = self._insert(connection, new)
            said = insert.on_conflict_do_nothing().returning(table.c.id)
            made: int | None = connection.execute(said).scalar_one_or_none()
        return made

    def change(self, channel: str, message: int, payload: Mapping[str, Any] = _GONE) -> bool:
        """Replace what a message says, or delete it; False where it is gone already."""
        this = (table.c.id == message, table.c.channel == channel, _is_there(table))
        values = {"payload": dict(payload), "changed_at": self._now(), "revision": _NEXT}
        with self._writing() as connection:
            changed = connection.execute(table.update().where(*this).values(values))
        return changed.rowcount == 1

    def below(self, channel: str, message: int) -> list[int]:
        """Return the ids of the replies to a message, oldest first."""
        query = sa.select(table.c.id).where(
            table.c.thread == message, table.c.channel == channel, _is_there(table)
        )
        with self._database.read() as connection:
            return list(connection.execute(query.order_by(table.c.id)).scalars())

    def newest(
        self, channel: str, *, after: int = 0, before: int | None = None, limit: int = 100
    ) -> list[Message]:
        """Return a channel's newest ``limit`` conversations with all replies, oldest first.

        ``after`` leaves out messages not changed since that revision; ``before``, the id of a
        message, continues from there into the past. A deleted message is included if it has
        replies.
        """
        replies = table.alias()
        answered = sa.exists().where(replies.c.thread == table.c.id, _is_there(replies))
        roots = sa.select(table.c.id).where(
            table.c.channel == channel, table.c.thread.is_(None), _is_there(table) | answered
        )
        if before is not None:
            roots = roots.where(table.c.id < before)
        roots = roots.order_by(table.c.id.desc()).limit(limit)
        shown = table.c.id.in_(roots) | (table.c.thread.in_(roots) & _is_there(table))
        columns = [column for column in table.c if column is not table.c.key]
        newest = sa.select(*columns).where(shown, table.c.revision > after).order_by(table.c.id)
        with self._database.read() as connection:
            return [Message(**row) for row in connection.execute(newest).mappings()]

    def unread(self, since: Mapping[str, int], reader: str) -> Mapping[str, int]:
        """Count the messages by others than ``reader`` above an id; channels without any are left
        out.

        ``since`` maps a channel to the id of the newest message that was seen in it.
        """
        newer = [(table.c.channel == name) & (table.c.id > seen) for name, seen in since.items()]
        counts = (
            sa.select(table.c.channel, sa.func.count().label("number"))
            .where(sa.or_(sa.false(), *newer), table.c.author != reader, _is_there(table))
            .group_by(table.c.channel)
        )
        with self._database.read() as connection:
            return {row.channel: row.number for row in connection.execute(counts)}

    def revision(self) -> int:
        """Return a number that grows with every change to a message; 0 before the first."""
        newest = sa.select(sa.func.coalesce(sa.func.max(table.c.revision), 0))
        with self._database.read() as connection:
            return int(connection.execute(newest).scalar_one())

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        """Open a transaction for one writer at a time, so that no two take the same revision.

        SQLite has one writer anyway. On PostgreSQL a second writer could not see the first one's
        revision before the commit, so it waits.
        """
        try:
            with self._database.write() as connection:
                if connection.dialect.name == "postgresql":
                    lock = "LOCK TABLE sandbox_messages IN SHARE ROW EXCLUSIVE MODE"
                    connection.execute(sa.text(lock))
                yield connection
        except sa.exc.OperationalError as error:
            # The driver's own text quotes the message and stays behind.
            raise Unanswered from error

    def _insert(self, connection: sa.Connection, new: NewMessage) -> Any:
        # Both databases have the same upsert, under two names; SQLAlchemy has no common one.
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        now = self._now()
        return dialect.insert(table).values(
            channel=new.channel,
            thread=_root(connection, new),
            author=new.author,
            key=new.key,
            payload=dict(new.payload),
            posted_at=now,
            changed_at=now,
            revision=_NEXT,
        )


def _is_there(messages: sa.FromClause) -> sa.ColumnElement[bool]:
    return sa.cast(messages.c.payload, sa.Text) != "{}"


def _root(connection: sa.Connection, new: NewMessage) -> int | None:
    """Return the message that starts the thread: a reply to a reply belongs to the same thread."""
    if new.thread is None:
        return None
    wanted = (table.c.id == new.thread) & (table.c.channel == new.channel)
    row = connection.execute(sa.select(table.c.id, table.c.thread).where(wanted)).first()
    if row is None:
        raise NoSuchThread
    return int(row.thread or row.id)
