"""The steps of the journey. Each is done by one of the invented people, in their own browser."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from typing import TypeVar

from store.audit import Broken
from worker.demo.browser import Browser, Element, Form, NotThere

ALICE, BOB, DORA, GORAN, KIM = (
    "Alice Alder",
    "Bob Birch",
    "Dora Damson",
    "Goran Gorse",
    "Kim Kelp",
)
LANG, TIDE = "lang-engagement", "tide-engagement"
PATIENCE = 15.0
"""Seconds. What happens behind a click takes far less, also on a slow machine."""

Found = TypeVar("Found")


class CheckFailed(Exception):
    """A step of the journey did not have the expected result."""


class Journey:
    """The state of the journey: each person's browser, and the case that it is about."""

    def __init__(self, url: str, day: dt.date, verify_audit: Callable[[], Broken | None]) -> None:
        self.day = day
        self.verify_audit = verify_audit
        self.case = ""
        self.recipient = ""
        self.approval: Form | None = None
        self.url = url
        self._browsers: dict[str, Browser] = {}

    def close(self) -> None:
        """Close the browser of every person in the journey."""
        for browser in self._browsers.values():
            browser.close()

    def browser(self, name: str) -> Browser:
        """Return a person's browser, in which the sandbox knows who they are."""
        if name not in self._browsers:
            browser = self._browsers[name] = Browser(self.url)
            for form in browser.get("/sandbox").all("form", action="/sandbox/person"):
                for button in form.all("button"):
                    if button.text.startswith(name):
                        browser.send(Form(form, button))
        return self._browsers[name]

    def channels(self, name: str) -> dict[str, str]:
        """Return the channels that a person sees; name → address."""
        side = self.browser(name).get("/sandbox").one("nav", **{"aria-label": "Channels"})
        return {link.one("span").text: link.attributes["href"] for link in side.all("a")}

    def channel(self, name: str = ALICE, channel: str = LANG) -> Element:
        """Return a channel as a person sees it now."""
        return self.browser(name).get(self.channels(name)[channel])

    def card(self, name: str = ALICE) -> Element:
        """Return the card of the journey's case as a person sees it now.

        Raises ``NotThere`` where the channel shows none.
        """
        for card in cards(self.channel(name)):
            if reference(card) == self.case:
                return card
        raise NotThere(f"there is no card of {self.case}")

    def click(self, name: str, button: str) -> Element:
        """Click a button on the card as a person."""
        return self.browser(name).send(self.card(name).form_with(button))

    def type(self, name: str, text: str, channel: str = LANG) -> Element:
        """Write something in a channel as a person; return what only they see."""
        return self.page_after(name, text, channel).one("div", id="private")

    def page_after(self, name: str, text: str, channel: str = LANG) -> Element:
        """Write something in a channel as a person; return the whole page, with what opens
        on it."""
        form = self.channel(name, channel).one("form", id="composer")
        return self.browser(name).send(Form(form, form.one("button")), {"Message to": text})

    def card_says(self, sentence: str, name: str = ALICE) -> Element:
        """Wait until the card shows the sentence; return the card."""

        def look() -> Element | None:
            card = self.card(name)
            return card if sentence in card.text else None

        return until(look, f"the card of {self.case} does not say “{sentence}”")


Step = Callable[[Journey], str]


def cards(page: Element) -> list[Element]:
    """Return every case's card in a channel."""
    return list(page.all("article", **{"data-kind": "case"}))


def reference(card: Element) -> str:
    """Return the reference of the case that a card is about."""
    return card.one("h3").text.split(" ")[0]


def require(is_so: object, otherwise: str) -> None:
    """Fail the step unless the condition holds.

    Raises ``CheckFailed`` with ``otherwise``.
    """
    if not is_so:
        raise CheckFailed(otherwise)


def until(look: Callable[[], Found | None], otherwise: str) -> Found:
    """Call ``look`` until it finds something. Raises ``CheckFailed`` after ``PATIENCE`` seconds."""
    deadline = time.monotonic() + PATIENCE
    while (found := look()) is None:
        require(time.monotonic() < deadline, otherwise)
        time.sleep(0.05)
    return found


def dialog_of(page: Element) -> Element:
    """Return the dialog that a click opened.

    Raises ``CheckFailed`` where none opened, with what the page says instead.
    """
    for dialog in page.all("dialog"):
        return dialog
    said = page if page.attributes.get("id") == "private" else page.one("div", id="private")
    raise CheckFailed(f"no dialog opened: {said.text}")
