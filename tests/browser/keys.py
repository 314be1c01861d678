"""A person without a mouse: what they press, and how they get to it."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

MOST_TABS = 250
"""More than any page of the demo has places for the keyboard."""

_HAS_IT = "element => element === document.activeElement"


def reach(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Press Tab, or another key, until this has the keyboard."""
    expect(wanted).to_be_visible()
    for _ in range(MOST_TABS):
        if wanted.evaluate(_HAS_IT):
            return
        page.keyboard.press(key)
    raise AssertionError(f"the keyboard does not reach {wanted}")


def press(page: Page, within: Page | Locator, button: str) -> None:
    """Press a button that stands there."""
    reach(page, within.get_by_role("button", name=button, exact=True))
    page.keyboard.press("Enter")


def follow(page: Page, link: str) -> None:
    """Follow a link of the menu, and be on its page."""
    reach(page, page.locator(".side").get_by_role("link", name=link))
    with page.expect_navigation():
        page.keyboard.press("Enter")


def choose(page: Page, within: Locator, label: str, option: str) -> None:
    """Choose from a list by typing what the option is called."""
    field = within.get_by_label(label)
    reach(page, field)
    page.keyboard.type(option)
    expect(field.locator("option:checked")).to_have_text(option)


def write(page: Page, within: Locator, label: str, text: str) -> None:
    """Write into a field."""
    reach(page, within.get_by_label(label))
    page.keyboard.type(text)


def become(page: Page, name: str) -> None:
    """Act as somebody else, chosen with the arrows in the menu."""
    reach(page, page.locator("#who > summary"))
    page.keyboard.press("Enter")
    reach(page, page.locator("#who").get_by_role("button", name=name), "ArrowDown")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("#who > summary")).to_contain_text(name)
