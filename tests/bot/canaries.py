"""Invented words to plant, and everything that leaves Lantern, to look for them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, product
from string import ascii_lowercase
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest

from store.rules.model import Level
from store.rules.schools import Roster, StudentEntry
from tests.people import LANGUAGES
from worker.demo.browser import Element, read_page

PAGES = ("/sandbox", "/student", "/me")
APPLICATION = "lantern.example"
"""The host of the application that the platforms' requests come to."""
_CANARY = re.compile(r"[Oo]rlvik[a-z]{3}|(?<!\d)9908711\d\d(?!\d)")
_CARRIED = frozenset({"private_metadata", "action_id", "block_id", "callback_id", "data", "verb"})
_ADDRESSES = frozenset({"url", "href", "action", "src"})


@dataclass
class Canaries:
    """Words that occur nowhere else, by kind: names, numbers, addresses, notes and the like."""

    kinds: dict[str, list[str]] = field(default_factory=dict)
    _endings: Iterator[tuple[str, ...]] = field(
        default_factory=lambda: product(ascii_lowercase, repeat=3)
    )
    _numbers: Iterator[int] = field(default_factory=lambda: count(990_871_100))

    def word(self, kind: str) -> str:
        """Make a word of this kind."""
        made = f"Orlvik{''.join(next(self._endings))}"
        self.kinds.setdefault(kind, []).append(made)
        return made

    def number(self) -> str:
        """Make a student number."""
        made = str(next(self._numbers))
        self.kinds.setdefault("number", []).append(made)
        return made

    def student(self) -> StudentEntry:
        """Make a student of whom each part is a canary."""
        own, private = self.word("address").lower(), self.word("address").lower()
        self.kinds["address"][-2:] = [own, private]
        return StudentEntry(
            self.number(),
            self.word("name"),
            self.word("name"),
            Level.UNDERGRADUATE,
            "R100",
            LANGUAGES,
            university_email=f"{own}@students.example.ac.uk",
            personal_email=f"{private}@home.example",
        )

    def roster(self, students: int) -> Roster:
        """Make a roster of this many students."""
        return Roster(students=tuple(self.student() for _ in range(students)))

    def in_text(self, text: str, *but: str) -> list[str]:
        """Return the canaries that stand in a text, except those of the kinds named."""
        there = set(_CANARY.findall(text))
        known = (word for kind, words in self.kinds.items() if kind not in but for word in words)
        return [word for word in known if word in there]

    def __len__(self) -> int:
        return sum(map(len, self.kinds.values()))


@dataclass
class Leaving:
    """What Lantern shows people and sends to platforms, while it is listened to."""

    addresses: list[str] = field(default_factory=list)
    """Addresses that were asked for, and those that stand in what is shown."""
    carried: list[str] = field(default_factory=list)
    """What buttons, forms and hidden fields carry."""

    def listen(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Record every HTTP request that is sent from now on, in either direction."""
        sends, sends_later = httpx.Client.send, httpx.AsyncClient.send

        def send(client: httpx.Client, request: httpx.Request, **how: Any) -> httpx.Response:
            answer = sends(client, request, **how)
            self._hears(request, answer)
            return answer

        async def later(
            client: httpx.AsyncClient, request: httpx.Request, **how: Any
        ) -> httpx.Response:
            answer = await sends_later(client, request, **how)
            self._hears(request, answer)
            return answer

        monkeypatch.setattr(httpx.Client, "send", send)
        monkeypatch.setattr(httpx.AsyncClient, "send", later)

    def _hears(self, request: httpx.Request, answer: httpx.Response) -> None:
        self.addresses.append(str(request.url))
        comes_in = request.url.host == APPLICATION or request.url.path.startswith(PAGES)
        said = answer.content if comes_in else request.content
        text = said.decode("utf-8", "replace")
        if "text/html" in (answer.headers.get("content-type", "") if comes_in else ""):
            self._page(read_page(text))
        else:
            for part in _parts(text):
                self._payload(part)

    def _page(self, page: Element) -> None:
        for child in page.children:
            if isinstance(child, Element):
                names = child.attributes
                self.addresses += [names[each] for each in _ADDRESSES & names.keys()]
                if child.tag == "button" or names.get("type") == "hidden":
                    self.carried.append(f"{names.get('name')} {names.get('value')}")
                self._page(child)

    def _payload(self, value: Any) -> None:
        if isinstance(value, list):
            for each in value:
                self._payload(each)
        if not isinstance(value, dict):
            return
        is_pressed = value.get("type") in ("button", None) and "text" in value
        for key, each in value.items():
            if key in _ADDRESSES and isinstance(each, str):
                self.addresses.append(each)
            if key in _CARRIED or (key == "value" and is_pressed):
                self.carried.append(json.dumps(each))
            self._payload(each)


def _parts(text: str) -> Iterator[Any]:
    if text.startswith(("{", "[")):
        yield json.loads(text)
    else:
        for _, value in parse_qsl(text):
            if value.startswith(("{", "[")):
                yield json.loads(value)
