"""An approver offers a meeting with the email, which is sent with it or not at all."""

from __future__ import annotations

from email import message_from_bytes, policy
from pathlib import Path

import pytest

from bot.interaction import Reply
from store.rules.model import OutreachStatus
from store.tables import audit, outreach
from tests.worker.office import Office, words
from worker.jobs import sweep as sweeping

OFFER = {"day": "2025-10-23", "time": "14:00", "place": "Room 3, or online"}


@pytest.fixture
def case(office: Office) -> int:
    case = office.world.open_case()
    office.drafts_a_mail(case)
    return case


def approves(office: Office, case: int, **typed: str) -> Reply:
    return office.submits("alice", office.dialog("alice", "approve", case), **typed)


def sent_file(folder: Path) -> bytes:
    (file,) = folder.rglob("sent/*.eml")
    return file.read_bytes()


def test_the_mail_says_so_and_has_the_entry_with_it(
    office: Office, case: int, tmp_path: Path
) -> None:
    assert approves(office, case, **OFFER) == Reply()
    office.works()

    message = message_from_bytes(sent_file(tmp_path), policy=policy.default)
    (entry,) = message.iter_attachments()
    assert "DTSTART:20251023T130000Z" in entry.get_content()
    assert "SUMMARY:Meeting with Sana Support" in entry.get_content()
    (mail,) = office.left()
    assert (
        mail.body.rstrip()
        .splitlines()[-1]
        .startswith(
            "P.S. I can offer you a meeting on Thursday 23 October at 14:00, for 30 minutes: "
            "Room 3, or online."
        )
    )
    assert office.world.rows(audit, action="approve")[0]["details"]["meeting"] is True


def test_without_one_nothing_is_added(office: Office, case: int, tmp_path: Path) -> None:
    assert approves(office, case, day="", time="", place="") == Reply()
    office.works()
    assert b"text/calendar" not in sent_file(tmp_path)
    assert "P.S." not in office.left()[0].body


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"place": ""}, "place"),
        ({"place": "You must come to Room 3"}, "place"),
        ({"time": "noon"}, "time"),
        ({"day": "2025-10-01"}, "day"),
    ],
)
def test_what_is_wrong_with_it_is_said_beside_the_field_and_nothing_is_approved(
    office: Office, case: int, typed: dict[str, str], field: str
) -> None:
    reply = approves(office, case, **(OFFER | typed))
    assert set(reply.errors) == {field}
    assert office.world.draft(case).meeting is None


def test_it_is_cancelled_with_the_mail_and_not_put_down_again(office: Office, case: int) -> None:
    assert approves(office, case, **OFFER) == Reply()
    office.clock.forward(days=2)
    office.works()

    assert office.left() == []
    first, again = office.world.rows(outreach)
    assert first["status"] == OutreachStatus.CANCELLED
    assert "the time of the meeting that it offers has passed" in first["not_sent"]
    assert (again["status"], again["meeting"]) == (OutreachStatus.DRAFT, None)
    assert "P.S." not in again["body"]
    assert "the time of the meeting" in office.shown()
    office.clock.forward(minutes=2)
    sweeping.sweep(office.services)
    office.works()
    (told,) = (str(message.payload) for message in office.messages("direct:alice"))
    assert "The approved email of LANG-1 was not sent." in told
    assert "the time of the meeting that it offers has passed" in told
    assert "Dana" not in told


def test_a_meeting_that_was_changed_in_the_store_does_not_leave(office: Office, case: int) -> None:
    assert approves(office, case, **OFFER) == Reply()
    moved = {"starts": "2025-10-30T13:00:00+00:00", "place": "My home"}
    with office.world.store.unit_of_work() as work:
        work.connection.execute(outreach.update().values(meeting=moved))
    office.works()
    assert office.left() == []


def test_the_approver_sees_what_people_made_of_the_suggestion(office: Office, case: int) -> None:
    draft = office.dialog("sana", "draft", case)
    kept = {field.name: getattr(field, "value", "") for field in draft.fields()}
    kept["body"] = kept["body"].replace("meet for a chat", "have a cup of tea")
    assert office.submits("sana", draft, **kept) == Reply()
    said = words(office.dialog("alice", "approve", case))
    assert "Changed since Lantern suggested it:" in said
    assert "Was: “- meet for a chat, online" in said
    assert "Changed by Sana Support last:" in said
