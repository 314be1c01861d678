"""The sandbox by keyboard alone and on the smallest page, on a fake backend."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from bot.sandbox.app import standalone
from bot.sandbox.shutdown import Stopping
from tests.bot.sandbox_fake import FakeBackend
from tests.bot.sandbox_visit import backend
from tests.browser.conftest import OpenPage
from tests.browser.serving import serving

__all__ = ["backend"]


@pytest.fixture(autouse=True)  # started before any page, and stopped after the last
def url(backend: FakeBackend) -> Iterator[str]:
    stopping = Stopping()
    with serving(standalone(backend, stopping), stopping) as url:
        yield url


@pytest.fixture
def channel(browser_page: Page, url: str) -> Page:
    browser_page.goto(f"{url}/sandbox")
    return browser_page


def place(page: Page) -> str:
    """Return the tag and the id or words of the element with the focus."""
    return str(
        page.evaluate(
            "() => { const here = document.activeElement;"
            " return here.id || here.getAttribute('aria-label') || here.textContent.trim() }"
        )
    )


def test_keys_lead_from_card_to_card_and_to_the_composer(channel: Page) -> None:
    channel.keyboard.press("j")
    assert place(channel).startswith("Case BIO-0041")
    channel.keyboard.press("k")
    assert place(channel).startswith("Case BIO-0041"), "there is no card before the first"
    channel.keyboard.press("/")
    assert place(channel) == "say"
    channel.keyboard.type("j/k?")
    expect(channel.locator("#say")).to_have_value("j/k?")


def test_a_question_mark_shows_the_keys_and_they_can_be_turned_off(channel: Page) -> None:
    channel.locator("#main").focus()
    channel.keyboard.press("?")
    keys = channel.get_by_role("dialog", name="Keys")
    keys.get_by_label("Use keys of one letter").press("Space")
    channel.keyboard.press("Escape")
    expect(keys).to_have_count(0)
    assert place(channel) == "main"
    channel.keyboard.press("/")
    assert place(channel) == "main", "the keys are off"
    channel.get_by_role("button", name="Keys").press("Enter")
    keys.get_by_label("Use keys of one letter").press("Space")
    channel.keyboard.press("Escape")
    channel.keyboard.press("/")
    assert place(channel) == "say"


def test_arrows_move_in_menus(channel: Page) -> None:
    channel.locator("#who > summary").focus()
    channel.keyboard.press("ArrowDown")
    assert place(channel).startswith("Alice Ahmed")
    channel.keyboard.press("ArrowDown")
    assert place(channel).startswith("Bob Baker")
    channel.keyboard.press("End")
    assert place(channel).startswith("Dora Diaz")
    channel.keyboard.press("Escape")
    channel.locator(".lc-more > summary").first.focus()
    channel.keyboard.press("ArrowDown")
    assert place(channel) == "Help"


def test_a_command_is_completed_and_sent_by_keyboard(channel: Page, backend: FakeBackend) -> None:
    channel.locator("#say").focus()
    channel.keyboard.type("/lan")
    offered = channel.get_by_role("listbox", name="Commands")
    expect(offered.get_by_role("option")).to_have_count(3)
    channel.keyboard.type("tern v")
    expect(offered).to_contain_text("/lantern view BIO-7")
    channel.keyboard.press("ArrowDown")
    channel.keyboard.press("Enter")
    expect(channel.locator("#say")).to_have_value("/lantern view ")
    expect(offered).to_be_hidden()
    assert backend.asked == [], "Enter chose, and sent nothing"
    channel.keyboard.press("Enter")
    expect(channel.get_by_role("dialog", name="Your view on BIO-0041")).to_be_visible()


def test_a_mistyped_command_is_not_posted(channel: Page, backend: FakeBackend) -> None:
    before = backend.workspace.revision()
    for line in ("/lanten today", "lantern today", "/today"):
        channel.locator("#say").fill(line)
        channel.keyboard.press("Enter")
        said = channel.get_by_role("region", name="Only visible to you")
        expect(said).to_contain_text("it was not posted to the channel")
    assert backend.workspace.revision() == before


def test_unread_messages_are_counted_until_their_channel_is_opened(
    channel: Page, backend: FakeBackend
) -> None:
    badge = channel.locator("[id='unread-direct:alice']")
    expect(badge).to_be_hidden()
    backend.workspace.say("direct:alice", "lantern", "The student of BIO-0041 has answered.")
    expect(badge).to_have_text("1 unread")
    channel.get_by_role("link", name="Messages from Lantern").click()
    expect(channel.locator(".words")).to_contain_text("has answered.")
    expect(badge).to_be_hidden()


def test_words_typed_in_a_window_outlive_it_until_they_are_sent(channel: Page) -> None:
    opener = channel.get_by_role("button", name="Add view")
    dialog = channel.get_by_role("dialog")
    opener.click()
    dialog.get_by_label("What should happen").select_option("wait")
    dialog.get_by_label("Why").fill("She is moving house")
    channel.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    opener.click()
    expect(dialog).to_contain_text("What you wrote before is here again.")
    expect(dialog.get_by_label("Why")).to_have_value("She is moving house")
    expect(dialog.get_by_label("What should happen")).to_have_value("wait")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    opener.click()
    expect(dialog.get_by_label("Why")).to_have_value("")


def test_the_smallest_page_can_be_read_and_used(open_page: OpenPage, url: str) -> None:
    page = open_page(viewport={"width": 320, "height": 256})
    for path in ("/sandbox", "/sandbox/outbox", "/sandbox/student", "/sandbox/audit"):
        page.goto(url + path)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 320
        assert page.evaluate("() => document.documentElement.scrollHeight > innerHeight"), path
    page.goto(f"{url}/sandbox")
    page.get_by_role("button", name="Add view").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What should happen").select_option("wait")
    dialog.get_by_label("Why").fill("She is moving house")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)


def test_the_menu_lies_over_the_page_on_a_phone(open_page: OpenPage, url: str) -> None:
    page = open_page(viewport={"width": 375, "height": 700})
    page.goto(f"{url}/sandbox")
    top = "() => document.getElementById('main').getBoundingClientRect().top"
    before = page.evaluate(top)
    page.locator("#menu > summary").click()
    page.get_by_role("link", name="Outbox").hover()
    assert page.evaluate(top) == before


def test_paper_shows_the_answer_and_nothing_to_press(channel: Page) -> None:
    channel.locator("#say").fill("/lantern help")
    channel.keyboard.press("Enter")
    expect(channel.get_by_role("region", name="Only visible to you")).to_be_visible()
    channel.emulate_media(media="print")
    expect(channel.get_by_role("heading", name="What you can ask Lantern")).to_be_visible()
    expect(channel.get_by_role("button")).to_have_count(0)
    expect(channel.locator("#messages")).to_be_hidden()
