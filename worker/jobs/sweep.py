"""The sweeper: finds all due work that no worker was woken for."""

from __future__ import annotations

import datetime as dt
from functools import partial

from integrations.audit_anchor import AnchorFile
from integrations.bootstrap import Services
from integrations.job_limits import limit_of
from store.actions.notices import troubles
from store.actions.notices.escalate_unread import UnreadMessage, escalate_unread, unread_messages
from store.actions.notices.settled_troubles import end_settled
from store.actions.notices.tell_of_anchor import tell_of_anchor
from store.actions.notices.troubles import Trouble
from store.db.unit_of_work import Store
from store.delivery import claims
from store.delivery.job_slots import is_finished, last_heard, take_over, unfinished
from store.policies.versions import policy_in_force
from store.queries.audit_anchors import ANCHORING, anchoring_began, audit_end
from store.queries.schools.staff import all_schools, schools_screened
from store.rules.calendar import INSTITUTION, institution_day
from store.rules.model import EMAILS, TroubleKind
from worker.jobs.mail_anchor import mail_anchor
from worker.jobs.outreach import drafts_left
from worker.jobs.outreach import receive_replies as replies
from worker.jobs.schools import watch_channels as watching
from worker.jobs.slots import FOLLOW_UP, SCREENING_AT, instant
from worker.one_by_one import each_step, one_by_one

SCREENING_TAKES = limit_of("screen").silence
"""How long a screening may be without a heartbeat before it counts as lost."""

UNREAD = "unread:"
NOT_ASKED = (
    "A message that cannot wait has not been read, and Lantern could not ask more colleagues to "
    "read it. Read it now."
)


def sweep(services: Services) -> None:
    """Enqueue work for every kind of due outbox row, read the mailboxes, and check the channels.

    This finds rows whose wake-up was lost, whose worker died, whose quiet hours have ended, or
    whose retry is due.
    """
    each_step(
        services.store,
        ("begin again", partial(_begin_again, services)),
        ("messages", partial(_wake, services, mails=False)),
        # Before the emails that waited for the morning: a student who has answered is not
        # written to as if nothing had been said.
        ("answers", partial(replies.collect_replies, services)),
        # More colleagues are asked to read unread messages before the next messages are sent.
        ("unread", partial(_ask_more, services)),
        ("mails", partial(_wake, services, mails=True)),
        ("drafts left", partial(drafts_left.erase_left, services)),
        ("channels", partial(watching.watch_channels, services)),
        ("settled troubles", partial(end_settled, services.store)),
        ("audit anchor", partial(_anchor, services)),
    )


def _begin_again(services: Services) -> None:
    """Queue each of today's jobs again whose wake-up was lost, or whose worker died or was cut off.

    Nothing that is done is repeated.
    """
    store, day = services.store, institution_day(services.now())
    if screening_overdue(services) and _is_my_turn(store, "screen", _screening_of(day)):
        services.queue.enqueue("screen", day=str(day), resume=1)
    with store.database.read() as connection:
        begun = unfinished(connection, FOLLOW_UP, instant(day, dt.time(), INSTITUTION))
    for job, at in begun:
        if _is_my_turn(store, job, at):
            services.queue.enqueue("follow-up", school=int(job.removeprefix(FOLLOW_UP)))


def _is_my_turn(store: Store, job: str, at: dt.datetime) -> bool:
    with store.unit_of_work() as work:
        return take_over(work, job, at, limit_of(job.partition(":")[0]).silence)


def _ask_more(services: Services) -> None:
    """Ask more colleagues to read each student's message that no one has read."""
    store = services.store
    found = unread_messages(store)
    one_by_one(store, TroubleKind.CASE, found, _unread_named, partial(escalate_unread, store))
    with store.database.read() as connection:
        known = troubles.known_troubles(connection, TroubleKind.CASE)
    for key in known - {_unread_named(each).key for each in found}:
        if key.startswith(UNREAD):
            troubles.over(store, TroubleKind.CASE, key)  # it was read meanwhile


def _unread_named(unread: UnreadMessage) -> Trouble:
    key = f"{UNREAD}{unread.case or 0}:{unread.about or 0}"
    return Trouble(TroubleKind.CASE, key, NOT_ASKED, unread.school, unread.case)


def _wake(services: Services, *, mails: bool) -> None:
    for kind in claims.due_kinds(services.store):
        if (kind in EMAILS) is mails:
            services.queue.enqueue("deliver", kind=kind)


def _anchor(services: Services) -> None:
    """Write or send an anchor of the audit's end as AUDIT_ANCHOR says, so that deleted rows can be
    noticed.

    The audit records once that anchoring began, so that an emptied file does not look new.
    """
    if services.settings.audit_anchor is None:
        return
    file = AnchorFile(services.settings.audit_anchor, services.store.mark)
    if services.settings.anchors_by_message:
        tell_of_anchor(services.store, file.line_to_send)
        return
    if address := services.settings.anchor_address:
        mail_anchor(services, file, address)
        return
    if file.is_empty():
        with services.store.unit_of_work() as work:
            if anchoring_began(work.connection) is None:
                work.record("system:sweep", ANCHORING, "audit")
    with services.store.database.read() as connection:
        end = audit_end(connection, services.now())
    if end is not None:
        file.append(end)


def screening_overdue(services: Services) -> bool:
    """Return whether today's screening has stopped: no heartbeat for ``SCREENING_TAKES``, and it
    did not come to its end, or some school is not screened yet.

    Its worker may have died. Screening again is harmless: it does not repeat what is done.
    """
    now = services.now()
    day = institution_day(now)
    with services.store.database.read() as connection:
        heard = last_heard(connection, "screen", _screening_of(day))
        if heard is None or now - heard < SCREENING_TAKES:
            return False
        if not is_finished(connection, "screen", _screening_of(day)):
            return True
        done = schools_screened(connection, day)
        wanted = [
            school
            for school in all_schools(connection)
            if policy_in_force(connection, school.id, day)
        ]
    return len(done) < len(wanted)


def _screening_of(day: dt.date) -> dt.datetime:
    return instant(day, SCREENING_AT, INSTITUTION)
