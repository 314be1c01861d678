"""Casework: views asked for, ladder, referrals, alerts, complaints, exemptions, cover, notices."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_INSTANT = sa.DateTime(timezone=True)
_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_OPEN = sa.text("status NOT IN ('closed', 'merged')")


def upgrade() -> None:
    """Add the tables and columns, and let a merged case count as ended."""
    op.create_table(
        "covers",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("school_id", _KEY, nullable=False),
        sa.Column("absent_id", _KEY, nullable=False),
        sa.Column("cover_id", _KEY, nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("by_staff_id", _KEY, nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("ended_at", _INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["absent_id"], ["staff.id"], name=op.f("fk_covers_absent_id")),
        sa.ForeignKeyConstraint(["by_staff_id"], ["staff.id"], name=op.f("fk_covers_by_staff_id")),
        sa.ForeignKeyConstraint(["cover_id"], ["staff.id"], name=op.f("fk_covers_cover_id")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_covers_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_covers")),
    )
    op.create_index(op.f("ix_covers_absent_id"), "covers", ["absent_id"], unique=False)
    op.create_index(op.f("ix_covers_cover_id"), "covers", ["cover_id"], unique=False)
    op.create_index(op.f("ix_covers_school_id"), "covers", ["school_id"], unique=False)
    op.create_table(
        "exemptions",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("student_id", _KEY, nullable=False),
        sa.Column("school_id", _KEY, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_staff_id", _KEY, nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("ended_at", _INSTANT, nullable=True),
        sa.Column("group_key", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_staff_id"], ["staff.id"], name=op.f("fk_exemptions_by_staff_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("fk_exemptions_school_id")
        ),
        sa.ForeignKeyConstraint(
            ["student_id"], ["students.id"], name=op.f("fk_exemptions_student_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exemptions")),
    )
    op.create_index(op.f("ix_exemptions_school_id"), "exemptions", ["school_id"], unique=False)
    op.create_index(op.f("ix_exemptions_student_id"), "exemptions", ["student_id"], unique=False)
    op.create_table(
        "alerts",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("case_id", _KEY, nullable=False),
        sa.Column("from_school_id", _KEY, nullable=False),
        sa.Column("to_school_id", _KEY, nullable=False),
        sa.Column("alerted_by", _KEY, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("acknowledged_by", _KEY, nullable=True),
        sa.Column("acknowledged_at", _INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["acknowledged_by"], ["staff.id"], name=op.f("fk_alerts_acknowledged_by")
        ),
        sa.ForeignKeyConstraint(["alerted_by"], ["staff.id"], name=op.f("fk_alerts_alerted_by")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_alerts_case_id")),
        sa.ForeignKeyConstraint(
            ["from_school_id"], ["schools.id"], name=op.f("fk_alerts_from_school_id")
        ),
        sa.ForeignKeyConstraint(
            ["to_school_id"], ["schools.id"], name=op.f("fk_alerts_to_school_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    op.create_index(op.f("ix_alerts_case_id"), "alerts", ["case_id"], unique=False)
    op.create_index(op.f("ix_alerts_to_school_id"), "alerts", ["to_school_id"], unique=False)
    op.create_table(
        "asks",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("case_id", _KEY, nullable=False),
        sa.Column("asker_id", _KEY, nullable=False),
        sa.Column("asked_id", _KEY, nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("answered_at", _INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["asked_id"], ["staff.id"], name=op.f("fk_asks_asked_id")),
        sa.ForeignKeyConstraint(["asker_id"], ["staff.id"], name=op.f("fk_asks_asker_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_asks_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asks")),
    )
    op.create_index(op.f("ix_asks_asked_id"), "asks", ["asked_id"], unique=False)
    op.create_index(op.f("ix_asks_case_id"), "asks", ["case_id"], unique=False)
    op.create_table(
        "complaints",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("case_id", _KEY, nullable=False),
        sa.Column("recorded_by", _KEY, nullable=False),
        sa.Column("about_id", _KEY, nullable=True),
        sa.Column("handler_id", _KEY, nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("informal_by", sa.Date(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("evidence_hash", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("resolved_by", _KEY, nullable=True),
        sa.Column("resolution", sa.Text(), nullable=False),
        sa.Column("resolved_at", _INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["about_id"], ["staff.id"], name=op.f("fk_complaints_about_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_complaints_case_id")),
        sa.ForeignKeyConstraint(
            ["handler_id"], ["staff.id"], name=op.f("fk_complaints_handler_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["staff.id"], name=op.f("fk_complaints_recorded_by")
        ),
        sa.ForeignKeyConstraint(
            ["resolved_by"], ["staff.id"], name=op.f("fk_complaints_resolved_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaints")),
    )
    op.create_index(op.f("ix_complaints_case_id"), "complaints", ["case_id"], unique=False)
    op.create_table(
        "emergencies",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("case_id", _KEY, nullable=False),
        sa.Column("used_by", _KEY, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("reviewed_by", _KEY, nullable=True),
        sa.Column("review", sa.Text(), nullable=False),
        sa.Column("reviewed_at", _INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_emergencies_case_id")),
        sa.ForeignKeyConstraint(
            ["reviewed_by"], ["staff.id"], name=op.f("fk_emergencies_reviewed_by")
        ),
        sa.ForeignKeyConstraint(["used_by"], ["staff.id"], name=op.f("fk_emergencies_used_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergencies")),
    )
    op.create_index(op.f("ix_emergencies_case_id"), "emergencies", ["case_id"], unique=False)
    op.create_table(
        "fitness",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("case_id", _KEY, nullable=False),
        sa.Column("decided_by", _KEY, nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_fitness_case_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_fitness_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fitness")),
    )
    op.create_index(op.f("ix_fitness_case_id"), "fitness", ["case_id"], unique=False)
    op.create_table(
        "stops",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("school_id", _KEY, nullable=True),
        sa.Column("stopped_by", _KEY, nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("ended_at", _INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_stops_school_id")),
        sa.ForeignKeyConstraint(["stopped_by"], ["staff.id"], name=op.f("fk_stops_stopped_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stops")),
    )
    op.create_index(op.f("ix_stops_school_id"), "stops", ["school_id"], unique=False)
    op.create_table(
        "notices",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("staff_id", _KEY, nullable=False),
        sa.Column("school_id", _KEY, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("case_id", _KEY, nullable=True),
        sa.Column("about", sa.BigInteger(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_notices_case_id")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_notices_school_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_notices_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    op.create_index(op.f("ix_notices_case_id"), "notices", ["case_id"], unique=False)
    op.create_index(op.f("ix_notices_staff_id"), "notices", ["staff_id"], unique=False)
    op.create_table(
        "referrals",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("case_id", _KEY, nullable=False),
        sa.Column("author_id", _KEY, nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("service_name", sa.Text(), nullable=False),
        sa.Column("consented", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["staff.id"], name=op.f("fk_referrals_author_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_referrals_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referrals")),
    )
    op.create_index(op.f("ix_referrals_author_id"), "referrals", ["author_id"], unique=False)
    op.create_index(op.f("ix_referrals_case_id"), "referrals", ["case_id"], unique=False)
    op.create_table(
        "reveals",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("case_id", _KEY, nullable=False),
        sa.Column("staff_id", _KEY, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_reveals_case_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_reveals_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reveals")),
    )
    op.create_index(op.f("ix_reveals_case_id"), "reveals", ["case_id"], unique=False)
    op.create_table(
        "remarks",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("case_id", _KEY, nullable=False),
        sa.Column("author_id", _KEY, nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["staff.id"], name=op.f("fk_remarks_author_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_remarks_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remarks")),
        sa.UniqueConstraint("message", name=op.f("uq_remarks_message")),
    )
    op.create_index(op.f("ix_remarks_author_id"), "remarks", ["author_id"], unique=False)
    op.create_index(op.f("ix_remarks_case_id"), "remarks", ["case_id"], unique=False)
    op.create_table(
        "attempts",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("case_id", _KEY, nullable=False),
        sa.Column("author_id", _KEY, nullable=False),
        sa.Column("rung", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("outreach_id", _KEY, nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["staff.id"], name=op.f("fk_attempts_author_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_attempts_case_id")),
        sa.ForeignKeyConstraint(
            ["outreach_id"], ["outreach.id"], name=op.f("fk_attempts_outreach_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
    )
    op.create_index(op.f("ix_attempts_author_id"), "attempts", ["author_id"], unique=False)
    op.create_index(op.f("ix_attempts_case_id"), "attempts", ["case_id"], unique=False)
    op.add_column("cases", sa.Column("helped", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("cases", sa.Column("usefulness", sa.Text(), nullable=True))
    op.add_column("cases", sa.Column("rested_from", sa.Text(), nullable=True))
    op.add_column("cases", sa.Column("paused_until", sa.Date(), nullable=True))
    op.add_column("cases", sa.Column("pause_reason", sa.Text(), server_default="", nullable=False))
    op.add_column("cases", sa.Column("snoozed_until", sa.Date(), nullable=True))
    op.add_column(
        "cases",
        sa.Column(
            "merged_into",
            _KEY,
            sa.ForeignKey("cases.id", name=op.f("fk_cases_merged_into")),
            nullable=True,
        ),
        inline_references=True,
    )
    op.add_column("interventions", sa.Column("readable_by", sa.JSON(), nullable=True))
    op.add_column(
        "outbox",
        sa.Column(
            "notice_id",
            _KEY,
            sa.ForeignKey("notices.id", name=op.f("fk_outbox_notice_id")),
            nullable=True,
        ),
        inline_references=True,
    )
    op.add_column(
        "outreach", sa.Column("purpose", sa.Text(), server_default="engagement", nullable=False)
    )
    op.add_column("outreach", sa.Column("returned", sa.Text(), server_default="", nullable=False))
    op.add_column(
        "outreach",
        sa.Column(
            "returned_by",
            _KEY,
            sa.ForeignKey("staff.id", name=op.f("fk_outreach_returned_by")),
            nullable=True,
        ),
        inline_references=True,
    )
    op.drop_index("uq_cases_one_open", "cases")
    op.create_index(
        "uq_cases_one_open",
        "cases",
        ["student_id"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
