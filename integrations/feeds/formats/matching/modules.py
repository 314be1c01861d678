"""Match a file's modules to the roster: by code, by the map of identifiers, by year."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from integrations.feeds.csv_tables import TextTable

NAME = "module_identifiers.csv"
"""The file of the map, beside that of people: columns ``module`` and ``identifier``."""

_YEAR = re.compile(r"(.+?)[-_/. ](?:19|20)\d\d\b.*")


@dataclass(slots=True)
class Modules:
    """The roster's codes, and the lower-case names of modules in other systems."""

    codes: dict[str, str] = field(default_factory=dict)
    known: Mapping[str, str] = field(default_factory=dict)

    def find(self, name: str) -> str | None:
        """Return the module's code, or None. ``M1-2026`` is module M1 if M1 is a code."""
        text = name.strip().casefold()
        found = self.codes.get(text) or self.known.get(text)
        if found or not (match := _YEAR.fullmatch(text)):
            return found
        return self.codes.get(match[1]) or self.known.get(match[1])


def known_modules(codes: Iterable[str], maps: Iterable[Path]) -> Modules:
    """Combine the roster's codes with maps of identifiers."""
    known: dict[str, str] = {}
    for path in maps:
        if path.is_file():
            known |= {
                identifier.strip().casefold(): module.strip()
                for _, (module, identifier) in TextTable(path, ("module", "identifier"))
            }
    return Modules({code.casefold(): code for code in codes}, known)
