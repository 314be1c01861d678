"""Actions on the sandbox's pages, shared by the tests in a real browser."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

REASON = "Came to my office hour on Monday, so a friendly email is welcome."
ANSWER = "Thank you for writing. Could we talk on Friday?"


def become(page: Page, name: str) -> None:
    """Act as another person, in the same channel."""
    page.locator("#who > summary").click()
    page.locator("#who").get_by_role("button", name=name).click()
    expect(page.locator("#who > summary")).to_contain_text(name)
    page.evaluate("() => { window.isSamePage = true }")


def new_case(page: Page) -> Locator:
    """Return the newest card of a case on which no one has acted yet."""
    cards = page.locator(".lc-card[data-kind=case]")
    reference = cards.filter(has=page.get_by_role("heading", name="New")).last
    heading = reference.get_by_role("heading").inner_text()
    return cards.filter(has=page.get_by_role("heading", name=f"{heading.split()[0]} ·"))


def dialog_after(page: Page, card: Locator, button: str) -> Locator:
    """Press a button of the card, and return the dialog that it opens."""
    wanted = card.get_by_role("button", name=button, exact=True)
    if not wanted.is_visible():
        card.get_by_text("More", exact=True).click()
    wanted.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    return dialog


def submit(dialog: Locator, button: str) -> None:
    """Submit the dialog's form, and wait until it has closed."""
    dialog.get_by_role("button", name=button).click()
    expect(dialog).to_have_count(0)


def take_log_and_draft(page: Page, card: Locator) -> None:
    card.get_by_role("button", name="Take").click()
    # Another colleague owns the case, so taking it needs a confirmation.
    page.get_by_role("dialog").get_by_role("button", name="Continue").click()
    expect(card).to_contain_text("Alice Alder")
    dialog = dialog_after(page, card, "Log a contact")
    dialog.get_by_label("What did you do").select_option(label="Call")
    dialog.get_by_label("What happened").fill("Nobody picked up.")
    submit(dialog, "Log")
    expect(card).to_contain_text("Alice Alder logged a call")
    submit(dialog_after(page, card, "Draft email"), "Save the draft")
    expect(card).to_contain_text("Alice Alder drafted an email")


def add_view(page: Page, card: Locator) -> None:
    dialog = dialog_after(page, card, "Add view")
    dialog.get_by_label("What should happen").select_option(label="Contact now")
    dialog.get_by_label("Why").fill("yes")
    dialog.get_by_role("button", name="Add view").click()
    expect(dialog.get_by_text("Give your reason in a few words")).to_be_visible()
    dialog.get_by_label("Why").fill(REASON)
    submit(dialog, "Add view")
    expect(card).to_contain_text(REASON)


def answer_as_the_student(page: Page, url: str, recipient: str) -> None:
    page.goto(f"{url}/sandbox/outbox")
    mail = page.locator("#mails article").first
    expect(mail).to_contain_text(recipient)
    expect(mail.locator(".state")).to_have_text("sent")
    page.goto(f"{url}/sandbox/student")
    inbox = page.locator("#inbox article").first
    inbox.get_by_label("Answer as the student").fill(ANSWER)
    inbox.get_by_role("button", name="Send the answer").click()
    expect(page.locator(".answer").first).to_contain_text(ANSWER)


def read_answer(page: Page, card: Locator) -> None:
    """Give a purpose for reading the student's answer, and read it."""
    dialog = dialog_after(page, card, "Reveal")
    dialog.get_by_label("Why do you need to see it").select_option(
        label="To prepare contact with the student"
    )
    dialog.get_by_role("button", name="Open").click()
    expect(page.locator("#dialog")).to_contain_text(ANSWER)
    submit(page.locator("#dialog"), "Close")
