"""Lantern's own files, column by column: for ``lantern formats``, and for the readers."""

from __future__ import annotations

from typing import NamedTuple


class Column(NamedTuple):
    """A column: its name, what it holds, and whether a file has to have it."""

    name: str
    holds: str
    is_required: bool = False


class DocumentedFile(NamedTuple):
    """A file of a format, by the name that it has in a folder, and its columns in any order."""

    name: str
    columns: tuple[Column, ...]

    @property
    def required(self) -> tuple[str, ...]:
        """Return the names of the columns that a file has to have."""
        return tuple(each.name for each in self.columns if each.is_required)

    @property
    def optional(self) -> tuple[str, ...]:
        """Return the names of the columns that a file may have."""
        return tuple(each.name for each in self.columns if not each.is_required)
