"""The fake Graph: it checks access and rates, applies faults, and then lets ``routes`` answer."""

from __future__ import annotations

import datetime as dt
import random
import re
import threading
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import httpx

from tests.fakes.graph.directory import PATH as DIRECTORY_PATH
from tests.fakes.graph.directory import FakeDirectory
from tests.fakes.graph.entra import Entra
from tests.fakes.graph.faults import Fault, Faults
from tests.fakes.graph.mailboxes import Mailboxes
from tests.fakes.graph.routes import Refused, Routes, kind_of

AT_A_TIME = 4
A_MINUTE = 30
RETRY_AFTER = "2"

_PATH = re.compile(r"/v1\.0/users/([^/]+)/(.+)")


class FakeGraph:
    """A server for ``httpx.Request``s, in this process or behind ``server``, also in parallel."""

    def __init__(
        self,
        now: Callable[[], dt.datetime],
        faults: Faults | None = None,
        *,
        mailboxes: tuple[str, ...] = (),
        pem: str = "",
        takes: Callable[[], None] = lambda: None,
    ) -> None:
        self.now = now
        self.faults = faults or Faults()
        self.entra = Entra(now, pem)
        self.boxes = Mailboxes(now, random.Random(self.faults.seed))
        self.routes = Routes(self.boxes)
        self.directory = FakeDirectory()
        self.exist = set(mailboxes)
        self.allowed = set(mailboxes)
        """Mailboxes that the application may use; a test removes one to revoke access."""
        self.asked: Counter[str] = Counter()
        """How many requests of each kind came."""
        self.too_many: Counter[str] = Counter()
        """Limits that were exceeded: "at a time" or "a minute"."""
        self.most_at_a_time = 0
        self._takes = takes
        self._at_work: Counter[str] = Counter()
        self._sent_at: defaultdict[str, list[dt.datetime]] = defaultdict(list)
        self._lock = threading.Lock()

    def respond(self, request: httpx.Request) -> httpx.Response:
        """Answer a request.

        Raises:
            httpx.ReadError: there is no answer.
        """
        if request.url.path.startswith("/entra/"):
            with self._lock:
                return self.entra.answer(request)
        try:
            status, body = self._answer(request)
        except Refused as refused:
            error = {"error": {"code": refused.code, "message": f"About {request.url.path}"}}
            return httpx.Response(refused.status, json=error, headers=refused.headers)
        return httpx.Response(status, json=body) if body is not None else httpx.Response(status)

    def _answer(self, request: httpx.Request) -> tuple[int, dict[str, Any] | None]:
        if of_directory := DIRECTORY_PATH.fullmatch(request.url.path):
            with self._lock:
                return 200, self._of_directory(of_directory[1], request)
        found = _PATH.fullmatch(request.url.raw_path.decode().partition("?")[0])
        if found is None:
            raise Refused(400, "BadRequest")
        mailbox = unquote(found[1])
        kind, ref = kind_of(request.method, found[2])
        with self._lock:
            self.asked[kind] += 1
            self._check(request, mailbox)
            self._at_work[mailbox] += 1
            self.most_at_a_time = max(self.most_at_a_time, self._at_work[mailbox])
        try:
            self._takes()
            with self._lock:
                return self._act(kind, mailbox, ref, request)
        finally:
            with self._lock:
                self._at_work[mailbox] -= 1

    def _of_directory(self, kind: str, request: httpx.Request) -> dict[str, Any]:
        self.asked[kind] += 1
        self._check_token(request)
        fault = self.faults.next(kind)
        if fault is Fault.THROTTLED:
            raise Refused(429, "TooManyRequests", {"Retry-After": RETRY_AFTER})
        if fault is Fault.DOWN:
            raise Refused(503, "ServiceUnavailable")
        if fault is not None:
            raise httpx.ReadError("cut")
        return self.directory.answer(kind, request)

    def _check_token(self, request: httpx.Request) -> None:
        if not self.entra.knows(request.headers.get("Authorization", "")):
            raise Refused(401, "InvalidAuthenticationToken")

    def _check(self, request: httpx.Request, mailbox: str) -> None:
        self._check_token(request)
        if mailbox not in self.exist:
            raise Refused(404, "ErrorInvalidUser")
        if mailbox not in self.allowed:
            raise Refused(403, "ErrorAccessDenied")
        if self._at_work[mailbox] >= AT_A_TIME:
            self.too_many["at a time"] += 1
            raise Refused(429, "ApplicationThrottled", {"Retry-After": RETRY_AFTER})

    def _act(
        self, kind: str, mailbox: str, ref: str, request: httpx.Request
    ) -> tuple[int, dict[str, Any] | None]:
        fault = self.faults.next(kind)
        if fault is Fault.CUT:
            raise httpx.ReadError("cut")
        if fault is Fault.DOWN:
            raise Refused(503, "ServiceUnavailable", {"Retry-After": RETRY_AFTER})
        if fault is Fault.THROTTLED:
            raise Refused(429, "ApplicationThrottled", {"Retry-After": RETRY_AFTER})
        if kind == "send":
            self._count(mailbox)
        answer = self.routes.answer(kind, mailbox, ref, request)
        if fault is Fault.LOST:
            raise httpx.ReadError("lost")
        if fault is Fault.AFTER:
            raise Refused(503, "UnknownError")
        return answer

    def _count(self, mailbox: str) -> None:
        a_minute_ago = self.now() - dt.timedelta(minutes=1)
        lately = [at for at in self._sent_at[mailbox] if at > a_minute_ago]
        if len(lately) >= A_MINUTE:
            self.too_many["a minute"] += 1
            raise Refused(429, "ErrorMessageSubmissionBlocked", {"Retry-After": RETRY_AFTER})
        self._sent_at[mailbox] = [*lately, self.now()]

    def state(self) -> dict[str, Any]:
        """Return what a test counts at the end."""
        with self._lock:
            return {
                **self.boxes.state(),
                "asked": dict(self.asked),
                "faults": dict(self.faults.happened),
                "too_many": dict(self.too_many),
            }
