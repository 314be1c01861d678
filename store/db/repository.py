"""Map rows to records and records to rows; the only module that knows both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from store.db.case_rows import case_row, complaints_on
from store.db.read_once import Of, read_each
from store.db.student_keys import open_notes
from store.db.unit_of_work import UnitOfWork
from store.rules.cases.case import Actor, Case, Outreach
from store.rules.errors import InvalidInput, OvertakenError
from store.rules.letters.approval_basis import unpacked
from store.rules.letters.letter import Language
from store.rules.letters.meeting import meeting_of
from store.rules.model import CaseStatus, Outcome, OutreachStatus, Purpose, Role, Rung
from store.tables import cases, outreach, staff, staff_roles

# The statements of every click are built once: building one takes longer than running it.
PEOPLE = (
    sa.select(staff.c.id, staff.c.name, staff.c.active, staff_roles.c.school_id)
    .add_columns(staff_roles.c.role)
    .outerjoin(staff_roles, staff_roles.c.staff_id == staff.c.id)
    .order_by(staff.c.name, staff.c.id)
)
"""Members of staff with their roles, for ``read_people``, which a condition is added to."""
_LISTED = PEOPLE.where(staff.c.id.in_(sa.bindparam("people", expanding=True)))
_LOCK_CASE = (
    sa.select(cases.c.id).where(cases.c.id == sa.bindparam("case")).with_for_update(key_share=True)
)
DRAFTS = sa.select(outreach).where(
    outreach.c.case_id.in_(sa.bindparam("these", expanding=True)),
    outreach.c.status == OutreachStatus.DRAFT,
)


def actor(connection: sa.Connection, staff_id: int) -> Actor:
    """Return a member of staff with the roles they have at this moment.

    Raises ``InvalidInput`` where that person is not enrolled.
    """
    found = person(connection, staff_id)
    if found is None:
        raise InvalidInput("That person is not enrolled in Lantern.")
    return found


@read_each(Of.PERSON)
def person(connection: sa.Connection, these: Collection[int]) -> Mapping[int, Actor | None]:
    """Return a member of staff with their roles; None where they are not enrolled."""
    found = read_people(connection, _LISTED, {"people": list(these)})
    return {each: found.get(each) for each in these}


def actors(connection: sa.Connection, staff_ids: Sequence[int]) -> list[Actor]:
    """Return several members of staff in this order. Those not enrolled are left out."""
    if not staff_ids:
        return []
    found = read_people(connection, _LISTED, {"people": list(staff_ids)})
    return [found[each] for each in staff_ids if each in found]


def read_people(
    connection: sa.Connection, asked: sa.Select[Any], values: Mapping[str, Any] | None = None
) -> dict[int, Actor]:
    """Return the members of staff that a statement built on ``PEOPLE`` selects, by id.

    Sorted by name.
    """
    return people_of(connection.execute(asked, values).all())


def people_of(rows: Sequence[Any]) -> dict[int, Actor]:
    """Return the members of staff in these rows of ``PEOPLE``, by id, sorted by name."""
    people = {row.id: (row.name, row.active) for row in rows}
    roles: defaultdict[int, defaultdict[int, set[Role]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        if row.role is not None:
            roles[row.id][row.school_id].add(Role(row.role))
    return {
        each: Actor(
            id=each,
            name=name,
            active=active,
            roles={school: frozenset(some) for school, some in roles[each].items()},
        )
        for each, (name, active) in people.items()
    }


def case(connection: sa.Connection, case_id: int, *, lock: bool = False) -> Case:
    """Return one case as it stands.

    With ``lock`` no one else can change the case or its dependent rows until this transaction ends.
    A transaction that changes a case locks the case first, so that two people acting at once take
    turns and cannot deadlock.

    Raises ``InvalidInput`` where there is no such case.
    """
    if lock:
        connection.execute(_LOCK_CASE, {"case": case_id}).all()
    row = case_row(connection, case_id)
    if row is None:
        raise InvalidInput("That case does not exist.")
    return case_from_row(row, *open_complaints(connection, case_id))


def open_complaints(connection: sa.Connection, case_id: int) -> tuple[bool, frozenset[int], str]:
    """Look up the open complaints about the case, or about an earlier one of its student.

    Returns whether there are any, the colleagues they are about, and the reference of the earlier
    case if the complaints are only about that.
    """
    found = complaints_on(connection, case_id)
    about = frozenset(row.about_id for row in found if row.about_id is not None)
    is_elsewhere = bool(found) and all(row.complained_of != case_id for row in found)
    return bool(found), about, found[-1].complained_reference if is_elsewhere else ""


def case_from_row(
    row: Any,
    complaint: bool = False,
    barred: frozenset[int] = frozenset(),
    complaint_on: str = "",
) -> Case:
    """Return a row of ``cases`` as a record, with the facts about its open complaints."""
    return Case(
        id=row.id,
        reference=row.reference,
        student=row.student_id,
        school=row.school_id,
        status=CaseStatus(row.status),
        owner=row.owner_id,
        version=row.version,
        opened_on=row.opened_on,
        outcome=Outcome(row.outcome) if row.outcome else None,
        rested_from=CaseStatus(row.rested_from) if row.rested_from else None,
        paused_until=row.paused_until,
        pause_reason=row.pause_reason,
        snoozed_until=row.snoozed_until,
        merged_into=row.merged_into,
        complaint=complaint,
        barred=barred,
        complaint_on=complaint_on,
    )


def save_case(work: UnitOfWork, before: Case, **changes: Any) -> None:
    """Write changes to a case, if no one else has written since ``before`` was read.

    Raises ``OvertakenError`` where a colleague has.
    """
    done = work.connection.execute(
        sa.update(cases)
        .where(cases.c.id == before.id, cases.c.version == before.version)
        .values(version=before.version + 1, changed_at=work.now, **changes)
    )
    if done.rowcount != 1:
        raise OvertakenError(
            f"A colleague changed {before.reference} at the same moment. "
            "Nothing of yours was saved; look at the card and try again."
        )


def outreach_by_id(connection: sa.Connection, outreach_id: int) -> Outreach:
    """Read one outreach as it stands, without a lock.

    Raises ``InvalidInput`` where there is none.
    """
    row = connection.execute(sa.select(outreach).where(outreach.c.id == outreach_id)).one_or_none()
    if row is None:
        raise InvalidInput("That email does not exist.")
    return outreach_of(connection, row)


@read_each(Of.CASE)
def current_draft(
    connection: sa.Connection, these: Collection[int]
) -> Mapping[int, Outreach | None]:
    """Return the draft that the case has at the moment, if there is one."""
    rows = connection.execute(DRAFTS, {"these": list(these)})
    found = {row.case_id: outreach_of(connection, row) for row in rows}
    return {each: found.get(each) for each in these}


def outreach_of(connection: sa.Connection, row: Any) -> Outreach:
    """Turn a row of the table ``outreach`` into an ``Outreach``, with its words opened."""
    subject, body, footer = open_notes(connection, [row.subject, row.body, row.footer])
    return Outreach(
        id=row.id,
        case=row.case_id,
        rung=Rung(row.rung),
        status=OutreachStatus(row.status),
        drafter=row.drafter_id,
        sender=row.sender,
        recipient=row.recipient,
        subject=subject,
        body=body,
        version=row.version,
        opened_by=row.opened_by,
        opened_hash=row.opened_hash,
        writers=frozenset(row.writers),
        approver=row.approver_id,
        purpose=Purpose(row.purpose),
        body_hash=row.body_hash,
        returned=row.returned,
        language=Language(row.language),
        prepared=row.prepared,
        drafted_on=unpacked(row.drafted_on),
        opened_on=unpacked(row.opened_on),
        meeting=meeting_of(row.meeting),
        footer=footer,
    )


def save_outreach(work: UnitOfWork, before: Outreach, **changes: Any) -> Outreach:
    """Write changes to an outreach, if no one else has written since ``before`` was read. Its words
    come sealed.

    Raises ``OvertakenError`` where a colleague has.
    """
    row = work.connection.execute(
        sa.update(outreach)
        .where(outreach.c.id == before.id, outreach.c.version == before.version)
        .values(version=before.version + 1, **changes)
        .returning(outreach)
    ).one_or_none()
    if row is None:
        raise OvertakenError("A colleague changed this email at the same moment. Open it again.")
    return outreach_of(work.connection, row)


def colleague_with_address(connection: sa.Connection, address: str) -> int | None:
    """Return the active member of staff with this address on the roster, or None."""
    found: int | None = connection.execute(
        sa.select(staff.c.id).where(
            sa.func.lower(staff.c.email) == address.strip().lower(), staff.c.active
        )
    ).scalar_one_or_none()
    return found


def has_inactive_colleague(connection: sa.Connection, address: str) -> bool:
    """Return whether a colleague who is not active has this address on the roster."""
    query = sa.select(staff.c.id).where(
        sa.func.lower(staff.c.email) == address.strip().lower(), staff.c.active.is_(False)
    )
    return connection.execute(query).first() is not None
