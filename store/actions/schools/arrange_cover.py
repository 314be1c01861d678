"""Arrange cover: a colleague takes an absent person's cases and notices for some days."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from store.actions.notices.tell_of_cover import tell_that_cover_ended
from store.actions.request import Request, SchoolRequest, in_school
from store.db import repository
from store.db.unit_of_work import Store
from store.queries.schools.cover import cover_of, covers_between
from store.rules.access.permissions import Action, may
from store.rules.calendar import institution_day
from store.rules.cases.case import Actor
from store.rules.errors import InvalidInput, NotAllowed, NotPossibleNow
from store.rules.model import Role
from store.rules.text.formatting import day_ahead
from store.tables import covers, schools

LONGEST = dt.timedelta(days=366)

_ARRANGE_FOR_OTHERS = frozenset({Role.STUDENT_SUPPORT_OFFICER, Role.ENGAGEMENT_LEAD})


@dataclass(frozen=True, slots=True)
class Absence:
    """Who is away, who acts for them, and on which days, both included."""

    absent: int
    cover: int
    first: dt.date
    last: dt.date


def arrange_cover(store: Store, request: Request, school: int, wanted: Absence) -> None:
    """Arrange for a colleague to cover for a person who is away.

    Everyone may arrange their own absence; an officer or the lead may arrange anyone's. A person
    who is away cannot cover, so covers never form a ring.

    Raises ``InvalidInput`` where a person would cover for themselves, or the days cannot be used.
    """
    with in_school(store, request, Action.COVER, school) as asked:
        _lock(asked)
        absent = _colleague(asked, wanted.absent, "absent")
        cover = _colleague(asked, wanted.cover, "cover")
        _check_own(asked, absent)
        if absent.id == cover.id:
            raise InvalidInput(
                "A person cannot cover for themselves. Choose a colleague.", field="cover"
            )
        _check_days(asked, wanted)
        _check_free(asked, wanted, absent, cover)
        asked.work.connection.execute(
            sa.insert(covers).values(
                school_id=school,
                absent_id=absent.id,
                cover_id=cover.id,
                first=wanted.first,
                last=wanted.last,
                by_staff_id=asked.actor.id,
                at=asked.work.now,
            )
        )
        asked.record(
            "cover",
            absent=absent.id,
            cover=cover.id,
            first=wanted.first.isoformat(),
            last=wanted.last.isoformat(),
        )


def end_cover(store: Store, request: Request, school: int, absent_id: int) -> None:
    """End every absence that is arranged for a person.

    Raises ``NotPossibleNow`` where none is arranged.
    """
    with in_school(store, request, Action.COVER, school) as asked:
        _lock(asked)
        absent = repository.actor(asked.work.connection, absent_id)
        _check_own(asked, absent)
        ended = asked.work.connection.execute(
            sa.update(covers)
            .where(
                covers.c.school_id == school,
                covers.c.absent_id == absent.id,
                covers.c.ended_at.is_(None),
                covers.c.last >= institution_day(asked.work.now),
            )
            .values(ended_at=asked.work.now)
            .returning(covers.c.id)
        ).scalars()
        known = [cover_of(asked.work.connection, each) for each in sorted(ended)]
        if not known:
            raise NotPossibleNow(f"No absence is arranged for {absent.name}, so none can end.")
        for each in known:
            tell_that_cover_ended(asked.work, each, by=asked.actor.id)
        asked.record("end-cover", absent=absent.id)


def _lock(asked: SchoolRequest) -> None:
    """Lock, so that two requests for cover at once see each other's."""
    asked.work.connection.execute(
        sa.select(schools.c.id).where(schools.c.id == asked.school).with_for_update(key_share=True)
    ).all()


def _colleague(asked: SchoolRequest, person: int, field: str) -> Actor:
    found = repository.actor(asked.work.connection, person)
    if not may(found, Action.TAKE, asked.school):
        raise InvalidInput(
            f"{found.name} cannot look after cases of this school. Choose a student support "
            "officer, an adviser or the engagement lead.",
            field=field,
        )
    return found


def _check_own(asked: SchoolRequest, absent: Actor) -> None:
    if absent.id == asked.actor.id:
        return
    if not asked.actor.roles[asked.school] & _ARRANGE_FOR_OTHERS:
        raise NotAllowed(
            "You can arrange cover only for yourself. Ask a student support officer or the "
            "engagement lead to arrange it for a colleague."
        )


def _check_days(asked: SchoolRequest, wanted: Absence) -> None:
    today = institution_day(asked.work.now)
    if wanted.last < max(today, wanted.first):
        raise InvalidInput(
            "Choose a last day that is not in the past, nor before the first day.", field="last"
        )
    if wanted.first < today:
        raise InvalidInput("Cover begins today at the earliest.", field="first")
    if wanted.last - wanted.first > LONGEST:
        raise InvalidInput(
            "Cover lasts a year at most. For longer, assign the cases to a colleague.",
            field="last",
        )


def _check_free(asked: SchoolRequest, wanted: Absence, absent: Actor, cover: Actor) -> None:
    """Refuse where either person is away already on one of these days."""
    same_days = covers_between(asked.work.connection, asked.school, wanted.first, wanted.last)
    today = institution_day(asked.work.now)
    for known in same_days:
        until = day_ahead(known.last, today)
        if known.absent == absent.id:
            raise NotPossibleNow(
                f"{known.cover_name} covers for {absent.name} until {until} already. "
                "End that first: /lantern cover NAME end."
            )
        if known.absent == cover.id:
            raise InvalidInput(
                f"{cover.name} is away until {until} as well. Choose another colleague.",
                field="cover",
            )
