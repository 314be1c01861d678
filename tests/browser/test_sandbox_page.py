"""The sandbox in a real browser, on a fake backend."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bot.sandbox.app import standalone
from bot.sandbox.shutdown import Stopping
from tests.bot.sandbox_fake import FakeBackend
from tests.bot.sandbox_visit import backend
from tests.browser.conftest import OpenPage
from tests.browser.serving import serving

__all__ = ["backend"]

CONTRAST = (Path(__file__).parent / "contrast.js").read_text()
PAGES = ["/sandbox/c/bio", "/sandbox/outbox", "/sandbox/student", "/sandbox/c/nowhere"]


@pytest.fixture(autouse=True)  # started before any page, and stopped after the last
def url(backend: FakeBackend) -> Iterator[str]:
    stopping = Stopping()
    with serving(standalone(backend, stopping), stopping) as url:
        yield url


@pytest.fixture
def channel(browser_page: Page, url: str) -> Page:
    browser_page.goto(f"{url}/sandbox")
    return browser_page


def focused(page: Page) -> str:
    """Return the text or name of the element with the focus."""
    script = "() => document.activeElement.textContent.trim() || document.activeElement.name"
    return str(page.evaluate(script))


def test_a_card_changes_in_place_without_a_reload(channel: Page, backend: FakeBackend) -> None:
    channel.evaluate("() => { window.isSamePage = true }")
    backend.owner = "Bob Baker"
    backend.post_case()
    card = channel.locator(".lc-card")
    expect(card.get_by_text("Bob Baker", exact=True)).to_be_visible()
    expect(card).to_have_count(1)
    assert channel.evaluate("() => window.isSamePage")
    expect(channel.locator("#announcer")).to_contain_text("owner Bob Baker")


def test_messages_come_and_go_live(channel: Page, backend: FakeBackend) -> None:
    reply = channel.get_by_role("textbox", name="Reply in the thread").first
    channel.locator("#m1-thread > summary").click()
    reply.fill("Half a thought")
    backend.workspace.say("bio", "bob", "Good morning")
    backend.workspace.say("bio", "bob", "She is moving house", "1")
    expect(channel.get_by_text("Good morning", exact=True)).to_be_visible()
    expect(channel.get_by_text("She is moving house", exact=True)).to_be_visible()
    expect(channel.locator("#m1-count")).to_have_text("1 reply")
    expect(reply).to_have_value("Half a thought")


def test_a_click_changes_the_card_and_keeps_the_place(channel: Page, backend: FakeBackend) -> None:
    channel.get_by_role("button", name="Take").click()
    expect(channel.locator(".lc-card").get_by_text("Alice", exact=True)).to_be_visible()
    assert focused(channel) == "Take"
    assert [asked.action for asked in backend.asked] == ["take"]


def test_a_double_click_acts_once(channel: Page, backend: FakeBackend) -> None:
    before = backend.workspace.revision()
    channel.get_by_role("button", name="Take").dblclick()
    expect(channel.locator(".lc-card").get_by_text("Alice", exact=True)).to_be_visible()
    channel.wait_for_timeout(300)
    assert len({asked.key for asked in backend.asked}) == backend.workspace.revision() - before


def test_a_dialog_holds_the_keyboard_until_escape(channel: Page) -> None:
    opener = channel.get_by_role("button", name="Add view")
    opener.press("Enter")
    dialog = channel.get_by_role("dialog", name="Your view on BIO-0041")
    expect(dialog).to_be_visible()
    assert focused(channel).startswith("Choose")
    for _ in range(6):
        channel.keyboard.press("Tab")
        inside = "() => document.activeElement.closest('dialog, body').tagName"
        behind = channel.evaluate("() => document.activeElement.closest('main') !== null")
        assert channel.evaluate(inside) in {"DIALOG", "BODY"}  # body: the browser's own controls
        assert not behind
    channel.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(opener).to_be_focused()
    opener.press("Enter")  # the same click again is another interaction
    expect(dialog).to_be_visible()


def test_a_wrong_answer_stays_in_the_dialog_and_a_right_one_closes_it(
    channel: Page, backend: FakeBackend
) -> None:
    channel.get_by_role("button", name="Add view").click()
    dialog = channel.get_by_role("dialog")
    dialog.get_by_label("What should happen").select_option("wait")
    dialog.get_by_label("Why").fill("no")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("Please give a reason in a few words.")).to_be_visible()
    reason = dialog.get_by_label("Why")
    expect(reason).to_have_value("no")
    expect(reason).to_be_focused()
    reason.fill("She is moving house")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    assert backend.asked[-1].values == {"opinion": "wait", "reason": "She is moving house"}


def test_what_cannot_be_undone_is_asked_first(channel: Page, backend: FakeBackend) -> None:
    close = channel.get_by_role("button", name="Close", exact=True)
    close.click()
    question = channel.get_by_role("dialog", name="Close BIO-0041 now?")
    question.get_by_role("button", name="Cancel").click()
    expect(close).to_be_focused()
    assert backend.asked == []
    close.click()
    question.get_by_role("button", name="Continue").click()
    refusal = channel.get_by_role("region", name="Only visible to you")
    expect(refusal).to_contain_text("Only the engagement lead may close this case.")


def test_everything_works_from_the_keyboard(channel: Page, backend: FakeBackend) -> None:
    channel.keyboard.press("Tab")
    assert focused(channel) == "Skip to the messages"
    channel.keyboard.press("Enter")
    for _ in range(2):
        channel.keyboard.press("Tab")
    assert focused(channel) == "Take"
    channel.locator("#say").focus()
    channel.keyboard.type("/lantern help")
    channel.keyboard.press("Enter")
    private = channel.get_by_role("region", name="Only visible to you")
    expect(private).to_be_visible()
    expect(channel.locator("#say")).to_have_value("")
    private.get_by_role("link", name="Dismiss").press("Enter")
    expect(private).to_have_count(0)
    channel.keyboard.type("Two lines")
    channel.keyboard.press("Shift+Enter")
    channel.keyboard.type("of mine")
    channel.keyboard.press("Enter")
    expect(channel.locator(".words")).to_have_text("Two lines\nof mine")
    channel.locator("#who > summary").press("Enter")
    channel.get_by_role("button", name="Bob Baker").press("Enter")
    expect(channel.locator("#who .who-name").first).to_have_text("Bob Baker")
    assert [asked.action for asked in backend.asked] == ["help"]


def test_a_switch_in_another_tab_is_noticed_and_takes_no_words_away(
    channel: Page, backend: FakeBackend, url: str
) -> None:
    channel.locator("#say").fill("I am still writing")
    other = channel.context.new_page()
    other.goto(f"{url}/sandbox")
    other.locator("#who > summary").click()
    other.get_by_role("button", name="Bob Baker").click()
    backend.workspace.say("bio", "bob", "It is me now")
    channel.bring_to_front()
    told = channel.get_by_role("region", name="Only visible to you")
    expect(told).to_contain_text("You act as someone else in another tab now.")
    expect(channel.locator("body")).to_have_attribute("data-person", "alice")
    expect(channel.locator("#say")).to_have_value("I am still writing")
    channel.reload()
    expect(channel.locator("body")).to_have_attribute("data-person", "bob")


def test_lantern_not_answering_is_said_and_loses_nothing(channel: Page) -> None:
    channel.route("**/sandbox/say", lambda route: route.abort())
    channel.locator("#say").fill("/lantern help")
    channel.evaluate("() => { console.error = () => {} }")
    channel.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('offline')) }")
    channel.keyboard.press("Enter")
    private = channel.get_by_role("region", name="Only visible to you")
    expect(private).to_contain_text("Lantern did not answer.")
    expect(channel.locator("#say")).to_have_value("/lantern help")


@pytest.mark.parametrize("path", PAGES[:3])
def test_a_phone_never_scrolls_sideways(open_page: OpenPage, url: str, path: str) -> None:
    page = open_page(viewport={"width": 375, "height": 700})
    page.goto(url + path)
    menu = page.locator("#menu")
    expect(menu).not_to_have_attribute("open", "")
    for _ in range(2):
        widest = page.evaluate("() => document.documentElement.scrollWidth")
        assert widest <= 375
        inner = "() => Array.from(document.querySelectorAll('.scroll'), (e) => e.scrollWidth)"
        assert max(page.evaluate(inner)) <= 375
        menu.locator("> summary").click()
    expect(page.get_by_role("link", name="Outbox")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read(open_page: OpenPage, url: str, scheme: str) -> None:
    page = open_page(color_scheme=scheme)
    for path in PAGES[:3]:
        page.goto(url + path)
        page.locator("#who > summary").click()
        assert page.evaluate(CONTRAST) == []
    page.goto(url + PAGES[0])
    page.get_by_role("button", name="Add view").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.evaluate(CONTRAST) == []


def test_everything_works_without_javascript(
    open_page: OpenPage, backend: FakeBackend, url: str
) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"{url}/sandbox")
    page.locator("#say").fill("Good morning")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".words")).to_have_text("Good morning")
    page.get_by_role("button", name="Take").click()
    expect(page.locator(".lc-card").get_by_text("Alice", exact=True)).to_be_visible()
    page.get_by_role("button", name="Add view").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What should happen").select_option("wait")
    dialog.get_by_label("Why").fill("She is moving house")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    page.locator("#say").fill("/lantern help")
    page.get_by_role("button", name="Send").click()
    page.get_by_role("link", name="Dismiss").click()
    expect(page.get_by_text("Only visible to you")).to_have_count(0)
    assert [asked.action for asked in backend.asked] == ["take", "view", "view", "help"]
