"""Record staff training: without a trained engagement lead a school sends no emails (§19)."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from store.actions.request import Request, once, record_refusal
from store.db import repository
from store.db.unit_of_work import Store
from store.rules.access.permissions import Action, may
from store.rules.calendar import institution_day
from store.rules.cases.case import Actor
from store.rules.errors import InvalidInput, NotAllowed
from store.tables import staff

OWN_TRAINING = (
    "You cannot record your own training. Ask another engagement lead of your school, its "
    "faculty lead, or your Lantern administrator, who can enter it in the column trained_on of "
    "staff.csv."
)

UNTRAINED = (
    "Your own training is not recorded, so you cannot record a colleague's. Ask an engagement "
    "lead or a faculty lead whose training is recorded. If there is none yet, your Lantern "
    "administrator enters the first in the column trained_on of staff.csv."
)


def record_training(
    store: Store, request: Request, staff_id: int, day: dt.date, *, lesson: bool = False
) -> None:
    """Record the day on which a member of staff was trained; it replaces an earlier day.

    An engagement lead or faculty lead whose own training is recorded may record it for colleagues
    of their schools, but not for themselves, since sending emails depends on it. An administrator
    enters a school's first in staff.csv. With ``lesson``, a person who has completed the sandbox's
    lesson records their own.

    Raises ``InvalidInput`` where the day is in the future.
    """
    try:
        with store.unit_of_work() as work:
            once(work, request.key)
            actor = repository.actor(work.connection, request.actor)
            colleague = repository.actor(work.connection, staff_id)
            _check(actor, colleague, lesson=lesson)
            if not lesson:
                _check_trained(work.connection, actor)
            if day > institution_day(work.now):
                raise InvalidInput(
                    "Choose a day that is not in the future: training is recorded after it has "
                    "taken place.",
                    field="day",
                )
            work.connection.execute(
                sa.update(staff).where(staff.c.id == colleague.id).values(trained_on=day)
            )
            work.record(
                f"staff:{actor.id}",
                "train",
                f"staff:{colleague.id}",
                day=day.isoformat(),
                lesson=lesson,
            )
    except NotAllowed:
        record_refusal(store, request.actor, "train", f"staff:{staff_id}")
        raise


def _check(actor: Actor, colleague: Actor, *, lesson: bool) -> None:
    if lesson and actor.active and actor.id == colleague.id:
        return
    if not any(may(actor, Action.FIGURES, school) for school in colleague.roles):
        raise NotAllowed(
            "Training is recorded by the engagement lead of the colleague's school, or by its "
            "faculty lead. Ask them, or do the lesson: lantern sandbox --lesson."
        )
    if actor.id == colleague.id:
        raise NotAllowed(OWN_TRAINING)


def _check_trained(connection: sa.Connection, actor: Actor) -> None:
    """Check that the person who certifies training was trained themselves."""
    own = sa.select(staff.c.trained_on).where(staff.c.id == actor.id)
    if connection.execute(own).scalar_one_or_none() is None:
        raise NotAllowed(UNTRAINED)
