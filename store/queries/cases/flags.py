"""Read the flags of a case for its card, each fact once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from store.queries.cases.case_statements import FLAGS
from store.queries.cases.flag_ends import end_of, end_words, over_on
from store.queries.cases.records import FlagView
from store.queries.flag_facts import facts_once
from store.queries.module_titles import by_title
from store.rules.flag_rules.source_dates import stored_dates
from store.rules.model import END_NOT_RECORDED, FlagState, MarkerFamily
from store.tables import cases, flags


def flags_of(connection: sa.Connection, case_id: int) -> tuple[FlagView, ...]:
    """Return the flags of a case, one for each fact, oldest first."""
    found = connection.execute(FLAGS, {"case": case_id}).all()
    rows = _each_fact_once(found)
    later = _continued(connection, [row for row in rows if row.state == FlagState.CARRIED])
    reasons = by_title(connection, [(row.module, row.reason_staff) for row in rows])
    return tuple(
        FlagView(
            family=MarkerFamily(row.family),
            reason=reason,
            source=row.source,
            fresh=row.fresh,
            raised_on=row.raised_on,
            state=FlagState(row.state),
            policy_version=row.version,
            worded_by=row.worded_by if row.worded_by != row.version else None,
            known_to={source: day for (_, source), day in stored_dates(row.measured).items()},
            is_overall=row.module is None
            and len({family for family, _ in stored_dates(row.measured)}) > 1,
            end=end_of(row.ended, FlagState(row.state)),
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


def _continued(connection: sa.Connection, carried: Sequence[Any]) -> dict[int, _Later]:
    """Map each carried flag to its continuation or its end."""
    if not carried:
        return {}
    rows = connection.execute(
        sa.select(flags, cases.c.reference)
        .outerjoin(cases, cases.c.id == flags.c.case_id)
        .where(
            flags.c.student_id == carried[0].student_id,
            flags.c.key.in_({row.key for row in carried}),
        )
        .order_by(flags.c.id)
    )
    # The newest of each key comes last.
    newest = {(row.school_id, row.key): row for row in rows}
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
