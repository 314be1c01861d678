"""Email out of the outbox, approved or automatic: drafted once, and only that draft ever sent.

The protocol survives a crash between any two of its steps, and answers that get lost:

1. The draft carries the outreach's own key, so it is found again instead of made again.
2. The store records which draft counts before anything is sent; the first writer wins, and no
   other draft is ever sent.
3. Right before each request that changes something, repetitions included, the store notes that it
   is about to go out, and the lease begins again; a worker that lost the lease asks nothing more.
   So the next worker, after an answer that never came or a crash, comes when the mail service
   shows everywhere what it did, looks, and only then does anything else.
4. What could not be found out in a quarter of an hour is for a human, and is never sent again. A
   quarter of an hour in which the mail service could not be asked at all does not count, and each
   time that it shows what became of a request ends it.
5. Whatever can still succeed waits, for as long as the approval holds: each attempt asks every
   check again. What can never succeed leaves no draft behind.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import structlog

from integrations.bootstrap import Services
from integrations.error_summary import GOES_THROUGH
from integrations.mail.interface import Draft, Mail, MailError, OutOfTurn
from store.delivery import outbox
from store.delivery.outbox import OutboxRow
from store.rules.model import OutboxKind
from worker.jobs.notices.deliver import growing_wait, worker_name
from worker.jobs.notices.places import Places
from worker.jobs.outreach.drafts_left import erase_draft
from worker.jobs.outreach.to_send import ToSend, to_send

SETTLES_WITHIN = dt.timedelta(minutes=1)
"""After an answer that got lost, what happened can be seen by then: a draft by its key, a sent
message among the sent. After a crash the lease is the wait, and is longer."""

UNKNOWN_AFTER = dt.timedelta(minutes=15)
"""What cannot be found out for so long is for a human."""

AWAY_AT_MOST = dt.timedelta(days=2)
"""A mail service that cannot be asked for longer leaves it to a human to look."""

LONGEST_WAIT = dt.timedelta(minutes=2)

TURN = dt.timedelta(seconds=20)
"""A mailbox's pace can keep a worker waiting for long. Cards and digests get a turn in between."""

log = structlog.get_logger(__name__)


def send_due(services: Services, kind: OutboxKind = OutboxKind.MAIL) -> None:
    """Send emails of a kind that are due, for a turn; where some may be left, ask for another."""
    end = services.now() + TURN
    mailboxes: dict[int, Places] = {}
    while row := outbox.claim(services.store, kind, worker_name()):
        school = row.school
        place = mailboxes.setdefault(school, Places(services, kind, school))
        _Attempt(services, row, place).run()
        if services.now() >= end:
            services.queue.enqueue("deliver", kind=kind)
            break
    for each in mailboxes.values():
        each.finish()


class _DraftChanged(MailError):
    """A colleague changed the draft in the mailbox; it is theirs to look at, and not deleted."""


class _LeaseLost(Exception):
    """Another worker has taken over; nothing may be asked and nothing recorded any more."""


