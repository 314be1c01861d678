"""Find the line of a key in a TOML text, for messages about it."""

from __future__ import annotations

import re

_HEADING = re.compile(r"\s*(\[\[?)([^\[\]]+)\]\]?\s*(#.*)?")
_KEY = re.compile(r"\s*([A-Za-z0-9_.\"'-]+)\s*=")
_PART = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def line_number(text: str, path: str) -> int | None:
    """Return the line, from 1, of a key such as ``rules.inactivity.days``.

    For a missing key, it is the line of the nearest table around it; None if there is none.
    ``path`` may also be like ``overrides[2].module``, and be followed by a sentence.
    """
    known = _lines(text)
    parts = [key or int(number) for key, number in _PART.findall(path.split(" ", 1)[0])]
    while parts:
        if (found := known.get(tuple(parts))) is not None:
            return found
        parts.pop()
    return None


def _lines(text: str) -> dict[tuple[str | int, ...], int]:
    """Map each path to its line. Entries of a list of tables count from 1, as in messages."""
    found: dict[tuple[str | int, ...], int] = {}
    counts: dict[tuple[str | int, ...], int] = {}
    table: tuple[str | int, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        if heading := _HEADING.fullmatch(line):
            table = _within(_parts(heading[2]), counts, is_entry=heading[1] == "[[")
            found.setdefault(table, number)
        elif key := _KEY.match(line):
            found.setdefault((*table, *_parts(key[1])), number)
    return found


def _within(
    keys: tuple[str, ...], counts: dict[tuple[str | int, ...], int], *, is_entry: bool
) -> tuple[str | int, ...]:
    """Return the path of a heading: within the newest entry of each list of tables on the way."""
    path: tuple[str | int, ...] = ()
    for place, key in enumerate(keys):
        path = (*path, key)
        if is_entry and place == len(keys) - 1:
            counts[path] = counts.get(path, 0) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))
