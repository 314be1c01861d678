"""Fetch xAPI statements from a learning record store (LRS), page by page.

Source: IEEE 9274.1.1 (xAPI 2.0) and xAPI 1.0.3, part three, section 2.1.3. ``since`` is strictly
later than; ``more`` is a relative link with a cursor, and some stores give a complete URL. No
``more`` link or redirect to another host is followed, since that host would get the key and the
secret.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from integrations.error_summary import unreachable
from integrations.feeds.text_files import FeedError
from integrations.rate_limit import Now, Sleep
from integrations.retries import backoff, retry_after
from store.rules.calendar import INSTITUTION

VERSION = {"X-Experience-API-Version": "1.0.3"}
"""Learning Locker answers 400 without it."""
TIMEOUT = httpx.Timeout(60, connect=10)
"""Seconds."""
TRIES = 5
LONGEST_WAIT = dt.timedelta(minutes=5)
"""The longest wait that a store may ask for. After more, the next poll continues."""
LARGEST_PAGE = 32 << 20
"""Bytes of one answer, unpacked."""
MOST_PAGES = 100_000
PAGE = 500
"""Statements that a page is asked to have; a store may give fewer."""

_BUSY = frozenset({429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class LrsAccount:
    """A source's LRS: its address, and the key and secret to sign in with.

    ``url`` is the address up to and without ``/statements``.
    """

    source: str
    url: str
    key: str = field(repr=False)
    secret: str = field(repr=False)

    @property
    def declaration(self) -> str:
        """The name of the file that declares the LRS, for use in sentences."""
        return f"feeds/{self.source}/feed.toml"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of statements.

    ``through``: the store has everything up to then; None where it does not say.
    """

    statements: list[Any]
    through: dt.datetime | None = None


class Lrs:
    """A connection to one learning record store, for one poll at a time."""

    def __init__(
        self, account: LrsAccount, *, now: Now, sleep: Sleep, http: httpx.Client | None = None
    ) -> None:
        # httpx logs every address, and a cursor is as good as a key to what it shows.
        for name in ("httpx", "httpcore"):
            logging.getLogger(name).setLevel(logging.WARNING)
        self._account = account
        self._now = now
        self._sleep = sleep
        self._chance = random.Random()  # noqa: S311 -- jitter, not cryptography
        self._http = http or httpx.Client(
            timeout=TIMEOUT, headers=VERSION, auth=(account.key, account.secret)
        )

    def __enter__(self) -> Lrs:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def check(self) -> None:
        """Request one statement, to check that the store answers.

        Raises:
            FeedError: the store cannot be reached, refuses the key, or is not an LRS.
        """
        self._page(self._first({"limit": "1"}), tries=1)

    def pages(self, since: dt.datetime, until: dt.datetime) -> Iterator[Page]:
        """Yield the pages of statements stored after ``since`` and up to ``until``, oldest first.

        Raises:
            FeedError: a page could not be fetched; the pages yielded before are valid.
        """
        asked = {
            "since": _written(since),
            "until": _written(until),
            "ascending": "true",
            "limit": str(PAGE),
        }
        url: httpx.URL | None = self._first(asked)
        seen: set[httpx.URL] = set()
        while url is not None:
            if url in seen or len(seen) >= MOST_PAGES:
                raise self._error("sends the same pages again and again. Ask its administrator")
            seen.add(url)
            page, more = self._page(url)
            yield page
            url = self._next(url, more)

    def _first(self, asked: dict[str, str]) -> httpx.URL:
        return httpx.URL(f"{self._account.url.rstrip('/')}/statements", params=asked)

    def _next(self, url: httpx.URL, more: Any) -> httpx.URL | None:
        """Return the next page's address, on the same host; None after the last."""
        if not more:
            return None
        try:
            found = url.join(more)
        except (TypeError, httpx.InvalidURL):
            raise self._no_sense() from None
        if (found.scheme, found.host, found.port) != (url.scheme, url.host, url.port):
            raise self._error(
                "redirects Lantern to another host for the next page, which is not followed "
                "since it "
                f"would get the key. Correct url in {self._account.declaration}"
            )
        return found.copy_with(username=None, password=None, fragment=None)

    def _page(self, url: httpx.URL, tries: int = TRIES) -> tuple[Page, Any]:
        response, body = self._get(url, tries)
        try:
            found = json.loads(body)
        except (ValueError, RecursionError):
            raise self._no_sense() from None
        statements = found.get("statements") if isinstance(found, dict) else None
        if not isinstance(statements, list):
            raise self._no_sense()
        through = _instant(response.headers.get("X-Experience-API-Consistent-Through"))
        return Page(statements, through), found.get("more")

    def _get(self, url: httpx.URL, tries: int) -> tuple[httpx.Response, bytes]:
        """Return a whole answer, waiting as the store asks. The request may be repeated."""
        for attempt in range(tries):
            is_last = attempt == tries - 1
            wait = backoff(attempt, self._chance)
            try:
                response, body = self._exchange(url)
            except httpx.HTTPError as error:
                if is_last:
                    raise self._unreachable(error) from None
                self._sleep(wait.total_seconds())
                continue
            if response.status_code == httpx.codes.OK:
                return response, body
            if response.status_code not in _BUSY:
                raise self._refused(response.status_code)
            wait = retry_after(response.headers.get("Retry-After"), self._now()) or wait
            if wait > LONGEST_WAIT:
                until = (self._now() + wait).astimezone(INSTITUTION)
                raise self._error(
                    f"asks to wait until {until:%H:%M}. Lantern polls again in the night; sooner: "
                    f"lantern feeds poll {self._account.source}"
                )
            if is_last:
                raise self._error(
                    f"is busy or has a fault ({response.status_code}). Lantern polls again in the "
                    "night; ask its administrator if this continues"
                )
            self._sleep(wait.total_seconds())
        raise AssertionError("the last try returns or raises")

    def _exchange(self, url: httpx.URL) -> tuple[httpx.Response, bytes]:
        body = bytearray()
        with self._http.stream("GET", url, follow_redirects=False) as response:
            if response.status_code == httpx.codes.OK:
                for block in response.iter_bytes():
                    body += block
                    if len(body) > LARGEST_PAGE:
                        raise self._error(
                            f"sends a page of more than {LARGEST_PAGE >> 20} MB. Ask who runs it "
                            "for a lower limit of statements a page"
                        )
        return response, bytes(body)

    def _refused(self, status: int) -> FeedError:
        url = f"Correct url in {self._account.declaration}"
        if status in (401, 403):
            return self._error(f"refuses the key or the secret ({status}). Correct LRS_CREDENTIALS")
        if 300 <= status < 400:
            return self._error(f"redirects Lantern to another address ({status}). {url}")
        return self._error(
            f"refuses to send statements ({status}). {url}: it ends before /statements"
        )

    def _no_sense(self) -> FeedError:
        return self._error(
            "does not answer as a learning record store does. Correct url in "
            f"{self._account.declaration}: it ends before /statements"
        )

    def _unreachable(self, error: httpx.HTTPError) -> FeedError:
        setting = f"url in {self._account.declaration}"
        return FeedError(f"{unreachable(self._name, error, setting)}.")

    def _error(self, what: str) -> FeedError:
        return FeedError(f"{self._name} {what}.")

    @property
    def _name(self) -> str:
        return f"The LRS of {self._account.source}"


def _written(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _instant(written: str | None) -> dt.datetime | None:
    try:
        found = dt.datetime.fromisoformat(written or "")
    except ValueError:
        return None
    return found if found.tzinfo else None
