"""Students ask for a copy of their data or complain; words that may do serious harm are marked."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"

_INSTANT = sa.DateTime(timezone=True)
_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the tables."""
    _make(
        "data_requests",
        sa.Column("student_id", _KEY, nullable=False),
        sa.Column("school_id", _KEY, nullable=False),
        *_texts("key", "kind", "words"),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("recorded_by", _KEY),
        sa.Column("acknowledged_by", _KEY),
        sa.Column("acknowledged_at", _INSTANT),
        sa.Column("extra_months", sa.Integer(), nullable=False),
        sa.Column("extended_by", _KEY),
        sa.Column("extended_at", _INSTANT),
        *_texts("extended_why"),
        sa.Column("answered_by", _KEY),
        sa.Column("answered_at", _INSTANT),
        *_texts("answer"),
        sa.UniqueConstraint("key", name=op.f("uq_data_requests_key")),
        to={
            "student_id": "students",
            "school_id": "schools",
            **dict.fromkeys(
                ("recorded_by", "acknowledged_by", "extended_by", "answered_by"), "staff"
            ),
        },
        indexes=("student_id", "school_id", "answered_at"),
    )
    _make(
        "data_questions",
        sa.Column("request_id", _KEY, nullable=False),
        *_texts("asks", "words"),
        sa.Column("by_staff_id", _KEY, nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("answered_at", _INSTANT),
        *_texts("answer"),
        sa.Column("answered_by", _KEY),
        to={"request_id": "data_requests", "by_staff_id": "staff", "answered_by": "staff"},
        indexes=("request_id",),
    )
    _make(
        "data_letters",
        sa.Column("request_id", _KEY, nullable=False),
        *_texts("step", "language", "sender", "recipient", "subject", "body"),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("sent_at", _INSTANT),
        *_texts("not_sent"),
        to={"request_id": "data_requests"},
        indexes=("request_id",),
    )
    _make(
        "harm_marks",
        sa.Column("student_id", _KEY, nullable=False),
        sa.Column("case_id", _KEY),
        *_texts("place"),
        sa.Column("row", sa.BigInteger(), nullable=False),
        *_texts("why"),
        sa.Column("by_staff_id", _KEY, nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("gives", sa.Boolean()),
        *_texts("decision"),
        sa.Column("decided_by", _KEY),
        sa.Column("decided_at", _INSTANT),
        sa.UniqueConstraint("place", "row", name=op.f("uq_harm_marks_place_row")),
        to={
            "student_id": "students",
            "case_id": "cases",
            "by_staff_id": "staff",
            "decided_by": "staff",
        },
        indexes=("student_id", "case_id"),
    )


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _make(
    table: str, *columns: sa.schema.SchemaItem, to: dict[str, str], indexes: tuple[str, ...]
) -> None:
    keys = [
        sa.ForeignKeyConstraint([name], [f"{other}.id"], name=op.f(f"fk_{table}_{name}"))
        for name, other in to.items()
    ]
    primary = sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))
    op.create_table(table, sa.Column("id", _KEY, nullable=False), *columns, *keys, primary)
    for name in indexes:
        op.create_index(op.f(f"ix_{table}_{name}"), table, [name])
