"""What the formats in JSON share: safe looks into values, names of things, duplicates."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from integrations.feeds.formats.opening import Opened

LONGEST_ITEM = 200

NOT_AN_OBJECT = "the line holds no JSON object"
TWICE = "the same event a second time"
CHANGED = "an event of the same id, with other content, came before"

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def at(value: Any, *path: str) -> Any:
    """Look into nested objects; None where a step is not there."""
    for step in path:
        if not isinstance(value, dict):
            return None
        value = value.get(step)
    return value


def text_at(value: Any, *path: str) -> str:
    """Return the text at a place, or the whole number as text; '' where there is none."""
    found = at(value, *path)
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    return found.strip() if isinstance(found, str) else ""


@lru_cache(maxsize=4_096)
def tail(iri: str) -> str:
    """Return the last part of an IRI: of a verb, its word."""
    return re.split(r"[/#]", iri.rstrip("/"))[-1].casefold()


@lru_cache(maxsize=4_096)
def item_of(iri: str) -> str:
    """Return the name of a thing for the event feed: its IRI without the host, or its hash."""
    try:
        parts = urlsplit(iri)
    except ValueError:
        parts = urlsplit("")
    path = parts.path.strip("/") if parts.netloc else iri
    name = _CONTROL.sub("", f"{path}?{parts.query}" if parts.netloc and parts.query else path)
    if name and len(name) <= LONGEST_ITEM:
        return name
    return hashlib.sha256(iri.encode("utf-8", "replace")).hexdigest()[:32]


def objects(opened: Opened, inside: str) -> Iterator[tuple[int, Any, str]]:
    """(line, object, reason) of every object, also of those in a list called ``inside``.

    An object in a list has its number in the list as its line, where the list is one line.
    """
    for line, value, reason in opened.values():
        if isinstance(value, dict) and isinstance(value.get(inside), list):
            for number, each in enumerate(value[inside], start=1):
                yield (number if line == 1 else line), each, _reason(each)
        else:
            yield line, value, reason or _reason(value)


def _reason(value: Any) -> str:
    return "" if isinstance(value, dict) else NOT_AN_OBJECT


class Twice:
    """Ids that were seen, with what they stood for. 32 bytes an event are kept."""

    def __init__(self) -> None:
        self._seen: dict[bytes, bytes] = {}

    def reason(self, identity: str, content: Any) -> str:
        """Say whether this came before: '' for new, ``TWICE``, or ``CHANGED``."""
        key = hashlib.sha256(identity.encode("utf-8", "replace")).digest()[:16]
        whole = json.dumps(content, sort_keys=True).encode()
        digest = hashlib.sha256(whole).digest()[:16]
        before = self._seen.setdefault(key, digest)
        if before is digest:
            return ""
        return TWICE if before == digest else CHANGED
