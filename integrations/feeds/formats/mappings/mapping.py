"""Declared mappings: how to read a table of no known format, such as a register.

A mapping is a TOML file that ``lantern ingest FILE --map`` drafts, and a person checks and
confirms. It names the columns, the meaning of each mark, how dates are written and which system's
people they are. ``long`` has a row for each mark; ``wide`` a row for each person and a column for
each session; ``students`` a row for each student of a record system (``students``).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from integrations.feeds.formats.files.tables import normal
from integrations.feeds.formats.mappings import students
from integrations.feeds.formats.mappings.students import StudentMapping
from integrations.feeds.formats.mappings.words import OPEN
from integrations.feeds.formats.model import NUMBER
from integrations.feeds.formats.times import Dates, declared_dates
from integrations.feeds.text_files import FeedError
from store.rules.model import MarkerFamily

FOLDER = "mappings"
"""The folder of mappings, within LANTERN_HOME."""

PRESENT, LATE, ABSENT = "present", "late", "absent"
EXCUSED, NOT_EXPECTED, NOT_TAKEN = "excused", "not-expected", "not-taken"
MEANINGS = (PRESENT, LATE, ABSENT, EXCUSED, NOT_EXPECTED, NOT_TAKEN)

COLUMNS = ("person", "module", "date", "time", "item", "mark", "changed")


@dataclass(frozen=True, slots=True)
class Mapped:
    """A mapping confirmed by a person. ``columns`` maps our names to the file's headings."""

    name: str
    layout: str
    family: str
    people: str
    dates: Dates
    columns: Mapping[str, str]
    marks: Mapping[str, str] = field(default_factory=dict)
    """Lower-case mark → its meaning."""
    module: str = ""

    def matches(self, header: Sequence[str]) -> bool:
        """Return whether a header has all the columns of this mapping."""
        names = {normal(each) for each in header}
        return all(normal(heading) in names for heading in self.columns.values())


@dataclass(frozen=True, slots=True)
class Mappings:
    """The confirmed mappings. ``faults`` are what is wrong with others, which are not used."""

    tables: tuple[Mapped, ...] = ()
    students: tuple[StudentMapping, ...] = ()
    faults: tuple[str, ...] = ()


def load_mappings(folder: Path) -> Mappings:
    """Read every confirmed mapping of a folder. A wrong one stops no file of another kind."""
    found: list[Mapped | StudentMapping] = []
    faults: list[str] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            mapped = _load(path)
        except FeedError as error:
            faults.append(str(error))
        else:
            found += [mapped] if mapped else []
    return Mappings(
        tuple(each for each in found if isinstance(each, Mapped)),
        tuple(each for each in found if isinstance(each, StudentMapping)),
        tuple(faults),
    )


def _load(path: Path) -> Mapped | StudentMapping | None:
    try:
        text = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError:
        raise FeedError(
            f"The mapping {path.name} is not well-formed TOML. Correct it, or draft it again."
        ) from None
    if text.get("confirmed") is not True:
        return None
    if text.get("layout") == students.LAYOUT:
        return students.checked(text, path.name)
    return _checked(text, path.name)


def _checked(text: Mapping[str, Any], name: str) -> Mapped:
    columns = {str(key): str(value) for key, value in _table(text, "columns", name).items()}
    marks = {
        str(mark).casefold(): str(meaning) for mark, meaning in _table(text, "marks", name).items()
    }
    layout, family = str(text.get("layout", "")), str(text.get("family", ""))
    for wrong, what in (
        (layout not in ("long", "wide"), "layout must be long, wide or students"),
        (family not in set(MarkerFamily), f"family must be one of {', '.join(MarkerFamily)}"),
        ("person" not in columns, "columns must name person"),
        (OPEN in columns.values(), "a column is still open"),
        (layout == "long" and "date" not in columns, "columns of a long table must name date"),
        (set(columns) - set(COLUMNS), f"columns may only be {', '.join(COLUMNS)}"),
        (str(text.get("dates", OPEN)) == OPEN, "dates are not declared yet"),
        (set(marks.values()) - set(MEANINGS), f"each mark must mean one of {', '.join(MEANINGS)}"),
        (("mark" in columns or layout == "wide") and not marks, "there are no marks"),
    ):
        if wrong:
            raise FeedError(f"The mapping {name} cannot be used: {what}. Correct it.")
    return Mapped(
        name, layout, family, str(text.get("people", NUMBER)),
        declared_dates(str(text.get("dates", ""))), columns, marks, str(text.get("module", "")),
    )  # fmt: skip


def _table(text: Mapping[str, Any], key: str, name: str) -> Mapping[str, Any]:
    found = text.get(key, {})
    if not isinstance(found, dict):
        raise FeedError(f"The mapping {name} cannot be used: {key} must be a table. Correct it.")
    return found
