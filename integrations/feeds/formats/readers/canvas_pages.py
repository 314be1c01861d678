"""Canvas page views, as JSON of its API or as a table: which pages a person asked for.

The person is Canvas' own user id, by the map of identifiers (system ``canvas``), in its long or
its short form. What another person did in the student's name is left aside, and so is what a page
asked for by itself. The address of a page and of the machine are never read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from integrations.feeds.formats.files.json_items import Twice, at, objects, text_at
from integrations.feeds.formats.files.opening import Opened
from integrations.feeds.formats.files.tables import (
    Headings,
    has_columns,
    is_heading_of,
    read_table,
)
from integrations.feeds.formats.model import (
    NUMBER,
    Declared,
    Event,
    EventFact,
    Fields,
    Format,
    Identifier,
    Item,
    Keeps,
    Passed,
    RefusedRow,
    Tried,
)
from integrations.feeds.formats.times import iso_time
from integrations.feeds.text_files import FeedError

HEADINGS: Headings = {
    "id": ("id", "request id"),
    "user": ("links.user", "links user", "user id"),
    "sis": ("user sis id", "sis user id"),
    "real_user": ("links.real user", "links real user", "real user id"),
    "context": ("links.context", "links context", "context id", "course id"),
    "context_type": ("context type",),
    "created": ("created at", "timestamp"),
    "participated": ("participated",),
    "user_request": ("user request",),
}
_TABLE = ("created", "context_type", "participated")
_SHARD = 10**13
"""A long id is the institution's number times this, plus the short id."""

TWICE = "the same page view a second time"
IN_THEIR_NAME = "another person in the student's name"
BY_THE_PAGE = "asked for by the page itself, not by the person"
NO_USER = "there is no user"
BAD_TIME = "created_at is not an ISO 8601 time"


def recognises(opened: Opened) -> bool:
    """Return whether the file has page views, by the names of their fields."""
    value = opened.first_value
    if isinstance(at(value, "page_views"), list):
        value = next(iter(value["page_views"]), None)
    if value is not None and at(value, "links") is not None:
        return at(value, "created_at") is not None and at(value, "participated") is not None
    return has_columns(opened, HEADINGS, _TABLE)


def read(opened: Opened, _: Declared) -> Iterator[Item]:
    """Read the views, ignoring repeated ones. Raises ``FeedError`` where they name no user."""
    seen = Twice()
    for line, values, reason in _views(opened):
        yield RefusedRow(line, reason) if reason else _view(line, values, seen)


def _views(opened: Opened) -> Iterator[tuple[int, Mapping[str, str], str]]:
    if opened.is_json:
        for line, value, reason in objects(opened, "page_views"):
            yield line, {} if reason else _of_object(value), reason
        return
    if not has_columns(opened, HEADINGS, (*_TABLE, "user")):
        raise FeedError(
            f"{opened.name} has Canvas page views that do not say whose they are. Export them with "
            "the user, for example by the API. Nothing was loaded."
        )
    for row in read_table(opened, HEADINGS, (*_TABLE, "user")):
        if isinstance(row, RefusedRow):
            yield row.line, {}, row.reason
        else:
            yield row.line, row.values, ""


def _of_object(value: Any) -> dict[str, str]:
    links = value.get("links")
    return {
        "id": text_at(value, "id"),
        "user": text_at(links, "user") or text_at(value, "user_id"),
        "sis": text_at(value, "user_sis_id"),
        "real_user": text_at(links, "real_user"),
        "context": text_at(links, "context"),
        "context_type": text_at(value, "context_type"),
        "created": text_at(value, "created_at"),
        "participated": str(at(value, "participated")),
        "user_request": str(at(value, "user_request")),
    }


def _view(line: int, values: Mapping[str, str], seen: Twice) -> Item:
    if (identity := values.get("id", "")) and seen.reason(identity, None):
        return Passed(line, TWICE)
    who = _who(values)
    if not who:
        return RefusedRow(line, NO_USER)
    real = values.get("real_user", "")
    if real and real != values.get("user", ""):
        return Passed(line, IN_THEIR_NAME)
    if values.get("user_request", "").casefold() == "false":
        return Passed(line, BY_THE_PAGE)
    when = iso_time(values["created"])
    if not isinstance(when, dt.datetime):
        return RefusedRow(line, BAD_TIME, who)
    when = when if when.tzinfo else when.replace(tzinfo=dt.UTC)
    is_course = values.get("context_type", "").casefold() == "course"
    module = values.get("context", "") if is_course else ""
    label = "participated" if values["participated"].casefold() == "true" else "viewed"
    return Event(line, who, when, label, (EventFact("vle"),), module)


def _who(values: Mapping[str, str]) -> tuple[Identifier, ...]:
    found: list[Identifier] = []
    if sis := values.get("sis", ""):
        found.append((NUMBER, sis))
    if user := values.get("user", ""):
        found.append(("canvas", user))
        if user.isdecimal() and int(user) > _SHARD:
            found.append(("canvas", str(int(user) % _SHARD)))
    return tuple(found)


_KEPT: Fields = {
    "links": dict.fromkeys(("user", "real_user", "context"), True),
    **dict.fromkeys(("id", "user_id", "user_sis_id", "context_type", "created_at"), True),
    **dict.fromkeys(("participated", "user_request"), True),
}

FORMAT = Format(
    key="canvas-pages",
    name="Canvas page views",
    recognises=recognises,
    read=read,
    columns=("links.user", "created_at", "context_type", "links.context", "participated"),
    example_name="canvas-pages.json",
    tried=Tried.SPECIFICATION,
    keeps=Keeps(is_heading_of(HEADINGS), _KEPT, "page_views"),
)
