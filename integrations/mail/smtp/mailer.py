"""``Mailer`` on SMTP and IMAP: one mailbox for each school.

SMTP has no memory, so the mailbox records what was sent. A draft's Message-ID follows from the
outreach's key. The draft is flagged right before it is handed to the server; once the server
accepts it, it is copied to Sent and the draft is deleted. A flagged draft that is not in Sent may
have been sent: it is never sent again, and after a quarter of an hour a person is asked.
"""

from __future__ import annotations

import datetime as dt
import imaplib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from email import message_from_bytes
from email.message import EmailMessage

from integrations.mail import eml
from integrations.mail.eml_parts import CAREFUL
from integrations.mail.interface import Answer, Draft, GoingOut, Mail, MailError, unnoted
from integrations.mail.sending_turn import wait_to_send
from integrations.mail.smtp.account import SmtpAccount
from integrations.mail.smtp.arrivals import INBOX, arrived_since, find_arrived, open_again
from integrations.mail.smtp.imap import Mailbox, Stored, open_mailbox
from integrations.mail.smtp.messages import (
    draft_of,
    message_id,
    recipients_of,
)
from integrations.mail.smtp.submission import signed_in
from integrations.rate_limit import Sleep
from integrations.records import MailboxRecords, Store
from store.rules.outreach.sending_pace import SendingRate

DRAFTS, SENT = "\\Drafts", "\\Sent"
PACE = SendingRate(
    every=dt.timedelta(seconds=2),
    catch_up=dt.timedelta(seconds=1),
    longest=dt.timedelta(seconds=20),
)
"""30 emails a minute, which servers for submission commonly allow."""

GONE = "The draft cannot be seen in the mailbox; Lantern checks again by itself."
MAY_BE_SENT = (
    "The mail server may have sent this email and did not say so. Lantern does not send it again. "
    "Look for it in the server's log: where it was sent, move the draft with the star into Sent; "
    "where it was not, take its star off."
)
KEEPS_NO_STAR = (
    "The mailbox keeps no star on a draft, so an email could be sent twice. Give IMAP_USER the "
    "right to change flags."
)


