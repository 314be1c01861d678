"""Deliver cards, digests, lines and private messages from the outbox."""

from __future__ import annotations

import datetime as dt
import os
import socket
from collections.abc import Callable, Mapping

import structlog

from bot.cards.cases.lists import digest_card
from bot.posting.cards import put_card
from bot.posting.school_report import channel_report
from integrations.bootstrap import Services
from integrations.chat.interface import DeliveryError
from integrations.error_summary import GOES_THROUGH
from integrations.service_error import ServiceError
from integrations.trail import TRAIL
from store.delivery import claims, results
from store.delivery.claims import OutboxRow
from store.queries.cases.school_digest import school_digest
from store.queries.readiness.on_case import lacking_approval
from store.rules.calendar import institution_day
from store.rules.errors import CaseworkError
from store.rules.model import OutboxKind, OutboxState
from worker.jobs.cases.post_cards import post_case_card
from worker.jobs.notices.digests import REPORT
from worker.jobs.notices.places import Places
from worker.jobs.notices.staff_notices import show_notice
from worker.jobs.notices.thread_notices import show_line
from worker.parallel import each

LONGEST_WAIT = dt.timedelta(minutes=15)

_Show = Callable[[Services, OutboxRow], OutboxState | None]

log = structlog.get_logger(__name__)


def worker_name() -> str:
    """Return the name under which this process claims rows of the outbox: its host and process
    id."""
    return f"{socket.gethostname()}:{os.getpid()}"


def announce_due(services: Services, kind: OutboxKind) -> None:
    """Post or update every message of this kind that is due; the schools in parallel, since each
    channel has its own rate limit."""
    schools = claims.due_schools(services.store, kind)
    each(schools, lambda school: _announce(services, kind, school))


def _announce(services: Services, kind: OutboxKind, school: int) -> None:
    show, places = _SHOW[kind], Places(services, kind, school)
    while row := claims.claim(services.store, kind, worker_name(), school):
        with TRAIL.of_row(row.key, row.kind):
            _announce_one(services, row, show, places)
    places.finish()


def _announce_one(services: Services, row: OutboxRow, show: _Show, places: Places) -> None:
    try:
        state = show(services, row)
    except GOES_THROUGH:
        raise
    except CaseworkError:
        # The student or case was erased after the message was requested.
        state = OutboxState.CANCELLED
    except DeliveryError as error:
        _try_again(services, row, error, places)
        TRAIL.said("not delivered", attempt=row.attempts, given_up=error.permanent)
        return
    except Exception as error:  # noqa: BLE001 -- this one message waits; the others continue
        _put_aside(services, row, error, places)
        return
    if state is not None:
        with services.store.unit_of_work() as work:
            results.settle(work, row, state)
        TRAIL.said("delivered", state=state)
    if state is OutboxState.SENT:
        places.took(row)


def _show_digest(services: Services, row: OutboxRow) -> OutboxState:
    if _is_of_yesterday(services, row):
        return OutboxState.CANCELLED
    if row.key.startswith(REPORT):
        card = channel_report(services.store, row.school)
        put_card(services.store, services.workspaces, row.school, row.key, card)
        return OutboxState.SENT
    with services.store.database.read() as connection:
        view = school_digest(connection, row.school, row.day)
        drafted = [line.id for line in view.waiting_for_approval]
        now, limits = services.now(), services.store.limits
        lacking = lacking_approval(connection, drafted, now, limits)
    subject = f"digest:{row.school}:{row.day}"
    put_card(services.store, services.workspaces, row.school, subject, digest_card(view, lacking))
    return OutboxState.SENT


_SHOW: Mapping[OutboxKind, _Show] = {
    OutboxKind.CARD: post_case_card,
    OutboxKind.LINE: show_line,
    OutboxKind.DIGEST: _show_digest,
    OutboxKind.NOTICE: show_notice,
}
"""Each returns the final state of its row; None where the row was already put back to wait."""


def _try_again(services: Services, row: OutboxRow, error: DeliveryError, places: Places) -> None:
    """Retry a message that can still succeed, for as long as its channel or chat is unavailable;
    whether it is still true is checked when it is shown. A rate limit is no fault of the message;
    people are told only of a long one."""
    passes_soon = error.throttled and (error.retry_after or LONGEST_WAIT) <= LONGEST_WAIT
    log.debug("message not delivered", outbox=row.id, reason=str(error), given_up=error.permanent)
    with services.store.unit_of_work() as work:
        if error.permanent:
            results.settle(work, row, OutboxState.CANCELLED, str(error))
        else:
            # A line may have been posted after all, which is checked; a card may be updated twice.
            unresolved = error.unknown and row.kind is OutboxKind.LINE
            results.retry(
                work,
                row,
                wait_after(row, error, work.now),
                str(error),
                unresolved=unresolved,
                tried=error.uses_an_attempt,
                waiting=not passes_soon,
            )
    if error.permanent:
        places.refused(row, error)
    elif not passes_soon:
        places.took_nothing(error)


def _put_aside(services: Services, row: OutboxRow, error: Exception, places: Places) -> None:
    """Set aside a message that fails because of its content, not because of its channel or chat."""
    with services.store.unit_of_work() as work:
        wait = growing_wait(row.attempts)
        is_mine = results.put_aside(work, row, wait, type(error).__name__)
    # Otherwise its result is recorded, and only the confirmation of the commit was lost.
    if is_mine:
        places.failed(row, error)


def growing_wait(attempts: int) -> dt.timedelta:
    """Return the wait before the next attempt: 2, 4, 8 seconds and so on, 15 minutes at most."""
    # The exponent is kept small: the wait is the longest one long before it matters.
    return min(dt.timedelta(seconds=2 ** min(attempts, 10)), LONGEST_WAIT)


def wait_after(
    row: OutboxRow, error: ServiceError, now: dt.datetime, longest: dt.timedelta = LONGEST_WAIT
) -> dt.timedelta:
    """Return the pause before the next try: the one that the service asked for, or a growing one.

    It grows with the attempts, and for a message that only waits, with the time it has waited.
    """
    if error.retry_after:
        return error.retry_after
    if error.uses_an_attempt:
        return min(growing_wait(row.attempts), longest)
    waited = now - (row.waiting_since or now)
    return min(max(waited, growing_wait(1)), longest)


def _is_of_yesterday(services: Services, row: OutboxRow) -> bool:
    """Return whether a digest is of an earlier day, since its channel was unavailable: today has
    its own."""
    is_late = row.waiting_since is not None or row.attempts > 1
    return is_late and institution_day(services.now()) > row.day
