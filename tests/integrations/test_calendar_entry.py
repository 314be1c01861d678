"""The calendar entry of an email's meeting: valid for calendars and safe with any text."""

from __future__ import annotations

import base64
import datetime as dt
import re
from dataclasses import replace
from pathlib import Path

import pytest

from integrations.mail.graph.messages import draft_body
from integrations.mail.html import as_html
from integrations.mail.ics import calendar_entry
from store.rules.calendar import Calendar, Period
from store.rules.errors import InvalidInput
from store.rules.letters.meeting import Meeting, offered
from tests.integrations.folder_mail import MAIL, NOW, files, mailer, text_of, written
from tests.integrations.graph_post import MAIL as GRAPH_MAIL
from tests.integrations.graph_post import post_in

THURSDAY = dt.datetime(2025, 10, 23, 13, 0, tzinfo=dt.UTC)
MEETING = Meeting(THURSDAY, "Room 3, the red door; ring twice")
ENTRY = calendar_entry("mail:17", MEETING, "Meeting with Alice Adviser", NOW)


def properties(entry: str) -> dict[str, str]:
    """Return the unfolded properties by name; the file must hold one event in one calendar."""
    assert entry.endswith("END:VEVENT\r\nEND:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in entry.split("\r\n"))
    lines = re.sub(r"\r\n ", "", entry).split("\r\n")[:-1]
    found = dict(line.split(":", 1) for line in lines if not line.startswith(("BEGIN", "END")))
    assert [line for line in lines if line.startswith("BEGIN")] == [
        "BEGIN:VCALENDAR",
        "BEGIN:VEVENT",
    ]
    return found


def test_it_says_when_and_where_and_asks_nobody_for_an_answer() -> None:
    found = properties(ENTRY)
    assert found["DTSTART"] == "20251023T130000Z"
    assert found["DTEND"] == "20251023T133000Z"
    assert found["LOCATION"] == "Room 3\\, the red door\\; ring twice"
    assert found["SUMMARY"] == "Meeting with Alice Adviser"
    assert found["METHOD"] == "PUBLISH"
    assert {"ATTENDEE", "ORGANIZER"} & set(found) == set()


@pytest.mark.parametrize(
    "place",
    [
        "a\r\nATTENDEE:mailto:x@example.org",
        "a\nEND:VEVENT\nBEGIN:VEVENT",
        "\\n\\;",
        "é" * 120,
        "\0",
    ],
)
def test_no_place_can_write_another_line(place: str) -> None:
    found = properties(calendar_entry("k", Meeting(THURSDAY, place), "Meeting", NOW))
    assert "ATTENDEE" not in found
    assert "\n" not in found["LOCATION"]


def test_the_same_mail_is_the_same_entry() -> None:
    later = calendar_entry("mail:17", MEETING, "Meeting", NOW + dt.timedelta(days=1))
    other = calendar_entry("mail:18", MEETING, "Meeting", NOW)
    assert properties(later)["UID"] == properties(ENTRY)["UID"] != properties(other)["UID"]


def test_the_folder_mailer_attaches_it_and_the_words_stay_readable(tmp_path: Path) -> None:
    mailer(tmp_path).draft(replace(MAIL, calendar=ENTRY, language="cy"))
    message = written(files(tmp_path, "drafts")[0])
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == "meeting.ics"
    assert attached.get_content_type() == "text/calendar"
    assert str(attached.get_content()).replace("\r\n", "\n") == ENTRY.replace("\r\n", "\n")
    assert text_of(message, "plain").strip() == MAIL.body
    assert '<html lang="cy">' in text_of(message, "html")
    assert message["Content-Language"] == "cy"


def test_graph_gets_it_with_the_draft() -> None:
    (attached,) = draft_body(replace(MAIL, calendar=ENTRY))["attachments"]
    assert base64.b64decode(attached["contentBytes"]).decode() == ENTRY
    assert attached["name"] == "meeting.ics"
    assert "attachments" not in draft_body(MAIL)


@pytest.mark.parametrize("had", [True, False])
def test_a_draft_whose_attachment_was_taken_away_or_added_is_another(
    tmp_path: Path, had: bool
) -> None:
    with post_in(tmp_path) as post:
        mail = replace(GRAPH_MAIL, calendar=ENTRY if had else "")
        draft = post.mailer.draft(mail)
        assert draft.is_still(mail)
        assert not draft.is_still(replace(mail, calendar="" if had else ENTRY))


def test_the_page_has_a_heading_a_language_and_no_picture() -> None:
    page = as_html("Sut mae pethau?", "Helo Dana,\n\n- un\n- dau", "cy")
    assert page.count("<h1") == 1
    assert '<html lang="cy">' in page
    assert "<ul>" in page
    for outside in ("<img", "http", "src=", "url(", "color:", "background"):
        assert outside not in page


# -- The approver's input ----------------------------------------------------------------------

CALENDAR = Calendar(closures=(Period("Closed", dt.date(2025, 10, 28), dt.date(2025, 10, 28)),))
AT = dt.datetime(2025, 10, 22, 9, 30, tzinfo=dt.UTC)


def test_a_time_is_the_school_s_own() -> None:
    assert offered("2025-10-23", "14:00", " Room  3 ", CALENDAR, AT) == Meeting(THURSDAY, "Room 3")
    assert offered("2025-10-27", "9.05", "Room 3", CALENDAR, AT) == Meeting(
        dt.datetime(2025, 10, 27, 9, 5, tzinfo=dt.UTC), "Room 3"
    )
    turned = offered("2025-10-23", "14:00", "Room\u202e 3\0", CALENDAR, AT)
    assert turned == Meeting(THURSDAY, "Room 3")
    assert offered("", " ", "", CALENDAR, AT) is None


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (("2025-10-23", "14:00", ""), "place"),
        (("2025-10-23", "14:00", "x" * 121), "place"),
        (("", "14:00", "Room 3"), "day"),
        (("some day", "14:00", "Room 3"), "day"),
        (("2025-10-23", "", "Room 3"), "time"),
        (("2025-10-23", "25:00", "Room 3"), "time"),
        (("2025-10-23", "2pm", "Room 3"), "time"),
        (("2025-10-22", "10:00", "Room 3"), "day"),
        (("2026-10-23", "14:00", "Room 3"), "day"),
        (("2025-10-25", "14:00", "Room 3"), "day"),
        (("2025-10-28", "14:00", "Room 3"), "day"),
        (("9999-12-31", "23:59", "Room 3"), "day"),
    ],
)
def test_what_is_no_meeting_is_said_beside_its_field(
    typed: tuple[str, str, str], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        offered(*typed, CALENDAR, AT)
    assert refused.value.field == field
