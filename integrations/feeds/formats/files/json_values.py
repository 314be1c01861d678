"""Read JSON in bounded memory: one value a line, one array, one document, or one after the other.

A bad line is rejected by itself. In an array, values after a fault cannot be separated, so the file
is refused with the line of the fault.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Generator
from pathlib import Path
from typing import IO, Any, NamedTuple

from integrations.feeds.text_files import FeedError, Record

LONGEST_VALUE = 4 << 20
"""Bytes of one value of a line or of an array."""

LARGEST_DOCUMENT = 64 << 20
"""Bytes of a file that is one JSON object."""

_DEEPEST = 3
_BLOCK = 1 << 20
_BLANK = " \t\r\n"


class Value(NamedTuple):
    """A JSON value from ``line`` on, or the reason why there is none."""

    line: int
    value: Any
    reason: str = ""


def values(path: Path, name: str, only: frozenset[int] | None = None) -> Generator[Value]:
    """Yield every value of the file; of one with a value a line, those of these lines ``only``.

    Raises ``FeedError`` where the file is not JSON.
    """
    if only == frozenset():
        return
    with path.open("rb") as file:
        start = file.read(_BLOCK).removeprefix(codecs.BOM_UTF8)
        file.seek(0)
        if start.lstrip()[:1] == b"[" and not starts_lines(start):
            yield from _array(file, name)
        elif starts_lines(start):
            yield from _lines(file, only)
        elif document := _document(file, name):
            yield document
        else:
            file.seek(0)
            yield from _array(file, name, bare=True)


def rows(path: Path, name: str) -> Generator[Record]:
    """Yield every row of a table in JSON: a header of the objects' keys first; lists unchanged.

    Lists in lists are several rows, as Moodle writes them. Other values are not rows.
    """
    header: list[str] = []
    for line, value, reason in values(path, name):
        if reason:
            yield Record(line, (), reason)
        for row in _flat(value, 0):
            if isinstance(row, dict):
                if not header:
                    header = [str(key) for key in row]
                    yield Record(line, header)
                yield Record(line, [_cell(row.get(key)) for key in header])
            else:
                yield Record(line, [_cell(each) for each in row])


def _flat(value: Any, depth: int) -> Generator[dict[str, Any] | list[Any]]:
    """Yield the objects and lists of plain values within a value, a few lists deep."""
    if isinstance(value, list) and any(isinstance(each, list | dict) for each in value):
        for each in value:
            if depth < _DEEPEST:
                yield from _flat(each, depth + 1)
    elif isinstance(value, list | dict) and value:
        yield value


def _cell(value: Any) -> str:
    return "" if value is None or isinstance(value, list | dict) else str(value)


def as_utf8(path: Path, scratch: Path) -> Path:
    """Convert a UTF-16 file to UTF-8."""
    target = scratch / "recoded"
    with (
        path.open(encoding="utf-16", errors="replace", newline="") as old,
        target.open("w", encoding="utf-8", newline="") as new,
    ):
        while block := old.read(_BLOCK):
            new.write(block)
    return target


def parse_value(text: str | bytes) -> Value:
    """Parse one value; its line is 1."""
    try:
        return Value(1, json.loads(text))
    except RecursionError:
        return Value(1, None, "the JSON is nested too deeply")
    except ValueError:
        return Value(1, None, "the line is not well-formed JSON")


def starts_lines(start: bytes) -> bool:
    """Return whether one of the first lines is a complete object, but not the only one.

    An array may have each object on a line of its own too: then its first line is not complete.
    """
    lines = [line for line in start.split(b"\n", 12)[:12] if line.strip()]
    if lines and lines[0].lstrip().startswith(b"[") and parse_value(lines[0]).reason:
        return False
    whole = sum(isinstance(parse_value(line).value, dict) for line in lines)
    return whole > 1 or (whole == 1 and len(lines) > 1)


def _lines(file: IO[bytes], only: frozenset[int] | None) -> Generator[Value]:
    number = 0
    while raw := file.readline(LONGEST_VALUE + 1):
        number += 1
        if len(raw) > LONGEST_VALUE:
            while raw and not raw.endswith(b"\n"):
                raw = file.readline(_BLOCK)
            yield Value(number, None, f"the line is longer than {LONGEST_VALUE:,} bytes")
        elif (only is None or number in only) and raw.strip():
            yield parse_value(raw.removeprefix(codecs.BOM_UTF8) if number == 1 else raw)._replace(
                line=number
            )


def _document(file: IO[bytes], name: str) -> Value | None:
    """Return the file's only value; None where it is not just one."""
    raw = file.read(LARGEST_DOCUMENT + 1).removeprefix(codecs.BOM_UTF8)
    if len(raw) > LARGEST_DOCUMENT:
        raise FeedError(
            f"{name} is one JSON document of more than {LARGEST_DOCUMENT >> 20} MB. "
            "Send one value a line instead."
        )
    found = parse_value(raw)
    return None if found.reason else found


def _array(file: IO[bytes], name: str, *, bare: bool = False) -> Generator[Value]:
    """Yield the values of an array; ``bare``: without its brackets, as ``jq`` writes them."""
    decode = codecs.getincrementaldecoder("utf-8-sig")("replace").decode
    scan = json.JSONDecoder().raw_decode
    text, at, line, ended = "", 0, 1, False
    opened = bare
    while True:
        while at < len(text) and (text[at] in _BLANK or text[at] == "," or not opened):
            line += text[at] == "\n"
            opened = opened or text[at] == "["
            at += 1
        if (ended and at == len(text)) if bare else text[at : at + 1] == "]":
            return
        try:
            value, end = scan(text, at)
            if end == len(text) and not ended:
                raise ValueError
        except RecursionError:
            raise FeedError(f"{name}: the JSON from line {line} on is nested too deeply.") from None
        except ValueError:
            if ended or len(text) - at > LONGEST_VALUE:
                raise FeedError(
                    f"{name} is not well-formed JSON from line {line} on. Fetch it again."
                ) from None
            block = file.read(_BLOCK)
            text, at, ended = text[at:] + decode(block, final=not block), 0, not block
            continue
        yield Value(line, value)
        line += text.count("\n", at, end)
        at = end
