"""Cards and digests out of the outbox, into the channels."""

from __future__ import annotations

import datetime as dt
import os
import socket
from collections.abc import Callable, Mapping

import structlog

from bot.cards.cases.lists import digest_card
from bot.posting.cards import put
from integrations.bootstrap import Services
from integrations.chat.interface import DeliveryError
from store.delivery import outbox
from store.delivery.outbox import OutboxRow
from store.queries.cases.lists import digest
from store.rules.errors import CaseworkError
from store.rules.model import OutboxKind, OutboxState
from worker.jobs.cases.post_cards import show_case
from worker.jobs.notices.staff_notices import show_notice
from worker.jobs.notices.thread_notices import show_line
from worker.parallel import each

LONGEST_WAIT = dt.timedelta(minutes=15)
MOST_ATTEMPTS = 20

log = structlog.get_logger(__name__)


def worker_name() -> str:
    """Who claims: this process on this machine."""
    return f"{socket.gethostname()}:{os.getpid()}"


def announce_due(services: Services, kind: OutboxKind) -> None:
    """Post or change every message of this kind that is due; the schools side by side, since each
    channel has a pace of its own."""
    schools = outbox.due_schools(services.store, kind)
    each(schools, lambda school: _announce(services, kind, school))


def _announce(services: Services, kind: OutboxKind, school: int) -> None:
    show = _SHOW[kind]
    while row := outbox.claim(services.store, kind, worker_name(), school):
        try:
            state = show(services, row)
        except DeliveryError as error:
            _try_again(services, row, error)
            continue
        except CaseworkError:
            # What it is about was erased after it was asked for.
            state = OutboxState.CANCELLED
        if state is not None:
            with services.store.unit_of_work() as work:
                outbox.settle(work, row, state)


def _show_digest(services: Services, row: OutboxRow) -> OutboxState:
    with services.store.database.read() as connection:
        view = digest(connection, row.school, row.day)
    subject = f"digest:{row.school}:{row.day}"
    put(services.store, services.workspaces, row.school, subject, digest_card(view))
    return OutboxState.SENT


_SHOW: Mapping[OutboxKind, Callable[[Services, OutboxRow], OutboxState | None]] = {
    OutboxKind.CARD: show_case,
    OutboxKind.LINE: show_line,
    OutboxKind.DIGEST: _show_digest,
    OutboxKind.NOTICE: show_notice,
}
"""Each says how its row ends; None where the row was given back already, to wait."""


def _try_again(services: Services, row: OutboxRow, error: DeliveryError) -> None:
    wait = error.retry_after or min(dt.timedelta(seconds=2**row.attempts), LONGEST_WAIT)
    # A card that the platform will take later, such as once the app is back in the channel, waits
    # however long that is: given up, its case would be seen by nobody. The rest grows old. That
    # there were too many requests says nothing about this one, whatever it is.
    waits = error.retry_after is not None and row.kind is OutboxKind.CARD
    is_tried = not (waits or error.throttled)
    given_up = error.permanent or (is_tried and row.attempts >= MOST_ATTEMPTS)
    log.warning("message not delivered", outbox=row.id, reason=str(error), given_up=given_up)
    with services.store.unit_of_work() as work:
        if given_up:
            outbox.settle(work, row, OutboxState.CANCELLED, str(error))
        else:
            # Of a line it counts whether it may stand there; a card may be written twice.
            unresolved = error.unknown and row.kind is OutboxKind.LINE
            outbox.retry(work, row, wait, str(error), unresolved=unresolved, tried=is_tried)
