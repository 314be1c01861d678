"""The model of formats: what a reader yields, and what a format declares about itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from store.rules.calendar import INSTITUTION

if TYPE_CHECKING:
    from integrations.feeds.documented import DocumentedFile
    from integrations.feeds.formats.files.opening import Opened
    from integrations.feeds.formats.times import Dates

Identifier = tuple[str, str]
"""(system, identifier): the name under which a system knows a person. See ``people``."""

GUEST: tuple[Identifier, ...] = (("guest", ""),)
"""Stands for a person who is no student, so that no one is unknown for them."""

NUMBER, EMAIL, USERNAME, EMAIL_HASH = "number", "email", "username", "mbox_sha1sum"


class EventFact(NamedTuple):
    """One row of the documented event feed, without the person and the module."""

    family: str
    kind: str = "done"
    item: str = ""
    amount: int = 1
    until: str = ""
    at: str = ""
    """The fact's own time; '' where it is the event's."""


class Event(NamedTuple):
    """One thing that a person did, or was expected to do. ``line`` is the file's, from 1.

    ``who`` are the person's identifiers, the most reliable first. ``module`` is the module as named
    in the file; '' for none. ``label`` is the kind of event in the format's own words.
    """

    line: int
    who: tuple[Identifier, ...]
    at: dt.datetime | dt.date
    label: str
    facts: tuple[EventFact, ...]
    module: str = ""
    late: bool = False
    minutes: float = 0.0


class RefusedRow(NamedTuple):
    """A row that should be an event and cannot be read. The reason does not quote it.

    ``who`` and ``at`` are whose it is and when, as far as that can be read: they alone are unknown
    then, and no one else in the file.
    """

    line: int
    reason: str
    who: tuple[Identifier, ...] = ()
    at: dt.datetime | dt.date | None = None


class Passed(NamedTuple):
    """A row ignored by design: staff, guests, systems, kinds of event that no marker needs."""

    line: int
    why: str


Item = Event | RefusedRow | Passed


class Need(StrEnum):
    """What a file of this format lacks, so that a person has to declare it."""

    DATES = "dates"
    MODULE = "module"
    LEVEL = "level"


class Tried(StrEnum):
    """The files on which the reader was tested."""

    REAL = "published files of real systems"
    SHAPE = "invented files in the shape of published ones"
    SPECIFICATION = "invented files made after the specification"
    OWN = "our own example only"


@dataclass(frozen=True, slots=True)
class Declared:
    """What a person declares about a file, or once about a source."""

    dates: Dates | None = None
    zone: dt.tzinfo = INSTITUTION
    module: str = ""
    sheet: str = ""
    level: str = ""
    """The level of study of new students, where the file lacks it."""
    voided: frozenset[bytes] = frozenset()
    """Digests of the statements that other deliveries of the source void."""


Reader = Callable[["Opened", Declared], Iterator[Item]]


Fields = Mapping[str, object]
"""What is kept of a JSON object: a field's name → True for its plain values, or the fields of the
objects in it."""


@dataclass(frozen=True, slots=True)
class Keeps:
    """What a reader uses of a file. Only this is kept, to read the delivery again.

    ``column`` tells a used column of a table by its heading; ``fields`` are those of each object in
    JSON, which may be in a list named ``inside``.
    """

    column: Callable[[str, Declared], bool] = lambda _heading, _declared: False
    fields: Fields | None = None
    inside: str = ""


@dataclass(frozen=True, slots=True)
class Format:
    """A format of files. ``key`` is its short name; ``name`` is for sentences.

    ``swipes`` is True where its rows are card swipes, which no marker may use. ``version`` rises
    when the reader reads a file otherwise than before: kept deliveries are then read again.
    """

    key: str
    name: str
    recognises: Callable[[Opened], bool]
    read: Reader
    columns: tuple[str, ...]
    example_name: str
    tried: Tried
    needs: frozenset[Need] = frozenset()
    swipes: bool = False
    version: str = "1"
    keeps: Keeps | None = None
    """None: only the rows made of a file are kept."""
    files: tuple[DocumentedFile, ...] = ()
    """The files of a format of our own, with what each column holds; the system of any other
    writes its columns itself."""
    about: str = ""
    """What holds for all its columns, and how its rows are taken in."""
    command: str = "lantern ingest {file} --dry-run"
    """The command that tries the example."""
    example_options: Mapping[str, str] = field(default_factory=dict)
    """The declarations that the example needs, such as ``--dates`` and ``--zone``."""

    @property
    def example(self) -> str:
        """Return an invented example file, which is also the format's test.

        Several files are in one text, each below a line ``== name``.
        """
        path = Path(__file__).parent / "examples" / f"{self.key}.txt"
        return path.read_text(encoding="utf-8")
