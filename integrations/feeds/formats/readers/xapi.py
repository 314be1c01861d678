"""xAPI statements, by Jisc's profile and others: one a line, an array, or an LRS's response.

A student is matched by the account's name and homePage together, or by address. Absence is
``attended`` with a completion of false; a missing result means nothing. Statements without an id
get one from their content. Statements with verbs that no marker needs are only counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from integrations.feeds.formats.files.json_items import (
    TWICE,
    VOIDING,
    Twice,
    at,
    item_of,
    objects,
    tail,
    text_at,
)
from integrations.feeds.formats.files.opening import Opened
from integrations.feeds.formats.keeping import digest
from integrations.feeds.formats.model import (
    EMAIL,
    EMAIL_HASH,
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

JISC = "http://xapi.jisc.ac.uk/"
ATTENDED, VOIDED = "attended", "voided"
HANDED_IN = frozenset({"submitted", "submit"})
USED = {
    "viewed": "viewed", "experienced": "viewed", "accessed": "viewed", "opened": "viewed",
    "launched": "viewed", "loggedin": "loggedin", "logged-in": "loggedin", "login": "loggedin",
    "posted": "posted", "commented": "posted", "replied": "posted", "answered": "answered",
    "attempted": "attempted", "completed": "completed", "started": "started", "start": "started",
    "create": "posted", "created": "posted", "edited": "edited", "downloaded": "viewed",
    "interacted": "worked", "progressed": "worked", "resumed": "worked",
}  # fmt: skip
WATCHED = frozenset({"played", "watched"})

NO_ACTOR = "there is no actor"
GROUP = "a group, not one person"
BAD_TIME = "the timestamp is not an ISO 8601 date or time"
NO_TIME = "there is no timestamp"
NO_VERB = "there is no verb"
NO_RESULT = "the result does not say whether the student attended"
VOIDS = VOIDING
WAS_VOIDED = "voided by another statement"
OTHER = "a verb that no marker needs"


def recognises(opened: Opened) -> bool:
    """Return whether the file has a statement, or an LRS's response."""
    value = opened.first_value
    if isinstance(at(value, "statements"), list):
        value = next(iter(value["statements"]), {"verb": {"id": ""}, "object": {}})
    return isinstance(at(value, "verb"), dict) and at(value, "object") is not None


def read(opened: Opened, declared: Declared) -> Iterator[Item]:
    """Read the statements, ignoring voided and repeated ones."""
    voided = voided_in(opened) | declared.voided
    seen = Twice()
    for line, statement, reason in objects(opened, "statements"):
        yield RefusedRow(line, reason) if reason else _item(line, statement, voided, seen)


def voided_in(opened: Opened) -> frozenset[bytes]:
    """Return the digests of statements that others void, anywhere in the file."""
    if opened.only == frozenset():
        return frozenset()
    with opened.path.open("rb") as file:
        if not any(b"voided" in block for block in iter(lambda: file.read(1 << 20), b"")):
            return frozenset()
    return frozenset(
        digest(text_at(statement, "object", "id"))
        for _, statement, _ in objects(opened, "statements")
        if voids(statement)
    )


def voids(statement: Any) -> bool:
    """Return whether a statement voids another."""
    return tail(text_at(statement, "verb", "id")) == VOIDED


def _item(line: int, statement: Any, voided: frozenset[bytes], seen: Twice) -> Item:
    verb = tail(text_at(statement, "verb", "id"))
    identity = identity_of(statement)
    reason = seen.reason(identity, content_of(statement)) if identity else ""
    if reason == TWICE:
        return Passed(line, TWICE)
    if not verb or reason:
        return RefusedRow(line, reason or NO_VERB)
    if verb == VOIDED:
        return Passed(line, VOIDS)
    if voided and digest(text_at(statement, "id")) in voided:
        return Passed(line, WAS_VOIDED)
    return _of_person(line, statement, verb)


def _of_person(line: int, statement: Any, verb: str) -> Item:
    who = actor_identifiers(at(statement, "actor"))
    if not who:
        group = at(statement, "actor", "objectType") == "Group"
        return Passed(line, GROUP) if group else RefusedRow(line, NO_ACTOR)
    if verb not in USED and verb not in HANDED_IN | WATCHED | {ATTENDED}:
        return Passed(line, OTHER)
    written = text_at(statement, "timestamp") or text_at(statement, "stored")
    when = iso_time(written)
    if when is None:
        return RefusedRow(line, BAD_TIME if written else NO_TIME, who)
    module = module_of(statement)
    if verb == ATTENDED:
        return _attendance(line, statement, who, when, module)
    return Event(line, who, when, *_use(statement, verb), module)


