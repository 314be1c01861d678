"""Find which students a colleague is kept from by an open complaint about them (§27)."""

from __future__ import annotations

import sqlalchemy as sa

from store.tables import cases, complaints


def complaining_about(reader: sa.ColumnElement[int] | int) -> sa.Select[tuple[int]]:
    """Select the students with an open complaint about this member of staff, on any case."""
    concerned = cases.alias("concerned")
    return (
        sa.select(concerned.c.student_id)
        .join(complaints, complaints.c.case_id == concerned.c.id)
        .where(complaints.c.about_id == reader, complaints.c.resolved_at.is_(None))
    )
