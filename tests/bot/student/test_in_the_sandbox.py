"""From an email that staff approve in the sandbox to the links in the student's inbox."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import create_app
from bot.cards.kit.model import Text
from store.rules.model import CaseStatus
from store.signed_links import StudentLinks
from tests.bot.visitor import ORIGIN, Visitor, forms
from tests.worker.office import Office, office_in


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with office_in(tmp_path) as made:
        store = made.services.store
        store.links = StudentLinks(store.seal.secrets_for("student links"), ORIGIN)
        yield made


def links_in(page: str) -> list[str]:
    return re.findall(rf'<a href="{ORIGIN}(/student/[^"]+)">', page)


def test_the_links_in_the_students_inbox_work(office: Office) -> None:
    case = office.world.open_case()
    office.approves_a_mail(case)
    office.works()
    visitor = Visitor(create_app(office.services))
    links = links_in(visitor.get("/sandbox/student").text)
    assert len(links) == 5

    pages = [visitor.get(link).text for link in links]
    (fine,) = [link for link, page in zip(links, pages, strict=True) if "<h1>I am fine" in page]
    page = visitor.get(fine).text
    hidden = forms(page.replace('method="post"', 'method="post" action="/"'), "/")[0]
    assert "Thank you" in visitor.post(fine, hidden | {"do": "fine", "number": "1001"}).text
    assert office.world.case(case).status is CaseStatus.RESPONDED


def test_no_colleague_gets_to_see_a_link(office: Office) -> None:
    """A person who has a link can answer as the student."""
    case = office.world.open_case()
    office.drafts_a_mail(case)
    dialog = office.dialog("alice", "approve", case)
    shown = [block.text for block in dialog.blocks if isinstance(block, Text)]
    assert any(f"I am fine: {ORIGIN}/student/…" in text for text in shown)
    (token,) = set(re.findall(r"fine: \S+/student/(\S+)", office.world.draft(case).footer))
    assert token not in str(dialog)
    assert token not in str(office.dialog("sana", "draft", case))

    office.submits("alice", dialog)
    office.works()
    visitor = Visitor(create_app(office.services))
    assert token not in visitor.get("/sandbox/outbox").text
    (mail,) = office.left()
    assert token in mail.body
