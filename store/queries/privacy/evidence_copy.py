"""Write a complaint's frozen evidence for the student: names for ids, no numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa

from store.tables import metadata

Named = Callable[[sa.Column[Any], Any], tuple[str | None, Any]]
"""Column, value → the name and value for a reader; (None, None) for a bare id."""

_ROWS_OF_ONE = {"case": "cases"}
_KEYS_TO_IDS = frozenset({"schools", "staff"})
"""Tables of names by id. They are left out once each id has been replaced by its name."""


def evidence_copy(
    evidence: Mapping[str, Any], named: Named, roles: Mapping[int, str]
) -> dict[str, Any]:
    """Return a complaint's evidence with people named as in the rest of the student's export.

    ``roles`` maps a colleague's id to the role that a student reads.
    """
    copied: dict[str, Any] = {}
    for name, found in evidence.items():
        table = metadata.tables.get(_ROWS_OF_ONE.get(name, name))
        if name in _KEYS_TO_IDS:
            continue
        if name == "audit":
            copied[name] = [_of_the_audit(row, roles) for row in found]
        elif table is not None and isinstance(found, list):
            copied[name] = [_row(table, row, named) for row in found]
        elif table is not None and isinstance(found, dict):
            copied[name] = _row(table, found, named)
        else:
            copied[name] = found
    return copied


def _row(table: sa.Table, row: Mapping[str, Any], named: Named) -> dict[str, Any]:
    said = (named(table.c[name], value) for name, value in row.items() if name in table.c)
    return {name: value for name, value in said if name is not None and value is not None}


def _of_the_audit(row: Mapping[str, Any], roles: Mapping[int, str]) -> dict[str, Any]:
    """Return when who did what. Numbers in the details are those of rows or people."""
    kind, _, number = str(row["actor"]).partition(":")
    is_colleague = kind == "staff" and number.isdigit()
    details = {
        name: value
        for name, value in (row.get("details") or {}).items()
        if isinstance(value, bool | str)
    }
    return {
        "at": row["at"],
        "actor": roles.get(int(number), "a former colleague") if is_colleague else kind,
        "action": row["action"],
        "details": details,
    }
