"""Each thing from outside by itself: one that fails keeps back none of the others.

The one that failed is noted in ``store.actions.notices.troubles``, rests for a pause that grows,
and is tried again. What is about the process itself goes through: no memory, a job whose time is
over, an exit. Where not even the note can be written the database is away, and the whole loop ends
with that.
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
"""What the log says of each kind."""

log = structlog.get_logger(__name__)


def one_by_one(
    store: Store,
    kind: TroubleKind,
    things: Iterable[T],
    about: Callable[[T], Trouble],
    do: Callable[[T], object],
) -> None:
    """Do each that does not rest. ``about`` names a thing as the trouble it would be; its reason,
    if any, comes before what happened."""
    with store.database.read() as connection:
        rests = troubles.resting(connection, kind, store.now())
        known = troubles.known_keys(connection, kind)
    for thing in things:
        named = about(thing)
        if named.key not in rests:
            _do_one(store, named, partial(do, thing), was_known=named.key in known)


def each_step(store: Store, *steps: Step) -> None:
    """Do each part of a job, under the name by which it is noted."""
    one_by_one(store, TroubleKind.JOB, steps, _step_named, lambda step: step[1]())


def each_case(
    store: Store,
    cases: Mapping[int, int | None],
    work: str,
    do: Callable[[int], object],
    *,
    school: int | None = None,
) -> None:
    """Do each of these cases: id → school. ``work`` is what is done with them, as a word.

    They are all of ``school``, or of every school: what failed on a case that is no longer among
    them is over.
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
    """Do each of these schools, by its id."""
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
            return  # there were too many requests, which says nothing about this one
        note_failure(store, named, error)
    else:
        if was_known:
            troubles.over(store, named.kind, named.key)


def _is_about_the_mailbox(named: Trouble, error: Exception) -> bool:
    """Whether a message cannot be read since nothing in its mailbox can."""
    return named.kind is TroubleKind.MESSAGE and isinstance(error, MailError) and error.away


def note_failure(store: Store, named: Trouble, error: Exception) -> None:
    """Note a failure under the name of the thing. The log says it twice at most, however often it
    fails: as a warning the first time, as an error when people are told."""
    reason = f"{named.reason} {sentence(error)}".strip()
    noted = troubles.record_trouble(store, replace(named, reason=reason))
    tell = log.error if noted.tells else log.warning if noted.tries == 1 else log.debug
    tell(
        EVENTS[named.kind],
        kind=named.kind,
        school=named.school,
        case=named.case,
        reason=reason,
        error=type(error).__name__,
        where=place(error),
    )
