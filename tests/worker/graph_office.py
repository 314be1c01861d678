"""An office whose mailer uses the fake Graph, in one process and on one clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import httpx

from integrations.mail.graph.client import GraphClient
from integrations.mail.graph.mailer import GraphMailer
from integrations.mail.graph.tokens import Tokens
from tests.fakes.graph.entra import MsalRoute
from tests.fakes.graph.service import FakeGraph
from tests.integrations.graph_post import BOX, OUTSIDE, URL, Sleeper, account
from tests.worker.office import Office

MATH = "math@example.ac.uk"


@contextmanager
def graph_behind(office: Office) -> Iterator[FakeGraph]:
    """Give a Graph that is set up correctly: the schools' mailboxes are allowed, another is not."""
    graph = FakeGraph(office.clock, mailboxes=(BOX, MATH, OUTSIDE))
    graph.allowed.remove(OUTSIDE)
    sleep = Sleeper(office.clock)
    with httpx.Client(transport=httpx.MockTransport(graph.respond)) as http:
        tokens = Tokens(account(), MsalRoute(http, "https://graph.test"))
        client = GraphClient(URL, tokens, now=office.clock, sleep=sleep, http=http)
        mailer = GraphMailer(client, office.services.store, sleep)
        office.services = replace(office.services, mailer=mailer)
        yield graph
