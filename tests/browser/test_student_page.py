"""The student's page in a real browser: on a desktop, on a phone, in dark mode, without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from starlette.applications import Starlette

from bot.sandbox.shutdown import Stopping
from bot.student.app import student_mount
from store.actions.cases.log_access import reveal_student
from store.rules.access.confidentiality import RevealPurpose
from store.rules.students.links import LinkPurpose
from store.signed_links import StudentLink, StudentLinks
from store.tables import cases, sayings
from tests.browser.conftest import OpenPage
from tests.browser.serving import serving
from tests.stores import SEAL
from tests.world import World, opened_world, populate

CONTRAST = (Path(__file__).parent / "contrast.js").read_text()
NARROW = {"width": 320, "height": 640}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    url = f"sqlite:///{tmp_path / 'lantern.db'}"
    populate(url)
    with opened_world(url) as made:
        made.approved_mail(made.open_case())
        made.send()
        yield made


@pytest.fixture(autouse=True)  # started before any page, and stopped after the last
def links(world: World) -> Iterator[dict[LinkPurpose, str]]:
    """Serve the student's page, and yield the address of the link for each purpose."""
    with serving(Starlette(routes=[student_mount(world.store)]), Stopping()) as url:
        world.store.links = StudentLinks(SEAL.secrets_for("student links"), url)
        yield {
            purpose: world.store.links.address_of(StudentLink(1, purpose), world.clock())
            for purpose in LinkPurpose
        }


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_can_be_read_on_a_narrow_phone(
    open_page: OpenPage, links: dict[LinkPurpose, str], scheme: str
) -> None:
    page = open_page(viewport=NARROW, color_scheme=scheme, java_script_enabled=True)
    for purpose in set(links) - {LinkPurpose.PROOF}:
        page.goto(links[purpose])
        _is_readable(page)
    page.goto(links[LinkPurpose.PAGE])
    page.locator("#show-number").fill("1001")
    page.get_by_role("button", name="Show what you hold about me").click()
    expect(page.get_by_text("French for beginners")).to_be_visible()
    _is_readable(page)


def test_a_student_answers_by_keyboard_and_without_a_script(
    open_page: OpenPage, links: dict[LinkPurpose, str], world: World
) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(links[LinkPurpose.CONTACT_BY])
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("after five")
    page.keyboard.press("Tab")
    page.keyboard.type("1001")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Your school now knows how to contact you.")
    page.reload()
    assert [row["way"] for row in world.rows(sayings)] == ["personal-email"]


def test_from_a_personal_mailbox_the_number_opens_the_page(
    open_page: OpenPage, links: dict[LinkPurpose, str], world: World
) -> None:
    page = open_page()
    page.goto(links[LinkPurpose.DOOR])
    expect(page.get_by_role("button")).to_have_count(
        2
    )  # the second stops emails, and asks for nothing
    page.get_by_label("Your student number").fill("1001")
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("What about, or when").fill("On Friday")
    page.get_by_role("button", name="Ask to talk").click()
    expect(page.get_by_role("status")).to_contain_text("will get in touch")
    assert [row["kind"] for row in world.rows(sayings)] == ["talk"]


def test_the_page_remembers_what_was_said_and_who_has_read_it(
    open_page: OpenPage, links: dict[LinkPurpose, str], world: World
) -> None:
    page = open_page()
    page.goto(links[LinkPurpose.CONTACT_BY])
    expect(page.locator(".school")).to_have_text("School of Languages")
    page.get_by_label("Personal email").check()
    page.get_by_label("Your student number").fill("1001")
    page.get_by_role("button", name="Save how to contact me").click()
    expect(page.get_by_role("status")).to_contain_text("how to contact you")
    world.clock.forward(minutes=1)
    reveal_student(
        world.store, world.by("sana"), world.rows(cases)[0]["id"], RevealPurpose.ANSWER_REQUEST
    )
    page.goto(links[LinkPurpose.PAGE])
    page.locator("#show-number").fill("1001")
    page.get_by_role("button", name="Show what you hold about me").click()
    said = page.locator("li", has_text="read this on")
    expect(said).to_contain_text(re.compile(r"Sana .* read this on \w+day \d+ \w+\."))


def _is_readable(page: Page) -> None:
    page.wait_for_load_state()  # the colours come with the style sheet
    assert page.evaluate(CONTRAST) == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("html").get_attribute("lang") == "en-GB"
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    fields = page.locator("textarea, input:not([type=hidden])")
    for field in fields.all():
        assert page.locator(f"label[for='{field.get_attribute('id')}']").count() == 1
    assert not re.search(r"/student/\w+\.", page.content())
