"""Close a channel that is no longer private, and reopen it after a colleague has checked it."""

from __future__ import annotations

import sqlalchemy as sa

from store.actions.notices.notify import Notice, notify_people
from store.actions.schools.show_open_cases import show_open_cases
from store.db.unit_of_work import Store
from store.queries.schools.responsible import responsible
from store.queries.schools.staff import Channel
from store.rules.model import NoticeKind
from store.tables import channels, closed_channels


def close_channel(store: Store, channel: Channel, why: str) -> bool:
    """Close a channel and tell the school's leads; False where it is closed already."""
    with store.unit_of_work() as work:
        this = sa.select(closed_channels.c.channel_id).where(
            closed_channels.c.channel_id == channel.id
        )
        if work.connection.execute(this).first():
            return False
        work.connection.execute(
            sa.insert(closed_channels).values(channel_id=channel.id, why=why, at=work.now)
        )
        key = f"{channel.id}:{work.now:%Y%m%dT%H%M%S}"
        told = Notice(NoticeKind.CHANNEL, channel.school, key, about=channel.id)
        notify_people(work, responsible(work.connection, channel.school), told)
        work.record("system:watch", "close-channel", f"channel:{channel.id}", why=why)
    return True


def reopen_channel(store: Store, channel: int, actor: str) -> None:
    """Allow cards in the channel again, and post the cards of the open cases there again."""
    this = sa.delete(closed_channels).where(closed_channels.c.channel_id == channel)
    school = sa.select(channels.c.school_id).where(channels.c.id == channel)
    with store.unit_of_work() as work:
        if work.connection.execute(this).rowcount:
            work.record(actor, "reopen-channel", f"channel:{channel}")
            show_open_cases(work, work.connection.execute(school).scalar_one())