class SmtpMailer:
    """Drafts, sends and reads by SMTP and IMAP. Rate limits and read positions are in the store."""

    def __init__(self, account: SmtpAccount, store: Store, sleep: Sleep) -> None:
        self.account = account
        self._records = MailboxRecords(store)
        self._sleep = sleep

    def find(self, mailbox: str, key: str) -> Draft | None:
        """Return the draft or sent message that carries this key, if there is one.

        Raises:
            MailError: ``unknown`` where it may have been sent.
        """
        return self._found(mailbox, message_id(mailbox, key))

    def draft(self, mail: Mail, going_out: GoingOut = unnoted) -> Draft:
        """Write a new draft. The caller checks first: the server would store a second one."""
        ref = message_id(mail.mailbox, mail.key)
        content = eml.compose_message(mail, ref, self._records.now())
        with self._open(mail.mailbox) as box:
            folder = box.folder(DRAFTS)
            going_out()
            with _perhaps_done():
                box.append(folder, "(\\Draft \\Seen)", content)
        return Draft(ref, ref, is_sent=False, message_id=ref)

    def look(self, mailbox: str, ref: str) -> Draft:
        """Return this draft as it is now.

        Raises:
            MailError: ``unknown`` where it may have been sent, or is not visible.
        """
        if found := self._found(mailbox, ref):
            return found
        raise MailError(GONE, unknown=True)

    def send(self, mailbox: str, ref: str, going_out: GoingOut = unnoted) -> None:
        """Send this draft when it is the mailbox's turn.

        Raises:
            MailError: with ``retry_after`` where the turn is far off; ``unknown`` where it may
                have been sent.
        """
        wait_to_send(self._records, mailbox, PACE, self._sleep)
        with self._open(mailbox) as box:
            if box.with_id(box.folder(SENT), ref):
                return
            draft = self._to_send(box, ref)
            self._submit(box, mailbox, draft, going_out)
            # It has been sent: later failures do not change that.
            with suppress(MailError):
                self._file_as_sent(box, ref, draft.raw)

    def answers(self, mailbox: str) -> Iterator[Answer]:
        """Yield replies to our own emails since the last call, in the order of arrival.

        Only headers of other emails are read, and the enclosed headers of reports. Nothing is
        marked as read. The marker is saved when the caller has handled a page. After the inbox come
        the folders to which filters and colleagues move some replies before they are read.
        """
        with self._open(mailbox) as box:
            yield from arrived_since(box, self._records, mailbox)

    def read_again(self, mailbox: str, message: str) -> Answer | None:
        """Return a message that could not be read before; None where it is gone.

        Raises ``MailError`` where it is too large or still cannot be read.
        """
        with self._open(mailbox) as box:
            return open_again(box, message)

    def erase(self, mailbox: str, key: str) -> bool:
        """Delete every message with this key: drafts, and our own copy in Sent."""
        ref = message_id(mailbox, key)
        with self._open(mailbox) as box:
            for use in (DRAFTS, SENT):
                found = box.with_id(box.folder(use), ref, to_change=True)
                box.delete([each.uid for each in found])
        return True

    def erase_answer(self, mailbox: str, message: str) -> bool:
        """Delete a message that arrived; False where a colleague has moved it elsewhere."""
        with self._open(mailbox) as box:
            found = find_arrived(box, message, to_change=True)
            if found is None:
                return False
            box.delete([found.uid])
        return True

    def may_send(self, mailbox: str) -> None:
        """Sign in to send. Raises ``MailError`` where the server refuses."""
        with signed_in(self.account.smtp, mailbox):
            pass

    def may_read(self, mailbox: str) -> None:
        """Sign in to the mailbox. Raises ``MailError`` where the server refuses."""
        with open_mailbox(self.account.imap, mailbox) as box:
            box.select(INBOX)

    def _open(self, mailbox: str) -> AbstractContextManager[Mailbox]:
        eml.checked_address(mailbox, "The school's mailbox")
        return open_mailbox(self.account.imap, mailbox)

    def _found(self, mailbox: str, ref: str) -> Draft | None:
        with self._open(mailbox) as box:
            # In this order, since a message is in Sent before it leaves Drafts.
            drafts = box.with_id(box.folder(DRAFTS), ref)
            whole = box.whole(drafts[0].uid) if drafts else None
            sent = box.with_id(box.folder(SENT), ref)
        if sent:
            return Draft(ref, ref, is_sent=True, message_id=ref)
        if any(each.is_submitted for each in drafts):
            raise MailError(MAY_BE_SENT, unknown=True)
        return draft_of(whole, ref, is_sent=False) if whole else None

    @staticmethod
    def _to_send(box: Mailbox, ref: str) -> Stored:
        found = box.with_id(box.folder(DRAFTS), ref, to_change=True)
        if any(each.is_submitted for each in found):
            raise MailError(MAY_BE_SENT, unknown=True)
        whole = box.whole(found[0].uid) if found else None
        if whole is None:
            raise MailError(GONE, unknown=True)
        return whole

    def _submit(self, box: Mailbox, mailbox: str, draft: Stored, going_out: GoingOut) -> None:
        message = message_from_bytes(draft.raw, policy=CAREFUL)
        recipients = recipients_of(message) if isinstance(message, EmailMessage) else []
        if len(recipients) != 1:
            raise MailError("The draft was changed in the mailbox.", permanent=True)
        with signed_in(self.account.smtp, mailbox) as smtp:
            smtp.begin(mailbox, recipients[0])
            going_out()
            if not box.mark_submitted(draft.uid):
                raise MailError(KEEPS_NO_STAR, waits=True)
            try:
                smtp.finish(draft.raw)
            except MailError as error:
                if not error.unknown:
                    box.unmark(draft.uid)
                raise

    @staticmethod
    def _file_as_sent(box: Mailbox, ref: str, raw: bytes) -> None:
        sent = box.folder(SENT)
        # Some servers copy it to Sent themselves.
        if not box.with_id(sent, ref):
            box.append(sent, "(\\Seen)", raw)
        left = box.with_id(box.folder(DRAFTS), ref, to_change=True)
        box.delete([each.uid for each in left])


@contextmanager
def _perhaps_done() -> Iterator[None]:
    """Mark errors as ``unknown``: a change without a response may have been made."""
    try:
        yield
    except (OSError, imaplib.IMAP4.abort):
        raise MailError(
            "The mail server did not say whether it kept the draft; Lantern checks again by "
            "itself.",
            unknown=True,
        ) from None
