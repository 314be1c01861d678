"""List the copies outside the tables of data to be erased: messages, emails, activity.

The list is made before the rows are deleted, since the rows hold the addresses of the copies.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from store.db.dependents import Reached
from store.rules.calendar import institution_day
from store.rules.model import OutboxKind
from store.rules.privacy import RemnantKind
from store.rules.students.data_steps import LETTER_KEY
from store.tables import (
    automatic_replies,
    channels,
    data_letters,
    direct_cases,
    directs,
    outbox,
    outreach,
    pictures,
    posts,
    remarks,
    replies,
)

CASE = "case:"
DIGEST = "digest:"
_PLACE = ("platform", "tenant", "channel", "message")


@dataclass(frozen=True, slots=True)
class Remains:
    """One thing to delete elsewhere; the columns of ``remnants``."""

    kind: RemnantKind
    message: str
    platform: str = ""
    tenant: str = ""
    channel: str = ""
    posted_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class CasePeriod:
    """A case, and when it was open: in that time the digests of its schools may name it."""

    id: int
    opened_on: dt.date
    closed_on: dt.date


def remains(
    connection: sa.Connection, reached: Reached, periods: Sequence[CasePeriod], today: dt.date
) -> list[Remains]:
    """Return every copy outside the tables, each once."""
    found = [
        *_cards(connection, periods),
        *_pictures(connection, reached),
        *_digests(connection, periods, today),
        *_privates(connection, periods),
        *_remarks(connection, reached),
        *_posted_elsewhere(connection, reached),
        *_mails(connection, reached),
        *_answers(connection, reached),
    ]
    return list(dict.fromkeys(found))


def forget(connection: sa.Connection, periods: Sequence[CasePeriod], today: dt.date) -> None:
    """Delete the rows on posted messages about these cases that no foreign key reaches."""
    connection.execute(sa.delete(posts).where(posts.c.id.in_(_ids(_card_rows(periods)))))
    old = [post for post, _ in _digest_rows(connection, periods, today)]
    connection.execute(sa.delete(posts).where(posts.c.id.in_(old)))
    gone = list(connection.execute(_private_ids(periods)).scalars())
    connection.execute(sa.delete(direct_cases).where(direct_cases.c.direct_id.in_(gone)))
    connection.execute(sa.delete(directs).where(directs.c.id.in_(gone)))


def schools_shown(connection: sa.Connection, periods: Sequence[CasePeriod]) -> list[int]:
    """Return the schools with the cases in their channels: home, earlier and contributing."""
    query = (
        sa.select(channels.c.school_id)
        .join(posts, posts.c.channel_id == channels.c.id)
        .where(posts.c.subject.in_(_subjects(periods)))
    )
    return sorted(set(connection.execute(query).scalars()))


def _subjects(periods: Sequence[CasePeriod]) -> list[str]:
    return [f"{CASE}{each.id}" for each in periods]


def _card_rows(periods: Sequence[CasePeriod]) -> sa.Select[tuple[int]]:
    subjects = _subjects(periods)
    earlier = (posts.c.subject.startswith(f"{each}:") for each in subjects)
    is_theirs = sa.or_(posts.c.subject.in_(subjects), *earlier)
    return sa.select(posts.c.id).where(is_theirs)


def _ids(query: sa.Select[tuple[int]]) -> sa.ScalarSelect[int]:
    return query.scalar_subquery()


def _posted(connection: sa.Connection, kind: RemnantKind, ids: Sequence[int]) -> Iterator[Remains]:
    query = (
        sa.select(channels, posts.c.message, posts.c.posted_at)
        .join(posts, posts.c.channel_id == channels.c.id)
        .where(posts.c.id.in_(ids))
        .order_by(posts.c.id)
    )
    for row in connection.execute(query):
        yield Remains(kind, row.message, row.platform, row.tenant, row.channel, row.posted_at)


def _cards(connection: sa.Connection, periods: Sequence[CasePeriod]) -> Iterator[Remains]:
    ids = [row.id for row in connection.execute(_card_rows(periods))]
    return _posted(connection, RemnantKind.CARD, ids)


def _pictures(connection: sa.Connection, reached: Reached) -> Iterator[Remains]:
    query = sa.select(pictures).where(reached.get(pictures, sa.false())).order_by(pictures.c.id)
    for row in connection.execute(query):
        place = (row.file, row.platform, row.tenant, "", row.begun_at)
        yield Remains(RemnantKind.PICTURE, *place)


def _digests(
    connection: sa.Connection, periods: Sequence[CasePeriod], today: dt.date
) -> Iterator[Remains]:
    ids = [post for post, _ in _digest_rows(connection, periods, today)]
    return _posted(connection, RemnantKind.DIGEST, ids)


def _digest_rows(
    connection: sa.Connection, periods: Sequence[CasePeriod], today: dt.date
) -> list[tuple[int, dt.date]]:
    """Return (post, day) of digests that may name a case. Today's is updated instead."""
    rows = connection.execute(
        sa.select(posts.c.id, posts.c.subject, posts.c.posted_at)
        .join(channels, channels.c.id == posts.c.channel_id)
        .where(
            posts.c.subject.startswith(DIGEST),
            channels.c.school_id.in_(schools_shown(connection, periods)),
        )
        .order_by(posts.c.id)
    )
    days = [(post, dt.date.fromisoformat(subject.rpartition(":")[2])) for post, subject, _ in rows]
    return [
        (post, day)
        for post, day in days
        if day != today and any(each.opened_on <= day <= each.closed_on for each in periods)
    ]


