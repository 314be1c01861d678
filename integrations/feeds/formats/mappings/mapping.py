"""Declared mappings: how to read a table of no known format, such as a register.

A mapping is a TOML file that ``lantern ingest FILE --map`` drafts, and a person checks and
confirms. It names the columns, the meaning of each mark, how dates are written and which system's
people they are. ``long`` has a row for each mark; ``wide`` a row for each person and a column for
each session; ``students`` a row for each student of a record system (``students``).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from integrations.feeds.formats.files.tables import normal
from integrations.feeds.formats.mappings import students
from integrations.feeds.formats.mappings.faults import (
    Fault,
    open_columns,
    refuse_faulty,
    table_of,
)
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
        text = path.read_text(encoding="utf-8-sig")
        said = tomllib.loads(text)
    except ValueError:
        raise FeedError(
            f"The mapping {FOLDER}/{path.name} of LANTERN_HOME is not well-formed TOML. Correct "
            "it, or draft it again."
        ) from None
    if said.get("confirmed") is not True:
        return None
    name = f"{FOLDER}/{path.name}"
    if said.get("layout") == students.LAYOUT:
        refuse_faulty(name, text, students.faults_of(said))
        return students.mapping_of(said, path.name)
    refuse_faulty(name, text, _faults_of(said))
    return _mapping_of(said, path.name)


def _faults_of(said: Mapping[str, Any]) -> Iterator[Fault]:
    yield from (
        Fault(f"{key} must be a table", key=key)
        for key in ("columns", "marks")
        if not isinstance(said.get(key, {}), dict)
    )
    columns, marks = table_of(said, "columns"), table_of(said, "marks")
    layout = said.get("layout")
    if layout not in ("long", "wide"):
        yield Fault("layout must be long, wide or students", key="layout")
    if said.get("family") not in set(MarkerFamily):
        yield Fault(f"family must be one of {', '.join(MarkerFamily)}", key="family")
    if "person" not in columns:
        yield Fault("columns must name person", "columns")
    if layout == "long" and "date" not in columns:
        yield Fault("columns of a long table must name date", "columns")
    yield from open_columns(columns, COLUMNS)
    if str(said.get("dates", OPEN)) == OPEN:
        yield Fault("dates are not declared yet", key="dates")
    for mark, meaning in marks.items():
        if meaning not in MEANINGS:
            yield Fault(f"each mark must mean one of {', '.join(MEANINGS)}", "marks", mark)
    if (columns.get("mark", OPEN) != OPEN or layout == "wide") and not marks:
        yield Fault("there are no marks", "marks")


def _mapping_of(said: Mapping[str, Any], name: str) -> Mapped:
    return Mapped(
        name,
        str(said["layout"]),
        str(said["family"]),
        str(said.get("people", NUMBER)),
        declared_dates(str(said["dates"])),
        table_of(said, "columns"),
        {mark.casefold(): meaning for mark, meaning in table_of(said, "marks").items()},
        str(said.get("module", "")),
    )
