"""Tell the person who was away, their cover and the leads that a cover no longer holds (§26)."""

from __future__ import annotations

import datetime as dt

from store.actions.notices.notify import Notice, notify_person
from store.db.unit_of_work import UnitOfWork
from store.queries.schools.cover import Cover, covers_that_ended
from store.queries.schools.responsible import responsible
from store.rules.model import NoticeKind


def tell_of_ended_covers(work: UnitOfWork, school: int, day: dt.date) -> None:
    """Tell of each cover that has ended or whose colleague may no longer act; each once."""
    for ended in covers_that_ended(work.connection, school, day):
        tell_that_cover_ended(work, ended)


def tell_that_cover_ended(work: UnitOfWork, ended: Cover, *, by: int | None = None) -> None:
    """Tell the absent person, the cover and the leads, once each, but not ``by``, who ended it."""
    told = Notice(NoticeKind.COVER_ENDED, ended.school, str(ended.id), about=ended.id)
    people = (ended.absent, ended.cover, *responsible(work.connection, ended.school))
    for person in dict.fromkeys(people):
        notify_person(work, person, told, by=by)
