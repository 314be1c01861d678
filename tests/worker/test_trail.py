"""A click is traced through the logs: from the web process to the card and the email."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any

import pytest
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from integrations.trail import TRAIL
from store.rules.students.links import LinkPurpose
from store.tables import outbox
from tests.bot.student.reader import Reader, reader
from tests.worker.office import Office

__all__ = ["reader"]

Line = MutableMapping[str, Any]
PEOPLE = ("dana", "dvorak", "alice", "sana", "bob", "ill last week", "1001")


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Line]]:
    monkeypatch.setattr(TRAIL, "is_kept", True)
    with capture_logs(processors=[merge_contextvars]) as said:
        yield said


def of(lines: list[Line], event: str, **ids: str) -> list[Line]:
    return [each for each in lines if each["event"] == event and ids.items() <= each.items()]


def test_one_click_leads_to_its_email_and_its_card(office: Office, lines: list[Line]) -> None:
    case = office.world.open_case("dana")
    office.works()
    office.approves_a_mail(case)
    office.works()

    (answered,) = of(lines, "answered", command="approve", outcome="done")[-1:]
    rows = [each["row"] for each in of(lines, "queued", click=answered["click"])]
    (mail,) = [row for row in rows if row.startswith("mail:")]
    (card,) = [row for row in rows if row.startswith("card:")]
    assert of(lines, "email sent", row=mail)
    assert of(lines, "delivered", row=card, state="sent")
    kept = {row["idem_key"] for row in office.world.rows(outbox)}
    assert {each["row"] for each in of(lines, "queued")} <= kept
    assert len({each["click"] for each in of(lines, "answered")}) == len(of(lines, "answered"))


def test_what_a_row_causes_names_it(office: Office, lines: list[Line]) -> None:
    """Sending the email changes the card, and the card's line names the email."""
    case = office.world.open_case("dana")
    office.approves_a_mail(case)
    office.works()
    caused = [each for each in of(lines, "queued") if str(each.get("cause")).startswith("mail:")]
    assert any(each["row"].startswith("card:") for each in caused)


def test_no_line_names_a_person(office: Office, lines: list[Line]) -> None:
    case = office.world.open_case("dana")
    office.approves_a_mail(case)
    office.types("alice", "find 1001 meeting Dana today")
    office.works()
    said = str(lines).lower()
    assert [each for each in PEOPLE if each in said] == []


def test_a_student_who_answers_on_their_page_has_an_id_too(
    reader: Reader, lines: list[Line]
) -> None:
    reader.world.store.queued = TRAIL.queued
    reader.sends(LinkPurpose.TALK, "talk", words="after my shift")

    (answered,) = of(lines, "answered", command="send student page")
    assert answered["outcome"] == 200
    assert any(
        each["row"].startswith("card:") for each in of(lines, "queued", click=answered["click"])
    )
    said = str(lines)
    secret = reader.links[LinkPurpose.TALK].rpartition("/")[2]
    assert [each for each in (secret, "1001", "shift") if each in said] == []


def test_a_command_of_the_command_line_leaves_no_trail(office: Office) -> None:
    with capture_logs() as said:
        office.world.open_case("dana")
        office.works()
    assert of(said, "queued") + of(said, "delivered") == []