def _private_ids(periods: Sequence[CasePeriod]) -> sa.Select[tuple[int]]:
    """Return private messages that name a case, or for which it is not recorded what they name."""
    named = sa.select(direct_cases.c.direct_id)
    about = named.where(direct_cases.c.case_id.in_([each.id for each in periods]))
    return sa.select(directs.c.id).where(directs.c.id.in_(about) | directs.c.id.not_in(named))


def _privates(connection: sa.Connection, periods: Sequence[CasePeriod]) -> Iterator[Remains]:
    query = sa.select(directs).where(directs.c.id.in_(_private_ids(periods)))
    for row in connection.execute(query.order_by(directs.c.id)):
        place = (row.message, row.platform, row.tenant, row.channel, row.posted_at)
        yield Remains(RemnantKind.PRIVATE, *place)


def _remarks(connection: sa.Connection, reached: Reached) -> Iterator[Remains]:
    """Return colleagues' replies, by the key under which ``bot.thread_capture`` saves them."""
    query = sa.select(remarks.c.message, remarks.c.at).where(reached.get(remarks, sa.false()))
    for key, at in connection.execute(query.order_by(remarks.c.id)):
        platform, _, place = key.partition(":")
        tenant, _, rest = place.partition("/")
        channel, _, message = rest.rpartition("/")
        yield Remains(RemnantKind.REMARK, message, platform, tenant, channel, at)


def _posted_elsewhere(connection: sa.Connection, reached: Reached) -> Iterator[Remains]:
    """Return messages recorded in any other table that depends on a case."""
    for table, where in reached.items():
        if {"channel_id", "message"} <= set(table.c.keys()):
            place = [channels.c[name] for name in _PLACE[:-1]]
            query = sa.select(*place, table.c.message).join(
                table, channels.c.id == table.c.channel_id
            )
        elif set(_PLACE) <= set(table.c.keys()):
            query = sa.select(*(table.c[name] for name in _PLACE))
        else:
            continue
        for row in connection.execute(query.where(where)).mappings():
            yield Remains(RemnantKind.CARD, **{name: row[name] for name in _PLACE})


def _mails(connection: sa.Connection, reached: Reached) -> Iterator[Remains]:
    """Return emails by the key of their outbox row; an unapproved email has no copy elsewhere."""
    query = (
        sa.select(outbox.c.idem_key, outreach.c.sender, outreach.c.sent_at)
        .join(outreach, outreach.c.id == outbox.c.outreach_id)
        .where(reached.get(outreach, sa.false()))
        .order_by(outbox.c.id)
    )
    replied = automatic_replies.c
    automatic = (
        sa.select(outbox.c.idem_key, replied.sender, replied.sent_at)
        .join(
            automatic_replies,
            sa.and_(outbox.c.case_id == replied.case_id, outbox.c.day == replied.day),
        )
        .where(
            outbox.c.kind == OutboxKind.AUTOMATIC_REPLY,
            reached.get(automatic_replies, sa.false()),
        )
        .order_by(outbox.c.id)
    )
    about_data = (
        sa.select(outbox.c.idem_key, data_letters.c.sender, data_letters.c.sent_at)
        .join(
            data_letters,
            outbox.c.idem_key == sa.literal(LETTER_KEY) + sa.cast(data_letters.c.id, sa.Text),
        )
        .where(reached.get(data_letters, sa.false()))
        .order_by(outbox.c.id)
    )
    for each in (query, automatic, about_data):
        for key, mailbox, sent_at in connection.execute(each):
            yield Remains(RemnantKind.MAIL, key, tenant=mailbox, posted_at=sent_at)


def _answers(connection: sa.Connection, reached: Reached) -> Iterator[Remains]:
    query = (
        sa.select(replies.c.message_id, outreach.c.sender, replies.c.received_at)
        .join(outreach, outreach.c.id == replies.c.outreach_id)
        .where(reached.get(replies, sa.false()))
        .order_by(replies.c.id)
    )
    for message, mailbox, at in connection.execute(query):
        yield Remains(RemnantKind.ANSWER, message, tenant=mailbox, posted_at=at)


def period_of(row: sa.Row[tuple[object, ...]], now: dt.datetime) -> CasePeriod:
    """Return a row of ``cases`` as a period; an open one lasts until now."""
    return CasePeriod(row.id, row.opened_on, institution_day(row.closed_at or now))
