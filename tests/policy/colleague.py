"""Colleagues at a browser: the cards they see, their answers and their actions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import uuid4

from tests.policy.doors import Tab
from tests.policy.people import CHANNEL
from worker.demo.browser import Element, Form, NotThere

if TYPE_CHECKING:
    from tests.policy.school import School


@dataclass(frozen=True)
class Card:
    """A case's card as shown in a channel."""

    element: Element
    reference: str

    @property
    def text(self) -> str:
        """Return the card's whole text."""
        return self.element.text

    @property
    def active(self) -> str:
        """Return the text without the reasons that are marked as ended."""
        return re.sub(r"(?:No longer|Cleared|Corrected): .*?\([^)]*\)", "", self.text)

    @property
    def heading(self) -> str:
        """Return the first line: reference and status."""
        return self.element.one("h3").text

    @property
    def buttons(self) -> list[str]:
        """Return the buttons' actions in the card's order; ``primary`` is the main one."""
        return [_action(form) for form in self.element.all("form", action="/sandbox/act")]

    @property
    def primary(self) -> str:
        """Return the action of the primary button; '' for none."""
        for form in self.element.all("form", action="/sandbox/act"):
            if next(form.all("button", class_="lc-primary"), None):
                return _action(form)
        return ""

    def form(self, action: str, label: str = "") -> Form:
        """Return the form behind the button for this action."""
        for form in self.element.all("form", action="/sandbox/act"):
            button = form.one("button")
            if _action(form) == action and label in button.text:
                return Form(form, button)
        raise NotThere(f"the card of {self.reference} offers no {action}: {self.buttons}")


def _action(form: Element) -> str:
    for each in form.all("input", name="action"):
        return each.attributes["value"]
    return ""


@dataclass
class Answer:
    """The private answer to a person's command, click or form."""

    tab: Tab
    page: Element

    @property
    def said(self) -> str:
        """Return the words that only this person sees; '' where there are none."""
        found = [each.text for each in self.page.all("div", id="private")]
        sorry = [] if found else [each.text for each in self.page.all("main")]
        return " ".join([*found, *sorry]).removeprefix("Only visible to you Dismiss").strip()

    @property
    def dialog(self) -> Element | None:
        """Return the dialog that opened; None where none did."""
        return next(self.page.all("dialog"), None)

    @property
    def text(self) -> str:
        """Return the private words and the dialog's text."""
        return f"{self.said} {self.dialog.text if self.dialog else ''}".strip()

    @property
    def can_be_sent(self) -> bool:
        """Return whether a dialog opened that can be sent, and not only read."""
        return self.dialog is not None and any(self.dialog.all("button", class_="lc-primary"))

    @property
    def errors(self) -> str:
        """Return the errors shown beside the dialog's fields."""
        return " ".join(each.text for each in self.page.all("p", class_="lc-error"))

    @property
    def is_refused(self) -> bool:
        """Return whether the action was answered with any text, rather than simply done."""
        return bool(self.text)

    def sends(self, **names: str) -> Answer:
        """Fill in the dialog and press the button that sends it."""
        if self.dialog is None:
            raise NotThere(f"no dialog opened; instead: {self.said or 'nothing'}")
        form = self.dialog.one("form", action="/sandbox/submit")
        buttons = [each for each in form.all("button") if "lc-primary" in each.attributes["class"]]
        if not buttons:
            raise NotThere(f"this dialog cannot be sent: {self.dialog.text}")
        return Answer(self.tab, self.tab.send(Form(form, buttons[0]), {}, **names))

    @property
    def fields(self) -> dict[str, str]:
        """Return the dialog's fields with the values shown."""
        if self.dialog is None:
            return {}
        form = self.dialog.one("form", action="/sandbox/submit")
        shown = Form(form, Element("button")).filled_in({})
        return {k.removeprefix("field."): v for k, v in shown.items() if k.startswith("field.")}


@dataclass
class Person:
    """A colleague using the sandbox."""

    name: str
    school: School
    home: str
    tab: Tab = field(init=False)
    _composer: dict[str, str] = field(default_factory=dict)
    """The other fields of the message form; loaded once."""

    def __post_init__(self) -> None:
        self.tab = self.school.tab()
        # The next channel takes long to draw, and few stories look at it after a step.
        self.tab.post("/sandbox/person", {"user": self.name}, follow=False)

    def channel(self) -> Element:
        """Return the school's channel as this person sees it now."""
        return self.tab.get(f"/sandbox/c/{CHANNEL[self.home]}")

    def direct(self) -> str:
        """Return every private message that Lantern sent this person."""
        page = self.tab.get(f"/sandbox/c/direct:{self.name}")
        return " ".join(each.text for each in page.all("ol", id="messages"))

    def types(self, line: str) -> Answer:
        """Type ``/lantern <line>`` in the direct messages, which load faster than a channel of
        cards."""
        return self._writes(f"direct:{self.name}", f"/lantern {line}")

    def says(self, words: str, under: str = "") -> Answer:
        """Post in the school's channel, or in the thread of a card (by its reference)."""
        thread = ""
        for each in self.channel().all("li", class_="message") if under else ():
            cards = each.all("article", **{"data-kind": "case"})
            if any(reference_in(card) == under for card in cards):
                thread = each.attributes["id"].removeprefix("m")
        return self._writes(CHANNEL[self.home], words, thread)

    def _writes(self, channel: str, words: str, thread: str = "") -> Answer:
        if not self._composer:
            form = self.tab.get(f"/sandbox/c/direct:{self.name}").one("form", id="composer")
            self._composer = Form(form, form.one("button")).filled_in({})
        sent = {**self._composer, "channel": channel, "key": uuid4().hex, "text": words}
        if thread:
            sent["thread"] = thread
        return Answer(self.tab, self.tab.post("/sandbox/say", sent))

    def card(self, reference: str) -> Card:
        """Return the card of a case as this person sees it in the channel."""
        for card in self.channel().all("article", **{"data-kind": "case"}):
            if reference_in(card) == reference:
                return Card(card, reference)
        raise NotThere(f"{self.name} sees no card of {reference}")

    def clicks(self, action: str, reference: str, label: str = "") -> Answer:
        """Press the button for this action on the card."""
        return Answer(self.tab, self.tab.send(self.card(reference).form(action, label)))

    # -- Several steps in one call ---------------------------------------------------------------

    def fills(self, line: str, **names: str) -> Answer:
        """Type a command, fill in the dialog that opens, and send it; send it once more where it
        asks for confirmation that the case is to be closed."""
        opened = self.types(line)
        answer = opened.sends(**names)
        if "Send it again to close it" in answer.text:
            return opened.sends(**names)
        return answer

    def looks_at(self, reference: str) -> str:
        """Open the case with its evidence and return the text."""
        return self.types(f"show {reference}").text

    def views(self, reference: str, reason: str, opinion: str = "contact-now") -> Answer:
        """Open the case's evidence, then give a view."""
        self.looks_at(reference)
        return self.fills(f"view {reference}", opinion=opinion, reason=reason)

    def drafts(self, reference: str, add: str = "", command: str = "draft") -> Answer:
        """Draft an email with the suggested text and a sentence of their own."""
        opened = self.types(f"{command} {reference}")
        if add and opened.dialog:
            return opened.sends(body=f"{opened.fields['body']}\n\n{add}")
        return opened.sends()

    def approves(self, reference: str) -> Answer:
        """Read the draft and approve it."""
        return self.types(f"approve {reference}").sends()


def reference_in(card: Element) -> str:
    return card.one("h3").text.split(" ")[0].rstrip(":,.")
