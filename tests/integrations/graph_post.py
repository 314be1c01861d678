"""A mailer on the fake Graph, with the store it needs and a clock that sleeping moves."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from integrations.mail.graph.client import GraphClient
from integrations.mail.graph.mailer import GraphMailer
from integrations.mail.graph.tokens import Tokens
from integrations.mail.interface import Mail
from integrations.microsoft.credentials import GraphAccount
from tests.fakes.graph.entra import AUTHORITY, CLIENT, SECRET, TENANT, MsalRoute
from tests.fakes.graph.faults import Faults
from tests.fakes.graph.service import FakeGraph
from tests.stores import FakeClock
from tests.world import World, world_in

URL = "https://graph.test/v1.0"
BOX = "lang@example.ac.uk"
"""The mailbox of the invented world's School of Languages."""
OUTSIDE = "vice-chancellor@example.ac.uk"
MAIL = Mail(
    key="mail:17",
    mailbox=BOX,
    sender_name="Alice Adviser",
    recipient="dana@students.example.ac.uk",
    subject="How are things going, Dana?",
    body="Hello Dana,\n\nhow are things?\n\n- We can meet.\n- We can call.\n\nAlice",
)


@dataclass
class Post:
    """The fake, with a client and a mailer connected to it, and the clock of all three."""

    graph: FakeGraph
    client: GraphClient
    mailer: GraphMailer
    world: World

    @property
    def clock(self) -> FakeClock:
        return self.world.clock

    def another_worker(self, *, sleeps: bool = True) -> GraphMailer:
        """Return another process's mailer; without sleep it shows which one would have waited."""
        sleep = Sleeper(self.clock) if sleeps else lambda _: None
        return GraphMailer(self.client, self.world.store, sleep)

    def settles(self) -> None:
        """Move the clock on until every change is visible."""
        self.clock.forward(minutes=1)

    def sends(self, mail: Mail = MAIL) -> str:
        """Draft and send an email; return its conversation."""
        draft = self.mailer.draft(mail)
        self.mailer.send(mail.mailbox, draft.ref)
        self.settles()
        return draft.conversation


def account(*, secret: str = SECRET, certificate: str = "") -> GraphAccount:
    return GraphAccount(
        URL, f"{AUTHORITY}/{TENANT}", CLIENT, certificate=certificate, secret=secret
    )


@contextmanager
def post_in(folder: Path, faults: Faults | None = None) -> Iterator[Post]:
    """Open the invented world, and Graph with its schools' mailboxes and one of no school."""
    with world_in(f"sqlite:///{folder / 'lantern.db'}") as world:
        graph = FakeGraph(world.clock, faults, mailboxes=(BOX, "math@example.ac.uk", OUTSIDE))
        graph.allowed.remove(OUTSIDE)
        client = client_of(graph, world.clock)
        mailer = GraphMailer(client, world.store, Sleeper(world.clock))
        try:
            yield Post(graph, client, mailer, world)
        finally:
            mailer.close()


def client_of(graph: FakeGraph, clock: FakeClock, who: GraphAccount | None = None) -> GraphClient:
    """Return a client that reaches the fake without a network."""
    http = httpx.Client(transport=httpx.MockTransport(graph.respond))
    tokens = Tokens(who or account(), MsalRoute(http, "https://graph.test"))
    return GraphClient(URL, tokens, now=clock, sleep=Sleeper(clock), http=http)


class Sleeper:
    """A sleep that moves the clock and takes no time."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self._lock = threading.Lock()

    def __call__(self, seconds: float) -> None:
        with self._lock:
            self._clock.forward(seconds=max(seconds, 0))