def _use(statement: Any, verb: str) -> tuple[str, tuple[EventFact, ...]]:
    """Return the label and the facts of a statement with a verb other than ``attended``."""
    if verb in WATCHED:
        return "watched", (EventFact("recordings"),)
    if verb in HANDED_IN or (verb == "completed" and _is_assessment(statement)):
        item = item_of(text_at(statement, "object", "id"))
        return "submitted", (EventFact("vle"), EventFact("submissions", item=item))
    return USED[verb], (EventFact("vle"),)


def use_of_verb(statement: Any) -> tuple[str, str] | None:
    """Return the label and the family of a statement, where they follow from its verb alone."""
    verb = tail(text_at(statement, "verb", "id"))
    if verb not in USED and verb not in WATCHED:
        return None
    label, facts = _use(statement, verb)
    return (label, facts[0].family) if len(facts) == 1 else None


def _attendance(
    line: int, statement: Any, who: tuple[Identifier, ...], when: Any, module: str
) -> Item:
    came = at(statement, "result", "completion")
    if not isinstance(came, bool):
        return RefusedRow(line, NO_RESULT, who, when)
    extensions = at(statement, "object", "definition", "extensions")
    item = text_at(extensions, f"{JISC}event_id") or item_of(text_at(statement, "object", "id"))
    facts: tuple[EventFact, ...] = (EventFact("attendance", "expected", item),)
    if came:
        facts += (EventFact("attendance", "done", item),)
    late = at(statement, "result", "extensions", f"{JISC}attendance_late")
    label = "attended" if came else "absent"
    return Event(line, who, when, label, facts, module, late=came and late in (1, "1", True))


def actor_identifiers(actor: Any) -> tuple[Identifier, ...]:
    """Return an actor's identifiers: account, address, its hash. The name is not unique."""
    found: list[Identifier] = []
    if at(actor, "objectType") == "Group":
        return ()
    name, place = text_at(actor, "account", "name"), text_at(actor, "account", "homePage")
    if name and place:
        found.append((place, name))
    if (mbox := text_at(actor, "mbox")).casefold().startswith("mailto:"):
        found.append((EMAIL, mbox[7:]))
    if hashed := text_at(actor, EMAIL_HASH):
        found.append((EMAIL_HASH, hashed))
    if openid := text_at(actor, "openid"):
        found.append(("openid", openid))
    return tuple(found)


def module_of(statement: Any) -> str:
    """Return the module's name: Jisc's course area, or the course in the context's activities."""
    context = statement.get("context")
    if not isinstance(context, dict):
        return ""
    area = at(context, "extensions", f"{JISC}courseArea")
    named = text_at(area, f"{JISC}uddModInstanceID") or text_at(area, f"{JISC}vle_mod_id")
    if named:
        return named
    around = at(context, "contextActivities")
    for relation in ("parent", "grouping"):
        activities = at(around, relation)
        for each in activities if isinstance(activities, list) else [activities]:
            if tail(text_at(each, "definition", "type")) == "course":
                return text_at(each, "id")
    return ""


def _is_assessment(statement: Any) -> bool:
    return tail(text_at(statement, "object", "definition", "type")) in ("assessment", "assignment")


def identity_of(statement: Any) -> str:
    """Return the statement's id, or what makes it that statement; '' where nothing does."""
    if (found := text_at(statement, "id")) or not text_at(statement, "timestamp"):
        return found
    who = actor_identifiers(at(statement, "actor"))
    parts = (who, at(statement, "verb"), at(statement, "object"), at(statement, "timestamp"))
    return repr(parts)


def content_of(statement: Any) -> Any:
    """Return a statement without the fields that an LRS adds, and without the id, which is said to
    be in small letters or capitals alike."""
    added = ("id", "stored", "authority", "version")
    return {key: value for key, value in statement.items() if key not in added}


_ACTIVITY: Fields = {"id": True, "definition": {"type": True}}
OF_ACTOR: Fields = {
    "objectType": True,
    "account": {"name": True, "homePage": True},
    **dict.fromkeys(("mbox", EMAIL_HASH, "openid"), True),
}
OF_CONTEXT: Fields = {
    "extensions": {
        f"{JISC}courseArea": {f"{JISC}uddModInstanceID": True, f"{JISC}vle_mod_id": True}
    },
    "contextActivities": {"parent": _ACTIVITY, "grouping": _ACTIVITY},
}
_KEPT: Fields = {
    **dict.fromkeys(("id", "timestamp", "stored"), True),
    "actor": OF_ACTOR,
    "verb": {"id": True},
    "object": {
        "id": True,
        "definition": {"type": True, "extensions": {f"{JISC}event_id": True}},
    },
    "result": {"completion": True, "extensions": {f"{JISC}attendance_late": True}},
    "context": OF_CONTEXT,
}

FORMAT = Format(
    key="xapi",
    name="xAPI statements",
    recognises=recognises,
    read=read,
    columns=("actor", "verb", "object", "timestamp", "result", "context"),
    example_name="statements.ndjson",
    tried=Tried.REAL,
    keeps=Keeps(fields=_KEPT, inside="statements"),
)
