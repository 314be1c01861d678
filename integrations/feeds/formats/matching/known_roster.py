"""The roster that files are matched with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from integrations.feeds.formats.matching.modules import Modules
from integrations.feeds.formats.matching.people import KnownPeople


@dataclass(frozen=True, slots=True)
class KnownRoster:
    """The roster for matching rows. ``enrolled`` maps a number to (module, starts, ends)."""

    people: KnownPeople
    modules: Modules
    enrolled: Mapping[str, list[tuple[str, dt.date, dt.date | None]]] = field(default_factory=dict)

    def modules_on(self, number: str, day: dt.date) -> list[str]:
        """Name the modules on which a student is enrolled on a day."""
        return [
            module
            for module, starts, ends in self.enrolled.get(number, ())
            if starts <= day and (ends is None or day <= ends)
        ]
