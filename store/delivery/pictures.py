"""Record which picture of a case's chart a platform holds, from before it has it until it has not.

A picture is recorded as soon as the platform has named its file and before its upload is complete,
so a worker that dies at any moment leaves no file behind that is not found again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from store.db.database import Connection
from store.db.unit_of_work import Store, UnitOfWork
from store.delivery import outbox
from store.delivery.claims import LEASE
from store.rules.calendar import institution_day
from store.rules.model import OutboxKind, Platform
from store.tables import cases, pictures

TRY_AGAIN = tuple(dt.timedelta(seconds=each) for each in (15, 120, 900, 7200))
"""When a card is shown again with a picture that the platform refused, refusal by refusal: it takes
some time to process a file. After the last one the card keeps its characters."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A file of a platform, with the digest of the chart that it shows."""

    id: int
    case: int
    platform: Platform
    tenant: str
    file: str
    shows: str
    begun_at: dt.datetime
    ready_at: dt.datetime | None
    refusals: int
    over_at: dt.datetime | None

    @property
    def is_usable(self) -> bool:
        """Whether a card may show it."""
        is_whole = self.ready_at is not None and self.over_at is None
        return is_whole and self.refusals <= len(TRY_AGAIN)

    def is_abandoned(self, now: dt.datetime) -> bool:
        """Return whether its upload ended without being completed, as far as is known."""
        return self.ready_at is None and now - self.begun_at > LEASE


def pictures_of(connection: Connection, case: int) -> list[Picture]:
    """Return the pictures of a case's charts, the oldest first."""
    columns = [each for each in pictures.c if each.name != "case_id"]
    rows = connection.execute(
        sa.select(*columns).where(pictures.c.case_id == case).order_by(pictures.c.id)
    ).mappings()
    return [Picture(case=case, **{**row, "platform": Platform(row["platform"])}) for row in rows]


def begin(store: Store, case: int, platform: Platform, tenant: str, file: str, shows: str) -> bool:
    """Record a file that is about to be uploaded; False where another worker began one, or the case
    was erased."""
    try:
        with store.unit_of_work() as work:
            added = sa.insert(pictures).values(
                case_id=case,
                platform=platform,
                tenant=tenant,
                file=file,
                shows=shows,
                begun_at=work.now,
                refusals=0,
            )
            work.connection.execute(added)
    except IntegrityError:
        return False
    return True


def mark_ready(store: Store, file: str, case: int, school: int) -> bool:
    """Record that the platform holds the whole file, and have the card shown with it.

    False where the record is gone: the case was erased meanwhile.
    """
    with store.unit_of_work() as work:
        this = sa.update(pictures).where(pictures.c.file == file, pictures.c.case_id == case)
        if not work.connection.execute(this.values(ready_at=work.now)).rowcount:
            return False
        _show_card(work, f"card:{case}:picture:{file}", case, school, TRY_AGAIN[0])
    return True


def count_refusal(store: Store, picture: Picture, school: int) -> None:
    """Count a refusal of the card with this picture, and have the card tried again with it."""
    with store.unit_of_work() as work:
        this = sa.update(pictures).where(pictures.c.id == picture.id)
        work.connection.execute(this.values(refusals=picture.refusals + 1))
        if picture.refusals < len(TRY_AGAIN):
            key = f"card:{picture.case}:picture:{picture.file}:{picture.refusals}"
            _show_card(work, key, picture.case, school, TRY_AGAIN[picture.refusals])


def mark_over(work: UnitOfWork, these: Sequence[Picture]) -> None:
    """Record that no card shows these any more, and have them deleted on their platform."""
    if not these:
        return
    this = sa.update(pictures).where(pictures.c.id.in_([each.id for each in these]))
    work.connection.execute(this.values(over_at=work.now))
    case = these[0].case
    school = sa.select(cases.c.school_id).where(cases.c.id == case)
    key = f"picture:{case}:over:{these[-1].file}"
    home = int(work.connection.execute(school).scalar_one())
    outbox.put(work, OutboxKind.PICTURE, key, school=home, case=case)


def ask_for(store: Store, case: int, school: int, shows: str) -> None:
    """Have the picture of a case's chart handed to the platforms of its school, once a day: a
    platform that refused it may take it then."""
    with store.unit_of_work() as work:
        key = f"picture:{case}:{shows[:16]}:{institution_day(work.now)}"
        outbox.put(work, OutboxKind.PICTURE, key, school=school, case=case)


def forget(store: Store, picture: int) -> None:
    """Delete the record of a file that the platform no longer holds."""
    with store.unit_of_work() as work:
        work.connection.execute(sa.delete(pictures).where(pictures.c.id == picture))


def _show_card(work: UnitOfWork, key: str, case: int, school: int, wait: dt.timedelta) -> None:
    outbox.put(work, OutboxKind.CARD, key, school=school, case=case, not_before=work.now + wait)
