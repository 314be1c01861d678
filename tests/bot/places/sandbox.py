"""The sandbox as a place: its real application on a port, and browsers that use its pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.sandbox.app import standalone
from bot.sandbox.local_backend import LiveBackend
from bot.sandbox.shutdown import Stopping
from integrations.chat.sandbox import SandboxWorkspace
from store.rules.model import Platform
from tests.bot.places import Answer
from tests.browser.serving import serving
from tests.people import ROSTER
from tests.worker.office import Office, office_in
from worker.demo.browser import Element, Form
from worker.demo.journey import Journey, cards

LANG, MATH = "lang-engagement", "math-engagement"
CASE = "LANG-1"
_NAMES = {each.email.partition("@")[0]: each.name for each in ROSTER.staff}


class InSandbox:
    """Implement ``Place`` in the sandbox."""

    def __init__(self, office: Office, journey: Journey) -> None:
        self.office = office
        self._journey = journey

    def card(self, name: str) -> str:
        return self._journey.card(_NAMES[name]).text

    def messages(self) -> int:
        return len(list(cards(self._journey.channel(_NAMES["alice"], LANG))))

    def presses(self, name: str, button: str) -> Answer:
        return _answer(self._journey.click(_NAMES[name], button))

    def sends(self, name: str, form: Any, answers: Mapping[str, str] | None = None) -> Answer:
        (shown,) = form.all("form")
        button, *_ = shown.all("button")
        page = self._journey.browser(_NAMES[name]).send(Form(shown, button), answers)
        return _answer(page)

    def types(self, name: str, line: str) -> Answer:
        channel = MATH if name == "charlie" else LANG
        return Answer(self._journey.type(_NAMES[name], f"/lantern {line}", channel).text)

    def answers_the_mail(self, text: str) -> None:
        """Answer the email on the student's own page."""
        browser = self._journey.browser(_NAMES["alice"])
        (mail,) = browser.get("/sandbox/student").all("article", class_="mail")
        browser.send(mail.form_with("Send the answer"), {"Answer as the student": text})


def _answer(page: Element) -> Answer:
    for dialog in page.all("dialog"):
        said = " ".join(each.text for each in (dialog, *_fields(dialog)))
        return Answer(said, dialog)
    return Answer(page.one("div", id="private").text)


def _fields(dialog: Element) -> Iterator[Element]:
    yield from dialog.all("textarea")


@contextmanager
def sandbox_in(home: Path) -> Iterator[InSandbox]:
    """Start the invented schools in the sandbox."""
    with office_in(home) as office:
        services, stopping = office.services, Stopping()
        workspace = services.workspaces[Platform.SANDBOX]
        assert isinstance(workspace, SandboxWorkspace)
        app = standalone(LiveBackend(services, workspace), stopping)
        with serving(app, stopping) as url:
            journey = Journey(url, office.clock().date(), services.store.verify_audit)
            journey.case = CASE
            try:
                yield InSandbox(office, journey)
            finally:
                journey.close()