@dataclass
class _Attempt:
    """One claimed email. ``row`` is kept up to date about what is unresolved."""

    services: Services
    row: OutboxRow
    mailbox: Places

    def run(self) -> None:
        """Send it, or write down why not."""
        try:
            self._run()
        except GOES_THROUGH:
            raise
        except Exception as error:  # noqa: BLE001 -- this one mail rests; the others go on
            with self.services.store.unit_of_work() as work:
                # The last request may have had its effect.
                wait = max(SETTLES_WITHIN, growing_wait(self.row.attempts))
                outbox.put_aside(work, self.row, wait, type(error).__name__)
            self.mailbox.failed(self.row, error)

    def _run(self) -> None:
        store, row = self.services.store, self.row
        mail = to_send(store, row)
        try:
            # First of all: it may have left before a crash. What has left has left, and no gate
            # that closed since may call it cancelled.
            draft = self._draft_before(mail)
            if draft is None or not draft.is_sent:
                if draft is not None:
                    self._found_out()
                checked = mail.check(store, row)
                if checked is None:
                    self._leave_no_draft(mail, draft)
                    return
                draft = self._send(checked, draft)
        except MailError as error:
            self._not_now(mail, error)
        except _LeaseLost:
            log.warning("lease lost", outbox=row.id)
        else:
            mail.record_sent(store, row, draft.conversation, draft.message_id)
            self.mailbox.took(row)

    def _leave_no_draft(self, mail: ToSend, draft: Draft | None) -> None:
        """What must not leave any more does not stay among the mailbox's drafts either, with the
        student's own links in it. An email that only waits keeps its draft."""
        row, store = self.row, self.services.store
        may_be_there = draft is not None or row.attempts > 1 or row.waiting_since is not None
        if not may_be_there or not outbox.is_cancelled(store, row):
            return
        erase_draft(self.services, row, mail.mailbox)

    def _draft_before(self, mail: ToSend) -> Draft | None:
        """What became of the draft that an earlier attempt recorded, if one did."""
        ref = self.row.provider_ref
        return self.services.mailer.look(mail.mailbox, ref) if ref else None

    def _send(self, mail: Mail, before: Draft | None) -> Draft:
        draft = _unchanged(before, mail) if before else self._the_draft(mail)
        if draft.is_sent:
            return draft
        self.services.mailer.send(mail.mailbox, draft.ref, self._going_out)
        return draft

    def _the_draft(self, mail: Mail) -> Draft:
        """The one draft that counts: found, or written, and recorded as such."""
        mailer = self.services.mailer
        found = mailer.find(mail.mailbox, mail.key)
        self._found_out()
        draft = _unchanged(found, mail) if found else mailer.draft(mail, self._going_out)
        ref = outbox.remember_draft(
            self.services.store, self.row, draft.ref, draft.conversation, draft.message_id
        )
        self.row = replace(self.row, unresolved_since=None)
        return draft if ref == draft.ref else _unchanged(mailer.look(mail.mailbox, ref), mail)

    def _found_out(self) -> None:
        """The mail service showed what became of the last request: it has not sent the email. One
        that refuses for an hour and can be asked leaves nothing unknown."""
        if self.row.unresolved_since is None:
            return
        if not outbox.found_out(self.services.store, self.row):
            raise _LeaseLost
        self.row = replace(self.row, unresolved_since=None)

    def _going_out(self) -> None:
        """Note that a request is about to be made that changes something."""
        if not outbox.record_attempt(self.services.store, self.row):
            raise _LeaseLost

    def _not_now(self, mail: ToSend, error: MailError) -> None:
        """Decide what becomes of an email that did not leave, or may have left."""
        store, row = self.services.store, self.row
        log.debug("mail not sent", outbox=row.id, reason=str(error), permanent=error.permanent)
        if error.permanent:
            self._refused(mail, error)
        elif self._is_for_a_human(error):
            mail.record_unknown(store, row, str(error))
        else:
            paced = isinstance(error, OutOfTurn)
            with store.unit_of_work() as work:
                outbox.retry(
                    work,
                    row,
                    _wait(row, error),
                    str(error),
                    unresolved=error.unknown,
                    # Who was told to wait has used up nothing, however many go first.
                    tried=error.retry_after is None,
                    waiting=not paced,
                )
            if not paced:
                self.mailbox.took_nothing(error)

    def _is_for_a_human(self, error: MailError) -> bool:
        """Whether it has been unknown for too long what became of the last request."""
        since = self.row.unresolved_since
        if since is None:
            return False
        is_asked_in_vain = not error.away and not error.waits
        return self.services.now() - since >= (UNKNOWN_AFTER if is_asked_in_vain else AWAY_AT_MOST)

    def _refused(self, mail: ToSend, error: MailError) -> None:
        """It can never be sent. What stands in the mailbox says whether it has been, before."""
        store, row = self.services.store, self.row
        tried_before = row.provider_ref is not None or row.unresolved_since is not None
        if tried_before and isinstance(error, _DraftChanged):
            mail.record_unknown(store, row, str(error))
            return
        try:
            draft = self._draft_before(mail) or self.services.mailer.find(mail.mailbox, row.key)
        except MailError:
            # Only what an earlier attempt wrote can have been sent since, or be there still.
            if tried_before:
                mail.record_unknown(store, row, str(error))
                return
            draft = None
        if draft is not None and draft.is_sent:
            mail.record_sent(store, row, draft.conversation, draft.message_id)
            return
        mail.record_refused(store, row, str(error))
        self._leave_no_draft(mail, draft)


def _unchanged(draft: Draft, mail: Mail) -> Draft:
    """A draft that lay in the mailbox for a while, where colleagues can reach it."""
    if draft.is_sent or draft.is_still(mail):
        return draft
    raise _DraftChanged("The draft was changed in the mailbox.", permanent=True)


def _wait(row: OutboxRow, error: MailError) -> dt.timedelta:
    if error.unknown:
        # The longer a service is in trouble, the longer it may need to show what it did.
        return max(SETTLES_WITHIN, error.retry_after or growing_wait(row.attempts))
    return error.retry_after or min(dt.timedelta(seconds=2 ** min(row.attempts, 8)), LONGEST_WAIT)
