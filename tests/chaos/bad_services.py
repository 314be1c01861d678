"""Graph, Slack, the mail folder and the database with the faults of a bad day."""

from __future__ import annotations

import errno
import json
import random
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch
from urllib.error import URLError

import httpx
import sqlalchemy as sa
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from integrations.mail import folder
from store.db.database import Database
from tests.chaos.misfortunes import OF_CHANNEL, OF_MAILBOX, OF_WORKSPACE, Kind, Misfortunes
from tests.fakes.graph.routes import Refused
from tests.fakes.graph.service import FakeGraph
from tests.fakes.slack.records import Json, LostAnswer
from tests.fakes.slack.service import FakeSlack
from tests.stores import FakeClock

PASSING = (
    (404, "ErrorNonExistentMailbox"),
    (412, "ErrorIrresolvableConflict"),
    (500, "ErrorInternalServerError"),
    (403, "ErrorAccessDenied"),
    (503, "ErrorMailboxMoveInProgress"),
)
"""Refusals by Graph that do not recur at the next attempt."""
DAMAGED = ((500, "ErrorContentConversionFailed"), (400, "ErrorCorruptData"), (500, "UnknownError"))
"""Graph's answers for one message that it cannot read."""
SLACK_PASSING = ("429", "500", "lost", "500 after", "is_archived", "channel_not_found")


class Killed(BaseException):
    """The worker dies: no line after this one runs."""


@dataclass
class Death:
    """Kills the worker during its work, after a number of statements and requests."""

    left: int | None = None

    def comes_nearer(self) -> None:
        """Count one more statement or request."""
        if self.left is None:
            return
        self.left -= 1
        if self.left <= 0:
            self.left = None
            raise Killed


class BadGraph(FakeGraph):
    """Graph with its current faults, and with messages that it cannot read."""

    def __init__(self, clock: FakeClock, bad: Misfortunes, death: Death, **given: Any) -> None:
        super().__init__(clock, **given)
        self.bad, self.death = bad, death
        self.damaged: dict[str, tuple[int, str]] = {}
        """Message → Graph's answer instead of its content."""

    def respond(self, request: httpx.Request) -> httpx.Response:
        if self.bad.meets({Kind.NETWORK}):
            raise httpx.ConnectError("there is no way there")
        if request.url.path.startswith("/entra/") and self.bad.meets({Kind.SECRET}):
            said = "AADSTS7000222: The provided client secret keys are expired."
            answer = {"error": "invalid_client", "error_description": said}
            return httpx.Response(401, json=answer)
        return super().respond(request)

    def _check(self, request: httpx.Request, mailbox: str) -> None:
        super()._check(request, mailbox)
        if found := self.bad.meets(OF_MAILBOX, mailbox.partition("@")[0].upper()):
            raise Refused(*OF_MAILBOX[found])

    def _act(
        self, kind: str, mailbox: str, ref: str, request: httpx.Request
    ) -> tuple[int, dict[str, Any] | None]:
        self.death.comes_nearer()
        if found := self.damaged.get(ref):
            raise Refused(*found)
        if kind in ("send", "draft") and self.bad.by_chance(0.05, "passing refusals at send"):
            raise Refused(*self.bad.chance.choice(PASSING))
        answer = super()._act(kind, mailbox, ref, request)
        self.death.comes_nearer()
        return answer


class BadSlack(FakeSlack):
    """Slack with its current faults."""

    bad: Misfortunes
    death: Death

    def respond(self, method: str, token: str, given: Json) -> tuple[int, dict[str, str], Json]:
        if self.bad.meets({Kind.NETWORK}):
            raise URLError("there is no way there")
        self.death.comes_nearer()
        channel = str(given.get("channel") or "")
        code = ""
        if found := self.bad.meets(OF_WORKSPACE):
            code = OF_WORKSPACE[found]
        elif found := self.bad.meets(_refusing(method), channel.removeprefix("C")):
            code = OF_CHANNEL[found]
        elif method.startswith("chat.") and self.bad.by_chance(0.02, "passing answers of Slack"):
            self.faults.append((method, self.bad.chance.choice(SLACK_PASSING)))
        if code:
            return 200, {}, {"ok": False, "error": code}
        answer = super().respond(method, token, given)
        self.death.comes_nearer()
        return answer


