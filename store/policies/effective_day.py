"""Check the day from which a new version of a policy is in force (§21, §22).

A version applies to the days after it was published and students were told of it. It may begin
earlier only while Lantern has not screened the school yet: no flags were raised on those days, and
no version decided anything.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable

import sqlalchemy as sa

from store.rules.errors import InvalidInput
from store.rules.policies.policy import SchoolPolicy
from store.rules.policies.publication import Told, begins_too_early
from store.tables import flags, policies, schools, screenings

WAITS = dt.date.max
"""``policies.effective`` of a version that waits for the record of its publication (§22)."""


def first_day_in_force(connection: sa.Connection, policy: SchoolPolicy, today: dt.date) -> dt.date:
    """Return from which day a version that waited is in force, if it waits no longer today."""
    begins = policy.approval.effective
    return begins if _may_begin_earlier(connection, policy.school) else max(begins, today)


def check_effective_day(
    connection: sa.Connection,
    policy: SchoolPolicy,
    file_name: str,
    told: Iterable[Told],
    today: dt.date,
) -> None:
    """Check that a document may be published today with its ``approval.effective``.

    Raises:
        InvalidInput: it would be in force before it is published, or before students are told.
    """
    problem = begins_too_early(policy, told, today)
    if problem is not None and not _may_begin_earlier(connection, policy.school):
        raise InvalidInput(f"{file_name}: {problem}.")


def too_early(
    connection: sa.Connection, document: str, policy: SchoolPolicy, today: dt.date
) -> str | None:
    """Return why a document could not be published today; None where its day is right.

    None, too, if a version with exactly this text exists already.
    """
    digest = hashlib.sha256(document.encode()).hexdigest()
    known = sa.select(policies.c.id).where(policies.c.document_hash == digest)
    problem = begins_too_early(policy, (), today)
    if problem is None or connection.execute(known.limit(1)).first() is not None:
        return None
    return None if _may_begin_earlier(connection, policy.school) else problem


def never_in_force(
    connection: sa.Connection, policy: SchoolPolicy, today: dt.date, version: int | None = None
) -> list[str]:
    """Return a sentence for each version that was to begin after today, and now never does.

    The newest version in force counts, so a document that begins on the same day or earlier takes
    the place of what students were told. ``version`` None: the document is not published yet.
    """
    school = sa.select(schools.c.id).where(schools.c.code == policy.school).scalar_subquery()
    begins = policy.approval.effective
    query = sa.select(policies.c.version, policies.c.effective).where(
        policies.c.school_id == school,
        policies.c.effective > today,
        policies.c.effective >= begins,
        policies.c.effective != WAITS,
    )
    if version is not None:
        query = query.where(policies.c.version < version)
    return [
        f"version {row.version}, which was to begin on {row.effective}, will never be in force: "
        f"this document takes its place from {begins}. Tell students, or publish it with a later "
        "day"
        for row in connection.execute(query.order_by(policies.c.version))
    ]


def _may_begin_earlier(connection: sa.Connection, code: str) -> bool:
    """Return whether the school was never screened, so that no version has decided anything."""
    school = sa.select(schools.c.id).where(schools.c.code == code).scalar_subquery()
    decided = (
        sa.select(screenings.c.school_id).where(screenings.c.school_id == school),
        sa.select(flags.c.id)
        .join(policies, policies.c.id == flags.c.policy_id)
        .where(policies.c.school_id == school),
    )
    return all(connection.execute(each.limit(1)).first() is None for each in decided)
