"""The embedded mailer: a folder of ``.eml`` files for each mailbox, as crash-safe as a service.

The folders are ``<root>/<mailbox>/drafts``, ``sent`` and ``inbox``. A draft's file name follows
from its key, and files are created atomically, so that neither a crash nor two processes at once
can make two drafts of one key. Sending is one rename.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import logging
import os
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from integrations.mail import eml
from integrations.mail.eml_parts import UNREADABLE
from integrations.mail.folder_inbox import modified, read_answers
from integrations.mail.interface import Answer, Draft, GoingOut, Mail, MailError, unnoted
from store.rules.text.email_addresses import is_mail_address

_log = logging.getLogger(__name__)

_REF = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class FolderMail:
    """An email in the folder, for a person who looks at the sandbox's emails."""

    ref: str
    mailbox: str
    sender: str
    recipient: str
    subject: str
    body: str
    is_sent: bool
    sent_at: dt.datetime | None
    """None while it is a draft."""


class FolderMailer:
    """The ``Mailer`` that uses a folder on the local disk. Any number may work on the same folder
    at once.
    """

    def __init__(self, root: Path, now: Callable[[], dt.datetime]) -> None:
        self._root = root
        self._now = now

    def find(self, mailbox: str, key: str) -> Draft | None:
        """Return the draft or sent message that carries this key, if there is one."""
        return self._look(mailbox, _ref(key))

    def draft(self, mail: Mail, going_out: GoingOut = unnoted) -> Draft:
        """Write the draft, or return the one that has been written meanwhile.

        Raises ``MailError`` where the draft was deleted meanwhile.
        """
        ref = _ref(mail.key)
        content = eml.compose_message(mail, _conversation(ref), self._now())
        with _translated("The draft could not be written"):
            if not (found := self._look(mail.mailbox, ref)):
                going_out()
                _write_new(self._file(mail.mailbox, "drafts", ref), content)
                found = self._look(mail.mailbox, ref)
                if found and found.is_sent:  # by another process, just before ours was written
                    self._file(mail.mailbox, "drafts", ref).unlink(missing_ok=True)
        if found is None:
            raise MailError("The draft is gone.", unknown=True)
        return found

    def look(self, mailbox: str, ref: str) -> Draft:
        """Read this draft again.

        Raises ``MailError`` where there is no such draft.
        """
        if found := self._look(mailbox, ref):
            return found
        raise MailError("There is no such draft.", permanent=True)

    def send(self, mailbox: str, ref: str, going_out: GoingOut = unnoted) -> None:
        """Send this draft. Sending one that was sent already does nothing."""
        draft, sent = (self._file(mailbox, folder, ref) for folder in ("drafts", "sent"))
        if self.look(mailbox, ref).is_sent:
            return
        going_out()
        with _translated("It is not known whether the email was sent", unknown=True):
            _make_folder(sent.parent)
            moment = self._now().timestamp()
            # Another process may send it between any two lines; then nothing is left to do.
            with contextlib.suppress(FileNotFoundError):
                os.utime(draft, (moment, moment))
                draft.replace(sent)
            _settle(sent.parent)
        self.look(mailbox, ref)

    def answers(self, mailbox: str) -> Iterator[Answer]:
        """Yield replies to this mailer's messages, and others that have a sender, oldest first.

        The caller knows whose address it is, and whether that person was asked something. An
        unreadable message has the reason in ``unread``.
        """
        yield from (answer for _, answer in self._arrived(mailbox))

    def read_again(self, mailbox: str, message: str) -> Answer | None:
        """Return a message that could not be read before; None where it is gone from the inbox.

        Raises ``MailError`` where it is too large or still cannot be read.
        """
        found = (each for _, each in self._arrived(mailbox) if each.message == message)
        answer = next(found, None)
        if answer is not None and answer.unread:
            raise MailError(answer.unread)
        return answer

    def answer_as_student(self, mailbox: str, ref: str, text: str, key: str | None = None) -> None:
        """Put the recipient's answer to a sent email into the inbox, for the sandbox and tests.

        The same ``key`` answers only once.

        Raises ``MailError`` where the email has not been sent.
        """
        if not self.look(mailbox, ref).is_sent:
            raise MailError("This email has not been sent yet.", permanent=True)
        name = _ref(key or uuid.uuid4().hex)
        with _translated("The answer could not be written"):
            original = eml.read_email(self._file(mailbox, "sent", ref).read_bytes())
            content = eml.build_reply(original, text, f"<{name}@student.invalid>", self._now())
            _write_new(self._file(mailbox, "inbox", name), content)

    def erase(self, mailbox: str, key: str) -> bool:
        """Delete every file of this email: draft, sent, and leftovers of a crash."""
        ref = _ref(key)
        for folder in ("drafts", "sent"):
            path = self._file(mailbox, folder, ref)
            with _translated("The email could not be deleted"):
                for each in (path, *path.parent.glob(f".{ref}.*.part")):
                    each.unlink(missing_ok=True)
        return True

    def erase_answer(self, mailbox: str, message: str) -> bool:
        """Delete the message with this id from the inbox."""
        for path, found in self._arrived(mailbox):
            if message in (found.message, path.name):
                with _translated("The answer could not be deleted"):
                    path.unlink(missing_ok=True)
        return True

    def sent(self, mailbox: str | None = None) -> list[FolderMail]:
        """Return all emails of one mailbox, or of all, newest first. Drafts have no ``sent_at``."""
        boxes = [mailbox] if mailbox else self._mailboxes()
        mails = [
            (modified(path), self._listed(box, path, message, folder == "sent"))
            for box in boxes
            for folder in ("sent", "drafts")
            for path, message in self._messages(box, folder)
        ]
        return [mail for _, mail in sorted(mails, key=lambda each: each[0], reverse=True)]

    def _mailboxes(self) -> list[str]:
        entries = _entries(self._root)
        return [each.name for each in entries if each.is_dir() and is_mail_address(each.name)]

    def _listed(
        self, mailbox: str, path: Path, message: eml.ParsedEmail, is_sent: bool
    ) -> FolderMail:
        return FolderMail(
            ref=path.stem,
            mailbox=mailbox,
            sender=message.sender,
            recipient=message.recipient,
            subject=message.subject,
            body=message.body,
            is_sent=is_sent,
            sent_at=modified(path) if is_sent else None,
        )

    def _look(self, mailbox: str, ref: str) -> Draft | None:
        # "sent" a second time, because the draft may move there between the first two looks.
        for folder in ("sent", "drafts", "sent"):
            if self._file(mailbox, folder, ref).exists():
                return Draft(ref, _conversation(ref), folder == "sent")
        return None

    def _arrived(self, mailbox: str) -> list[tuple[Path, Answer]]:
        return read_answers(_entries(self._folder(mailbox, "inbox")), self._now())

    def _messages(self, mailbox: str, folder: str) -> Iterator[tuple[Path, eml.ParsedEmail]]:
        """Yield every readable message; for others only the file name is logged."""
        for path in _entries(self._folder(mailbox, folder)):
            if path.suffix != ".eml":
                continue
            try:
                yield path, eml.read_email(path.read_bytes())
            except UNREADABLE:
                _log.warning("An email cannot be read and is left alone: %s", path.name)

    def _folder(self, mailbox: str, folder: str) -> Path:
        # A plain address holds no slash, and never is "." or "..", so it cannot leave the root.
        return self._root / eml.checked_address(mailbox, "The school's mailbox").lower() / folder

    def _file(self, mailbox: str, folder: str, ref: str) -> Path:
        if not _REF.fullmatch(ref):
            raise MailError("There is no such draft.", permanent=True)
        return self._folder(mailbox, folder) / f"{ref}.eml"


