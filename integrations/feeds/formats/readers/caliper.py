"""Caliper 1.1 and 1.2: envelopes or single events, as a file or one a line.

Envelopes mix descriptions of entities with events, and an actor may be a bare IRI. An envelope of
another version is refused as a whole, a bad event by itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial
from typing import Any

from integrations.feeds.formats.files.json_items import (
    TWICE,
    Twice,
    at,
    item_of,
    objects,
    text_at,
)
from integrations.feeds.formats.files.opening import Opened
from integrations.feeds.formats.model import (
    EMAIL,
    NUMBER,
    USERNAME,
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

CONTEXT = "http://purl.imsglobal.org/ctx/caliper/"
VERSIONS = ("v1p1", "v1p2")
_IDENTIFIERS = {
    "SisSourcedId": NUMBER, "SystemId": NUMBER, "AccountUserName": USERNAME,
    "EmailAddress": EMAIL, "LtiUserId": "lti", "OneRosterSourcedId": "oneroster",
}  # fmt: skip
_CANVAS_ID = ("com.instructure.canvas", "entity_id")
_STAFF = ("Instructor", "TeachingAssistant", "Administrator", "ContentDeveloper", "Mentor")
_OTHERS = {
    "GradeEvent": "a mark given, not something that the student did",
    "ResourceManagementEvent": "an event that no marker needs",
}
_IDLE = ("TimedOut", "LoggedOut", "Graded", "Deleted", "Unsubscribed")

STATEMENT = "an xAPI statement: send it in a file of its own, or to /xapi/statements"
THING = "describes an object, not an event"
SYSTEM = "the system itself, not a person"
STAFF = "staff, not a student"
OTHER = "an event that no marker needs"
NO_ACTOR = "there is no actor"
BAD_TIME = "eventTime is not an ISO 8601 time with its offset"


def recognises(opened: Opened) -> bool:
    """Return whether the file has a Caliper envelope or event, of any version."""
    value = opened.first_value
    versions = f"{at(value, 'dataVersion')} {at(value, '@context')}"
    return "caliper" in versions and (
        isinstance(at(value, "data"), list) or at(value, "type") is not None
    )


def read(opened: Opened, _: Declared) -> Iterator[Item]:
    """Read the events. Raises ``FeedError`` where the only envelope is of an unknown version."""
    seen = Twice()
    for line, event, reason in objects(opened, "data", partial(_check_version, opened.name)):
        yield RefusedRow(line, reason) if reason else _item(line, event, seen)


def _check_version(name: str, envelope: Any, line: int) -> None:
    version = text_at(envelope, "dataVersion")
    if version.removeprefix(CONTEXT) not in VERSIONS:
        raise FeedError(
            f"{name}: the envelope on line {line} is not of Caliper 1.1 or 1.2 (dataVersion). "
            "Nothing was loaded; set the sender to one of these versions."
        )


def _item(line: int, event: Any, seen: Twice) -> Item:
    if "verb" in event:
        return RefusedRow(line, STATEMENT)
    if "eventTime" not in event and not str(event.get("type", "")).endswith("Event"):
        return Passed(line, THING)
    identity = text_at(event, "id")
    reason = seen.reason(identity, event) if identity else ""
    if reason:
        return Passed(line, reason) if reason == TWICE else RefusedRow(line, reason)
    return _of_person(line, event)


def _of_person(line: int, event: Any) -> Item:
    kind, action = _last_part(text_at(event, "type")), _last_part(text_at(event, "action"))
    actor = at(event, "actor")
    who = actor_identifiers(actor)
    if not who:
        return RefusedRow(line, NO_ACTOR)
    when = iso_time(text_at(event, "eventTime"))
    if not isinstance(when, dt.datetime) or when.tzinfo is None:
        return RefusedRow(line, BAD_TIME, who)
    if passed := _passed(event, kind, action, actor):
        return Passed(line, passed)
    return Event(line, who, when, f"{kind}/{action}", _facts(event, kind, action), _module(event))


def _last_part(text: str) -> str:
    """Return the last part of a name: 1.1 writes some actions as IRIs."""
    return text.rstrip("/").rpartition("/")[2].rpartition("#")[2]


def _passed(event: Any, kind: str, action: str, actor: Any) -> str:
    if text_at(actor, "type") not in ("", "Person"):
        return SYSTEM
    roles = at(event, "membership", "roles")
    if isinstance(roles, list) and any(
        str(role).rpartition("#")[2].startswith(_STAFF) for role in roles
    ):
        return STAFF
    if action in _IDLE:
        return OTHER
    return _OTHERS.get(kind, "")


def _facts(event: Any, kind: str, action: str) -> tuple[EventFact, ...]:
    if kind == "MediaEvent":
        return (EventFact("recordings"),)
    if kind in ("AssignableEvent", "AssessmentEvent") and action == "Submitted":
        thing = at(event, "object")
        item = item_of(thing if isinstance(thing, str) else text_at(thing, "id"))
        return (EventFact("vle"), EventFact("submissions", item=item))
    return (EventFact("vle"),)


def actor_identifiers(actor: Any) -> tuple[Identifier, ...]:
    """Return an actor's identifiers: its other identifiers, a vendor's extension, its IRI."""
    if isinstance(actor, str):
        return (("caliper", actor),) if actor.strip() else ()
    found = []
    others = at(actor, "otherIdentifiers")
    for each in others if isinstance(others, list) else []:
        kind = _IDENTIFIERS.get(text_at(each, "identifierType"))
        if kind and (identifier := text_at(each, "identifier")):
            found.append((kind, identifier))
    vendor = at(actor, "extensions", _CANVAS_ID[0])
    if canvas := text_at(vendor, _CANVAS_ID[1]):
        found.append(("canvas", canvas))
    if sis := text_at(vendor, "user_sis_id") or text_at(vendor, "sis_id"):
        found.append((NUMBER, sis))
    if iri := text_at(actor, "id"):
        found.append(("caliper", iri))
    return tuple(found)


def _module(event: Any) -> str:
    """Return the module: its number if the group has it, else the group's IRI."""
    group = at(event, "group")
    if isinstance(group, str):
        return group
    return text_at(group, "courseNumber") or text_at(group, "id")


_KEPT: Fields = {
    **dict.fromkeys(("id", "type", "action", "eventTime", "@context"), True),
    "verb": {"id": True},
    "actor": {
        "id": True,
        "type": True,
        "otherIdentifiers": {"identifierType": True, "identifier": True},
        "extensions": {
            _CANVAS_ID[0]: dict.fromkeys((_CANVAS_ID[1], "user_sis_id", "sis_id"), True)
        },
    },
    "object": {"id": True},
    "group": {"id": True, "courseNumber": True},
    "membership": {"roles": True},
}

FORMAT = Format(
    key="caliper",
    name="Caliper events",
    recognises=recognises,
    read=read,
    columns=("dataVersion", "data", "type", "action", "actor", "object", "eventTime", "group"),
    example_name="caliper.json",
    tried=Tried.REAL,
    keeps=Keeps(fields=_KEPT, inside="data"),
)
