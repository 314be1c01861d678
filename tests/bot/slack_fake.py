"""Fake workspaces that post twice, refuse or crash, to test ``bot.posting.cards``."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import sqlalchemy as sa

from integrations.chat.interface import Address, MessageRef, Payload, Workspace
from store.rules.model import Platform
from store.tables import channels, outbox
from tests.worker.office import Office


class Crash(BaseException):
    """A crash of the process."""


@dataclass
class Slack:
    """A workspace in memory that, like Slack, posts twice when it is asked twice."""

    messages: dict[str, str] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)
    fails: list[BaseException] = field(default_factory=list)
    """Exceptions that the next calls raise before they do anything."""
    posted_at: threading.Barrier | None = None
    remembers: bool = False

    def post(
        self, address: Address, payload: Payload, *, key: str, thread: str | None = None
    ) -> MessageRef:
        self._called("post")
        message = f"m{self.calls['post']}"
        self.messages[message] = str(payload)
        if self.posted_at:
            self.posted_at.wait(timeout=60)
        return MessageRef(address, message)

    def direct(self, tenant: str, user: str) -> Address:
        return Address(Platform.SANDBOX, tenant, f"direct:{user}")

    def mention(self, address: Address, user: str) -> str | None:
        return user

    def update(self, message: MessageRef, payload: Payload) -> None:
        self._called("update")
        self.messages[message.message] = str(payload)

    def delete(self, message: MessageRef) -> None:
        self._called("delete")
        self.messages.pop(message.message, None)

    def below(self, message: MessageRef) -> list[str]:
        return []

    def _called(self, what: str) -> None:
        self.calls[what] += 1
        if self.fails:
            raise self.fails.pop(0)


@dataclass
class DiesAfterPosting:
    """The real sandbox, and a process that crashes after it has posted."""

    sandbox: Workspace
    remembers: bool = True

    def post(
        self, address: Address, payload: Payload, *, key: str, thread: str | None = None
    ) -> MessageRef:
        self.sandbox.post(address, payload, key=key, thread=thread)
        raise Crash

    def direct(self, tenant: str, user: str) -> Address:
        return Address(Platform.SANDBOX, tenant, f"direct:{user}")

    def mention(self, address: Address, user: str) -> str | None:
        return user

    def update(self, message: MessageRef, payload: Payload) -> None:
        self.sandbox.update(message, payload)

    def delete(self, message: MessageRef) -> None:
        self.sandbox.delete(message)

    def below(self, message: MessageRef) -> Sequence[str]:
        return self.sandbox.below(message)


def on_slack(office: Office) -> Slack:
    slack = Slack()
    office.services = replace(office.services, workspaces={Platform.SLACK: slack})
    with office.world.store.unit_of_work() as work:
        work.connection.execute(sa.update(channels).values(platform=Platform.SLACK, tenant="T1"))
    return slack


def cards(office: Office) -> list[tuple[str, str | None]]:
    """Return (state, trouble) of the outbox rows that ask for cards."""
    return [(row["state"], row["trouble"]) for row in office.world.rows(outbox, kind="card")]
