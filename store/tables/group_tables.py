"""Tables for fairness reports alone. No code that flags, ranks or shows students may import them.

They are therefore not handed on by ``store.tables``; a contract in pyproject.toml names the few
modules that may import this one.
"""

from __future__ import annotations

import sqlalchemy as sa

from store.tables.base import Instant, metadata, row_id, text, to

student_groups = sa.Table(
    "student_groups",
    metadata,
    sa.Column("student_id", sa.ForeignKey("students.id"), primary_key=True, autoincrement=False),
    # Sealed JSON: characteristic → group, as the university supplied them.
    text("groups"),
    sa.Column("at", Instant, nullable=False),
)

group_objections = sa.Table(
    "group_objections",
    metadata,
    # A student objected: their groups are deleted, and no delivery brings them back.
    row_id(),
    to("students", "student_id"),
    to("staff", "by_staff_id", index=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
)

fairness_figures = sa.Table(
    "fairness_figures",
    metadata,
    # What was published of one characteristic in a school and year. It never changes.
    row_id(),
    to("schools", "school_id", index=False),
    sa.Column("first", sa.Date, nullable=False),
    text("characteristic"),
    sa.Column("figures", sa.JSON, nullable=False),
    # Keyed digests of the students that each step counts, so that a later report which counts
    # almost the same ones can be withheld.
    sa.Column("counted", sa.JSON, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.UniqueConstraint("school_id", "first", "characteristic"),
)
