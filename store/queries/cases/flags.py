"""Read the flags of a case for its card, each fact once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from store.db.read_once import Of, read_each
from store.queries.cases.flag_ends import end_words, flag_end, over_on
from store.queries.cases.record_rows import record_rows
from store.queries.cases.records import FlagView
from store.queries.flag_facts import facts_once
from store.queries.module_titles import names_of, titled
from store.rules.flag_rules.source_dates import stored_dates
from store.rules.model import END_NOT_RECORDED, FlagState, MarkerFamily
from store.tables import cases, flags


def flags_of(connection: sa.Connection, case_id: int) -> tuple[FlagView, ...]:
    """Return what the flags of a case state, each fact once, oldest first."""
    rows = _each_fact_once(flag_rows(connection, case_id))
    later = _continued(connection, case_id, [r for r in rows if r.state == FlagState.CARRIED])
    titles = names_of({row.module: row.title or "" for row in rows if row.module})
    reasons = [titled(row.reason_staff, row.module, titles) for row in rows]
    return tuple(
        FlagView(
            family=MarkerFamily(row.family),
            reason=reason,
            source=row.source,
            fresh=row.fresh,
            raised_on=row.raised_on,
            state=FlagState(row.state),
            policy_version=row.version,
            policy_of=row.policy_of,
            worded_by=row.worded_by if row.worded_by != row.version else None,
            known_to={source: day for (_, source), day in stored_dates(row.measured).items()},
            is_overall=row.module is None
            and len({family for family, _ in stored_dates(row.measured)}) > 1,
            end=flag_end(row.ended, FlagState(row.state)),
            end_said=end_words(connection, row),
            ended_on=over_on(row) or later.get(row.id, _NOWHERE)[2],
            later=later.get(row.id, _NOWHERE)[0],
            is_over=later.get(row.id, _NOWHERE)[1],
        )
        for row, reason in zip(rows, reasons, strict=True)
    )


_Later = tuple[str, bool, dt.date | None]
"""Of a carried flag: where it is now or how it ended, whether it has ended, and when."""
_NOWHERE: _Later = ("", False, None)


_THESE: sa.BindParameter[int] = sa.bindparam("these", expanding=True)


def flag_rows(connection: sa.Connection, case_id: int) -> tuple[Any, ...]:
    """Return the rows of a case's flags, oldest first, with the policy's versions, the title of the
    module, and whether every reason for the case has ended."""
    return record_rows(connection, case_id).flags


_carried = flags.alias("carried")
_GONE_ON = (
    sa.select(_carried.c.case_id.label("asked"), flags, cases.c.reference)
    .select_from(_carried)
    .join(
        flags,
        (flags.c.student_id == _carried.c.student_id)
        & (flags.c.school_id == _carried.c.school_id)
        & (flags.c.key == _carried.c.key),
    )
    .outerjoin(cases, cases.c.id == flags.c.case_id)
    .where(_carried.c.case_id.in_(_THESE), _carried.c.state == FlagState.CARRIED)
    .order_by(flags.c.id)
)


@read_each(Of.CASE)
def _gone_on(
    connection: sa.Connection, these: Collection[int]
) -> Mapping[int, Mapping[tuple[int, str], Any]]:
    """Map each flag that a case carried on, as (school, key), to the newest of its like."""
    found: dict[int, dict[tuple[int, str], Any]] = {each: {} for each in these}
    for row in connection.execute(_GONE_ON, {"these": list(these)}):
        found[row.asked][row.school_id, row.key] = row
    return found


def _continued(
    connection: sa.Connection, case_id: int, carried: Sequence[Any]
) -> dict[int, _Later]:
    """Map each carried flag to its continuation."""
    newest = _gone_on(connection, case_id) if carried else {}
    found: dict[int, _Later] = {}
    for row in carried:
        now = newest[row.school_id, row.key]
        if FlagState(now.state) is FlagState.ACTIVE:
            found[row.id] = (now.reference or "", False, None)
        else:
            found[row.id] = (end_words(connection, now) or END_NOT_RECORDED, True, over_on(now))
    return found


def _each_fact_once(found: Sequence[Any]) -> list[Any]:
    """Keep one flag for each active fact, and one for each other fact that has ended."""
    active = facts_once(row for row in found if row.state == FlagState.ACTIVE)
    said = {row.reason_staff for row in active}
    over = [row for row in found if row.state != FlagState.ACTIVE]
    past = facts_once(row for row in over if row.reason_staff not in said)
    kept = {row.id for row in (*active, *past)}
    return [row for row in found if row.id in kept]
