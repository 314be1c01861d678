"""Versions of policies: published once, never changed; the newest effective one is in force."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from store.db import repository
from store.db.school_rows import school_rows
from store.db.unit_of_work import Store, UnitOfWork
from store.policies.document import load, parse, parse_to_publish
from store.policies.effective_day import WAITS, check_effective_day, first_day_in_force
from store.rules.access.permissions import Action, may
from store.rules.calendar import Calendar, institution_day
from store.rules.errors import InvalidInput
from store.rules.policies.policy import SchoolPolicy
from store.rules.policies.publication import Route, Told, is_recorded, waits_said
from store.rules.text.formatting import on_day
from store.tables import policies, publications, schools


@dataclass(frozen=True, slots=True)
class PublishedPolicy:
    """A version in force: its id, which flags store, its number, and the policy."""

    id: int
    school: int
    version: int
    policy: SchoolPolicy


def publish(
    store: Store,
    document: str,
    file_name: str,
    *,
    actor: str,
    told: Sequence[Told] = (),
    today: dt.date | None = None,
) -> int:
    """Check a policy document and make it its school's newest version; returns the number.

    Publishing exactly the newest version's text again makes no new version, but saves the evidence
    in ``told`` on how students were told. ``today`` is the day of publication, before which the
    version cannot begin; None for a program that sets up a school. Else the version waits, and the
    one before it stays in force, until enough routes are recorded (``record_told``).

    Raises:
        PolicyProblems: the document is not a valid policy; lists all problems.
        InvalidInput: the school is not known, or the version would begin too early.
    """
    policy = parse_to_publish(document, file_name)
    digest = hashlib.sha256(document.encode()).hexdigest()
    with store.unit_of_work() as work:
        known = work.connection.execute(
            sa.select(schools.c.id, schools.c.name).where(schools.c.code == policy.school)
        ).one_or_none()
        if known is None:
            raise InvalidInput(
                f"{file_name}: there is no school {policy.school}. Load the roster first: "
                "lantern ingest roster FOLDER."
            )
        school = known.id
        parse(document, file_name, known.name)
        _check_duty_contact(work.connection, school, policy, file_name)
        newest = work.connection.execute(
            sa.select(policies.c.id, policies.c.version, policies.c.document_hash)
            .where(policies.c.school_id == school)
            .order_by(policies.c.version.desc())
            .limit(1)
        ).one_or_none()
        if newest and newest.document_hash == digest:
            record_told(work, newest.id, told, actor=actor)
            return int(newest.version)
        if today is not None:
            check_effective_day(work.connection, policy, file_name, told, today)
        version = newest.version + 1 if newest else 1
        made = work.connection.execute(
            sa.insert(policies)
            .values(
                school_id=school,
                version=version,
                document=document,
                document_hash=digest,
                effective=(
                    policy.approval.effective if today is None or is_recorded(told) else WAITS
                ),
                published_at=work.now,
            )
            .returning(policies.c.id)
        ).scalar_one()
        work.record(actor, "publish-policy", f"school:{school}", version=version, sha256=digest)
        record_told(work, made, told, actor=actor)
    return version


def record_told(
    work: UnitOfWork, policy: int, told: Iterable[Told], *, actor: str, staff: int | None = None
) -> None:
    """Save where and when students were told of a version, in the order given (§22).

    A version that waited for this is in force once enough routes are recorded.
    """
    about = sa.select(policies.c.school_id, policies.c.version).where(policies.c.id == policy)
    school, version = work.connection.execute(about).one()
    for each in told:
        work.connection.execute(
            sa.insert(publications).values(
                policy_id=policy,
                route=each.route,
                place=each.place,
                on=each.on,
                by_staff_id=staff,
                at=work.now,
            )
        )
        work.record(
            actor, "record-publication", f"school:{school}", version=version, route=each.route
        )
    waiting = waiting_version(work.connection, school)
    if waiting is None or not is_recorded(told_of(work.connection, school, waiting.version)):
        return
    begins = first_day_in_force(work.connection, waiting.policy, institution_day(work.now))
    work.connection.execute(
        sa.update(policies).where(policies.c.id == waiting.id).values(effective=begins)
    )


def waiting_version(connection: sa.Connection, school: int) -> PublishedPolicy | None:
    """Return a school's newest version if it waits for the record of its publication (§22)."""
    newest = max(school_rows(connection, school).versions, key=_number, default=None)
    if newest is None or newest.effective != WAITS:
        return None
    return published_by_id(connection, newest.id)


