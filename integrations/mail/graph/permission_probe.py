"""Find out what Lantern may do with a mailbox, by trying, without leaving anything behind."""

from __future__ import annotations

import uuid
from dataclasses import replace
from urllib.parse import quote

from integrations.mail.graph.client import GraphClient
from integrations.mail.graph.errors import GraphError
from integrations.mail.graph.messages import draft_body
from integrations.mail.interface import Mail

SUBJECT = "Lantern: a test"
_ENTRY = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Lantern//EN\r\nEND:VCALENDAR\r\n"
BODY = (
    "Hello,\n\nthis is a test email from Lantern. A colleague ran `lantern doctor graph`."
    "\n\nYou do not need to reply."
)


def try_reading(client: GraphClient, mailbox: str) -> None:
    """Read the id of one message.

    Raises:
        MailError: it is not allowed, or not possible now.
    """
    client.get(mailbox, "messages", {"$top": "1", "$select": "id"})


def may_draft(client: GraphClient, mailbox: str) -> None:
    """Write a draft with an attachment, addressed to the mailbox itself, and delete it.

    Raises:
        MailError: it is not allowed, or not possible now.
    """
    written = client.post(
        mailbox, "messages", draft_body(replace(test_mail(mailbox, mailbox), calendar=_ENTRY))
    )
    client.delete(mailbox, f"messages/{quote(str(written['id']), safe='=')}")


def is_refused(client: GraphClient, mailbox: str) -> bool:
    """Return whether Exchange denies Lantern access to a mailbox, as it should for all but ours.

    Raises:
        MailError: another error, so that the result is unknown.
    """
    try:
        try_reading(client, mailbox)
    except GraphError as error:
        if error.status == 403:
            return True
        raise
    return False


def test_mail(mailbox: str, to: str) -> Mail:
    """Return a test email, each time with a new key."""
    return Mail(f"doctor:{uuid.uuid4().hex}", mailbox, "Lantern", to, SUBJECT, BODY)
