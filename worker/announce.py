"""Cards and digests out of the outbox, into the channels."""

from __future__ import annotations

import datetime as dt
import os
import socket
from collections.abc import Callable, Mapping

import structlog

from bot.cards.list_cards import digest_card
from bot.channel_card import channel_card
from bot.posting import put
from integrations.bootstrap import Services
from integrations.workspace import DeliveryError
from store import outbox, repository
from store.outbox import OutboxRow
from store.queries.lists import digest
from store.rules.calendar import institution_day
from store.rules.errors import CaseworkError
from store.rules.model import OutboxKind, OutboxState
from worker.contributing import show_elsewhere, spread
from worker.notices import show_notice
from worker.side_by_side import each

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


def _show_case(services: Services, row: OutboxRow) -> OutboxState:
    """The case as it is now: a row for an older version shows the newest just as well.

    Another worker may show a newer version between our reading and our writing, and would be
    written over, so the case is looked at once more.
    """
    version = 0
    while version != (version := _case_version(services, row.case_id)):
        _show_case_once(services, row)
    return OutboxState.SENT


def _case_version(services: Services, case: int) -> int:
    with services.store.database.read() as connection:
        return repository.case(connection, case).version


def _show_case_once(services: Services, row: OutboxRow) -> None:
    with services.store.database.read() as connection:
        case = repository.case(connection, row.case_id)
        card = channel_card(connection, case.id, institution_day(services.now()))
    if row.school != case.school:
        show_elsewhere(services, row)
        return
    put(services.store, services.workspaces, case.school, f"case:{case.id}", card)
    spread(services, case)


def _show_digest(services: Services, row: OutboxRow) -> OutboxState:
    with services.store.database.read() as connection:
        view = digest(connection, row.school, row.day)
    subject = f"digest:{row.school}:{row.day}"
    put(services.store, services.workspaces, row.school, subject, digest_card(view))
    return OutboxState.SENT


_SHOW: Mapping[OutboxKind, Callable[[Services, OutboxRow], OutboxState | None]] = {
    OutboxKind.CARD: _show_case,
    OutboxKind.DIGEST: _show_digest,
    OutboxKind.NOTICE: show_notice,
}
"""Each says how its row ends; None where the row was given back already, to wait."""


def _try_again(services: Services, row: OutboxRow, error: DeliveryError) -> None:
    wait = error.retry_after or min(dt.timedelta(seconds=2**row.attempts), LONGEST_WAIT)
    given_up = error.permanent or row.attempts >= MOST_ATTEMPTS
    log.warning("message not delivered", outbox=row.id, reason=str(error), given_up=given_up)
    with services.store.unit_of_work() as work:
        if given_up:
            outbox.settle(work, row, OutboxState.CANCELLED, str(error))
        else:
            outbox.retry(work, row, wait, str(error))
