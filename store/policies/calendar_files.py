"""Write the days of calendar files into the policy document that names them.

``closures = "closures.ics"`` in ``[calendar]`` names a file beside the document. The text that is
checked and published contains the days themselves, so a published version needs no file and never
changes. The line keeps its number, and a comment names the file that it came from.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from store.policies.line_numbers import line_number
from store.rules.calendar import Period
from store.rules.errors import InvalidInput

KEYS = ("terms", "closures")
_LINE = re.compile(r"""(.*?=\s*)("[^"\\]*"|'[^']*')\s*(?:#.*)?""")


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file that ``calendar.<key>`` names, relative to the document."""

    key: str
    name: str


def named_files(text: str) -> Iterator[NamedFile]:
    """Yield each file that a document names; none where the text is not TOML."""
    calendar = _calendar(text)
    for key in KEYS:
        if isinstance(name := calendar.get(key), str):
            yield NamedFile(key, name)


def zone_of(text: str) -> str:
    """Return the time zone in the document; '' where it has none."""
    found = _calendar(text).get("timezone", "")
    return found if isinstance(found, str) else ""


def with_periods(
    text: str, named: NamedFile, content: bytes, periods: Iterable[Period], file_name: str
) -> str:
    """Replace the file's name by the periods, followed by a comment with its name and digest.

    Raises:
        InvalidInput: the name is not on a line of its own.
    """
    lines = text.splitlines(keepends=True)
    number = line_number(text, f"calendar.{named.key}")
    match = _LINE.fullmatch(lines[number - 1].rstrip("\r\n")) if number else None
    if number is None or match is None:
        raise InvalidInput(
            f"{file_name}: give calendar.{named.key} a line of its own below [calendar], as in "
            f'{named.key} = "{named.name}".'
        )
    end = lines[number - 1][len(lines[number - 1].rstrip("\r\n")) :]
    entries = ", ".join(map(_entry, periods))
    digest = hashlib.sha256(content).hexdigest()
    origin = f"# from {_plain(named.name)}, SHA-256 {digest}"
    lines[number - 1] = f"{match[1]}[{entries}]  {origin}{end}"
    return "".join(lines)


def _entry(period: Period) -> str:
    # A JSON text is a TOML text as long as it has no character beyond the first plane escaped.
    name = json.dumps(period.name, ensure_ascii=False).replace("\x7f", "")
    return f"{{ name = {name}, first = {period.first}, last = {period.last} }}"


def _plain(name: str) -> str:
    return "".join(each for each in name if each.isprintable())


def _calendar(text: str) -> dict[str, Any]:
    try:
        found = tomllib.loads(text).get("calendar", {})
    except tomllib.TOMLDecodeError:
        return {}  # The policy's own checks say what is wrong.
    return found if isinstance(found, dict) else {}
