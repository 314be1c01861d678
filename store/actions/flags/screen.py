"""Store a school's screening of one day in one transaction: flags, cases and cards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from store.actions.cases.open_cases import WORKER, one_at_a_time
from store.actions.cases.update_progress import update_case_progress
from store.actions.flags.after_closing import carry_on
from store.actions.flags.hold_surges import hold_surge
from store.actions.flags.queue import open_cases_from_queue
from store.actions.flags.show_on_cards import renew_charts, show_afresh, with_active_flags
from store.actions.flags.stored_flags import (
    active_again,
    change_flags,
    load_flags,
    renew_facts,
    still_there,
)
from store.actions.flags.tell_of_corrections import (
    tell_of_corrections,
    tell_of_withdrawn_corrections,
)
from store.db.unit_of_work import Store, UnitOfWork
from store.policies.versions import PublishedPolicy
from store.rules.flag_rules.base import Standing
from store.rules.flag_rules.evidence import SOURCES_APART, Finding
from store.rules.flag_rules.session_weeks import Weeks
from store.rules.flags.capacity import Room
from store.rules.flags.reconcile import FlagRun, Judge, reconcile
from store.rules.model import FlagState
from store.tables import FLAG_IS_ACTIVE, flags, screenings


@dataclass(frozen=True, slots=True)
class Screened:
    """What a screening found and changed in one school."""

    school: int
    day: dt.date
    flags_raised: int
    flags_ended: int
    cases_opened: int
    waiting: int = 0
    """Students over the daily limit, or whose flags were not found again today."""
    held: int = 0
    """New flags that were held because a module had too many at once."""
    looks: int = 0
    """Students without a flag who are worth a look."""


def record_screening(
    store: Store,
    published: PublishedPolicy,
    day: dt.date,
    found: Sequence[Finding],
    weeks: Mapping[int, Weeks],
    judge: Judge,
    unknown: frozenset[str] = frozenset(),
    order: Sequence[int] = (),
) -> Screened:
    """Compare a day's findings with the stored flags, and write the difference.

    ``weeks`` has the chart data of every student in ``found``. ``judge`` gives the state of a flag
    that was not found. ``unknown`` are sources that have stopped delivering; flags that rest on
    them are neither confirmed nor ended. ``order`` lists students with the most evidence first:
    they get a case while the daily limit allows. Storing the same findings for the same day again
    writes nothing.
    """
    clear_after_days = published.policy.clear_after_days
    lasting: list[Finding] = []

    def ask(run: FlagRun) -> Standing:
        standing = judge(run)
        lasting.extend([standing] if isinstance(standing, Finding) else [])
        return standing

    with store.unit_of_work() as work:
        one_at_a_time(work)
        found = still_there(work.connection, found)
        runs = load_flags(work.connection, published.school, day, clear_after_days)
        known = {run.id: run for run in runs}
        unsure = {run.id for run in runs if not unknown.isdisjoint(run.source.split(SOURCES_APART))}
        result = reconcile(found, runs, day, clear_after_days, ask, unsure)
        touched = change_flags(work, result.changed, known)
        room = Room.of(published.policy)
        held = hold_surge(work, published.school, day, result.raised, room)
        _raise_flags(work, published, day, result.raised, held)
        again = active_again(result.changed, known)
        renewed = renew_facts(work, published, day, found, lasting, again)
        carry_on(work, published.school, day, again)
        taken = open_cases_from_queue(work, published.school, day, order, weeks)
        opened = taken.opened
        update_case_progress(work, touched | taken.joined, taken.joined - opened, day)
        tell_of_corrections(work, touched, day)
        tell_of_withdrawn_corrections(work, again, known)
        shown = (touched | renewed | taken.joined) - opened
        renew_charts(work, shown | with_active_flags(work, published.school), weeks, day)
        show_afresh(work, shown)
        ended = sum(
            run.state is not FlagState.ACTIVE and known[run.id].state is FlagState.ACTIVE
            for run in result.changed
        )
        if result.raised or result.changed:
            work.record(
                WORKER,
                "screened",
                f"school:{published.school}",
                day=day.isoformat(),
                raised=len(result.raised),
                ended=ended,
                opened=len(opened),
                held=len(held),
                policy=published.version,
            )
        _note(work, published.school, day, len(result.raised), len(opened))
    return Screened(
        published.school, day, len(result.raised), ended, len(opened), taken.waits, len(held)
    )


def students_with_active_flags(
    connection: sa.Connection, school: int, day: dt.date
) -> frozenset[int]:
    """Return students whose evidence of ``day`` is read even if no rule finds them.

    This includes students whose flag ended on that day, so that a second screening of it decides
    again.
    """
    found = connection.execute(
        sa.select(flags.c.student_id)
        .where(
            flags.c.school_id == school,
            FLAG_IS_ACTIVE | (flags.c.ended_on == day),
        )
        .distinct()
    ).scalars()
    return frozenset(found)


def _raise_flags(
    work: UnitOfWork,
    published: PublishedPolicy,
    day: dt.date,
    raised: Sequence[Finding],
    held: Mapping[tuple[int, str], int],
) -> None:
    """Store new flags without a case; ``held`` are those held, by (student, key)."""
    rows = [
        _flag_row(work, published, day, each, held.get((each.student, each.key))) for each in raised
    ]
    if rows:
        work.connection.execute(sa.insert(flags), rows)


def _flag_row(
    work: UnitOfWork, published: PublishedPolicy, day: dt.date, finding: Finding, hold: int | None
) -> dict[str, Any]:
    return {
        "student_id": finding.student,
        "school_id": published.school,
        "hold_id": hold,
        "policy_id": published.id,
        "key": finding.key,
        "rule": finding.rule,
        "family": finding.family,
        "module": finding.module,
        "state": FlagState.ACTIVE,
        "raised_on": day,
        "last_found_on": day,
        "missed_on": [],
        "reason_staff": finding.reason_staff,
        "reason_student": finding.reason_student,
        "source": finding.source,
        "fresh": finding.fresh,
        "seen_on": finding.seen_on,
        "measured": dict(finding.measured),
        "raised_at": work.now,
    }


def _note(work: UnitOfWork, school: int, day: dt.date, raised: int, opened: int) -> None:
    here = sa.and_(screenings.c.school_id == school, screenings.c.day == day)
    if work.connection.execute(sa.select(screenings.c.day).where(here)).first() is None:
        work.connection.execute(
            sa.insert(screenings).values(
                school_id=school, day=day, at=work.now, flags_raised=raised, cases_opened=opened
            )
        )
    elif raised or opened:
        work.connection.execute(
            sa.update(screenings)
            .where(here)
            .values(
                at=work.now,
                flags_raised=screenings.c.flags_raised + raised,
                cases_opened=screenings.c.cases_opened + opened,
            )
        )
