"""Find all rows that depend on a student or a case, by following foreign keys.

A new table is therefore included without further code; messages to colleagues that name a row by
its id alone are in ``TOLD_OF``. Dependent rows are deleted; in a few tables behind a school's
figures a row stays, with everything about a person blanked.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.schema import sort_tables

from store.rules.model import (
    WITH_THE_STUDENT,
    CaseStatus,
    FlagEnd,
    FlagState,
    NoticeKind,
    OutreachStatus,
)
from store.tables import (
    CASE_IS_OPEN,
    FLAG_IS_ACTIVE,
    attempts,
    cases,
    data_requests,
    flags,
    interventions,
    metadata,
    notices,
    outreach,
    replies,
    sayings,
    students,
    views,
)

Reached = Mapping[sa.Table, sa.ColumnElement[bool]]
"""The dependent rows: a condition for each table."""

TOLD_OF: Mapping[sa.Table, frozenset[NoticeKind]] = {
    sayings: frozenset({NoticeKind.SAID, NoticeKind.READ_NOW}),
    data_requests: frozenset(
        {
            *(NoticeKind.DATA_REQUEST, NoticeKind.DATA_NOW),
            *(NoticeKind.DATA_MAIL, NoticeKind.DATA_DUE),
        }
    ),
}
"""The private messages to colleagues that may be of no case and name such a row by its id alone."""

_TABLES = sort_tables(
    metadata.sorted_tables, extra_dependencies=[(table, notices) for table in TOLD_OF]
)
"""Each after the tables that its rows depend on."""

_UNSENT = (OutreachStatus.DRAFT, OutreachStatus.APPROVED)


def _named(prefix: str, table: sa.Table) -> sa.ColumnElement[str]:
    return sa.literal(prefix) + sa.cast(table.c.id, sa.Text)


BLANKED: Mapping[sa.Table, Mapping[str, Any]] = {
    students: {
        "number": _named("erased-", students),
        "given_name": "",
        "family_name": "",
        "programme": "",
        "adviser_id": None,
        "university_email": "",
        "personal_email": "",
        "language": "en",
    },
    cases: {
        "reference": _named("ERASED-", cases),
        "status": sa.case((CASE_IS_OPEN, CaseStatus.CLOSED), else_=cases.c.status),
        "owner_id": None,
        "outcome_note": "",
        "rested_from": None,
        "paused_until": None,
        "pause_reason": "",
        "snoozed_until": None,
        "weeks": [],
        "version": cases.c.version + 1,
    },
    flags: {
        "key": _named("erased-", flags),
        "state": sa.case((FLAG_IS_ACTIVE, FlagState.CLEARED), else_=flags.c.state),
        "ended": FlagEnd.ERASED,
        "module": None,
        "missed_on": [],
        "reason_staff": "",
        "reason_student": "",
        "seen_on": None,
        "measured": {},
    },
    views: {"reason": ""},
    interventions: {"note": "", "readable_by": None, "happened_on": None, "reached": None},
    attempts: {"note": "", "seen_on": None},
    outreach: {
        "status": sa.case(
            (outreach.c.status.in_(_UNSENT), OutreachStatus.CANCELLED), else_=outreach.c.status
        ),
        "recipient": "",
        "subject": "",
        "body": "",
        "opened_hash": None,
        "body_hash": None,
        "returned": "",
        "footer": "",
        "not_sent": "",
        "drafted_on": None,
        "opened_on": None,
        "meeting": None,
        "conversation": None,
        "message_id": None,
        "version": outreach.c.version + 1,
    },
    replies: {"message_id": _named("erased-", replies), "body": ""},
    sayings: {
        "key": _named("erased-", sayings),
        "way": None,
        "words": "",
        "answer": "",
        # No one waits for an answer any more.
        "answered_at": sa.func.coalesce(sayings.c.answered_at, sayings.c.at),
    },
}
"""The values that blank the columns of a row that stays, by table."""

KEPT: Mapping[sa.Table, frozenset[str]] = {
    students: frozenset({"id", "level", "home_school_id", "erased_at"}),
    cases: frozenset(
        {
            "id",
            "student_id",
            "school_id",
            "opened_on",
            "opened_at",
            "changed_at",
            "closed_at",
            "outcome",
            "helped",
            "usefulness",
            "merged_into",
            "follows_id",
            "weeks_until",
            "erased_at",
        }
    ),
    flags: frozenset(
        {
            "id",
            "student_id",
            "school_id",
            "case_id",
            "hold_id",
            "policy_id",
            "worded_policy_id",
            "rule",
            "family",
            "raised_on",
            "last_found_on",
            "source",
            "fresh",
            "raised_at",
            "corrected_at",
            "cleared_on",
            "ended_on",
        }
    ),
    views: frozenset({"id", "case_id", "author_id", "opinion", "at"}),
    interventions: frozenset({"id", "case_id", "author_id", "kind", "at"}),
    attempts: frozenset({"id", "case_id", "author_id", "rung", "result", "at", "outreach_id"}),
    outreach: frozenset(
        {
            "id",
            "case_id",
            "rung",
            "drafter_id",
            "writers",
            "sender",
            "opened_by",
            "approver_id",
            "approved_at",
            "purpose",
            "language",
            "prepared",
            "drafted_at",
            "sent_at",
            "returned_by",
            "letter",
            "own_words",
            "policy_id",
        }
    ),
    replies: frozenset({"id", "case_id", "outreach_id", "kind", "doubt", "received_at"}),
    sayings: frozenset(
        {"id", "student_id", "school_id", "case_id", "outreach_id", "kind", "at", "answered_by"}
    ),
}
"""The other columns of these tables, each checked to say nothing about a person: when, which rule,
how it ended. A new column belongs in one of the two lists; a test requires it.
"""


def reach(connection: sa.Connection, root: sa.Table, ids: Collection[int]) -> Reached:
    """Return the rows of ``root`` with these ids, and all rows that depend on them."""
    found: dict[sa.Table, list[int]] = {root: sorted(ids)}
    where: dict[sa.Table, sa.ColumnElement[bool]] = {root: root.c.id.in_(found[root])}
    for table in _TABLES:
        pointing: list[sa.ColumnElement[bool]] = [
            key.parent.in_(found[key.column.table])
            for key in table.foreign_keys
            if key.column.table in found and key.column.table is not table
        ]
        if table is notices:
            pointing += [
                notices.c.kind.in_(sorted(kinds)) & notices.c.about.in_(found[of])
                for of, kinds in TOLD_OF.items()
                if of in found
            ]
        if table is root or not pointing:
            continue
        where[table] = sa.or_(*pointing)
        if "id" in table.c:
            query = sa.select(table.c.id).where(where[table])
            found[table] = list(connection.execute(query).scalars())
            where[table] = table.c.id.in_(found[table])
    return where


def count(connection: sa.Connection, reached: Reached) -> dict[str, int]:
    """Count the dependent rows of each table; tables without any are left out."""
    counted = {}
    for table, where in reached.items():
        query = sa.select(sa.func.count()).select_from(table).where(where)
        if number := int(connection.execute(query).scalar_one()):
            counted[table.name] = number
    return counted


def wipe(connection: sa.Connection, reached: Reached, now: Any) -> None:
    """Delete dependent rows, or blank those that a school's figures need."""
    for table in reversed(_TABLES):
        if table not in reached:
            continue
        where = reached[table]
        if table in (flags, sayings):
            # Rows without a case are in no figure.
            connection.execute(sa.delete(table).where(where, table.c.case_id.is_(None)))
        if table is interventions:
            other = table.c.kind.not_in(sorted(WITH_THE_STUDENT))
            connection.execute(sa.delete(table).where(where, other))
        if table in BLANKED:
            blank = dict(BLANKED[table])
            if "erased_at" in table.c:
                blank["erased_at"] = now
            connection.execute(sa.update(table).where(where).values(blank))
        else:
            connection.execute(sa.delete(table).where(where))
