"""What colleagues see and do: a case's card, what they are answered, and they at a browser."""

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
    """A case's card as it stands in a channel."""

    element: Element
    reference: str

    @property
    def text(self) -> str:
        """Everything that it says."""
        return self.element.text

    @property
    def active(self) -> str:
        """The same without the reasons that are said to hold no longer."""
        return re.sub(r"(?:No longer|Cleared|Corrected): .*?\([^)]*\)", "", self.text)

    @property
    def heading(self) -> str:
        """Its first line: reference and state."""
        return self.element.one("h3").text

    @property
    def buttons(self) -> list[str]:
        """The actions that it offers, the one that stands out first marked by ``primary``."""
        return [_action(form) for form in self.element.all("form", action="/sandbox/act")]

    @property
    def primary(self) -> str:
        """The action of the button that stands out; '' for none."""
        for form in self.element.all("form", action="/sandbox/act"):
            if next(form.all("button", class_="lc-primary"), None):
                return _action(form)
        return ""

    def form(self, action: str, label: str = "") -> Form:
        """The form behind the button for this action."""
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
    """What a person alone sees after they typed, clicked or sent something."""

    tab: Tab
    page: Element

    @property
    def said(self) -> str:
        """The words that only they see; '' where nothing was said."""
        found = [each.text for each in self.page.all("div", id="private")]
        sorry = [] if found else [each.text for each in self.page.all("main")]
        return " ".join([*found, *sorry]).removeprefix("Only visible to you Dismiss").strip()

    @property
    def dialog(self) -> Element | None:
        """The dialog that opened; None where none did."""
        return next(self.page.all("dialog"), None)

    @property
    def text(self) -> str:
        """Both."""
        return f"{self.said} {self.dialog.text if self.dialog else ''}".strip()

    @property
    def can_be_sent(self) -> bool:
        """Whether a dialog opened in which something can be decided, and not only read."""
        return self.dialog is not None and any(self.dialog.all("button", class_="lc-primary"))

    @property
    def errors(self) -> str:
        """What is said beside the dialog's fields."""
        return " ".join(each.text for each in self.page.all("p", class_="lc-error"))

    @property
    def is_refused(self) -> bool:
        """Whether anything at all was answered, rather than simply done."""
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
        """The dialog's fields as they are shown."""
        if self.dialog is None:
            return {}
        form = self.dialog.one("form", action="/sandbox/submit")
        shown = Form(form, Element("button")).filled_in({})
        return {k.removeprefix("field."): v for k, v in shown.items() if k.startswith("field.")}


@dataclass
class Person:
    """A colleague before the sandbox."""

    name: str
    school: School
    home: str
    tab: Tab = field(init=False)
    _composer: dict[str, str] = field(default_factory=dict)
    """What the form for a message holds besides the words; loaded once."""

    def __post_init__(self) -> None:
        self.tab = self.school.tab()
        # The channel that is shown next takes long to draw, and few look at it at once.
        self.tab.post("/sandbox/person", {"user": self.name}, follow=False)

    def channel(self) -> Element:
        """The school's channel as this person sees it now."""
        return self.tab.get(f"/sandbox/c/{CHANNEL[self.home]}")

    def direct(self) -> str:
        """Everything that Lantern told this person alone."""
        page = self.tab.get(f"/sandbox/c/direct:{self.name}")
        return " ".join(each.text for each in page.all("ol", id="messages"))

    def types(self, line: str) -> Answer:
        """Type ``/lantern <line>`` among one's own messages, which is quicker to show than a
        channel full of cards."""
        return self._writes(f"direct:{self.name}", f"/lantern {line}")

    def says(self, words: str, under: str = "") -> Answer:
        """Write into the school's channel, or into the thread of a card (by its reference)."""
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
        """The card of a case as this person sees it in the channel."""
        for card in self.channel().all("article", **{"data-kind": "case"}):
            if reference_in(card) == reference:
                return Card(card, reference)
        raise NotThere(f"{self.name} sees no card of {reference}")

    def clicks(self, action: str, reference: str, label: str = "") -> Answer:
        """Press the button for this action on the card."""
        return Answer(self.tab, self.tab.send(self.card(reference).form(action, label)))

    # -- What they do in one go ------------------------------------------------------------------

    def fills(self, line: str, **names: str) -> Answer:
        """Type a command, fill in the dialog that opens, and send it; once more where it asks
        whether a case is closed all the same."""
        opened = self.types(line)
        answer = opened.sends(**names)
        if "Send it again to close it" in answer.text:
            return opened.sends(**names)
        return answer

    def looks_at(self, reference: str) -> str:
        """Open the case, with what is known of it."""
        return self.types(f"show {reference}").text

    def views(self, reference: str, reason: str, opinion: str = "contact-now") -> Answer:
        """Open the case's evidence, then say what they think."""
        self.looks_at(reference)
        return self.fills(f"view {reference}", opinion=opinion, reason=reason)

    def drafts(self, reference: str, add: str = "", command: str = "draft") -> Answer:
        """Draft an email as it is suggested, with a sentence of their own."""
        opened = self.types(f"{command} {reference}")
        if add and opened.dialog:
            return opened.sends(body=f"{opened.fields['body']}\n\n{add}")
        return opened.sends()

    def approves(self, reference: str) -> Answer:
        """Read the draft and approve it."""
        return self.types(f"approve {reference}").sends()


def reference_in(card: Element) -> str:
    return card.one("h3").text.split(" ")[0].rstrip(":,.")
