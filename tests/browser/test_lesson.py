"""The lesson in a real browser, walked to its end: what ``lantern sandbox --lesson`` serves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect
from rich.console import Console

from bot.app import create_app
from bot.sandbox.lesson import STEPS
from bot.sandbox.lesson_progress import LessonRoom
from bot.sandbox.shutdown import Stopping
from store.db.unit_of_work import Store
from store.tables import audit, staff
from tests.browser.acts import (
    add_view,
    answer_as_the_student,
    become,
    dialog_after,
    new_case,
    read_answer,
    submit,
    take_log_and_draft,
)
from tests.browser.serving import serving
from worker.demo.output import Lines
from worker.demo.run import set_up
from worker.processes.serve import embedded_work

Lesson = tuple[str, Store]


@pytest.fixture
def lesson(tmp_path: Path) -> Iterator[Lesson]:
    """The demo with its training room: the address and the store."""
    with (
        set_up(tmp_path, Lines(Console(quiet=True))) as (services, days),
        embedded_work(services),
        serving(create_app(services, days.forward, LessonRoom(services.store)), Stopping()) as url,
    ):
        yield url, services.store


def trained(store: Store, name: str) -> tuple[object, int]:
    """(the day of somebody's training, how often a lesson was recorded)."""
    with store.database.read() as connection:
        day = connection.execute(sa.select(staff.c.trained_on).where(staff.c.name == name)).scalar()
        acts = connection.execute(sa.select(audit).where(audit.c.action == "train")).all()
    return day, len([each for each in acts if each.details.get("lesson")])


def is_at(page: Page, done: int) -> None:
    """The lesson above the messages says the step after so many."""
    title = f"Step {done + 1} of {len(STEPS)}: {STEPS[done].title}"
    expect(page.locator("#lesson h2")).to_have_text(title)


def test_the_lesson_is_walked_to_its_end_and_the_training_recorded(
    lesson: Lesson, browser_page: Page
) -> None:
    (url, store), page = lesson, browser_page
    page.goto(f"{url}/sandbox")
    become(page, "Alice Alder")
    before = trained(store, "Alice Alder")
    page.get_by_role("button", name="Begin as Alice Alder").click()
    is_at(page, 0)
    expect(page.get_by_role("button", name="Record the training")).to_have_count(0)

    page.goto(f"{url}/sandbox/c/lang")
    card = new_case(page)
    take_log_and_draft(page, card)
    is_at(page, 2)
    become(page, "Dora Damson")
    add_view(page, card)
    is_at(page, 3)
    become(page, "Bob Birch")
    dialog = dialog_after(page, card, "Read and approve")
    recipient = dialog.locator("dd", has_text="@students.").inner_text()
    submit(dialog, "Approve and send")
    expect(card).to_contain_text("Email sent to the student, approved by Bob Birch")
    is_at(page, 4)
    answer_as_the_student(page, url, recipient)
    is_at(page, 5)
    assert trained(store, "Alice Alder") == before, "nothing is recorded before the end"

    page.goto(f"{url}/sandbox/c/lang")
    become(page, "Alice Alder")
    expect(card).to_contain_text("The student answered")
    read_answer(page, card)
    dialog = dialog_after(page, card, "Close")
    dialog.get_by_label("How did it end").select_option(label="Meeting held")
    submit(dialog, "Close the case")
    page.get_by_role("button", name="Record the training of Alice Alder").click()
    expect(page.locator("#lesson h2")).to_have_text("Recorded: Alice Alder has done the training")
    day, recorded = trained(store, "Alice Alder")
    assert day is not None
    assert recorded == before[1] + 1
