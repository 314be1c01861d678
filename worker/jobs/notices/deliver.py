"""Cards and digests out of the outbox, into the channels."""

from __future__ import annotations

import datetime as dt
import os
import socket
from collections.abc import Callable, Mapping

import structlog

from bot.cards.cases.lists import digest_card
from bot.posting.cards import put_card
from integrations.bootstrap import Services
from integrations.chat.interface import DeliveryError
from integrations.error_summary import GOES_THROUGH
from store.actions.cases.readiness import approvable
from store.delivery import outbox
from store.delivery.outbox import OutboxRow
from store.queries.cases.lists import school_digest
from store.rules.calendar import institution_day
from store.rules.errors import CaseworkError
from store.rules.model import OutboxKind, OutboxState
from worker.jobs.cases.post_cards import post_case_card
from worker.jobs.notices.places import Places
from worker.jobs.notices.staff_notices import show_notice
from worker.jobs.notices.thread_notices import show_line
from worker.parallel import each

LONGEST_WAIT = dt.timedelta(minutes=15)

log = structlog.get_logger(__name__)


def worker_name() -> str:
    """Say who claims: this process on this machine."""
    return f"{socket.gethostname()}:{os.getpid()}"


def announce_due(services: Services, kind: OutboxKind) -> None:
    """Post or change every message of this kind that is due; the schools side by side, since each
    channel has a pace of its own."""
    schools = outbox.due_schools(services.store, kind)
    each(schools, lambda school: _announce(services, kind, school))


def _announce(services: Services, kind: OutboxKind, school: int) -> None:
    show, places = _SHOW[kind], Places(services, kind, school)
    while row := outbox.claim(services.store, kind, worker_name(), school):
        try:
            state = show(services, row)
        except GOES_THROUGH:
            raise
        except CaseworkError:
            # What it is about was erased after it was asked for.
            state = OutboxState.CANCELLED
        except DeliveryError as error:
            _try_again(services, row, error, places)
            continue
        except Exception as error:  # noqa: BLE001 -- this one message rests; the others go on
            _put_aside(services, row, error, places)
            continue
        if state is not None:
            with services.store.unit_of_work() as work:
                outbox.settle(work, row, state)
        if state is OutboxState.SENT:
            places.took(row)
    places.finish()


def _show_digest(services: Services, row: OutboxRow) -> OutboxState:
    if _is_of_yesterday(services, row):
        return OutboxState.CANCELLED
    with services.store.database.read() as connection:
        view = school_digest(connection, row.school, row.day)
        drafted = [line.id for line in view.waiting_for_approval]
        can = approvable(connection, drafted, services.now(), services.store.limits)
    subject = f"digest:{row.school}:{row.day}"
    put_card(services.store, services.workspaces, row.school, subject, digest_card(view, can))
    return OutboxState.SENT


_SHOW: Mapping[OutboxKind, Callable[[Services, OutboxRow], OutboxState | None]] = {
    OutboxKind.CARD: post_case_card,
    OutboxKind.LINE: show_line,
    OutboxKind.DIGEST: _show_digest,
    OutboxKind.NOTICE: show_notice,
}
"""Each says how its row ends; None where the row was given back already, to wait."""


def _try_again(services: Services, row: OutboxRow, error: DeliveryError, places: Places) -> None:
    """Nothing is given up that can still succeed: it waits for as long as its place takes nothing,
    and whether it is still right is asked when it is shown. That there were too many requests says
    nothing about this one, whatever it is."""
    is_tried = not (error.waits or error.throttled)
    log.debug("message not delivered", outbox=row.id, reason=str(error), given_up=error.permanent)
    with services.store.unit_of_work() as work:
        if error.permanent:
            outbox.settle(work, row, OutboxState.CANCELLED, str(error))
        else:
            # Of a line it counts whether it may stand there; a card may be written twice.
            unresolved = error.unknown and row.kind is OutboxKind.LINE
            outbox.retry(
                work,
                row,
                error.retry_after or growing_wait(row.attempts),
                str(error),
                unresolved=unresolved,
                tried=is_tried,
                waiting=not error.throttled,
            )
    if error.permanent:
        places.refused(row, error)
    elif not error.throttled:
        places.took_nothing(error)


def _put_aside(services: Services, row: OutboxRow, error: Exception, places: Places) -> None:
    """Something in this message, and not in its place, makes its handling fail."""
    with services.store.unit_of_work() as work:
        outbox.put_aside(work, row, growing_wait(row.attempts), type(error).__name__)
    places.failed(row, error)


def growing_wait(attempts: int) -> dt.timedelta:
    """2, 4, 8 s and so on, a quarter of an hour at most."""
    # The exponent is kept small: the wait is the longest one long before it matters.
    return min(dt.timedelta(seconds=2 ** min(attempts, 10)), LONGEST_WAIT)


def _is_of_yesterday(services: Services, row: OutboxRow) -> bool:
    """Whether a digest came too late since its channel took nothing: today has one of its own."""
    is_late = row.waiting_since is not None or row.attempts > 1
    return is_late and institution_day(services.now()) > row.day
