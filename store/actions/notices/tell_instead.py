"""Redirect a notice whose reader has left, or has no account on a connected chat platform."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from store.actions.notices.notify import Notice, notify_people
from store.db.unit_of_work import Store
from store.queries.notices.notices import NoticeView
from store.queries.schools.responsible import responsible
from store.rules.model import NoticeKind, Platform
from store.tables import identities, notices, staff

INSTEAD = "Lantern cannot reach the colleague this is for, so it tells you instead."
PASSED_ON = frozenset(
    {
        NoticeKind.ANSWERED,
        NoticeKind.SAID,
        NoticeKind.READ_NOW,
        NoticeKind.BOUNCED,
        NoticeKind.DOUBTFUL,
        NoticeKind.ALERT,
        NoticeKind.ALERT_NOW,
        NoticeKind.FITNESS,
        NoticeKind.UNANSWERED,
        NoticeKind.NOT_SENT,
        NoticeKind.DEATH,
        NoticeKind.DEATH_DOUBTED,
        NoticeKind.HELD,
        NoticeKind.CHANNEL,
        NoticeKind.TROUBLE,
    }
)
"""Notices that any responsible person can act on. Reminders and requests for a view reach others
anyway; complaints and the welfare route have their own deputies."""
_MARK = "instead-of-"


def tell_instead(store: Store, view: NoticeView, key: str, chats: Collection[Platform]) -> int:
    """Tell the people responsible in the school instead; returns how many were told.

    ``key`` is the outbox key of the notice, ``chats`` the connected platforms. A notice is passed
    on once only, so that it cannot circulate. People who were told of the same occasion are left
    out.
    """
    if view.kind not in PASSED_ON or _MARK in key:
        return 0
    with store.unit_of_work() as work:
        mine = sa.select(notices).where(notices.c.id == view.id)
        row = work.connection.execute(mine).one()
        same = sa.select(notices.c.staff_id).where(
            notices.c.kind == row.kind,
            notices.c.school_id == row.school_id,
            notices.c.case_id.is_not_distinct_from(row.case_id),
            notices.c.about.is_not_distinct_from(row.about),
            notices.c.at == row.at,
        )
        known = frozenset(work.connection.execute(same).scalars())
        barred = view.case.barred if view.case else frozenset[int]()
        in_no_chat = sa.select(staff.c.id).where(
            staff.c.id.not_in(
                sa.select(identities.c.staff_id).where(identities.c.platform.in_(chats))
            )
        )
        cannot = barred | {view.to.id, *work.connection.execute(in_no_chat).scalars()}
        told = Notice(
            view.kind,
            view.school,
            f"{_MARK}{view.id}",
            row.case_id,
            row.about,
            row.day,
            words=INSTEAD,
        )
        able = responsible(work.connection, view.school, cannot)
        people = [each for each in able if each not in known]
        notify_people(work, people, told)
        return len(people)
