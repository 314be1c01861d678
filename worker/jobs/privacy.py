"""Delete what an erasure finds outside the database: messages, emails and activity, one at a time.

Each is a row of the outbox, so it is rate-limited and retried like any message, and a worker that
dies loses nothing. Deleting twice does no harm. What can never be deleted is recorded with its
channel and time, for a person to delete by hand.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import partial

import structlog

from bot.posting.cards import erase_message
from integrations.bootstrap import Services
from integrations.chat.interface import Address, DeliveryError, MessageRef, PictureKeeper
from integrations.do_all import do_all
from integrations.error_summary import GOES_THROUGH
from integrations.feeds.ledger.deliveries import Ledger
from integrations.feeds.ledger.privacy import forget_student
from integrations.mail.interface import MailError
from store.actions.notices import troubles
from store.actions.notices.troubles import Trouble
from store.actions.privacy.purge import add_replies, record_external_erasure, remnant_behind
from store.delivery import claims, results
from store.delivery.claims import OutboxRow
from store.rules.errors import CaseworkError
from store.rules.model import OutboxKind, Platform, TroubleKind
from store.rules.privacy import ExternalCopy, RemnantKind, RemnantState
from worker.jobs.notices.deliver import growing_wait, wait_after, worker_name
from worker.jobs.slots import leased_while
from worker.one_by_one import note_failure

GIVEN_UP_AFTER = dt.timedelta(days=7)
"""After so long without success a person deletes it by hand: the law allows a month."""
NOT_ERASED = "Some data of an erased student could not be deleted yet."
UPLOADED_WITHIN = dt.timedelta(minutes=5)
"""The longest that a worker may take to upload a picture."""
NOT_SET_UP = "This platform is no longer set up here"
IN_THE_MAILBOX = "It is in the school's mailbox, where the school has to delete it"
DAMAGED = "A damaged file of activity cannot be read; load its day again, or delete it"

log = structlog.get_logger(__name__)
Ended = tuple[RemnantState, str]
"""The state in which an item ends, and what prevents its deletion, as part of a sentence."""


def erase_due(services: Services) -> None:
    """Delete messages, emails and activity of erased students, where that is due."""
    while row := claims.claim(services.store, OutboxKind.ERASURE, worker_name()):
        named = Trouble(TroubleKind.ERASURE, row.key, NOT_ERASED, row.school)
        try:
            with leased_while(services.store, row):
                _erase(services, row)
        except GOES_THROUGH:
            raise
        except Exception as error:  # noqa: BLE001 -- this one waits; the others continue
            with services.store.unit_of_work() as work:
                wait = growing_wait(row.attempts)
                is_mine = results.put_aside(work, row, wait, type(error).__name__)
            # Otherwise its result is recorded, and only the confirmation of the commit was lost.
            if is_mine:
                note_failure(services.store, named, error)
        else:
            troubles.over(services.store, named.kind, named.key)


def _erase(services: Services, row: OutboxRow) -> None:
    """Delete one item, or put its row back for another try."""
    with services.store.database.read() as connection:
        remnant = remnant_behind(connection, row)
    try:
        state, trouble = _REACH[remnant.kind](services, remnant)
    except (DeliveryError, MailError, CaseworkError) as error:
        _try_again(services, row, remnant, error)
    else:
        record_external_erasure(services.store, row, remnant, state, trouble)


def _message(services: Services, remnant: ExternalCopy) -> Ended:
    platform = Platform(remnant.platform)
    workspace = services.workspaces.get(platform)
    if workspace is None:
        return RemnantState.LEFT, NOT_SET_UP
    address = Address(platform, remnant.tenant, remnant.channel)
    message = MessageRef(address, remnant.message)
    if remnant.kind is RemnantKind.CARD:
        # First, since no one finds what stands below a message that is gone.
        add_replies(services.store, remnant, workspace.below(message))
    is_gone = erase_message(workspace, platform, message)
    return (RemnantState.GONE if is_gone else RemnantState.REDACTED), ""


def _picture(services: Services, remnant: ExternalCopy) -> Ended:
    workspace = services.workspaces.get(Platform(remnant.platform))
    if not isinstance(workspace, PictureKeeper):
        return RemnantState.LEFT, NOT_SET_UP
    if not workspace.delete_picture(remnant.tenant, remnant.message):
        # Another worker may be about to complete its upload.
        is_new = remnant.posted_at and services.now() - remnant.posted_at < UPLOADED_WITHIN
        if is_new:
            raise DeliveryError("its upload may not be over", retry_after=UPLOADED_WITHIN)
    return RemnantState.GONE, ""


def _mail(services: Services, remnant: ExternalCopy) -> Ended:
    is_gone = services.mailer.erase(remnant.tenant, remnant.message)
    return (RemnantState.GONE, "") if is_gone else (RemnantState.LEFT, IN_THE_MAILBOX)


def _answer(services: Services, remnant: ExternalCopy) -> Ended:
    is_gone = services.mailer.erase_answer(remnant.tenant, remnant.message)
    return (RemnantState.GONE, "") if is_gone else (RemnantState.LEFT, IN_THE_MAILBOX)


def _lake(services: Services, remnant: ExternalCopy) -> Ended:
    student = int(remnant.message)
    # The deliveries first: the days are rebuilt from them.
    parts = (
        partial(forget_student, Ledger(services.lake), services.store.seal, student),
        partial(services.lake.remove_student, student),
    )
    do_all(parts, lambda part: part())
    if services.lake.damaged_days():
        return RemnantState.LEFT, DAMAGED
    return RemnantState.GONE, ""


_REACH: Mapping[RemnantKind, Callable[[Services, ExternalCopy], Ended]] = {
    RemnantKind.CARD: _message,
    RemnantKind.DIGEST: _message,
    RemnantKind.PICTURE: _picture,
    RemnantKind.PRIVATE: _message,
    RemnantKind.REMARK: _message,
    RemnantKind.MAIL: _mail,
    RemnantKind.ANSWER: _answer,
    RemnantKind.LAKE: _lake,
}


def _try_again(
    services: Services,
    row: OutboxRow,
    remnant: ExternalCopy,
    error: DeliveryError | MailError | CaseworkError,
) -> None:
    throttled = isinstance(error, DeliveryError) and error.throttled
    given_up = error.permanent or row.patience_used >= 1
    log.debug("not erased", outbox=row.id, kind=remnant.kind, given_up=given_up)
    if given_up:
        record_external_erasure(
            services.store, row, remnant, RemnantState.LEFT, str(error).rstrip(".")
        )
        return
    with services.store.unit_of_work() as work:
        if isinstance(error, CaseworkError):
            wait, is_tried = growing_wait(row.attempts), True
        else:
            wait, is_tried = wait_after(row, error, work.now), error.uses_an_attempt
        results.retry(
            work,
            row,
            wait,
            str(error),
            tried=is_tried,
            waiting=not throttled,
            patience=GIVEN_UP_AFTER,
        )
