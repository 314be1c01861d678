"""Two tabs of one browser: a tab acts for the person it shows, or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sandbox.lesson import STEPS, LessonView
from tests.bot.sandbox_fake import FakeBackend
from tests.bot.sandbox_visit import visitor
from tests.bot.visitor import Visitor

__all__ = ["visitor"]

PAGES = ("/sandbox/c/bio", "/sandbox/outbox", "/sandbox/student", "/sandbox/audit")
CHOOSING = "/sandbox/person"
LESSONS = [
    None,
    LessonView("", 0, len(STEPS), STEPS[0], recorded=False),
    LessonView("Alice Ahmed", len(STEPS), len(STEPS), None, recorded=False),
]

Form = tuple[str, dict[str, str]]


@pytest.fixture
def backend(tmp_path: Path) -> Iterator[FakeBackend]:
    backend = FakeBackend(f"sqlite:///{tmp_path / 'sandbox.db'}")
    backend.days = 0
    yield backend
    backend.close()


def every_form(visitor: Visitor, backend: FakeBackend) -> list[Form]:
    """Return every form of a tab of the current person: (address, hidden fields)."""
    found = []
    for backend.shown_lesson in LESSONS:
        for page in PAGES:
            found += _forms(visitor.get(page).text)
    take = {"channel": "bio", "as": "alice", "key": "k" * 16, "action": "view", "ids": "{}"}
    found += _forms(visitor.post("/sandbox/act", take).text)  # with a dialog
    found += _forms(visitor.post("/sandbox/say", take | {"text": "/lantern help"}).text)
    return [form for form in found if form[0] != CHOOSING]


def _forms(page: str) -> list[Form]:
    hidden = r'<input type="hidden" name="([^"]+)" value="([^"]*)"'
    return [
        (action, dict(re.findall(hidden, inside)))
        for action, inside in re.findall(
            r'<form[^>]* method="post" action="([^"]+)"[^>]*>(.*?)</form>', page, re.DOTALL
        )
    ]


def test_every_form_says_whose_page_it_stands_on(visitor: Visitor, backend: FakeBackend) -> None:
    found = every_form(visitor, backend)
    assert {address for address, _ in found} == {
        "/sandbox/say",
        "/sandbox/act",
        "/sandbox/submit",
        "/sandbox/student/answer",
        "/sandbox/clock",
        "/sandbox/lesson/begin",
        "/sandbox/lesson/finish",
    }, "a new form belongs here"
    assert {form.get("as") for _, form in found} == {"alice"}


def test_a_tab_that_shows_another_person_does_nothing_and_says_whose_it_is(
    visitor: Visitor, backend: FakeBackend
) -> None:
    stale = every_form(visitor, backend)
    before, said = len(backend.asked), len(backend.workspace.messages("bio"))
    lesson = backend.shown_lesson
    assert visitor.post(CHOOSING, {"user": "bob"}).status_code == 303

    for address, form in stale:
        page = visitor.post(address, form | {"text": "/lantern take BIO-0041"})
        assert page.status_code == 409, address
        assert "This tab shows Alice Ahmed, and you act as Bob" in page.text, address
        assert "Load this page again" in page.text
        visitor.post(address, form | {"text": "Hello"})

    assert len(backend.asked) == before
    assert len(backend.workspace.messages("bio")) == said
    assert (backend.answers, backend.days, backend.shown_lesson) == ({}, 0, lesson)
    assert backend.overheard == []


def test_a_form_that_names_no_person_is_incomplete(visitor: Visitor, backend: FakeBackend) -> None:
    before = len(backend.asked)
    form = {"channel": "bio", "key": "k" * 16, "text": "/lantern help"}
    assert visitor.post("/sandbox/say", form).status_code == 400
    assert len(backend.asked) == before


def test_choosing_the_tabs_person_again_lets_it_act(visitor: Visitor, backend: FakeBackend) -> None:
    form = {"channel": "bio", "as": "alice", "key": "k" * 16, "text": "Hello"}
    visitor.post(CHOOSING, {"user": "bob"})
    assert visitor.post("/sandbox/say", form).status_code == 409
    visitor.post(CHOOSING, {"user": "alice"})
    assert visitor.post("/sandbox/say", form).status_code == 303
    assert backend.workspace.messages("bio")[-1].author == "alice"
