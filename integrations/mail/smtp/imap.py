"""One school's mailbox over IMAP: drafts, what was sent, and what arrived (RFC 9051, RFC 3501)."""

from __future__ import annotations

import datetime as dt
import imaplib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email import message_from_bytes
from typing import Any

from integrations.mail.eml_parts import CAREFUL, UNREADABLE
from integrations.mail.interface import MailError
from integrations.mail.smtp.account import IMAPS, Server
from integrations.mail.smtp.errors import imap_error, unreachable_server

SECONDS = 30
"""How long each answer is waited for."""
SUBMITTED = "$LanternSubmitted"
STAR = "\\Flagged"
"""Either flag marks a draft that was handed to the mail server, which may have sent it. The star is
for people, and for servers that store no keywords."""

_NAME = "IMAP_HOST"
_COMMON = {
    "\\Drafts": ("Drafts", "INBOX.Drafts", "INBOX/Drafts", "[Gmail]/Drafts"),
    "\\Sent": ("Sent", "Sent Items", "INBOX.Sent", "INBOX/Sent", "[Gmail]/Sent Mail"),
    "\\Junk": ("Junk", "Spam", "Junk E-mail", "Junk Email", "INBOX.Junk", "INBOX.Spam"),
    "\\Trash": ("Trash", "Deleted Items", "Deleted Messages", "INBOX.Trash", "INBOX/Trash"),
}
"""A folder's use (RFC 6154) → its usual names, where the server does not say."""
_LISTED = re.compile(rb'\((?P<flags>[^)]*)\) (?:"[^"]*"|NIL) (?P<name>"(?:[^"\\]|\\.)*"|\S+)')


@dataclass(frozen=True, slots=True)
class Stored:
    """A message in a folder, with the requested parts."""

    uid: int
    flags: frozenset[str]
    arrived: dt.datetime
    size: int
    raw: bytes
    """The headers, or the whole message."""

    @property
    def is_submitted(self) -> bool:
        """Whether the message was marked as handed to the mail server."""
        return bool(self.flags & {SUBMITTED.casefold(), STAR.casefold()})


class Mailbox:
    """An open IMAP session of one mailbox, and the names of its special folders."""

    def __init__(self, imap: imaplib.IMAP4) -> None:
        self._imap = imap
        self._folders: dict[str, str] = {}

    def select(self, folder: str, *, to_change: bool = False) -> int:
        """Open a folder for the next commands; return its UIDVALIDITY."""
        self._do(self._imap.select(folder, readonly=not to_change))
        said = self._imap.response("UIDVALIDITY")[1]
        return int(said[0]) if said and said[0] else 0

    def folder(self, use: str) -> str:
        """Return the folder for ``\\Drafts`` or ``\\Sent``, made where there is none."""
        if use not in self._folders:
            self._folders[use] = self.found(use) or self._made(use)
        return self._folders[use]

    def found(self, use: str) -> str:
        """Return the folder for a use such as ``\\Junk``; '' where there is none."""
        lines = self._do(self._imap.list())
        rows = [row for line in lines if isinstance(line, bytes) and (row := _LISTED.search(line))]
        named = {row["name"].strip(b'"').decode("ascii", "replace"): row for row in rows}
        for row in named.values():
            if use.casefold().encode() in row["flags"].lower().split():
                return row["name"].decode("ascii", "replace")
        for name in _COMMON[use]:
            if name in named:
                return f'"{name}"'
        return ""

    def _made(self, use: str) -> str:
        made = f'"{_COMMON[use][0]}"'
        self._do(self._imap.create(made))
        return made

    def with_id(self, folder: str, message_id: str, *, to_change: bool = False) -> list[Stored]:
        """Return the messages of a folder with exactly this Message-ID, oldest first."""
        self.select(folder, to_change=to_change)
        uids = self._search("HEADER", "Message-ID", f'"{message_id}"')
        # A server may match only part of the id.
        return [each for each in self.headers(uids) if message_id_of(each.raw) == message_id]

    def after(self, uid: int, since: dt.date | None) -> list[int]:
        """Return the UIDs in the open folder above this one, or received since a day."""
        if since is None:
            # A range ends with the newest message, whatever its number is.
            return [each for each in self._search("UID", f"{uid + 1}:*") if each > uid]
        return self._search("SINCE", f"{since.day}-{since:%b-%Y}")

    def headers(self, uids: Sequence[int]) -> list[Stored]:
        """Return these messages of the open folder, with their headers only."""
        return self._fetch(uids, "BODY.PEEK[HEADER]")

    def whole(self, uid: int) -> Stored | None:
        """Return one message of the open folder; None where it is gone."""
        return next(iter(self._fetch([uid], "BODY.PEEK[]")), None)

    def beginning(self, uid: int, most: int) -> Stored | None:
        """Return one message of the open folder with its first ``most`` bytes; None: it is gone."""
        return next(iter(self._fetch([uid], f"BODY.PEEK[]<0.{most}>")), None)

    def append(self, folder: str, flags: str, message: bytes) -> None:
        """Put a message into a folder."""
        self._do(self._imap.append(folder, flags, "", message))

    def mark_submitted(self, uid: int) -> bool:
        """Mark a draft of the open folder; False where the server does not keep the mark."""
        for marks in (f"{SUBMITTED} {STAR}", STAR):
            with suppress(MailError):
                self._do(self._imap.uid("STORE", str(uid), "+FLAGS.SILENT", f"({marks})"))
                break
        return any(each.is_submitted for each in self.headers([uid]))

    def unmark(self, uid: int) -> None:
        """Remove the mark from a draft whose email the server certainly refused."""
        for mark in (SUBMITTED, STAR):
            with suppress(MailError):
                self._do(self._imap.uid("STORE", str(uid), "-FLAGS.SILENT", f"({mark})"))

    def delete(self, uids: Sequence[int]) -> None:
        """Delete messages of the open folder for good."""
        if not uids:
            return
        some = ",".join(map(str, uids))
        self._do(self._imap.uid("STORE", some, "+FLAGS.SILENT", "(\\Deleted)"))
        # Asked now, since a server announces more after the sign-in.
        if b"UIDPLUS" in b" ".join(self._do(self._imap.capability())).upper().split():
            self._do(self._imap.uid("EXPUNGE", some))
        else:
            self._do(self._imap.expunge())

    def _search(self, *words: str) -> list[int]:
        found = self._do(self._imap.uid("SEARCH", *words))
        return sorted(int(each) for line in found if line for each in line.split())

    def _fetch(self, uids: Sequence[int], part: str) -> list[Stored]:
        if not uids:
            return []
        some = ",".join(map(str, uids))
        found = self._do(
            self._imap.uid("FETCH", some, f"(UID FLAGS INTERNALDATE RFC822.SIZE {part})")
        )
        return sorted(_stored(found), key=lambda each: each.uid)

    @staticmethod
    def _do(answer: tuple[str, Any]) -> list[Any]:
        """Return a command's response. Raises ``MailError`` where it failed."""
        said, data = answer
        if said != "OK":
            raise imap_error(data[0] if data else b"")
        return list(data)


