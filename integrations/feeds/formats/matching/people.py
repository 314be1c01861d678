"""Match a file's people to students: by number, address, or the map of identifiers.

An identifier belongs to a system: ``moodle``, ``canvas``, ``username``, ``email``, the homePage
of an xAPI account. The map is the roster's ``identifiers.csv``, or the UDD's studentidmap.
Addresses and user names compare without case.
"""

from __future__ import annotations

import csv
import hashlib
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from integrations.feeds.csv_tables import TextTable
from integrations.feeds.formats.model import EMAIL, EMAIL_HASH, NUMBER, Identifier
from integrations.feeds.student_numbers import KnownNumbers
from integrations.feeds.text_files import FeedError

NAME = "identifiers.csv"
"""The file of the map in an archive or a folder."""

COLUMNS = ("number", "value")
SYSTEMS = ("system", "kind")
"""The map has one of these columns, for the system of an identifier."""
UDD_COLUMNS = ("student_id", "domain", "identifier")

_REMEMBERED = 100_000

STRANGER = ""
"""Stands for a known person who is not a student: staff. Their activity is ignored."""


@dataclass(slots=True)
class KnownPeople:
    """Everyone that files may name. ``hosts`` are the domains of the university's addresses."""

    numbers: dict[str, str] = field(default_factory=dict)
    """Number as written → number on the roster."""
    known: dict[Identifier, str] = field(default_factory=dict)
    """(system, identifier), both in lower case → number, or ``STRANGER``."""
    hosts: frozenset[str] = frozenset()
    found: dict[tuple[Identifier, ...], str | None] = field(default_factory=dict)
    """A cache: files name the same people again and again."""
    spellings: KnownNumbers = field(default_factory=lambda: KnownNumbers(()))
    repaired: dict[str, str] = field(default_factory=dict)
    """Number as written → why it is a known one all the same, in words."""
    by_name: dict[str, str] = field(default_factory=dict)
    """A cache of ``named``."""

    def find(self, who: tuple[Identifier, ...]) -> str | None:
        """Return the student's number, ``STRANGER`` for staff; None for an unknown person."""
        if who not in self.found:
            if len(self.found) >= _REMEMBERED:
                self.found.clear()
            self.found[who] = self._find(who)
        return self.found[who]

    def _find(self, who: tuple[Identifier, ...]) -> str | None:
        for system, identifier in who:
            key = (system.casefold(), identifier.strip().casefold())
            number = self.known.get(key)
            if number is None and (key[0] == NUMBER or self._is_ours(key[0])):
                number = self.numbers.get(identifier.strip())
            if number is not None and number != _DISPUTED:
                return number
            if key[0] == NUMBER and (repair := self.spellings.find(identifier)):
                self.repaired[identifier] = repair.how
                return repair.number
        return None

    def named(self) -> dict[str, str]:
        """Map each student's number and other identifiers, of whatever system, to the number."""
        if not self.by_name:
            for (_, identifier), number in self.known.items():
                if number not in (STRANGER, _DISPUTED):
                    self.by_name[identifier] = number
            self.by_name |= {each.casefold(): number for each, number in self.numbers.items()}
        return self.by_name

    def is_disputed(self, who: tuple[Identifier, ...]) -> bool:
        """Return whether maps give one of these identifiers to two students."""
        keys = ((system.casefold(), each.strip().casefold()) for system, each in who)
        return any(self.known.get(key) == _DISPUTED for key in keys)

    def _is_ours(self, system: str) -> bool:
        """Return whether a homePage is the university's: its host is that of known addresses."""
        if "/" not in system and "." not in system:
            return False
        host = urlsplit(system if "//" in system else f"//{system}").hostname or ""
        return any(
            host == ours or host.endswith(f".{ours}") or ours.endswith(f".{host}")
            for ours in self.hosts
            if host.count(".")
        )


def known_people(
    numbers: Iterable[str],
    addresses: Mapping[str, str],
    staff: Iterable[str],
    maps: Iterable[Path],
    domains: Iterable[str] = (),
    recorded: Iterable[tuple[str, str, str]] = (),
    pattern: str = "",
) -> KnownPeople:
    """Combine the roster's numbers and addresses with maps of identifiers.

    ``addresses`` maps addresses to student numbers, ``domains`` are the university's own,
    ``recorded`` are the (system, identifier, student number) from earlier maps. An identifier that
    maps give to different people matches no one, so that no map wins by chance. ``pattern`` is the
    institution's pattern of student numbers; '' to learn it from them.
    """
    people = KnownPeople({number: number for number in numbers}, hosts=frozenset(domains))
    people.spellings = KnownNumbers(people.numbers, pattern)
    for address in staff:
        people.known[EMAIL, address.casefold()] = STRANGER
    for address, number in addresses.items():
        people.known[EMAIL, address.casefold()] = number
    for system, identifier, number in recorded:
        _add(people.known, {(system.casefold(), identifier.casefold()): number})
    for path in maps:
        if path.is_file():
            _add(people.known, read_identifiers(path))
    for (system, identifier), number in list(people.known.items()):
        if system == EMAIL:
            mailto = hashlib.sha1(f"mailto:{identifier}".encode(), usedforsecurity=False)
            people.known[EMAIL_HASH, mailto.hexdigest()] = number
    return people


def nameless(system: str, identifier: str) -> str:
    """Return what stands for an unknown person's identifier: it says nothing of the person."""
    key = f"{system.casefold()}\0{identifier.strip().casefold()}"
    return f"{system.casefold()}:{hashlib.sha256(key.encode()).hexdigest()[:24]}"


def is_map(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether these are the first rows of a map of identifiers."""
    header = {field.strip().casefold() for field in rows[0]} if rows else set()
    ours = header >= set(COLUMNS) and not header.isdisjoint(SYSTEMS)
    return ours or header >= set(UDD_COLUMNS)


def read_identifiers(path: Path) -> dict[Identifier, str]:
    """Read a map of identifiers. Raises ``FeedError`` where the file is not one."""
    try:
        rows = ((row[0], row[2] or row[3], row[1]) for _, row in TextTable(path, COLUMNS, SYSTEMS))
    except FeedError:
        rows = ((row[0], row[1], row[2]) for _, row in TextTable(path, UDD_COLUMNS))
    found: dict[Identifier, str] = {}
    for number, system, identifier in rows:
        key = (system.strip().casefold(), identifier.strip().casefold())
        if all(key) and number.strip():
            _add(found, {key: number.strip()})
    return found


def write_map(path: Path, target: Path) -> None:
    """Convert a map to the roster's ``identifiers.csv``. Raises ``FeedError`` for other files."""
    try:
        TextTable(path, COLUMNS, SYSTEMS)
    except FeedError:
        foreign = TextTable(path, UDD_COLUMNS)
    else:
        shutil.copyfile(path, target)
        return
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(("number", "system", "value"))
        writer.writerows(row for _, row in foreign)


def _add(known: dict[Identifier, str], found: Mapping[Identifier, str]) -> None:
    for key, number in found.items():
        if known.setdefault(key, number) != number:
            known[key] = _DISPUTED


_DISPUTED = "\0"
"""Stands for an identifier that maps give to two students."""
