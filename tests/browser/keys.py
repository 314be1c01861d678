"""Keyboard actions of a person without a mouse: how they reach and use each control."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

MOST_TABS = 250
"""More than the number of Tab stops of any page of the demo."""

_HAS_IT = "element => element.isConnected ? element === document.activeElement : null"
"""Whether an element has the focus; null where the page has another in its place by now."""


def reach(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Press Tab, or another key, until this element has the focus."""
    expect(wanted).to_be_visible()
    # Found once: looking for it by its role and name takes longer than the key.
    element = wanted.element_handle()
    for _ in range(MOST_TABS):
        has_it = element.evaluate(_HAS_IT)
        if has_it:
            return
        if has_it is None:
            element = wanted.element_handle()
        else:
            page.keyboard.press(key)
    raise AssertionError(f"the keyboard does not reach {wanted}")


def press(page: Page, within: Page | Locator, button: str) -> None:
    """Reach and press a button that is shown."""
    reach(page, within.get_by_role("button", name=button, exact=True))
    page.keyboard.press("Enter")


def follow(page: Page, link: str) -> None:
    """Follow a link of the menu, and wait for its page."""
    reach(page, page.locator(".side").get_by_role("link", name=link))
    with page.expect_navigation():
        page.keyboard.press("Enter")


def choose(page: Page, within: Locator, label: str, option: str) -> None:
    """Choose from a list by typing an option's name."""
    field = within.get_by_label(label)
    reach(page, field)
    page.keyboard.type(option)
    expect(field.locator("option:checked")).to_have_text(option)


def write(page: Page, within: Locator, label: str, text: str) -> None:
    """Type text into a field."""
    reach(page, within.get_by_label(label))
    page.keyboard.type(text)


def become(page: Page, name: str) -> None:
    """Act as another person, chosen with the arrow keys in the menu."""
    reach(page, page.locator("#who > summary"))
    page.keyboard.press("Enter")
    reach(page, page.locator("#who").get_by_role("button", name=name), "ArrowDown")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("#who > summary")).to_contain_text(name)
