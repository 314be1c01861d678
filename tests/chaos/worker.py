"""A worker to be killed: ``python -m tests.chaos.worker '<options as JSON>'``.

For each line on standard input it forks, so that the libraries are loaded once. The fork writes
``ready`` when it begins to work. It is killed by SIGKILL after the milliseconds that the line
gives, unless it has sent all emails before. Its exit status is printed.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
import traceback
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import sqlalchemy as sa

from integrations import bootstrap
from integrations.bootstrap import Services
from integrations.mail.graph.client import TIMEOUT, GraphClient
from integrations.mail.graph.mailer import GraphMailer
from integrations.mail.graph.tokens import Tokens
from integrations.microsoft.credentials import GraphAccount
from store.rules.model import OutboxKind, OutboxState
from store.tables import outbox
from tests.fakes.fast_clock import FastClock
from tests.fakes.graph.entra import AUTHORITY, CLIENT, TENANT, MsalRoute
from tests.worker.office import settings_for
from worker import jobs
from worker.logs import configure_logs


@dataclass(frozen=True)
class Options:
    """The worker's settings. ``graph`` is the fake's address."""

    home: str
    database_url: str
    graph: str
    pem: str
    began: float
    speed: float


def main(options: Options) -> None:
    for line in sys.stdin:
        milliseconds = int(line)
        ready, said = os.pipe()
        child = os.fork()
        if child == 0:
            _work(options, said)
        os.close(said)
        os.read(ready, 1)
        os.close(ready)
        print(_end(child, milliseconds / 1000), flush=True)


def _end(child: int, seconds: float) -> int:
    """Wait this long for a child to end, then kill it; return its exit status."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(min(0.05, max(deadline - time.monotonic(), 0)))
    os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _work(options: Options, said: int) -> None:
    """Do what ``lantern worker`` does for emails, until none are left; never return."""
    code = 1
    try:
        configure_logs(level=50)
        clock = FastClock(options.began, options.speed)
        services = _services(options, clock)
        run = jobs.run_with(services)
        os.write(said, b"!")
        while _left_to_do(services):
            run("deliver", kind="mail")
            run("collect-replies")
            clock.sleep(3)
        run("collect-replies")
        code = 0
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        os._exit(code)


def _services(options: Options, clock: FastClock) -> Services:
    settings = settings_for(Path(options.home), options.database_url)
    services = bootstrap.build(settings, now=clock, migrate=False)
    http = httpx.Client(timeout=TIMEOUT)
    url = f"{options.graph}/v1.0"
    account = GraphAccount(url, f"{AUTHORITY}/{TENANT}", CLIENT, certificate=options.pem)
    tokens = Tokens(account, MsalRoute(http, options.graph))
    client = GraphClient(url, tokens, now=clock, sleep=clock.sleep, http=http)
    return replace(services, mailer=GraphMailer(client, services.store, clock.sleep))


def _left_to_do(services: Services) -> bool:
    open_states = (OutboxState.DUE, OutboxState.SENDING)
    query = sa.select(outbox.c.id).where(
        outbox.c.kind == OutboxKind.MAIL, outbox.c.state.in_(open_states)
    )
    with services.store.database.read() as connection:
        return connection.execute(query.limit(1)).first() is not None


if __name__ == "__main__":
    main(Options(**json.loads(sys.argv[1])))
