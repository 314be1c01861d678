"""What a reader of a format yields, and what a format declares about itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from store.rules.calendar import INSTITUTION

if TYPE_CHECKING:
    from integrations.feeds.formats.opening import Opened
    from integrations.feeds.formats.times import Dates

Identifier = tuple[str, str]
"""(system, identifier): the name under which a system knows a person. See ``people``."""

NUMBER, EMAIL, USERNAME, EMAIL_HASH = "number", "email", "username", "mbox_sha1sum"


class EventFact(NamedTuple):
    """One row of the documented event feed, without the person and the module."""

    family: str
    kind: str = "done"
    item: str = ""
    amount: int = 1
    until: str = ""
    at: str = ""
    """A time of its own; '' where it is the event's."""


class Event(NamedTuple):
    """One thing that a person did, or was expected to do. ``line`` is the file's, from 1.

    ``who`` are the names of the person, the most certain first. ``module`` is the module as the
    file names it; '' where it does not. ``label`` is the kind in the words of the format.
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
    """A row that should have been an event and cannot be one. The reason quotes nothing of it."""

    line: int
    reason: str


class Passed(NamedTuple):
    """A row that counts for nothing, by design: staff, guests, systems, kinds no marker needs."""

    line: int
    why: str


Item = Event | RefusedRow | Passed


class Need(StrEnum):
    """What the file itself cannot say."""

    DATES = "dates"
    MODULE = "module"
    LEVEL = "level"


class Tried(StrEnum):
    """What the reader was tried on."""

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
    """The level of study of students who are new, where the file cannot say it."""


Reader = Callable[["Opened", Declared], Iterator[Item]]


@dataclass(frozen=True, slots=True)
class Format:
    """A format of files. ``key`` is the word for it; ``name`` says what it is in a sentence.

    ``swipes`` is True where its rows are card swipes, which no marker may use.
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
    example_options: Mapping[str, str] = field(default_factory=dict)
    """What has to be declared of the example: of ``--dates``, ``--zone`` and so on."""

    @property
    def example(self) -> str:
        """An invented file to copy, which is also the format's test.

        Of several files: each below a line ``== name``.
        """
        path = Path(__file__).parent / "examples" / f"{self.key}.txt"
        return path.read_text(encoding="utf-8")
