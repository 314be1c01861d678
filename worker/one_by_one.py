"""Process items one by one, so that one that fails does not stop the others.

A failure is recorded in ``store.actions.notices.troubles``, and the item is retried after a pause
that grows. Errors about the process itself are raised: no memory, a job over its time limit, an
exit. Where the failure cannot be recorded, the database is unavailable, and the whole loop ends
with that error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import TypeVar

import structlog

from integrations.chat.interface import DeliveryError
from integrations.error_summary import GOES_THROUGH, place
from integrations.fault_sentences import sentence
from integrations.mail.interface import MailError
from integrations.service_error import ServiceError
from store.actions.notices import troubles
from store.actions.notices.troubles import Trouble
from store.db.unit_of_work import Store
from store.rules.model import TroubleKind

T = TypeVar("T")
Step = tuple[str, Callable[[], object]]

EVENTS: Mapping[TroubleKind, str] = {
    TroubleKind.MAILBOX: "mailbox not read",
    TroubleKind.MESSAGE: "answer not recorded",
    TroubleKind.SENDING: "mail not sent",
    TroubleKind.CHANNEL: "message not delivered",
    TroubleKind.COLLEAGUE: "message not delivered",
    TroubleKind.WATCH: "members not seen",
    TroubleKind.DRAFT: "draft left",
    TroubleKind.ERASURE: "not erased",
    TroubleKind.RETENTION: "not deleted by age",
    TroubleKind.FILE: "feed file not loaded",
    TroubleKind.SCHOOL: "school not done",
    TroubleKind.CASE: "case not done",
    TroubleKind.JOB: "step of a job failed",
}
"""The log's event for each kind of failure."""

log = structlog.get_logger(__name__)


def one_by_one(
    store: Store,
    kind: TroubleKind,
    things: Iterable[T],
    about: Callable[[T], Trouble],
    do: Callable[[T], object],
) -> None:
    """Call ``do`` for each thing that is not waiting for its retry.

    ``about`` builds the ``Trouble`` to record where a thing fails; its reason, if any, precedes the
    error's sentence.
    """
    with store.database.read() as connection:
        rests = troubles.resting(connection, kind, store.now())
        known = troubles.known_troubles(connection, kind)
    for thing in things:
        named = about(thing)
        if named.key not in rests:
            _do_one(store, named, partial(do, thing), was_known=named.key in known)


def each_step(store: Store, *steps: Step) -> None:
    """Run the parts of a job: (name, function). A failure is recorded under the part's name."""
    one_by_one(store, TroubleKind.JOB, steps, _step_named, lambda step: step[1]())


def each_case(
    store: Store,
    cases: Mapping[int, int | None],
    work: str,
    do: Callable[[int], object],
    *,
    school: int | None = None,
) -> None:
    """Call ``do`` for each of these cases: id → school. ``work`` names the work in one word.

    ``cases`` holds all cases of ``school`` that need it, or of every school for None. So a recorded
    failure of a case that is no longer among them is closed.
    """
    troubles.end_others(store, TroubleKind.CASE, work, {f"{work}:{case}" for case in cases}, school)
    one_by_one(
        store,
        TroubleKind.CASE,
        cases,
        lambda case: Trouble(TroubleKind.CASE, f"{work}:{case}", "", cases[case], case),
        do,
    )


def each_school(
    store: Store, schools: Iterable[int], work: str, do: Callable[[int], object]
) -> None:
    """Call ``do`` with the id of each of these schools. ``work`` names the work in one word."""
    one_by_one(
        store,
        TroubleKind.SCHOOL,
        schools,
        lambda school: Trouble(TroubleKind.SCHOOL, f"{work}:{school}", "", school),
        do,
    )


def _step_named(step: Step) -> Trouble:
    return Trouble(TroubleKind.JOB, step[0])


def _do_one(store: Store, named: Trouble, do: Callable[[], object], *, was_known: bool) -> None:
    try:
        do()
    except GOES_THROUGH:
        raise
    except Exception as error:
        if _is_about_the_mailbox(named, error):
            raise
        if isinstance(error, DeliveryError) and error.throttled:
            return  # a rate limit, which is not this item's fault
        note_failure(store, named, error)
    else:
        if was_known:
            troubles.over(store, named.kind, named.key)


def _is_about_the_mailbox(named: Trouble, error: Exception) -> bool:
    """Return whether a message cannot be read because its whole mailbox is unavailable."""
    return named.kind is TroubleKind.MESSAGE and isinstance(error, MailError) and error.away


def note_failure(store: Store, named: Trouble, error: Exception) -> None:
    """Record the failure of a thing. Each cause is logged once, however often the thing fails: as
    an error where a person has to act, and else as a warning."""
    reason = f"{named.reason} {sentence(error)}".strip()
    noted = troubles.record_trouble(store, replace(named, reason=reason))
    passes = isinstance(error, ServiceError) and not (error.waits or noted.tells)
    tell = log.debug if not noted.is_new else log.warning if passes else log.error
    tell(
        EVENTS[named.kind],
        kind=named.kind,
        school=named.school,
        case=named.case,
        reason=reason,
        error=type(error).__name__,
        where=place(error),
    )
