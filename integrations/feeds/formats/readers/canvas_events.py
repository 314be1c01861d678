"""Canvas Live Events in Canvas' own format: ``metadata`` and ``body``, one event a line.

The person is ``metadata.user_sis_id``, or ``metadata.user_id`` by the map of identifiers; the body
may name another person. Events may be delivered twice; ``context_role`` tells staff from students.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from integrations.feeds.formats.files.json_items import Twice, objects, text_at
from integrations.feeds.formats.files.opening import Opened
from integrations.feeds.formats.model import (
    NUMBER,
    Declared,
    Event,
    EventFact,
    Fields,
    Format,
    Item,
    Keeps,
    Passed,
    RefusedRow,
    Tried,
)
from integrations.feeds.formats.times import iso_time

USED = frozenset(
    {
        "logged_in", "asset_accessed", "discussion_entry_created", "discussion_topic_created",
        "discussion_entry_submitted", "submission_created", "quiz_submitted", "attachment_created",
        "wiki_page_updated", "conversation_message_created", "submission_comment_created",
    }
)  # fmt: skip
HANDED_IN = {"submission_created": "assignment_id", "quiz_submitted": "quiz_id"}
_STUDENTS = ("studentenrollment", "student", "studentviewenrollment", "")

STAFF = "staff, not a student"
SYSTEM = "the system itself, not a person"
OTHER = "an event that no marker needs"
TWICE = "the same delivery a second time"
BAD_TIME = "event_time is not an ISO 8601 time"


def recognises(opened: Opened) -> bool:
    """Return whether the file has an event with ``metadata.event_name``."""
    return bool(text_at(opened.first_value, "metadata", "event_name"))


def read(opened: Opened, _: Declared) -> Iterator[Item]:
    """Read the events, ignoring repeated ones."""
    seen = Twice()
    for line, event, reason in objects(opened, "data"):
        if reason:
            yield RefusedRow(line, reason)
        elif seen.reason(repr(event), None):
            yield Passed(line, TWICE)
        else:
            yield _item(line, event)


def _item(line: int, event: Any) -> Item:
    name = text_at(event, "metadata", "event_name")
    staff = text_at(event, "metadata", "context_role").casefold() not in _STUDENTS
    # Someone of the staff who acts as a student is named apart, and the student did nothing.
    real = text_at(event, "metadata", "real_user_id")
    staff = staff or real not in ("", text_at(event, "metadata", "user_id"))
    if staff or name not in USED:
        return Passed(line, STAFF if staff else OTHER)
    who = tuple(
        (system, found)
        for system, key in ((NUMBER, "user_sis_id"), ("canvas", "user_id"))
        if (found := text_at(event, "metadata", key))
    )
    if not who:
        return Passed(line, SYSTEM)
    when = iso_time(text_at(event, "metadata", "event_time"))
    if when is None:
        return RefusedRow(line, BAD_TIME, who)
    facts: tuple[EventFact, ...] = (EventFact("vle"),)
    if name in HANDED_IN and (work := text_at(event, "body", HANDED_IN[name])):
        facts += (EventFact("submissions", item=f"canvas-{work[:100]}"),)
    module = text_at(event, "metadata", "context_sis_source_id")
    return Event(line, who, when, name, facts, module)


_KEPT: Fields = {
    "metadata": dict.fromkeys(
        (
            "event_name", "event_time", "context_role", "context_sis_source_id",
            "user_id", "user_sis_id", "real_user_id",
        ),
        True,
    ),
    "body": dict.fromkeys(HANDED_IN.values(), True),
}  # fmt: skip

FORMAT = Format(
    key="canvas-events",
    name="Canvas Live Events",
    recognises=recognises,
    read=read,
    columns=("metadata", "body"),
    example_name="canvas-live-events.ndjson",
    tried=Tried.SPECIFICATION,
    keeps=Keeps(fields=_KEPT, inside="data"),
)
