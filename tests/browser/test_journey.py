"""The whole journey in a real browser, on the demo: from a morning's card to a closed case."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from bot.app import create_app
from bot.sandbox.shutdown import Stopping
from integrations.bootstrap import Services
from tests.browser.acts import (
    ANSWER,
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
from worker.demo.days import Days
from worker.processes.serve import embedded_work


@pytest.fixture
def url(demo: tuple[Services, Days]) -> Iterator[str]:
    """Serve a demo for this test alone."""
    services, _ = demo
    with (
        embedded_work(services),
        serving(create_app(services), Stopping()) as url,
    ):
        yield url


# The server is requested first, so that the page, whose stream would keep it up, closes first.
def test_from_a_mornings_card_to_a_closed_case(url: str, browser_page: Page) -> None:
    page = browser_page
    page.goto(f"{url}/sandbox")
    become(page, "Alice Alder")
    card = new_case(page)
    take_log_and_draft(page, card)
    assert page.evaluate("() => window.isSamePage")

    become(page, "Dora Damson")
    add_view(page, card)
    assert page.evaluate("() => window.isSamePage")

    become(page, "Bob Birch")
    dialog = dialog_after(page, card, "Read and approve")
    expect(dialog.locator(".lc-title")).to_be_focused()
    assert dialog.evaluate("dialog => dialog.scrollTop") == 0, "a mail is read from its top"
    recipient = dialog.locator("dd", has_text="@students.").inner_text()
    submit(dialog, "Approve and send")
    expect(card).to_contain_text("Email sent to the student, approved by Bob Birch")
    assert page.evaluate("() => window.isSamePage")

    answer_as_the_student(page, url, recipient)
    page.goto(f"{url}/sandbox/c/lang")
    become(page, "Alice Alder")
    expect(card).to_contain_text("The student answered")
    expect(card).not_to_contain_text(ANSWER)
    read_answer(page, card)

    dialog = dialog_after(page, card, "Close")
    dialog.get_by_label("How did it end").select_option(label="Meeting held")
    submit(dialog, "Close the case")
    expect(card.get_by_role("heading")).to_contain_text("Closed")
    expect(card).to_contain_text("Closed: meeting held")
    assert page.evaluate("() => window.isSamePage")