@contextmanager
def open_mailbox(server: Server, mailbox: str) -> Iterator[Mailbox]:
    """Open the mailbox, signed in over an encrypted connection.

    Raises:
        MailError: it cannot be reached (``away``), or does not let Lantern in (``waits``).
    """
    with _errors_of_mail():
        imap = _connected(server)
        try:
            _sign_in(imap, server, mailbox)
            yield Mailbox(imap)
        finally:
            with suppress(OSError, imaplib.IMAP4.error):
                imap.logout()


@contextmanager
def _errors_of_mail() -> Iterator[None]:
    """Translate imaplib's and network errors into mailer errors."""
    try:
        yield
    except (OSError, imaplib.IMAP4.abort) as error:
        raise unreachable_server(_NAME, error) from None
    except imaplib.IMAP4.error as error:
        raise imap_error(error) from None


def _sign_in(imap: imaplib.IMAP4, server: Server, mailbox: str) -> None:
    try:
        imap.login(server.user_of(mailbox), server.password)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        raise _not_let_in(error) from None


def _connected(server: Server) -> imaplib.IMAP4:
    if server.port == IMAPS:
        return imaplib.IMAP4_SSL(
            server.host, server.port, ssl_context=server.context(), timeout=SECONDS
        )
    imap = imaplib.IMAP4(server.host, server.port, timeout=SECONDS)
    try:
        if "STARTTLS" in imap.capabilities or not server.may_be_plain:
            imap.starttls(server.context())
    except BaseException:
        imap.shutdown()
        raise
    return imap


def _not_let_in(error: Exception) -> MailError:
    """Return the error of a refused sign-in: the server's reason, or wrong name or password."""
    known = imap_error(error)
    if known.permanent or "[" in str(error):
        return known
    return imap_error(b"[AUTHENTICATIONFAILED]")


def message_id_of(raw: bytes) -> str:
    """Return the Message-ID of headers in any condition; '' where it has none."""
    try:
        return str(message_from_bytes(raw, policy=CAREFUL).get("Message-ID", "")).strip()
    except UNREADABLE:
        return ""


def _stored(data: list[Any]) -> Iterator[Stored]:
    """Parse imaplib's messages: (text before a literal, the literal), then the rest."""
    found: list[tuple[bytes, bytes]] = []
    for each in data:
        if isinstance(each, tuple):
            found.append((each[0], each[1]))
        elif found and isinstance(each, bytes):
            found[-1] = (found[-1][0] + b" " + each, found[-1][1])
    for said, raw in found:
        uid, size = re.search(rb"UID (\d+)", said), re.search(rb"RFC822\.SIZE (\d+)", said)
        flags = re.search(rb"FLAGS \(([^)]*)\)", said)
        if uid is None:
            continue
        yield Stored(
            int(uid[1]),
            frozenset(flags[1].decode("ascii", "replace").casefold().split() if flags else ()),
            _arrived(said),
            int(size[1]) if size else len(raw),
            raw,
        )


def _arrived(said: bytes) -> dt.datetime:
    found = re.search(rb'INTERNALDATE "([^"]*)"', said)
    try:
        text = found[1].decode("ascii") if found else ""
        return dt.datetime.strptime(text.strip(), "%d-%b-%Y %H:%M:%S %z").astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return dt.datetime.fromtimestamp(0, dt.UTC)
