"""Students on a bad day: their answers and where these arrive, and the two mail services."""

from __future__ import annotations

import datetime as dt
import email
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from integrations.mail.eml import KEY_HEADER
from integrations.mail.folder import FolderMailer
from integrations.mail.graph.mailer import GraphMailer
from integrations.mail.interface import Answer, Draft, GoingOut, Mail, unnoted
from store.rules.model import AnswerKind
from tests.chaos.bad_services import DAMAGED, BadGraph
from tests.chaos.campus import Campus
from tests.chaos.misfortunes import Misfortunes
from tests.fakes.graph.mailboxes import SENT

ABSENCE = {"Auto-Submitted": "auto-replied"}
REPORT = "REPORT.IPM.Note.NDR"


@dataclass(frozen=True, slots=True)
class Said:
    """An answer to an email: its unique words, and which email it answers."""

    words: str
    key: str
    kind: AnswerKind
    message: str
    """Graph's id of the message; '' in the folder."""


@dataclass
class Students:
    """The students who were sent an email, and what they answered."""

    campus: Campus
    graph: BadGraph
    folder: FolderMailer
    home: Path
    bad: Misfortunes
    chance: random.Random
    files: dict[Path, EmailMessage] = field(default_factory=dict)
    """What was sent through the folder."""
    said: list[Said] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)
    _later: list[tuple[dt.datetime, str]] = field(default_factory=list)
    _heals: list[tuple[dt.datetime, str]] = field(default_factory=list)

    def answer(self) -> None:
        """Answer the emails, some at once and some days later; damaged messages become readable
        again."""
        now = self.bad.clock.now
        for at, message in self._heals:
            if at <= now:
                self.graph.damaged.pop(message, None)
        self._heals = [each for each in self._heals if each[0] > now]
        for key in self._new():
            if self.chance.random() < 0.65:
                wait = dt.timedelta(hours=60 * self.chance.random() ** 2)
                self._later.append((now + wait, key))
        due = [key for at, key in self._later if at <= now]
        self._later = [each for each in self._later if each[0] > now]
        for key in due:
            self._answer(key)

    def repair_all(self) -> None:
        """Let every student answer who means to, and make every message readable."""
        self.graph.damaged.clear()
        self.answer()
        for _, key in self._later:
            self._answer(key)
        self._later = []
        self.graph.damaged.clear()

    def _new(self) -> list[str]:
        left = [each.key for each in self.graph.boxes.left]
        left += self._in_folder()
        new = [key for key in dict.fromkeys(left) if key not in self._seen]
        self._seen.update(new)
        return new

    def _in_folder(self) -> list[str]:
        """Read the folder's new files, and return the keys of all emails sent through it."""
        for file in sorted(self.home.glob("mail/*/sent/*.eml")):
            if file not in self.files:
                self.files[file] = email.message_from_bytes(file.read_bytes(), policy=default)
        return [str(each[KEY_HEADER]) for each in self.files.values()]

    def _answer(self, key: str) -> None:
        approved = self.campus.approved[key]
        words = f"Words{approved.student.given.lower()}{len(self.said)}"
        dice = self.chance.random()
        kind = AnswerKind.ANSWER
        if dice < 0.1:
            kind = AnswerKind.BOUNCE
        elif dice < 0.2:
            kind = AnswerKind.AUTOMATIC
        file = next((f for f, mail in self.files.items() if mail[KEY_HEADER] == key), None)
        if file is not None:
            kind, message = AnswerKind.ANSWER, ""
            box = file.parent.parent.name
            self.folder.answer_as_student(box, file.stem, f"{words}, thank you", key=words)
        else:
            message = self._by_graph(key, words, kind)
        self.said.append(Said(words, key, kind, message))
        if message and kind is AnswerKind.ANSWER and self.bad.by_chance(0.1, "damaged messages"):
            self.graph.damaged[message] = self.chance.choice(DAMAGED)
            heals = self.bad.clock.now + dt.timedelta(hours=72 * self.chance.random() ** 2)
            self._heals.append((heals, message))

    def _by_graph(self, key: str, words: str, kind: AnswerKind) -> str:
        boxes = self.graph.boxes
        mail = next(
            each
            for each in list(boxes.messages.values())
            # In this order, since another thread may settle it meanwhile.
            if key in each.properties.values() and (each.settles_at or each.folder == SENT)
        )
        headers = {"In-Reply-To": mail.internet_id}
        conversation = mail.conversation
        if kind is AnswerKind.AUTOMATIC:
            headers |= ABSENCE
        elif self.chance.random() < 0.2:
            conversation = f"other-{len(self.said)}"
        sender = "" if kind is AnswerKind.BOUNCE else self.campus.approved[key].student.address
        return boxes.deliver(
            mail.mailbox,
            conversation,
            f"{words}, thank you",
            message_class=REPORT if kind is AnswerKind.BOUNCE else "IPM.Note",
            headers=headers,
            sender=sender,
        )


@dataclass
class TwoMailers:
    """The mail service of each school: Graph, or the folder."""

    graph: GraphMailer
    folder: FolderMailer
    in_folders: frozenset[str]

    def _of(self, mailbox: str) -> GraphMailer | FolderMailer:
        return self.folder if mailbox in self.in_folders else self.graph

    def find(self, mailbox: str, key: str) -> Draft | None:
        return self._of(mailbox).find(mailbox, key)

    def draft(self, mail: Mail, going_out: GoingOut = unnoted) -> Draft:
        return self._of(mail.mailbox).draft(mail, going_out)

    def look(self, mailbox: str, ref: str) -> Draft:
        return self._of(mailbox).look(mailbox, ref)

    def send(self, mailbox: str, ref: str, going_out: GoingOut = unnoted) -> None:
        self._of(mailbox).send(mailbox, ref, going_out)

    def answers(self, mailbox: str) -> Iterable[Answer]:
        return self._of(mailbox).answers(mailbox)

    def read_again(self, mailbox: str, message: str) -> Answer | None:
        if mailbox not in self.in_folders:
            return self.graph.read_again(mailbox, message)
        found = (each for each in self.folder.answers(mailbox) if each.message == message)
        return next(found, None)

    def erase(self, mailbox: str, key: str) -> bool:
        return self._of(mailbox).erase(mailbox, key)

    def erase_answer(self, mailbox: str, message: str) -> bool:
        return self._of(mailbox).erase_answer(mailbox, message)

    def close(self) -> None:
        self.graph.close()
