"""Closures from an iCalendar file: whole days, or a sentence that says what to do."""

from __future__ import annotations

from contextlib import suppress
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.calendar_file import CalendarFile, read_calendar_file
from store.rules.errors import InvalidInput

LONDON = ZoneInfo("Europe/London")
TITLE = "SUMMARY:Closed"


def read(*events: str, zone: ZoneInfo = LONDON) -> CalendarFile:
    """Read events given as their lines, with blanks between."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Invented//EN"]
    for number, event in enumerate(events):
        uid = [] if "UID:" in event else [f"UID:{number}@uni.example"]
        lines += ["BEGIN:VEVENT", *uid, *event.split("|"), "END:VEVENT"]
    content = "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()
    return read_calendar_file(content, "closures.ics", zone)


def days(found: CalendarFile) -> list[str]:
    return [f"{each.name} {each.first}/{each.last}" for each in found.periods]


def test_whole_days_are_read_however_they_are_written() -> None:
    found = read(
        "DTSTART;VALUE=DATE:20261224|DTEND;VALUE=DATE:20270102|SUMMARY:Winter\\, closed",
        "DTSTART;VALUE=DATE:20260831|SUMMARY:Bank holiday",
        "DTSTART;VALUE=DATE:20270329|DURATION:P2D|SUMMARY:Easter",
        "DTSTART;TZID=Europe/London:20270503T000000|DTEND;TZID=Europe/London:20270504T000000"
        "|SUMMARY:May Day",
        "DTSTART:20270530T230000Z|DTEND:20270531T230000Z|SUMMARY:Spring",
        "DTSTART:20270830T000000|DTEND:20270831T000000|SUMMARY:Summer",
        "DTSTART;VALUE=DATE:20260831|SUMMARY:Bank holiday|TRANSP:TRANSPARENT",
    )
    assert days(found) == [
        "Bank holiday 2026-08-31/2026-08-31",
        "Winter, closed 2026-12-24/2027-01-01",
        "Easter 2027-03-29/2027-03-30",
        "May Day 2027-05-03/2027-05-03",
        "Spring 2027-05-31/2027-05-31",
        "Summer 2027-08-30/2027-08-30",
    ]


def test_days_are_those_of_the_schools_zone() -> None:
    event = "DTSTART:20261001T220000Z|DTEND:20261002T220000Z|SUMMARY:Closed"
    assert days(read(event, zone=ZoneInfo("Europe/Berlin"))) == ["Closed 2026-10-02/2026-10-02"]
    with pytest.raises(InvalidInput, match="begins or ends at 23:00"):
        read(event)


def test_cancelled_events_and_older_versions_are_left_out() -> None:
    found = read(
        "UID:a|DTSTART;VALUE=DATE:20261224|SUMMARY:Old|SEQUENCE:1",
        "UID:a|DTSTART;VALUE=DATE:20261225|SUMMARY:New|SEQUENCE:2",
        "UID:b|DTSTART;VALUE=DATE:20261228|SUMMARY:Gone",
        "UID:b|DTSTART;VALUE=DATE:20261228|SUMMARY:Gone|SEQUENCE:1|STATUS:CANCELLED",
        "UID:c|DTSTART;VALUE=DATE:20261231|SUMMARY:One",
        "UID:c|DTSTART;VALUE=DATE:20270101|SUMMARY:Other",
    )
    assert [each.name for each in found.periods] == ["New", "One", "Other"]
    assert found.cancelled == 1


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        (f"DTSTART;VALUE=DATE:20261225|RRULE:FREQ=YEARLY|{TITLE}", "25 December 2026 repeats"),
        (f"DTSTART;VALUE=DATE:20261225|RDATE;VALUE=DATE:20271225|{TITLE}", "repeats"),
        (f"DTSTART:20261203T100000Z|DTEND:20261203T120000Z|{TITLE}", "begins or ends at 10:00"),
        (f"DTSTART:20261203T000000Z|{TITLE}", "no end that can be read"),
        (f"DTSTART;VALUE=DATE:20261203|DTEND:soon|{TITLE}", "no end that can be read"),
        (f"DTSTART;VALUE=DATE:20261203|DTEND:20261204T000000Z|{TITLE}", "no end that can be read"),
        (f"DTSTART;VALUE=DATE:20261203|DTEND;VALUE=DATE:20261203|{TITLE}", "ends before it begins"),
        (f"DTSTART;VALUE=DATE:20261203|DTSTART;VALUE=DATE:20261204|{TITLE}", "no day on which"),
        (f"DTSTART:tomorrow|{TITLE}", '"Closed" has no day on which it begins'),
        (TITLE, "no day on which it begins"),
        ("DTSTART;VALUE=DATE:20261203", "has no title"),
        (f"DTSTART;VALUE=DATE:20261203|STATUS:CANCELLED|{TITLE}", "no event that is not cancelled"),
    ],
)
def test_what_is_no_run_of_whole_days_is_refused(event: str, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence) as refused:
        read(event)
    assert str(refused.value).startswith("closures.ics")


WHOLE = (
    "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20261225\r\n"
    "RECURRENCE-ID:20261225\r\nDTEND;VALUE=DATE:20261226\r\nSEQUENCE:1\r\nSUMMARY:Closed\r\n"
    "END:VEVENT\r\nEND:VCALENDAR\r\n"
)


@given(st.integers(0, len(WHOLE)), st.integers(0, 12), st.text(max_size=12) | st.just("\r\n"))
@settings(max_examples=200, deadline=None)
def test_no_file_fails_but_by_a_sentence(at: int, length: int, instead: str) -> None:
    text = WHOLE[:at] + instead + WHOLE[at + length :]
    with suppress(InvalidInput):
        read_calendar_file(text.encode("utf-8", "surrogatepass"), "closures.ics", LONDON)


@pytest.mark.parametrize(
    "text", ["", "<html>", "BEGIN:VEVENT\r\nEND:VEVENT\r\n", WHOLE[:-20], "\ufffe"]
)
def test_a_file_of_another_kind_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"closures\.ics is not an iCalendar file"):
        read_calendar_file(
            text.encode("utf-16" if text == "\ufffe" else "utf-8"), "closures.ics", LONDON
        )
