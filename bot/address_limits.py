"""Limits of requests from one address at the doors that strangers can reach.

A door lets a number of requests through at once, and as many more as time gives back. A refused
request counts tenfold, so that guessing a key or a link is slow, while a campus behind one address
still reads its pages. The counts are this process's own, and bounded: the addresses that have been
quiet longest are forgotten first.
"""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

import structlog
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from store.rules.students.links import PATH as LINKS
from store.rules.students.sign_in import PATH as OWN

log = structlog.get_logger(__name__)

ADDRESSES = 10_000
"""The most addresses that a process counts for."""
REFUSED = (401, 403, 404)
"""Answers to a wrong key, session or link."""
COSTS = 10
"""How many requests one with such an answer counts for."""
SAID = (
    "Too many requests came from your network. Wait a minute, then try again.\n"
    "Daeth gormod o geisiadau o'ch rhwydwaith. Arhoswch funud, yna rhowch gynnig arall arni.\n"
)
_WARNS_EVERY = 60.0
"""Seconds between lines of the log about one door."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """How many requests of one address pass at once, and how many more in each second."""

    at_once: int
    per_second: float


DOORS: Mapping[str, Allowed] = {
    LINKS: Allowed(1_000, 5),
    OWN: Allowed(1_000, 5),
    "/caliper": Allowed(2_000, 50),
    "/xapi": Allowed(2_000, 50),
}
"""The doors by the beginning of their paths. A lecture whose students all look at once passes."""


class AddressLimits:
    """Middleware that answers 429 where one address asks too much.

    ``now`` gives seconds that never run backwards. The address is the one of the connection, or the
    one that a trusted proxy has named (``TRUSTED_PROXIES``).
    """

    def __init__(
        self,
        app: ASGIApp,
        doors: Mapping[str, Allowed] = DOORS,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app, self._doors, self._now = app, doors, now
        self._left: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()
        self._warned: dict[str, float] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer that there were too many."""
        door = _door(self._doors, scope["path"]) if scope["type"] == "http" else None
        if door is None:
            await self._app(scope, receive, send)
            return
        who = door, network_of(scope.get("client"))
        wait = self._take(who, 1)
        if wait > 0:
            self._warn(door)
            answer = PlainTextResponse(SAID, 429, {"Retry-After": str(ceil(wait))})
            await answer(scope, receive, send)
            return

        async def count_refusals(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] in REFUSED:
                self._take(who, COSTS - 1)
            await send(message)

        await self._app(scope, receive, count_refusals)

    def _take(self, who: tuple[str, str], number: int) -> float:
        """Count requests; return the seconds until one may come, 0 where it may come now."""
        allowed, now = self._doors[who[0]], self._now()
        left, at = self._left.pop(who, (float(allowed.at_once), now))
        left = min(allowed.at_once, left + (now - at) * allowed.per_second)
        is_let_in = left >= 1
        self._left[who] = (max(0.0, left - number) if is_let_in else left), now
        if len(self._left) > ADDRESSES:
            self._left.popitem(last=False)
        return 0.0 if is_let_in else (1 - left) / allowed.per_second

    def _warn(self, door: str) -> None:
        if self._now() - self._warned.get(door, -_WARNS_EVERY) >= _WARNS_EVERY:
            self._warned[door] = self._now()
            log.warning("too many requests from one address", door=door)


def network_of(client: Sequence[object] | None) -> str:
    """Return the address that is counted: of IPv6 the network of 64 bits, which one person has."""
    host = str(client[0]) if client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host[:64]
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False))


def _door(doors: Mapping[str, Allowed], path: str) -> str | None:
    return next((each for each in doors if path == each or path.startswith(f"{each}/")), None)
