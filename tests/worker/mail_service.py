"""A mail service in memory that fails at the step a test chooses, as real services do."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from integrations.mail.interface import Answer, Draft, GoingOut, Mail, MailError, unnoted

STEPS = ("find", "draft", "look", "send")


class Crash(BaseException):
    """The process dies here. It is not an ``Exception``, so no code can catch it by accident."""


@dataclass
class MailService:
    """Stores drafts and counts the sent emails.

    ``faults`` maps (key, step, "before" or "after") to an error that occurs once. A fault "after"
    comes when the step has taken effect, as when an answer is lost.
    """

    faults: dict[tuple[str, str, str], BaseException] = field(default_factory=dict)
    always: dict[str, MailError] = field(default_factory=dict)
    """Step → an error at every attempt."""
    drafts: dict[str, str] = field(default_factory=dict)
    """Reference → key."""
    left: Counter[str] = field(default_factory=Counter)
    """Key → how many emails were sent."""
    calls: Counter[str] = field(default_factory=Counter)
    mails: dict[str, Mail] = field(default_factory=dict)
    in_the_queue: dict[str, Callable[[], None]] = field(default_factory=dict)
    """Step → an error that occurs once, while a request for it waits for the mailbox's turn."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def find(self, mailbox: str, key: str) -> Draft | None:
        with self._step("find", key):
            refs = [ref for ref, known in self.drafts.items() if known == key]
            return self._draft(refs[0]) if refs else None

    def draft(self, mail: Mail, going_out: GoingOut = unnoted) -> Draft:
        self._queue("draft", going_out)
        with self._step("draft", mail.key):
            # As with Graph, a second draft with the same key is possible.
            ref = f"draft-{len(self.drafts) + 1}"
            self.drafts[ref] = mail.key
            self.mails[mail.key] = mail
            return self._draft(ref)

    def look(self, mailbox: str, ref: str) -> Draft:
        with self._step("look", self.drafts[ref]):
            return self._draft(ref)

    def send(self, mailbox: str, ref: str, going_out: GoingOut = unnoted) -> None:
        self._queue("send", going_out)
        key = self.drafts[ref]
        with self._step("send", key):
            if not self._draft(ref).is_sent:
                self._sent.add(ref)
                self.left[key] += 1

    def answers(self, mailbox: str) -> list[Answer]:
        return []

    def erase(self, mailbox: str, key: str) -> bool:
        if self.left[key]:
            return False
        self.drafts = {ref: known for ref, known in self.drafts.items() if known != key}
        return True

    def erase_answer(self, mailbox: str, message: str) -> bool:
        return False

    _sent: set[str] = field(default_factory=set)

    def _draft(self, ref: str) -> Draft:
        return Draft(ref, f"conversation of {ref}", ref in self._sent)

    def _queue(self, step: str, going_out: GoingOut) -> None:
        self.in_the_queue.pop(step, unnoted)()
        going_out()

    @contextmanager
    def _step(self, step: str, key: str) -> Iterator[None]:
        with self._lock:
            self.calls[step] += 1
            self._fail(key, step, "before")
            if step in self.always:
                raise self.always[step]
            yield
            self._fail(key, step, "after")

    def _fail(self, key: str, step: str, when: str) -> None:
        fault = self.faults.pop((key, step, when), None)
        if fault:
            raise fault
