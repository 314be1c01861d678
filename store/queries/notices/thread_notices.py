"""Read a line below a case's card, with the facts for its words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from store.db import repository
from store.delivery.closed_channels import closed_channels
from store.queries.deaths import has_died
from store.queries.schools.cover import acting_for, stand_ins
from store.queries.schools.leads import leads
from store.queries.schools.staff import Channel, colleagues, school_channels
from store.rules.cases.case import Actor, Case
from store.rules.errors import NotPossibleNow
from store.rules.model import OutreachStatus
from store.rules.notices.thread_notices import LineKind, first_needed, write_notice
from store.rules.students.messages import Saying
from store.tables import alerts, identities, line_posts, outreach, posts, sayings, thread_lines


@dataclass(frozen=True, slots=True)
class LineView:
    """A line below a card, and its addressee: ``to`` is the cover while ``meant`` is away.

    ``to`` is None where the line addresses no one in particular. ``is_needed`` is False once its
    matter is dealt with.
    """

    case: Case
    kind: LineKind
    sentence: str
    to: Actor | None
    meant: int | None
    is_needed: bool


@dataclass(frozen=True, slots=True)
class Thread:
    """Where a line is posted: a channel, and the message of the case's card in it."""

    channel: Channel
    root: str
    """'' while the card has not been posted."""
    is_said: bool


def line_view(connection: sa.Connection, key: str, day: dt.date) -> LineView:
    """Return the line on this day. ``NotPossibleNow`` where the case was erased meanwhile."""
    row = connection.execute(sa.select(thread_lines).where(thread_lines.c.key == key)).one_or_none()
    if row is None:
        raise NotPossibleNow("There is no such line any more.")
    kind, case = LineKind(row.kind), repository.case(connection, row.case_id)
    detail, waits, writers = _about(connection, kind, row.about)
    owner = [case.owner] if case.owner is not None else []
    wanted = owner if kind is LineKind.ASSIGNED else [*owner, *leads(connection, case.school)]
    able = {each.id: each for each in colleagues(connection, case.school, kind.needs)}
    away = stand_ins(connection, case.school, day)
    found = first_needed(
        [(person, acting_for(away, person, case.barred)) for person in wanted],
        [each.id for each in able.values() if each.active],
        {*case.barred, *writers, *([row.by_staff_id] if row.by_staff_id else [])},
    )
    if kind is LineKind.ASSIGNED:
        waits = case.owner == row.about and found is not None
    return LineView(
        case=case,
        kind=kind,
        sentence=write_notice(kind, case.reference, detail),
        to=able[found[1]] if found else None,
        meant=found[0] if found else None,
        is_needed=waits and not case.is_closed and not has_died(connection, case.student),
    )


def threads(connection: sa.Connection, key: str, case: Case) -> list[Thread]:
    """Return the open channels of the case's home school, with the message of its card in each."""
    closed = closed_channels(connection)
    roots = dict(
        connection.execute(
            sa.select(posts.c.channel_id, posts.c.message).where(
                posts.c.subject == f"case:{case.id}"
            )
        ).all()
    )
    said = set(
        connection.execute(
            sa.select(line_posts.c.channel_id)
            .join(thread_lines, thread_lines.c.id == line_posts.c.line_id)
            .where(thread_lines.c.key == key)
        ).scalars()
    )
    return [
        Thread(each, roots.get(each.id, ""), each.id in said)
        for each in school_channels(connection, case.school)
        if each.id not in closed
    ]


def account_on(connection: sa.Connection, person: int, channel: Channel) -> str | None:
    """Return a person's account on the channel's platform; None without one."""
    return connection.execute(
        sa.select(identities.c.user_id).where(
            identities.c.staff_id == person,
            identities.c.platform == channel.platform,
            identities.c.tenant == channel.tenant,
        )
    ).scalar()


def _about(
    connection: sa.Connection, kind: LineKind, about: int | None
) -> tuple[str, bool, Sequence[int]]:
    """Return the detail for the sentence, whether the matter still waits, and the author."""
    match kind:
        case LineKind.SAID:
            row = connection.execute(sa.select(sayings).where(sayings.c.id == about)).one()
            return Saying(row.kind).told, row.answered_at is None, ()
        case LineKind.DRAFTED:
            row = connection.execute(sa.select(outreach).where(outreach.c.id == about)).one()
            waits = row.status == OutreachStatus.DRAFT and not row.prepared and not row.returned
            return "", waits, (row.drafter_id, *row.writers)
        case LineKind.NOT_SENT:
            row = connection.execute(sa.select(outreach).where(outreach.c.id == about)).one()
            return row.not_sent, True, ()
        case LineKind.ALERT:
            row = connection.execute(sa.select(alerts).where(alerts.c.id == about)).one()
            return "", row.acknowledged_at is None, ()
        case _:
            return "", True, ()
