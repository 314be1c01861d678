"""Read what has arrived in a school's mailbox through Graph, in whatever folder it lies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from integrations.mail.graph.client import GraphClient
from integrations.mail.graph.errors import NO_SENSE, GraphError
from integrations.mail.graph.messages import (
    ANSWER_FIELDS,
    CLASS_PROPERTY,
    KEY_PROPERTY,
    LISTED_FIELDS,
    answer_of,
    is_from_server,
    marks_of,
    received,
    unread_of,
)
from integrations.mail.interface import Answer, MailError
from integrations.records import MailboxRecords
from store.rules.outreach.mail_match import Marks

FIRST_LOOK_BACK = dt.timedelta(days=30)
"""How far back the inbox is read without a marker, or with one that Graph has forgotten."""

PAGE_SIZE = 50
MOST_IDLE = 20
"""How many pages in a row may bring nothing new: some are empty, but Graph may also go in circles.
"""
LOOPS = (
    "Microsoft Graph repeats the same list of messages without an end; Lantern begins anew at its "
    "next look. If it stays, ask Microsoft's support."
)
INBOX_CHANGES = "mailFolders/inbox/messages/delta"

OTHER_FOLDERS = " in other folders"
"""Follows a mailbox's address in the name of the position up to which its other folders
are read.
"""
FIRST_LOOK_ELSEWHERE = dt.timedelta(days=7)
MOVED_WITHIN = dt.timedelta(hours=1)
"""How far back each look at the other folders reaches beyond the one before."""
MOST_ELSEWHERE = 5_000
"""The most messages that one look at all folders lists."""
GONE = "It was moved or deleted before Lantern could read it."
LOCKED = (
    "Microsoft 365 does not let Lantern open this message, for instance because it is encrypted or "
    "protected."
)
_LOCKED = frozenset({403, 423, 451})
"""Graph's responses to a message that Lantern alone may not read, in a mailbox that it may."""
_NO_SENSE = (LookupError, TypeError, ValueError, AttributeError)
"""Errors of a message without required fields, or with malformed ones."""
_GONE = frozenset({400, 404, 410})
"""Graph's responses to a forgotten marker (410, or 400 and 404 with a code)."""


