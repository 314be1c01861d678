"""What is kept of a delivered file, to read it again: the fields that its reader uses.

Everything else is blanked first: names, telephone numbers, protected characteristics, free text.
Rows of staff, guests and systems are left out; so is what a student did that no marker needs,
unless a known student is named in it. A file is kept as its records, which ``write_again`` writes
as a file that the same reader reads.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import chain
from pathlib import Path
from typing import Any

from integrations.feeds.formats.files.json_items import objects, text_at
from integrations.feeds.formats.files.opening import Opened
from integrations.feeds.formats.model import Declared, Fields, Format, Keeps

_QUOTED = re.compile(r"'([^']*)'")
_DIGEST = 16


Known = Callable[[], Mapping[str, str]]
"""Returns identifiers, in lower case, with their students' numbers."""


class Fate(IntEnum):
    """What became of a record. One of which several things are said has the highest."""

    CONTEXT = 0
    """Nothing was read from it, such as a header."""
    LEFT_OUT = 1
    """It is of staff, a guest, or a repetition."""
    PASSED = 2
    VOIDS = 3
    READ = 4
    """An event, or a refused row."""


@dataclass(slots=True)
class Fates:
    """The fate of each record of a file, and the records of the rows made of it."""

    of: bytearray = field(default_factory=bytearray)
    rows: array[int] = field(default_factory=lambda: array("L"))
    """The record of each written row."""

    def add(self, record: int, fate: Fate) -> None:
        """Note what became of a record; of an archive they have no numbers."""
        if record < 0:
            return
        if record >= len(self.of):
            self.of.extend(bytes(record + 1 - len(self.of)))
        self.of[record] = max(self.of[record], fate)

    def get(self, record: int) -> Fate:
        """Return what became of a record."""
        return Fate(self.of[record]) if record < len(self.of) else Fate.CONTEXT


@dataclass(slots=True)
class Statements:
    """Digests of a delivery's statements, and of those that it voids."""

    ids: list[bytes] = field(default_factory=list)
    voids: set[bytes] = field(default_factory=set)

    def add(self, statement: Any, *, is_voiding: bool) -> None:
        """Add the digest of a statement, and of the one that it voids."""
        if identity := text_at(statement, "id"):
            self.ids.append(digest(identity))
        if is_voiding:
            self.voids.add(digest(text_at(statement, "object", "id")))


def digest(identity: str) -> bytes:
    """Return what stands for a statement's id."""
    return hashlib.sha256(identity.casefold().encode("utf-8", "replace")).digest()[:_DIGEST]


def kept_records(
    opened: Opened,
    reader: Format,
    declared: Declared,
    fates: Fates,
    known: Known,
    statements: Statements,
) -> Iterator[tuple[int, int, str, str]]:
    """Yield (record, line, student number, text) of what is kept of a file.

    The number is given only for a record from which no row was made. The ids of xAPI statements are
    added to ``statements``.
    """
    keeps = reader.keeps
    if keeps is None or opened.members or opened.only == frozenset():
        return
    if opened.is_json and keeps.fields is not None:
        yield from _of_objects(opened, keeps, fates, known, statements)
    else:
        yield from _of_table(opened, keeps, declared, fates, known)


def _of_objects(
    opened: Opened, keeps: Keeps, fates: Fates, known: Known, statements: Statements
) -> Iterator[tuple[int, int, str, str]]:
    for line, value, reason in objects(opened, keeps.inside):
        fate, record = fates.get(opened.record), opened.record
        if reason or fate is Fate.LEFT_OUT:
            continue
        is_voiding = fate is Fate.VOIDS
        if keeps.inside == "statements":
            statements.add(value, is_voiding=is_voiding)
        left = pruned(value, _OF_VOIDING if is_voiding else keeps.fields or {})
        number = _named(_texts(left), known) if fate is Fate.PASSED else ""
        if number or fate is not Fate.PASSED:
            # Equal objects would count as one that was sent twice.
            text = json.dumps({**left, "_": record}, separators=(",", ":"))
            yield record, line, number, text


def _of_table(
    opened: Opened, keeps: Keeps, declared: Declared, fates: Fates, known: Known
) -> Iterator[tuple[int, int, str, str]]:
    places: Collection[int] = ()
    for each in opened.rows():
        fate, record = fates.get(opened.record), opened.record
        if each.reason or fate is Fate.LEFT_OUT:
            continue
        fields = [" ".join(cell.split()) for cell in each.fields]
        used = [at for at, cell in enumerate(fields) if cell and keeps.column(cell, declared)]
        filled = sum(1 for cell in fields if cell)
        is_header = fate is Fate.CONTEXT and used and (not places or 2 * len(used) >= filled)
        if is_header:
            places = frozenset(used)
        elif fate is Fate.CONTEXT:
            fields = [""] * len(fields)
        elif not places:
            return  # A table without headings does not tell what is in it.
        left = [cell if at in places else "" for at, cell in enumerate(fields)]
        number = _named(left, known) if fate is Fate.PASSED else ""
        if number or fate is not Fate.PASSED:
            yield record, each.line, number, json.dumps(left, separators=(",", ":"))


_OF_VOIDING: Fields = {"id": True, "verb": {"id": True}, "object": {"id": True}}


def pruned(value: Mapping[str, Any], fields: Fields) -> dict[str, Any]:
    """Return an object with these fields only."""
    return {name: _pruned(value[name], said) for name, said in fields.items() if name in value}


def _pruned(value: Any, said: object) -> Any:
    if isinstance(value, dict):
        return pruned(value, said) if isinstance(said, dict) else {}
    if isinstance(value, list):
        return [_pruned(each, said) for each in value]
    return value


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list):
        yield str(value)
        return
    for each in value:
        yield from _texts(each)


def _named(texts: Iterable[str], known: Known) -> str:
    """Return the number of the known student that one of these names; '' for none."""
    for text in texts:
        plain = text.strip().casefold().removeprefix("mailto:")
        for each in (plain, plain.rpartition("\\")[2], *_QUOTED.findall(plain)):
            if number := known().get(each):
                return number
    return ""


def write_again(records: Iterable[str], path: Path) -> Path:
    """Write kept records as a file, one on each line; return its path."""
    rest = iter(records)
    first = next(rest, "[]")
    path = path.with_suffix(".csv" if first.startswith("[") else ".ndjson")
    with path.open("w", encoding="utf-8", newline="") as out:
        if path.suffix == ".csv":
            written = csv.writer(out, lineterminator="\n")
            written.writerows(json.loads(text) for text in chain((first,), rest))
        else:
            out.writelines(f"{text}\n" for text in chain((first,), rest))
    return path
