"""Send emails from the outbox, approved or automatic: each drafted once, and only that draft sent.

The protocol survives a crash between any two of its steps, and lost responses:

1. The draft carries the outreach's own key, so it is found again instead of made again.
2. The store records which draft counts before anything is sent; the first writer wins, and no
   other draft is ever sent.
3. Right before each request that changes something, repetitions included, the store notes that it
   is about to go out, and the lease begins again. A worker that lost the lease makes no further
   request. After a crash or a lost response, the next worker begins once the service shows
   everywhere what it did. It looks first, and only then does anything else.
4. What cannot be found for a quarter of an hour is left to a person, and is never sent again.
   Only the pauses between looks that were answered count. They begin anew each time that the
   service shows the result of a request. Lantern keeps checking, in ``settle_unknown``.
5. Whatever can still succeed waits, for as long as the approval holds: each attempt asks every
   check again. What can never succeed leaves no draft behind.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import structlog

from integrations.bootstrap import Services
from integrations.error_summary import GOES_THROUGH
from integrations.mail.interface import SETTLES_WITHIN, Draft, Mail, MailError, OutOfTurn
from integrations.trail import TRAIL
from store.delivery import claims, results
from store.delivery.claims import OutboxRow
from store.rules.model import OutboxKind
from worker.jobs.notices.deliver import growing_wait, wait_after, worker_name
from worker.jobs.notices.places import Places
from worker.jobs.outreach.drafts_left import erase_draft
from worker.jobs.outreach.settle_unknown import settle_unknown
from worker.jobs.outreach.to_send import ToSend, to_send

UNKNOWN_AFTER = dt.timedelta(minutes=15)
"""What cannot be found for so long is left to a person."""

AWAY_AT_MOST = dt.timedelta(days=2)
"""A mail service without an answer for longer leaves it to a person to check."""

LONGEST_WAIT = dt.timedelta(minutes=2)

_ELSEWHERE = "The draft was sent from the mailbox to another address."

TURN = dt.timedelta(seconds=20)
"""A mailbox's rate limit can hold up a worker for long. Cards and digests get a turn in between."""

log = structlog.get_logger(__name__)


def send_due(services: Services, kind: OutboxKind = OutboxKind.MAIL) -> None:
    """Send due emails of a kind for at most ``TURN``; where some may be left, enqueue another
    turn."""
    end = services.now() + TURN
    mailboxes: dict[int, Places] = {}
    while row := claims.claim(services.store, kind, worker_name()):
        school = row.school
        place = mailboxes.setdefault(school, Places(services, kind, school))
        with TRAIL.of_row(row.key, row.kind):
            _Attempt(services, row, place).run()
        if services.now() >= end:
            services.queue.enqueue("deliver", kind=kind)
            break
    for each in mailboxes.values():
        each.finish()


class _DraftChanged(MailError):
    """A colleague changed the draft in the mailbox; it is theirs to look at, and not deleted."""


class _LeaseLost(Exception):
    """Another worker has taken over; this one may make no request and record nothing."""


