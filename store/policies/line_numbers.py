"""Where in a TOML text a key stands, so that what is wrong with it can be said with its line."""

from __future__ import annotations

import re

_HEADING = re.compile(r"\s*(\[\[?)([^\[\]]+)\]\]?\s*(#.*)?")
_KEY = re.compile(r"\s*([A-Za-z0-9_.\"'-]+)\s*=")
_PART = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def line_of(text: str, path: str) -> int | None:
    """Return the line, from 1, of ``rules.inactivity.days`` or ``overrides[2].module``.

    Of the nearest table around it where it does not stand there, such as a key that is missing;
    None where nothing of it does. ``path`` may be followed by a sentence.
    """
    known = _lines(text)
    parts = [key or int(number) for key, number in _PART.findall(path.split(" ", 1)[0])]
    while parts:
        if (found := known.get(tuple(parts))) is not None:
            return found
        parts.pop()
    return None


def _lines(text: str) -> dict[tuple[str | int, ...], int]:
    """Path → line. Entries of a list of tables count from 1, as in the sentences."""
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
    """The table of a heading: below the newest entry of each list of tables on the way."""
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