class GraphInbox:
    """The messages that arrive in the mailboxes. Read positions are in the store."""

    def __init__(self, client: GraphClient, records: MailboxRecords) -> None:
        self._client = client
        self._records = records

    def answers(self, mailbox: str) -> Iterator[Answer]:
        """Yield the replies since the last call: see ``GraphMailer.answers``.

        Raises ``MailError`` where the mailbox cannot be read, or Graph's list has no end.
        """
        mark = self._records.read_up_to(mailbox)
        known: set[str] = set()
        more, idle = True, 0
        while more:
            page = self._page(mailbox, mark)
            new = [each for each in values_of(page) if str(each.get("id")) not in known]
            known |= {str(each.get("id")) for each in new}
            idle = 0 if new else idle + 1
            if idle > MOST_IDLE:
                self._records.remember_read(mailbox, None)
                raise MailError(LOOPS)
            for message in sorted(new, key=lambda m: str(m.get("receivedDateTime"))):
                if answer := self._opened(mailbox, message):
                    yield answer
            more = "@odata.nextLink" in page
            mark = self._link(mailbox, page.get("@odata.nextLink" if more else "@odata.deltaLink"))
            self._records.remember_read(mailbox, mark)
        yield from self._elsewhere(mailbox)

    def read(self, mailbox: str, message: str) -> Answer | None:
        """Return one message; None where it is gone.

        Raises ``MailError`` where Graph's response cannot be read.
        """
        try:
            return self._answer(mailbox, message)
        except GraphError as error:
            if error.code == "ErrorItemNotFound":
                return None
            if error.status in _LOCKED:
                raise MailError(LOCKED) from None
            raise
        except _NO_SENSE:
            raise MailError(NO_SENSE) from None

    def _page(self, mailbox: str, mark: str | None) -> dict[str, Any]:
        prefer = f"odata.maxpagesize={PAGE_SIZE}"
        if mark and mark.startswith(f"{self._client.url}/"):
            try:
                return self._client.get(mailbox, mark, prefer=prefer)
            except GraphError as error:
                if error.status not in _GONE:
                    raise
        since = self._records.now() - FIRST_LOOK_BACK
        query = {
            "changeType": "created",
            "$select": LISTED_FIELDS,
            "$filter": f"receivedDateTime ge {since:%Y-%m-%dT%H:%M:%SZ}",
        }
        return self._client.get(mailbox, INBOX_CHANGES, query, prefer)

    def _elsewhere(self, mailbox: str) -> Iterator[Answer]:
        """Yield replies outside the inbox: a rule, a filter for junk or a colleague moves some of
        them before they are read there.
        """
        inbox = str(self._client.get(mailbox, "mailFolders/inbox", {"$select": "id"}).get("id"))
        began, mine = self._records.now(), f"{mailbox}{OTHER_FOLDERS}"
        since = _instant(self._records.read_up_to(mine)) or began - FIRST_LOOK_ELSEWHERE
        query = {
            "$filter": f"receivedDateTime ge {since - MOVED_WITHIN:%Y-%m-%dT%H:%M:%SZ}",
            "$orderby": "receivedDateTime",
            "$select": f"{LISTED_FIELDS},isDraft,parentFolderId",
            "$top": str(PAGE_SIZE),
        }
        listed = since
        for start in range(0, MOST_ELSEWHERE, PAGE_SIZE):
            page = self._client.get(mailbox, "messages", query | {"$skip": str(start)})
            for message in values_of(page):
                listed = received(message) or listed
                if message.get("parentFolderId") == inbox or _is_sent_by(mailbox, message):
                    continue
                if self._records.is_recorded(str(message.get("id"))):
                    continue
                if answer := self._opened(mailbox, message):
                    yield answer
            if "@odata.nextLink" not in page:
                listed = began
                break
        self._records.remember_read(mine, listed.isoformat())

    def _link(self, mailbox: str, link: object) -> str:
        """Return the address of the next page, at the server that we use: behind a proxy, or in
        another cloud, Graph names itself otherwise, and our token goes to no other server.
        """
        if not isinstance(link, str):
            raise MailError(NO_SENSE)
        if link.startswith(f"{self._client.url}/"):
            return link
        return f"{self._client.address(mailbox, INBOX_CHANGES)}?{link.partition('?')[2]}"

    def _is_ours(self, mailbox: str, message: dict[str, Any]) -> bool:
        if not message.get("id") or "@removed" in message:
            return False
        marks = marks_of(message, mailbox)
        if self._records.may_be_ours(marks):
            return True
        # The list was begun by an earlier version, or Graph left these fields out.
        if "internetMessageHeaders" in message or not message.get("conversationId"):
            return False
        try:
            asked = {"$select": LISTED_FIELDS}
            one = self._client.get(mailbox, message_path(str(message["id"])), asked)
        except GraphError as error:
            if error.status == 404:
                return False
            raise
        return self._records.may_be_ours(marks_of(one, mailbox))

    def _opened(self, mailbox: str, message: dict[str, Any]) -> Answer | None:
        """Return a message of a list, or why it alone cannot be read; None where it is none of
        ours.

        Raises:
            MailError: the mailbox cannot be read at all.
        """
        is_ours = True
        try:
            is_ours = self._is_ours(mailbox, message)
            if not is_ours and not (message.get("id") and is_from_server(message)):
                return None
            answer = self._answer(mailbox, str(message["id"]))
            return answer if is_ours or self._names_ours(mailbox, answer) else None
        except MailError as error:
            is_locked = isinstance(error, GraphError) and error.status in _LOCKED
            # The mailbox itself has just been read.
            if error.away and not is_locked:
                raise
            if not is_ours:
                return None
            is_gone = isinstance(error, GraphError) and error.code == "ErrorItemNotFound"
            reason = GONE if is_gone else LOCKED if is_locked else str(error)
        except _NO_SENSE:
            reason = NO_SENSE
        return unread_of(message, mailbox, received(message) or self._records.now(), reason)

    def _names_ours(self, mailbox: str, answer: Answer) -> bool:
        """Return whether a mail server's message names an email of ours in its text."""
        marks = Marks(references=answer.references, key=answer.key, mailbox=mailbox)
        return self._records.may_be_ours(marks)

    def _answer(self, mailbox: str, ref: str) -> Answer:
        query = {
            "$select": ANSWER_FIELDS,
            "$expand": f"singleValueExtendedProperties($filter=id eq '{CLASS_PROPERTY}' "
            f"or id eq '{KEY_PROPERTY}')",
        }
        prefer = 'outlook.body-content-type="text"'
        return answer_of(self._client.get(mailbox, message_path(ref), query, prefer=prefer))


def message_path(ref: str) -> str:
    """Return the path of a message within its mailbox."""
    return f"messages/{quote(ref, safe='=')}"


def _is_sent_by(mailbox: str, message: dict[str, Any]) -> bool:
    """Return whether it is a draft or an email of the mailbox itself."""
    sender = marks_of(message, mailbox).sender.casefold()
    return bool(message.get("isDraft")) or sender == mailbox.casefold()


def _instant(mark: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(mark) if mark else None


def values_of(page: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the messages in one page of Graph's response. Raises ``MailError`` where it holds no
    list.
    """
    values = page.get("value")
    if not isinstance(values, list):
        raise MailError(NO_SENSE, unknown=True)
    return [each for each in values if isinstance(each, dict)]