@dataclass
class _Attempt:
    """One claimed email. ``row`` is kept up to date about what is unresolved."""

    services: Services
    row: OutboxRow
    mailbox: Places
    has_asked: bool = False
    """Whether this attempt has made a request that changes something."""

    def run(self) -> None:
        """Send the email, or record why it was not sent."""
        try:
            self._run()
        except GOES_THROUGH:
            raise
        except Exception as error:  # noqa: BLE001 -- this one email waits; the others continue
            with self.services.store.unit_of_work() as work:
                # The last request may have had its effect.
                wait = max(SETTLES_WITHIN, growing_wait(self.row.attempts))
                is_mine = results.put_aside(work, self.row, wait, type(error).__name__)
            # Otherwise its result is recorded, and only the confirmation of the commit was lost.
            if is_mine and not self.row.is_for_a_human:
                self.mailbox.failed(self.row, error)

    def _run(self) -> None:
        store, row = self.services.store, self.row
        mail = to_send(store, row)
        if row.is_for_a_human:
            settle_unknown(self.services, row, mail)
            return
        try:
            # First of all: it may have been sent before a crash. A check that fails now must not
            # record a sent email as cancelled.
            draft = self._draft_before(mail)
            if draft is None or not draft.is_sent:
                if draft is not None:
                    self._found_out()
                checked = mail.check(store, row)
                if checked is None:
                    # An email that must not be sent any more leaves no draft behind. One that only
                    # waits keeps its draft.
                    erase_draft(self.services, row, mail.mailbox)
                    return
                draft = self._send(checked, draft)
        except MailError as error:
            self._not_now(mail, error)
        except _LeaseLost:
            log.warning("lease lost", outbox=row.id)
        else:
            if self._record_sent(mail, draft):
                self.mailbox.took(row)

    def _record_sent(self, mail: ToSend, draft: Draft) -> bool:
        """Record that it was sent; if a colleague sent it to another address, let people look."""
        store = self.services.store
        if draft.is_sent and not mail.went_to_student(draft):
            mail.record_unknown(store, self.row, _ELSEWHERE)
            return False
        mail.record_sent(store, self.row, draft.conversation, draft.message_id)
        TRAIL.said("email sent", attempt=self.row.attempts)
        return True

    def _draft_before(self, mail: ToSend) -> Draft | None:
        """Look up the draft that an earlier attempt recorded, if there is one."""
        ref = self.row.provider_ref
        return self.services.mailer.look(mail.mailbox, ref) if ref else None

    def _send(self, mail: Mail, before: Draft | None) -> Draft:
        draft = _unchanged(before, mail) if before else self._the_draft(mail)
        if draft.is_sent:
            return draft
        with TRAIL.of_request("send email"):
            self.services.mailer.send(mail.mailbox, draft.ref, self._going_out)
        return draft

    def _the_draft(self, mail: Mail) -> Draft:
        """Return the one draft that may be sent: find it or create it, and record it."""
        mailer = self.services.mailer
        found = mailer.find(mail.mailbox, mail.key)
        self._found_out()
        draft = _unchanged(found, mail) if found else mailer.draft(mail, self._going_out)
        ref = results.remember_draft(
            self.services.store, self.row, draft.ref, draft.conversation, draft.message_id
        )
        self.row = replace(self.row, unresolved_since=None, patience_used=0)
        return draft if ref == draft.ref else _unchanged(mailer.look(mail.mailbox, ref), mail)

    def _found_out(self) -> None:
        """Record that the mail service has shown the result of the last request: the email is not
        sent. While a service refuses but responds, nothing is unknown."""
        if self.row.unresolved_since is None:
            return
        if not results.found_out(self.services.store, self.row):
            raise _LeaseLost
        self.row = replace(self.row, unresolved_since=None, patience_used=0)

    def _going_out(self) -> None:
        """Record that a request that changes something is about to be made."""
        if not results.record_attempt(self.services.store, self.row):
            raise _LeaseLost
        self.has_asked = True

    def _not_now(self, mail: ToSend, error: MailError) -> None:
        """Decide what to do with an email that was not sent, or may have been sent."""
        store, row = self.services.store, self.row
        log.debug("mail not sent", outbox=row.id, reason=str(error), permanent=error.permanent)
        TRAIL.said("email not sent", attempt=row.attempts, given_up=error.permanent)
        if error.permanent:
            self._refused(mail, error)
        elif row.patience_used >= 1:
            mail.record_unknown(store, row, str(error))
        else:
            paced = isinstance(error, OutOfTurn)
            with store.unit_of_work() as work:
                wait = _wait(row, error, work.now)
                results.retry(
                    work,
                    row,
                    wait,
                    str(error),
                    # Before the first request that changes something, nothing is unknown.
                    unresolved=error.unknown and (self.has_asked or row.provider_ref is not None),
                    tried=error.uses_an_attempt,
                    # A pause that the service asks for after a refusal is not our own rate limit.
                    waiting=not paced or self.mailbox.is_closed,
                    patience=self._patience(error),
                )
                again_at = work.now + wait
            if not paced:
                self.mailbox.took_nothing(error)
            if error.away and not paced and not error.unknown:
                self.mailbox.close_until(again_at)

    def _patience(self, error: MailError) -> dt.timedelta | None:
        """Return how long the result of an earlier request is looked for; None where none is."""
        if self.row.unresolved_since is None:
            return None
        return AWAY_AT_MOST if error.away or error.waits else UNKNOWN_AFTER

    def _refused(self, mail: ToSend, error: MailError) -> None:
        """Record that the email can never be sent, after a look in the mailbox whether it was sent
        before."""
        store, row = self.services.store, self.row
        tried_before = row.provider_ref is not None or row.unresolved_since is not None
        if tried_before and isinstance(error, _DraftChanged):
            mail.record_unknown(store, row, str(error))
            return
        try:
            draft = self._draft_before(mail) or self.services.mailer.find(mail.mailbox, row.key)
        except MailError:
            # Only a draft of an earlier attempt can have been sent since, or still be there.
            if tried_before:
                mail.record_unknown(store, row, str(error))
                return
            draft = None
        if draft is not None and draft.is_sent:
            self._record_sent(mail, draft)
            return
        mail.record_refused(store, row, str(error))
        erase_draft(self.services, row, mail.mailbox)


def _unchanged(draft: Draft, mail: Mail) -> Draft:
    """Check that a draft is unchanged: it was in the mailbox, where colleagues can edit it."""
    if draft.is_sent or draft.is_still(mail):
        return draft
    raise _DraftChanged("The draft was changed in the mailbox.", permanent=True)


def _wait(row: OutboxRow, error: MailError, now: dt.datetime) -> dt.timedelta:
    if error.unknown:
        # The longer a service is in trouble, the longer it may need to show what it did.
        return max(SETTLES_WITHIN, wait_after(row, error, now))
    return wait_after(row, error, now, LONGEST_WAIT)
