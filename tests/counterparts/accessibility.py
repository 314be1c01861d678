"""axe finds no problem on any page of the product, at any level (WCAG 2.2 and best practice).

The pages are checked light and dark, wide and narrow, in English and in Welsh, with and without an
error.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from bot.app import create_app
from bot.sandbox.shutdown import Stopping
from store.rules.students.links import LinkPurpose
from store.signed_links import StudentLink, StudentLinks
from tests.browser.acts import become
from tests.browser.conftest import ARGUMENTS, PATIENCE, chromium
from tests.browser.serving import serving
from tests.counterparts.npm import MODULES, install
from tests.worker.office import Office, office_in

PICTURES = Path("build/counterparts/accessibility")
"""The folder of the screenshots, to be looked at."""
DESK = ViewportSize(width=1280, height=860)
ZOOMED = ViewportSize(width=320, height=256)
"""Pixels: a screen, and that screen at 400% (WCAG 2.2, 1.4.10)."""
_RUN = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations", "incomplete"]});
  const told = (each) => each.nodes.map((node) => `${each.id}: ${node.target} ${node.html}`);
  return {violations: found.violations.flatMap(told), passes: found.passes.length};
}"""
_AXE = MODULES / "axe-core/axe.min.js"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    install()
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Provide an office with cases, an email that was sent, and its student's messages."""
    with office_in(tmp_path_factory.mktemp("axe") / "home") as made:
        case = made.world.open_case()
        made.approves_a_mail(case)
        made.works()
        made.world.open_case("eli")
        made.works()
        yield made


@pytest.fixture(scope="module")
def url(office: Office) -> Iterator[str]:
    stopping = Stopping()
    with serving(create_app(office.services), stopping) as address:
        store = office.world.store
        store.links = StudentLinks(store.seal.secrets_for("student links"), address)
        yield address


@pytest.fixture(params=["light", "dark"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    # The pages rightly allow no foreign script, and axe is one.
    context = browser.new_context(color_scheme=request.param, bypass_csp=True, viewport=DESK)
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def check(page: Page, name: str) -> None:
    """Check that axe finds nothing and nothing scrolls sideways, wide and zoomed; save pictures."""
    page.wait_for_load_state()
    for size in (DESK, ZOOMED):
        page.set_viewport_size(size)
        found = _axe(page)
        assert found["passes"] > 10, name
        assert found["violations"] == [], name
        widest = page.evaluate("() => document.documentElement.scrollWidth")
        assert widest <= size["width"], name
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"{name}-{size['width']}.png", full_page=True)
    page.set_viewport_size(DESK)


def _axe(page: Page) -> dict[str, Any]:
    page.add_script_tag(path=os.fspath(_AXE))
    found: dict[str, Any] = page.evaluate(_RUN)
    return found


@pytest.mark.usefixtures("url")
def test_the_pages_behind_links(page: Page, office: Office) -> None:
    links = office.world.store.links
    for purpose in set(LinkPurpose) - {LinkPurpose.PROOF}:
        page.goto(links.address_of(StudentLink(1, purpose), office.clock.now))
        check(page, f"link-{purpose}")
    page.goto(links.address_of(StudentLink(1, LinkPurpose.PAGE), office.clock.now))
    page.locator("#show-number").fill("none")
    page.get_by_role("button", name="Show what you hold about me").click()
    check(page, "link-wrong-number")
    page.locator("#show-number").fill("1001")
    page.get_by_role("button", name="Show what you hold about me").click()
    expect(page.get_by_text("French for beginners")).to_be_visible()
    check(page, "link-shown")


def test_the_page_of_a_student_who_signed_in(page: Page, url: str) -> None:
    page.goto(f"{url}/me")
    check(page, "sign-in")
    page.get_by_label("A student number").fill("nobody")
    page.get_by_role("button", name="Sign in as this student").click()
    check(page, "sign-in-refused")
    page.goto(f"{url}/me")
    page.get_by_label("A student number").fill("1001")
    page.get_by_role("button", name="Sign in as this student").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    check(page, "me")
    page.goto(f"{url}/me?lang=cy&class=middle")
    check(page, "me-welsh")
    page.goto(f"{url}/me")
    first = page.get_by_label("First day")
    first.fill("2031-01-02")
    page.get_by_label("Last day").fill("2031-01-01")
    page.get_by_label("Why?", exact=True).fill("My grandmother has an operation.")
    page.get_by_role("button", name="Ask for this absence").click()
    expect(page.get_by_role("alert")).to_contain_text("The last day comes before the first")
    check(page, "me-refused")
    # The same days are asked for once: the dark page asks for another one.
    is_dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    day = dt.date(2025, 10, 28 if is_dark else 27)
    page.get_by_label("First day").fill(str(day))
    page.get_by_label("Last day").fill(str(day))
    page.get_by_role("button", name="Ask for this absence").click()
    expect(page.get_by_role("status")).to_contain_text("will read your request")
    check(page, "me-asked")
    page.get_by_role("button", name="Sign out").click()
    check(page, "signed-out")


def test_statement_and_errors(page: Page, url: str) -> None:
    for language in ("en", "cy"):
        page.goto(f"{url}/student/accessibility?lang={language}")
        check(page, f"statement-{language}")
    for name, path in {
        "broken-link": "/student/none",
        "no-page": "/me/nothing",
        "document": "/student/document/none",
        "sandbox-nowhere": "/sandbox/c/nowhere",
    }.items():
        page.goto(url + path)
        check(page, name)


def test_the_sandbox(page: Page, url: str) -> None:
    page.goto(f"{url}/sandbox")
    check(page, "sandbox-who")
    become(page, "Alice Adviser")
    check(page, "sandbox")
    for name in ("outbox", "student", "audit"):
        page.goto(f"{url}/sandbox/{name}")
        check(page, f"sandbox-{name}")
    page.goto(f"{url}/sandbox")
    for number, line in enumerate(("help", "queue", "mine", "show LANG-1", "said")):
        page.locator("#say").fill(f"/lantern {line}")
        page.keyboard.press("Enter")
        page.wait_for_timeout(500)
        check(page, f"sandbox-line-{number}")
        page.goto(f"{url}/sandbox")
    buttons = page.locator(".lc-card").last.get_by_role("button")
    names = [each.inner_text() for each in buttons.all() if each.is_visible()]
    for name in names:
        page.goto(f"{url}/sandbox")
        page.locator(".lc-card").last.get_by_role("button", name=name, exact=True).first.click()
        page.wait_for_timeout(500)
        check(page, f"sandbox-button-{name.lower().replace(' ', '-')}")
