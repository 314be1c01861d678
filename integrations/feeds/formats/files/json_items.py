"""Shared parts of the JSON formats: safe access to values, names of items, duplicates."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from integrations.feeds.formats.files.opening import Opened

LONGEST_ITEM = 200

NOT_AN_OBJECT = "the line is not a JSON object"
TWICE = "the same event a second time"
VOIDING = "a statement that voids another"
CHANGED = "an event of the same id, with other content, came before"

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def at(value: Any, *path: str) -> Any:
    """Return a value in nested objects; None where a step is missing."""
    for step in path:
        if not isinstance(value, dict):
            return None
        value = value.get(step)
    return value


def text_at(value: Any, *path: str) -> str:
    """Return the text at a path, or an integer as text; '' where there is neither."""
    found = at(value, *path)
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    return found.strip() if isinstance(found, str) else ""


@lru_cache(maxsize=4_096)
def tail(iri: str) -> str:
    """Return the last part of an IRI, such as a verb's name."""
    return re.split(r"[/#]", iri.rstrip("/"))[-1].casefold()


@lru_cache(maxsize=4_096)
def item_of(iri: str) -> str:
    """Return an item's name for the event feed: its IRI without the host, or its hash."""
    try:
        parts = urlsplit(iri)
    except ValueError:
        parts = urlsplit("")
    path = parts.path.strip("/") if parts.netloc else iri
    name = _CONTROL.sub("", f"{path}?{parts.query}" if parts.netloc and parts.query else path)
    if name and len(name) <= LONGEST_ITEM:
        return name
    return hashlib.sha256(iri.encode("utf-8", "replace")).hexdigest()[:32]


def objects(
    opened: Opened, inside: str, check: Callable[[Any, int], None] | None = None
) -> Iterator[tuple[int, Any, str]]:
    """Yield (line, object, reason) for every object, and for those in a list named ``inside``.

    If such a list is on one line, an object's number in the list counts as its line. ``check`` is
    called with what holds the list, and its line. ``opened.record`` is the object's number.
    """
    opened.record = -1
    for line, value, reason in opened.values():
        if isinstance(value, dict) and isinstance(value.get(inside), list):
            if check:
                check(value, line)
            for number, each in enumerate(value[inside], start=1):
                opened.record += 1
                yield (number if line == 1 else line), each, _reason(each)
        else:
            opened.record = opened.record + 1 if opened.only is None else line - 1
            yield line, value, reason or _reason(value)


def _reason(value: Any) -> str:
    return "" if isinstance(value, dict) else NOT_AN_OBJECT


class Twice:
    """Detects repeated ids, and ids with changed content. It keeps 32 bytes for each event."""

    def __init__(self) -> None:
        self._seen: dict[bytes, bytes] = {}

    def reason(self, identity: str, content: Any) -> str:
        """Return '' for a new id, ``TWICE`` for a repeated one, ``CHANGED`` for other content."""
        key = hashlib.sha256(identity.encode("utf-8", "replace")).digest()[:16]
        whole = json.dumps(content, sort_keys=True).encode()
        digest = hashlib.sha256(whole).digest()[:16]
        before = self._seen.setdefault(key, digest)
        if before is digest:
            return ""
        return TWICE if before == digest else CHANGED
