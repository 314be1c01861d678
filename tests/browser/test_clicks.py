"""The commonest task, counted in clicks on the demo: from a new case to a closed one."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.browser.acts import ANSWER, REASON, answer_as_the_student, become, new_case
from tests.browser.test_journey import url

__all__ = ["url"]

MOST = 11


@dataclass
class Mouse:
    """Count presses and choices from a list; typing and reading are free."""

    clicks: int = 0

    def press(self, within: Locator, button: str) -> None:
        """Press a button that is visible without opening a menu first."""
        wanted = within.get_by_role("button", name=button, exact=True)
        expect(wanted).to_be_visible()
        wanted.click()
        self.clicks += 1

    def choose(self, within: Locator, label: str, option: str) -> None:
        """Choose from a list."""
        within.get_by_label(label).select_option(label=option)
        self.clicks += 1


def test_the_commonest_job_takes_eleven_clicks(url: str, browser_page: Page) -> None:
    page, mouse = browser_page, Mouse()
    window = page.locator("#dialog")
    page.goto(f"{url}/sandbox")
    become(page, "Dora Damson")
    card = new_case(page)
    mouse.press(card, "Add view")
    mouse.choose(window, "What should happen", "Contact now")
    window.get_by_label("Why").fill(REASON)
    mouse.press(window, "Add view")
    expect(card).to_contain_text("Ready to contact")

    become(page, "Alice Alder")
    mouse.press(card, "Draft email")
    mouse.press(window, "Save the draft")
    expect(card).to_contain_text("Email to approve")

    become(page, "Bob Birch")
    mouse.press(card, "Read and approve")
    recipient = window.locator("dd", has_text="@students.").inner_text()
    mouse.press(window, "Approve and send")
    expect(card).to_contain_text("Email sent")

    answer_as_the_student(page, url, recipient)
    page.goto(f"{url}/sandbox/c/lang")
    become(page, "Alice Alder")
    expect(card).to_contain_text("Student answered")
    mouse.press(card, "Read answer")
    expect(window).to_contain_text(ANSWER)
    mouse.press(window, "Close case")
    mouse.choose(window, "How did it end", "Meeting held")
    mouse.press(window, "Close the case")
    expect(card.get_by_role("heading")).to_contain_text("Closed")
    assert mouse.clicks <= MOST
