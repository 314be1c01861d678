"""How a draft was put, from Lantern's suggestion on, for whoever reads it last."""

from __future__ import annotations

import sqlalchemy as sa

from store.db.unit_of_work import UnitOfWork
from store.tables import wordings


def keep_wording(
    work: UnitOfWork, outreach: int, author: int | None, subject: str, body: str
) -> None:
    """Note how the draft is put now, and who put it so: None for Lantern."""
    work.connection.execute(
        sa.insert(wordings).values(
            outreach_id=outreach, author_id=author, subject=subject, body=body, at=work.now
        )
    )
