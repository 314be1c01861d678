"""The lesson in a real browser, completed by keyboard alone: one day of three people."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from playwright.sync_api import Locator, Page, expect

from bot.app import create_app
from bot.sandbox.lesson import STEPS
from bot.sandbox.lesson_progress import LessonRoom
from bot.sandbox.shutdown import Stopping
from integrations.bootstrap import Services
from store.db.unit_of_work import Store
from store.tables import audit, staff
from tests.browser.acts import ANSWER, REASON, new_case
from tests.browser.keys import become, choose, follow, press, write
from tests.browser.serving import serving
from worker.demo.days import Days
from worker.processes.serve import embedded_work

Lesson = tuple[str, Store]


@pytest.fixture
def lesson(demo: tuple[Services, Days]) -> Iterator[Lesson]:
    """Serve the demo with its training room; yields the address and the store."""
    services, days = demo
    with (
        embedded_work(services),
        serving(create_app(services, days.forward, LessonRoom(services.store)), Stopping()) as url,
    ):
        yield url, services.store


def trained(store: Store, name: str) -> tuple[object, int]:
    """Return (the day of a person's training, how often a lesson was recorded)."""
    with store.database.read() as connection:
        day = connection.execute(sa.select(staff.c.trained_on).where(staff.c.name == name)).scalar()
        acts = connection.execute(sa.select(audit).where(audit.c.action == "train")).all()
    return day, len([each for each in acts if each.details.get("lesson")])


def is_at(page: Page, done: int) -> None:
    """Check that the lesson above the messages shows the step after so many."""
    title = f"Step {done + 1} of {len(STEPS)}: {STEPS[done].title}"
    expect(page.locator("#lesson h2")).to_have_text(title)


def test_the_lesson_is_walked_to_its_end_and_the_training_recorded(
    lesson: Lesson, browser_page: Page
) -> None:
    (url, store), page = lesson, browser_page
    window = page.locator("#dialog")
    page.goto(f"{url}/sandbox")
    become(page, "Alice Alder")
    before = trained(store, "Alice Alder")
    press(page, page, "Begin as Alice Alder")
    is_at(page, 0)
    expect(page.get_by_role("button", name="Record the training")).to_have_count(0)

    card = new_case(page)
    expect(card.get_by_role("heading")).to_be_in_viewport()
    press(page, card, "Take")
    # Another colleague owns the case, so taking it needs a confirmation.
    press(page, page.get_by_role("dialog"), "Continue")
    is_at(page, 1)

    become(page, "Dora Damson")
    expect(card.get_by_role("heading")).to_be_in_viewport()
    press(page, card, "Add view")
    choose(page, window, "What should happen", "Contact now")
    write(page, window, "Why", REASON)
    press(page, window, "Add view")
    is_at(page, 2)

    become(page, "Alice Alder")
    press(page, card, "Draft email")
    expect(window).to_contain_text(REASON)
    press(page, window, "Save the draft")
    is_at(page, 3)

    become(page, "Bob Birch")
    press(page, card, "Read and approve")
    press(page, window, "Approve and send")
    expect(card).to_contain_text("Email sent to the student, approved by Bob Birch")
    is_at(page, 4)

    follow(page, "Student")
    inbox = page.locator("#inbox article").first
    write(page, inbox, "Answer as the student", ANSWER)
    press(page, inbox, "Send the answer")
    is_at(page, 5)
    assert trained(store, "Alice Alder") == before, "nothing is recorded before the end"

    follow(page, "lang-engagement")
    _ends(page, card)
    day, recorded = trained(store, "Alice Alder")
    assert day is not None
    assert recorded == before[1] + 1


def _ends(page: Page, card: Locator) -> None:
    """Have Alice read the answer, close the case and have her training recorded."""
    window = page.locator("#dialog")
    become(page, "Alice Alder")
    expect(card).to_contain_text("The student answered")
    expect(card.get_by_role("heading")).to_be_in_viewport()
    press(page, card, "Read answer")
    expect(window).to_contain_text(ANSWER)
    press(page, window, "Close case")
    choose(page, window, "How did it end", "Meeting held")
    press(page, window, "Close the case")
    expect(card.get_by_role("heading")).to_contain_text("Closed")
    page.keyboard.press("Escape")
    press(page, page, "Record the training of Alice Alder")
    expect(page.locator("#lesson h2")).to_have_text(
        "Recorded: Alice Alder has completed the training"
    )
