"""``Mailer`` on Microsoft Graph: one shared mailbox for each school."""

from __future__ import annotations

from collections.abc import Iterator

from integrations.mail.graph.client import GraphClient
from integrations.mail.graph.errors import GraphError
from integrations.mail.graph.inbox import GraphInbox, message_path, values_of
from integrations.mail.graph.messages import (
    DRAFT_FIELDS,
    choose_draft,
    draft_body,
    draft_of,
    key_filter,
)
from integrations.mail.graph.rate_limit import PACE
from integrations.mail.interface import Answer, Draft, GoingOut, Mail, MailError, unnoted
from integrations.mail.sending_turn import wait_to_send
from integrations.rate_limit import Sleep
from integrations.records import MailboxRecords, Store


class GraphMailer:
    """Drafts, sends and reads through Graph. Rate limits and read positions are in the store."""

    def __init__(self, client: GraphClient, store: Store, sleep: Sleep) -> None:
        self.client = client
        self._records = MailboxRecords(store)
        self._inbox = GraphInbox(client, self._records)
        self._sleep = sleep

    def find(self, mailbox: str, key: str) -> Draft | None:
        """Return the draft or sent message with this key, once Exchange shows it.

        A new draft may be invisible for a while, so None soon after a lost response proves nothing;
        the outbox waits before it asks.
        """
        query = {"$filter": key_filter(key), "$select": DRAFT_FIELDS}
        return choose_draft(values_of(self.client.get(mailbox, "messages", query)))

    def draft(self, mail: Mail, going_out: GoingOut = unnoted) -> Draft:
        """Write a new draft. The caller checks first: Graph would write a second one too."""
        made = self.client.post(mail.mailbox, "messages", draft_body(mail), going_out=going_out)
        return draft_of(made)

    def look(self, mailbox: str, ref: str) -> Draft:
        """Return this draft as it is now.

        Raises:
            MailError: ``unknown`` where it is not visible: on its way from Drafts to Sent Items a
                message is in neither.
        """
        try:
            return draft_of(self.client.get(mailbox, message_path(ref), {"$select": DRAFT_FIELDS}))
        except GraphError as error:
            if error.status == 404:
                raise MailError(
                    "The draft cannot be seen at the moment; Lantern checks again by itself.",
                    unknown=True,
                ) from None
            raise

    def send(self, mailbox: str, ref: str, going_out: GoingOut = unnoted) -> None:
        """Send this draft when it is the mailbox's turn.

        Raises:
            MailError: with ``retry_after`` where the turn is far off; ``unknown`` where it may
                have been sent.
        """
        wait_to_send(self._records, mailbox, PACE, self._sleep)
        self.client.post(mailbox, f"{message_path(ref)}/send", going_out=going_out)

    def answers(self, mailbox: str) -> Iterator[Answer]:
        """Yield the replies to Lantern's emails since the last call, oldest first on each page:
        those in the inbox, then those that were moved to another folder.

        Only senders and headers of other emails are read. The marker is saved when the caller has
        handled a page, so that a crash repeats it and loses nothing. An unreadable message has the
        reason in ``unread``; later ones are still read.

        Raises ``MailError`` where the mailbox cannot be read, or Graph's list has no end.
        """
        yield from self._inbox.answers(mailbox)

    def read_again(self, mailbox: str, message: str) -> Answer | None:
        """Return a message that could not be read before; None where it is gone.

        Raises ``MailError`` where Graph's response cannot be read.
        """
        return self._inbox.read(mailbox, message)

    def erase(self, mailbox: str, key: str) -> bool:
        """Delete a draft that was never sent; False for a sent email, which the school deletes.

        Lantern has no right to change the mailbox beyond its own drafts.
        """
        found = self.find(mailbox, key)
        if found is None:
            return True
        if found.is_sent:
            return False
        try:
            self.client.delete(mailbox, message_path(found.ref))
        except GraphError as error:
            if error.status != 404:
                raise
        return True

    def erase_answer(self, mailbox: str, message: str) -> bool:
        """Return False: Lantern must not delete messages that arrived in a mailbox."""
        del mailbox, message
        return False

    def close(self) -> None:
        """Close the connections to Microsoft Graph."""
        self.client.close()