def _ref(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:32]


def _conversation(ref: str) -> str:
    return f"<{ref}@lantern.invalid>"


def _write_new(path: Path, content: bytes) -> None:
    """Create the file atomically and flush it, unless it exists."""
    _make_folder(path.parent)
    part = path.with_name(f".{path.stem}.{uuid.uuid4().hex}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    # A link, unlike a rename, fails where the name is taken. Once the file exists, any other
    # temporary file of it is a leftover of a crash, or of a process about to lose the race.
    with contextlib.suppress(FileExistsError, FileNotFoundError):
        os.link(part, path)
    for leftover in path.parent.glob(f".{path.stem}.*.part"):
        leftover.unlink(missing_ok=True)
    _settle(path.parent)


def _make_folder(folder: Path) -> None:
    for each in (*reversed(folder.parents[:2]), folder):
        each.mkdir(mode=0o700, parents=True, exist_ok=True)


def _settle(folder: Path) -> None:
    """Flush the folder's entries to disk before the caller reports success."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _entries(folder: Path) -> list[Path]:
    with _translated("The mail folder could not be read"):
        return sorted(folder.iterdir()) if folder.is_dir() else []


@contextlib.contextmanager
def _translated(what: str, *, unknown: bool = False) -> Iterator[None]:
    """Translate disk errors into mailer errors, without the path, which has an address."""
    try:
        yield
    except OSError as error:
        raise MailError(
            f"{what}: {error.strerror}; check the folder mail in LANTERN_HOME and its disk.",
            unknown=unknown,
        ) from None
