"""Read what is published of the characteristics of a school in a year."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from store.rules.fairness.report import Characteristic, DaysToContact
from store.rules.fairness.steps import Step
from store.rules.fairness.years import AcademicYear
from store.tables.group_tables import fairness_figures


def published_figures(
    connection: sa.Connection, school: int, year: AcademicYear
) -> list[Characteristic]:
    """Return what was published, by the names of the characteristics."""
    rows = connection.execute(
        sa.select(fairness_figures.c.characteristic, fairness_figures.c.figures)
        .where(fairness_figures.c.school_id == school, fairness_figures.c.first == year.first)
        .order_by(fairness_figures.c.characteristic)
    )
    return [_from_json(name, figures) for name, figures in rows]


def to_json(figures: Characteristic) -> dict[str, Any]:
    """Return figures as they are stored: ``counts`` by step, ``days`` by group."""
    days = {group: asdict(each) for group, each in figures.days.items()}
    return {"counts": figures.counts, "days": days}


def _from_json(name: str, figures: dict[str, Any]) -> Characteristic:
    return Characteristic(
        name,
        {Step(step): counts for step, counts in figures["counts"].items()},
        {group: DaysToContact(**each) for group, each in figures["days"].items()},
    )
