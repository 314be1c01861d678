"""The sandbox's chat platform: messages in one table of the record store.

It answers the same protocol as Slack and Teams and runs on both databases, from any number of
processes. Every change gives its row a revision greater than all before, so that a page can ask
"is there anything new?" with one number.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from integrations.chat.interface import Address, DeliveryError, MessageRef, Payload
from store.db.database import Database
from store.rules.model import Platform
from store.tables import sandbox_messages as table

TENANT = "sandbox"
LANTERN = "lantern"
"""The author of what Lantern posts; a person's own messages have the person's user id."""
DIRECT = "direct:"
"""What the channel of private messages to one person begins with."""

# What is left of a deleted message: nothing that was in it, but a row with a revision, so that a
# page that shows it learns that it is gone, and `revision` never falls.
_GONE: dict[str, Any] = {}

_NEXT = sa.select(sa.func.coalesce(sa.func.max(table.c.revision), 0) + 1).scalar_subquery()


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


class SandboxWorkspace:
    """The sandbox as a ``Workspace``, and what its pages read of it."""

    remembers = True

    def __init__(self, database: Database, now: Callable[[], dt.datetime]) -> None:
        self._database = database
        self._now = now

    def post(
        self, address: Address, payload: Payload, *, key: str, thread: str | None = None
    ) -> MessageRef:
        """Post a message, or replace the one that carries this key already."""
        with self._writing() as connection:
            root = _root(connection, address.channel, thread)
            row = self._row(address.channel, root, LANTERN, key, payload)
            insert = _insert(connection).values(row)
            renewed = {name: insert.excluded[name] for name in ("payload", "changed_at")}
            statement = insert.on_conflict_do_update(
                index_elements=[table.c.key], set_={**renewed, "revision": _NEXT}
            ).returning(table.c.id)
            return MessageRef(address, str(connection.execute(statement).scalar_one()))

    def direct(self, tenant: str, user: str) -> Address:
        """A channel that only this person's pages show."""
        return Address(Platform.SANDBOX, tenant, f"{DIRECT}{user}")

    def mention(self, address: Address, user: str) -> str | None:
        """Everybody is known by the name of their account, and sees what their roles open."""
        del address
        return user

    def update(self, message: MessageRef, payload: Payload) -> None:
        """Replace a posted message in place."""
        with self._writing() as connection:
            if not self._change(connection, message, payload):
                raise DeliveryError("the message is no longer there", permanent=True)

    def delete(self, message: MessageRef) -> None:
        """Delete a posted message; one that is gone already is no error."""
        with self._writing() as connection:
            self._change(connection, message, _GONE)

    def below(self, message: MessageRef) -> list[str]:
        """What stands in the thread of a message."""
        query = sa.select(table.c.id).where(
            table.c.thread == _number(message.message),
            table.c.channel == message.address.channel,
            _is_there(table),
        )
        with self._database.read() as connection:
            return [str(each) for each in connection.execute(query.order_by(table.c.id)).scalars()]

    def say(
        self,
        channel: str,
        author: str,
        text: str,
        thread: str | None = None,
        *,
        key: str | None = None,
    ) -> str | None:
        """A person's own message, in plain text; its id. The same author and key say it once, and
        get None the second time."""
        with self._writing() as connection:
            root = _root(connection, channel, thread)
            # With the author in front, no key from a browser can meet one of Lantern's own.
            own = f"say:{author}:{key or uuid4().hex}"
            row = self._row(channel, root, author, own, {"text": text})
            said = _insert(connection).values(row).on_conflict_do_nothing().returning(table.c.id)
            made = connection.execute(said).scalar_one_or_none()
        return None if made is None else str(made)

    def messages(
        self, channel: str, *, after: int = 0, before: int | None = None, limit: int = 100
    ) -> list[Message]:
        """The newest ``limit`` conversations of a channel with all their replies, oldest first.

        ``after`` leaves out what has not changed since that revision; ``before`` is the id of a
        message, to read on from there into the past. A deleted message is there as long as
        somebody has replied to it.
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

    def revision(self) -> int:
        """Grows with every change anywhere in the workspace; 0 before the first."""
        newest = sa.select(sa.func.coalesce(sa.func.max(table.c.revision), 0))
        with self._database.read() as connection:
            return int(connection.execute(newest).scalar_one())

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        """One transaction, and one writer at a time, so that no two take the same revision.

        SQLite has one writer anyway. On PostgreSQL a second writer would not see the first one's
        revision until that has committed, so it waits.
        """
        try:
            with self._database.write() as connection:
                if connection.dialect.name == "postgresql":
                    lock = "LOCK TABLE sandbox_messages IN SHARE ROW EXCLUSIVE MODE"
                    connection.execute(sa.text(lock))
                yield connection
        except sa.exc.OperationalError as error:
            # Every write may be repeated, so it does not matter whether this one happened. The
            # driver's own text quotes the message and stays behind.
            raise DeliveryError(
                "the sandbox's database did not answer; Lantern tries again by itself"
            ) from error

    def _row(
        self, channel: str, root: int | None, author: str, key: str, payload: Payload
    ) -> dict[str, Any]:
        now = self._now()
        return {
            "channel": channel,
            "thread": root,
            "author": author,
            "key": key,
            "payload": dict(payload),
            "posted_at": now,
            "changed_at": now,
            "revision": _NEXT,
        }

    def _change(self, connection: sa.Connection, message: MessageRef, payload: Payload) -> bool:
        found = connection.execute(
            table.update()
            .where(
                table.c.id == _number(message.message),
                table.c.channel == message.address.channel,
                _is_there(table),
            )
            .values(payload=dict(payload), changed_at=self._now(), revision=_NEXT)
        )
        return found.rowcount == 1


def sandbox_address(channel: str) -> Address:
    """The address of a sandbox channel."""
    return Address(Platform.SANDBOX, TENANT, channel)


def _insert(connection: sa.Connection) -> Any:
    # Both databases have the same upsert, under two names; SQLAlchemy has no common one.
    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)


def _is_there(messages: sa.FromClause) -> sa.ColumnElement[bool]:
    return sa.cast(messages.c.payload, sa.Text) != "{}"


def _root(connection: sa.Connection, channel: str, thread: str | None) -> int | None:
    """The message that starts the thread: a reply to a reply stays in the first one's thread."""
    if thread is None:
        return None
    wanted = (table.c.id == _number(thread)) & (table.c.channel == channel)
    row = connection.execute(sa.select(table.c.id, table.c.thread).where(wanted)).first()
    if row is None:
        raise DeliveryError("there is no such thread in this channel", permanent=True)
    return int(row.thread or row.id)


def _number(message: str) -> int:
    if not message.isdecimal() or len(message) > 18:
        raise DeliveryError("this is not a message of the sandbox", permanent=True)
    return int(message)