def _refusing(method: str) -> Collection[Kind]:
    """Return the kinds of a channel's faults that make this method fail.

    A person in a restricted channel can still read it, so reading there is not refused and nothing
    waits for it.
    """
    return OF_CHANNEL if method.startswith("chat.") else OF_CHANNEL.keys() - {Kind.RESTRICTED}


class InProcess:
    """The part of Slack's SDK that Lantern's client uses, without a network."""

    def __init__(self, slack: BadSlack) -> None:
        self.slack = slack

    def api_call(
        self, method: str, *, json: Json | None = None, params: Json | None = None
    ) -> SlackResponse:
        given = _copy({**(json or {}), **(params or {})})
        token = str(given.pop("token"))
        try:
            status, headers, body = self.slack.respond(method, token, given)
        except LostAnswer:
            raise URLError("the answer is lost") from None
        response = SlackResponse(
            client=self,
            http_verb="POST",
            api_url=method,
            req_args={},
            data=_copy(body),
            headers=headers,
            status_code=status,
        )
        if status != 200 or not body["ok"]:
            raise SlackApiError("refused", response)  # type: ignore[no-untyped-call]
        return response


def _copy(value: Json) -> Json:
    copied: Json = json.loads(json.dumps(value))
    return copied


@contextmanager
def disk_full_at_times(bad: Misfortunes) -> Iterator[None]:
    """Make the mail folder's disk full at times: a new file is not written, or only its
    beginning."""
    write, settle = folder._write_new, folder._settle

    def full() -> OSError:
        return OSError(errno.ENOSPC, "No space left on device")

    def write_new(path: Any, content: bytes) -> None:
        if not (bad.is_at_work and bad.meets({Kind.DISK})):
            write(path, content)
            return
        if bad.chance.random() < 0.5:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.with_name(f".{path.stem}.{len(content)}.part").write_bytes(content[:100])
        raise full()

    def settle_or_not(place: Any) -> None:
        if bad.is_at_work and bad.is_on(Kind.DISK) and bad.chance.random() < 0.5:
            raise full()
        settle(place)

    with (
        patch.object(folder, "_write_new", write_new),
        patch.object(folder, "_settle", settle_or_not),
    ):
        yield


FAULTS = (
    lambda: sa.exc.TimeoutError("QueuePool limit of size 5 overflow 10 reached"),
    lambda: sa.exc.OperationalError("INSERT", {}, Exception("server closed the connection")),
    lambda: sa.exc.InternalError("INSERT", {}, Exception("read-only transaction")),
    lambda: sa.exc.InterfaceError("INSERT", {}, Exception("connection already closed")),
)
BETWEEN = 60
"""Statements between two faults on average, while the database has faults."""


@dataclass
class BadDatabase:
    """Makes statements of a database fail, and at times the answer to a commit."""

    bad: Misfortunes
    death: Death
    chance: random.Random
    _left: int = field(default=BETWEEN)

    def disturbs(self, database: Database) -> None:
        """Cause faults in this database from now on."""
        engine = database.engine
        sa.event.listen(engine, "before_cursor_execute", self._before)
        commit = engine.dialect.do_commit

        def do_commit(connection: Any) -> None:
            commit(connection)
            if self._strikes("commits whose answer is lost", 12):
                raise sa.exc.InterfaceError("COMMIT", {}, Exception("connection already closed"))

        engine.dialect.do_commit = do_commit  # type: ignore[method-assign, assignment]

    def _before(self, *given: Any) -> None:
        if self.bad.is_at_work:
            self.death.comes_nearer()
        if self._strikes("statements that failed", 1):
            raise self.chance.choice(FAULTS)()

    def _strikes(self, what: str, weight: int) -> bool:
        if not self.bad.is_at_work or not self.bad.is_on(Kind.DATABASE):
            return False
        self._left -= weight
        if self._left > 0:
            return False
        self._left = round(self.chance.expovariate(1 / BETWEEN)) + 1
        self.bad.happened[what] += 1
        self.bad.meets({Kind.DATABASE})
        return True


PRIVATE = re.compile(r"Xy[a-z]{4}|Zor[a-z]{4}|Words[a-z]+\d+", re.IGNORECASE)
"""What identifies a student of the campus: names and their own words."""
