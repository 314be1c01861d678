"""Read the reasons of stored flags, each fact once, with modules named by their titles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from store.queries.module_titles import by_title
from store.rules.flags.facts import each_once, fact_of, is_combined
from store.tables import flags

FACT = (flags.c.rule, flags.c.family, flags.c.key, flags.c.module)
"""The columns that tell which fact a flag states, for a query that selects reasons."""


def facts_once(rows: Iterable[Any], reason: str = "reason_staff") -> list[Any]:
    """Keep the first row for each fact, in order. The rows have the columns ``FACT``.

    ``reason`` names the column with the sentence.
    """
    return each_once(
        rows,
        fact=lambda row: fact_of(row.rule, row.family, row.key),
        said=lambda row: str(getattr(row, reason)),
        combined=lambda row: is_combined(row.rule),
    )


def reasons_once(
    connection: sa.Connection, rows: Iterable[Any], reason: str = "reason_staff"
) -> list[tuple[Any, str]]:
    """Return one row for each fact, with its sentence."""
    kept = facts_once(rows, reason)
    told = by_title(connection, [(row.module, getattr(row, reason)) for row in kept])
    return list(zip(kept, told, strict=True))


def told_once(
    connection: sa.Connection, rows: Iterable[Any], of: str
) -> dict[int, list[tuple[str, str]]]:
    """Map each id in the column ``of`` to the (family, sentence) of its flags, each fact once."""
    apart: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        apart[getattr(row, of)].append(row)
    kept = [(each, row) for each, those in apart.items() for row in facts_once(those)]
    told = by_title(connection, [(row.module, row.reason_staff) for _, row in kept])
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for (each, row), reason in zip(kept, told, strict=True):
        found[each].append((row.family, reason))
    return found
