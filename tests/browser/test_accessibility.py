"""A signed-in student's page at 320 by 256 pixels, by keyboard alone and without scripts.

axe checks every page in ``make counterparts``; ``bot/student/ACCESSIBILITY.md`` has the criteria.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import FilePayload, Page, expect

from bot.app import create_app
from bot.cards.kit.model import Link
from bot.sandbox.shutdown import Stopping
from bot.student import app
from store.tables import absence_requests
from tests.browser.conftest import OpenPage
from tests.browser.serving import serving
from tests.integrations.test_documents import PDF
from tests.worker.office import Office, office_in

ZOOMED = {"width": 320, "height": 256}
"""Pixels: a screen of 1280 by 1024 at 400%."""
TABLE = Path(str(app.__file__)).parent / "ACCESSIBILITY.md"

A = """1.1.1 1.2.1 1.2.2 1.2.3 1.3.1 1.3.2 1.3.3 1.4.1 1.4.2 2.1.1 2.1.2 2.1.4 2.2.1 2.2.2 2.3.1
2.4.1 2.4.2 2.4.3 2.4.4 2.5.1 2.5.2 2.5.3 2.5.4 3.1.1 3.2.1 3.2.2 3.2.6 3.3.1 3.3.2 3.3.7 4.1.2"""
AA = """1.2.4 1.2.5 1.3.4 1.3.5 1.4.3 1.4.4 1.4.5 1.4.10 1.4.11 1.4.12 1.4.13 2.4.5 2.4.6 2.4.7
2.4.11 2.5.7 2.5.8 3.1.2 3.2.3 3.2.4 3.3.3 3.3.4 3.3.8 4.1.3"""

_SPACED = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
word-spacing: 0.16em !important } p { margin-bottom: 2em !important }"""
"""The text spacing that a page must allow under criterion 1.4.12."""
_FOCUS = """(controls) => {
  const at = document.activeElement, box = at.getBoundingClientRect(), style = getComputedStyle(at);
  return {
    name: at.id || at.name || at.textContent.trim(),
    isShown: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    isMarked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1,
    isEnd: at === document.body,
    place: [...document.querySelectorAll(controls)].indexOf(at),
  };
}"""
_TARGETS = """() => [...document.querySelectorAll("button, summary, input:not([type=hidden]), "
  + "textarea, a:not(p a, li a, dd a)")].map((each) => [each.id || each.textContent.trim(),
  each.getBoundingClientRect()]).filter(([, box]) => box.width < 24 || box.height < 24)
  .map(([name, box]) => `${name}: ${box.width} × ${box.height}`)"""
_CONTROLS = "a[href], button, input:not([type=hidden], [type=radio]), textarea, summary"
"""All controls except radio buttons, which are one Tab stop for each group."""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with office_in(tmp_path) as made:
        case = made.world.open_case()
        made.approves_a_mail(case)
        made.works()
        yield made


@pytest.fixture(autouse=True)  # started before any page, and stopped after the last
def url(office: Office) -> Iterator[str]:
    stopping = Stopping()
    with serving(create_app(office.services), stopping) as address:
        yield address


def sign_in(page: Page, url: str) -> None:
    page.goto(f"{url}/me")
    page.get_by_label("A student number").fill("1001")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def test_every_control_is_reached_marked_and_in_view(open_page: OpenPage, url: str) -> None:
    page = open_page(viewport=ZOOMED)
    sign_in(page, url)
    reached = []
    for _ in range(200):
        page.keyboard.press("Tab")
        at = page.evaluate(_FOCUS, _CONTROLS)
        if at["isEnd"]:
            break
        reached.append(at)
    assert [each["name"] for each in reached if not each["isShown"]] == []
    assert [each["name"] for each in reached if not each["isMarked"]] == []
    # In the order of the page. The parts of a date are stops of one field.
    places = [each["place"] for each in reached if each["place"] >= 0]
    assert places == sorted(places)
    assert set(places) == set(range(page.locator(_CONTROLS).count()))
    assert page.evaluate(_TARGETS) == []


def test_nothing_is_lost_with_more_space_between_letters(open_page: OpenPage, url: str) -> None:
    page = open_page(viewport=ZOOMED, bypass_csp=True)
    sign_in(page, url)
    page.add_style_tag(content=_SPACED)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= ZOOMED["width"]
    cut = "() => [...document.querySelectorAll('main *')].filter((each) => each.scrollWidth > "
    cut += "each.clientWidth + 1 && getComputedStyle(each).overflowX === 'hidden').length"
    assert page.evaluate(cut) == 0


def test_an_absence_by_keyboard_and_without_a_script(
    open_page: OpenPage, url: str, office: Office
) -> None:
    page = open_page(viewport=ZOOMED, java_script_enabled=False)
    sign_in(page, url)
    page.get_by_label("First day").focus()
    page.keyboard.type("10272025")
    page.get_by_label("Last day").focus()
    page.keyboard.type("10282025")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.get_by_label("Why?", exact=True).focus()
    page.keyboard.type("My grandmother has an operation.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("will read your request")
    assert len(office.world.rows(absence_requests)) == 1


def test_a_document_goes_from_the_student_to_the_colleague_as_a_file(
    open_page: OpenPage, url: str, office: Office
) -> None:
    page = open_page(viewport=ZOOMED)
    sign_in(page, url)
    for label in ("First day", "Last day"):
        page.get_by_label(label).fill("2025-10-27")
    page.get_by_label("Why?", exact=True).fill("My grandmother has an operation.")
    paper = FilePayload(name="letter.pdf", mimeType="text/html", buffer=PDF)
    page.get_by_label("A document").set_input_files(paper)
    page.get_by_role("button", name="Ask for this absence").click()
    expect(page.get_by_role("status")).to_contain_text("will read your request")
    expect(page.get_by_text("Your document is kept until the decision")).to_be_visible()
    (row,) = office.world.rows(absence_requests)
    dialog = office.clicks("alice", "said", saying=row["saying_id"]).dialog
    assert dialog is not None
    (link,) = (block for block in dialog.blocks if isinstance(block, Link))
    theirs = open_page(accept_downloads=True)
    theirs.goto(f"{url}{urlsplit(link.address).path}")
    with theirs.expect_download() as coming:
        theirs.get_by_role("button", name="Download the document").click()
    assert coming.value.suggested_filename == "absence.pdf"
    assert Path(coming.value.path()).read_bytes() == PDF


def test_each_criterion_of_levels_a_and_aa_has_a_line() -> None:
    rows = re.findall(r"^\| (\d\.\d\.\d+) [^|]+\| (AA?) \|", TABLE.read_text("utf-8"), re.MULTILINE)
    assert rows == sorted(rows, key=lambda row: [int(part) for part in row[0].split(".")])
    assert {number for number, level in rows if level == "A"} == set(A.split())
    assert {number for number, level in rows if level == "AA"} == set(AA.split())
    assert len(rows) == 55