def version_to_record(
    connection: sa.Connection, school: int, day: dt.date
) -> PublishedPolicy | None:
    """Return the version whose publication is recorded next: one that waits, else that in force."""
    return waiting_version(connection, school) or policy_in_force(connection, school, day)


def _number(row: Any) -> int:
    return int(row.version)


def told_of(connection: sa.Connection, school: int, version: int) -> list[Told]:
    """Return the recorded evidence of where and when students were told of a version."""
    rows = connection.execute(
        sa.select(publications)
        .join(policies, policies.c.id == publications.c.policy_id)
        .where(policies.c.school_id == school, policies.c.version == version)
        .order_by(publications.c.id)
    )
    return [Told(Route(row.route), row.place, row.on) for row in rows]


def _check_duty_contact(
    connection: sa.Connection, school: int, policy: SchoolPolicy, file_name: str
) -> None:
    """Check that the duty contact may read what students write, since they are asked to."""
    address = policy.urgent.duty_contact
    person = repository.colleague_with_address(connection, address) if address else None
    able = person is not None and may(repository.actor(connection, person), Action.REVEAL, school)
    if address and not able:
        raise InvalidInput(
            f'{file_name}: urgent.duty_contact is "{address}"; allowed is the address, as in the '
            "roster, of a colleague who may look after cases of this school."
        )


_DOCUMENT = (
    sa.select(policies.c.document).where(policies.c.document_hash == sa.bindparam("hash")).limit(1)
)


def policy_in_force(connection: sa.Connection, school: int, day: dt.date) -> PublishedPolicy | None:
    """Return the newest version of a school's policy that is effective on this day."""
    effective = [row for row in school_rows(connection, school).versions if row.effective <= day]
    if not effective:
        return None
    newest = effective[-1]
    policy = _policy(connection, newest.document_hash)
    if newest.effective > policy.approval.effective:  # it had waited
        begun = replace(policy.approval, effective=newest.effective)
        policy = replace(policy, approval=begun)
    return PublishedPolicy(newest.id, school, newest.version, policy)


def _policy(connection: sa.Connection, digest: str) -> SchoolPolicy:
    """Return what a published document says. Its text never changes, so each process reads it
    once."""
    if digest not in _READ:
        document = connection.execute(_DOCUMENT, {"hash": digest}).scalar_one()
        while len(_READ) >= _MOST_READ:
            del _READ[next(iter(_READ))]
        _READ[digest] = load(document, "the published policy")
    return _READ[digest]


_MOST_READ = 256
_READ: dict[str, SchoolPolicy] = {}
"""Digest → what the document says, the oldest first."""


def published_by_id(connection: sa.Connection, policy: int) -> PublishedPolicy:
    """Return the version with this id, whether or not it is still in force."""
    row = connection.execute(sa.select(policies).where(policies.c.id == policy)).one()
    return PublishedPolicy(
        row.id, row.school_id, row.version, _policy(connection, row.document_hash)
    )


def why_not_screened(connection: sa.Connection, school: int, day: dt.date) -> str:
    """Return a sentence if no policy of the school is in force, with what to do, else ''."""
    if policy_in_force(connection, school, day) is not None:
        return ""
    versions = school_rows(connection, school).versions
    coming = min((row.effective for row in versions), default=None)
    if coming is None:
        return (
            "No policy is in force, so Lantern screens no one here. Publish one: "
            "lantern policy publish FILE"
        )
    if coming == WAITS:
        said = waits_said(max(row.version for row in versions))
        return f"No policy is in force, so Lantern screens no one here: {said}."
    return f"The policy is in force from {on_day(coming)}. Until then, Lantern screens no one here."


def school_policy(connection: sa.Connection, school: int, day: dt.date) -> SchoolPolicy:
    """Return the policy in force, for a use case that requires one.

    Raises ``InvalidInput`` where the school has none.
    """
    found = policy_in_force(connection, school, day)
    if found is None:
        raise InvalidInput(
            "This school has no policy in force yet. Its engagement lead publishes one with "
            "lantern policy publish FILE."
        )
    return found.policy


def calendar_of(connection: sa.Connection, school: int, day: dt.date) -> Calendar:
    """Return the school's calendar; without a policy in force, one without terms or closures."""
    found = policy_in_force(connection, school, day)
    return found.policy.calendar if found else Calendar()
