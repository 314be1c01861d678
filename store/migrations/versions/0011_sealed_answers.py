"""Students' answers, and what complaints froze of them, are sealed where they lie open."""

import sqlalchemy as sa
from alembic import context, op

from store.db.batches import chunks
from store.encryption import Encryption

revision = "0011"
down_revision = "0010"

_replies = sa.table("replies", sa.column("id"), sa.column("body", sa.Text))
_complaints = sa.table("complaints", sa.column("id"), sa.column("evidence", sa.Text))
_checks = sa.table("seal_checks", sa.column("sealed", sa.Text))


def upgrade() -> None:
    """Seal each text that was written before there was a seal; none is read by this step twice."""
    seal: Encryption = context.config.attributes["seal"]
    connection = op.get_bind()
    for known in connection.execute(sa.select(_checks.c.sealed)).scalars():
        # Sealed with another key than the rest, the texts would be lost: rather stop here.
        seal.open(known)
    for table, column in ((_replies, "body"), (_complaints, "evidence")):
        ids = list(connection.execute(sa.select(table.c.id).order_by(table.c.id)).scalars())
        for part in chunks(ids):
            rows = connection.execute(
                sa.select(table.c.id, table.c[column]).where(table.c.id.in_(part))
            ).all()
            connection.execute(
                sa.update(table)
                .where(table.c.id == sa.bindparam("row"))
                .values({column: sa.bindparam("sealed")}),
                [{"row": row.id, "sealed": seal.close(row[1])} for row in rows],
            )
