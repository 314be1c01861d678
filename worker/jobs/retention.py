"""Delete data past its retention period each night, in schools whose periods are approved (§28)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection

from integrations.bootstrap import Services
from integrations.feeds.ledger import privacy as ledger_privacy
from integrations.feeds.ledger.deliveries import Ledger
from store.actions.notices import troubles
from store.actions.notices.troubles import Trouble
from store.actions.privacy import retention
from store.actions.privacy.erasure_blockers import students_with_activity_kept
from store.db.unit_of_work import Store
from store.queries.privacy.retention import Schedule, first_day_of_activity, overdue, schedules
from store.rules.model import TroubleKind
from worker.one_by_one import each_school, one_by_one

NOT_DELETED = "Some data past its retention period could not be deleted yet."


def delete_overdue(services: Services, day: dt.date) -> None:
    """Delete students, closed cases and days of activity that are past their retention period."""
    with services.store.database.read() as connection:
        known = {each.school.id: each for each in schedules(connection, day)}
    approved = [number for number, each in known.items() if each.approved]
    each_school(
        services.store,
        approved,
        "retention",
        lambda number: _delete_in(services, known[number], day),
    )
    if first_kept := first_day_of_activity(known.values(), day):
        _delete_activity(services, first_kept)


def _delete_in(services: Services, schedule: Schedule, day: dt.date) -> None:
    store, school, periods = services.store, schedule.school.id, schedule.retention
    with store.database.read() as connection:
        due = overdue(connection, school, periods, day)
    students, cases = list[bool](), list[bool]()

    def delete_student(number: int) -> None:
        students.append(retention.delete_overdue_student(store, school, number, periods, day))

    def delete_case(number: int) -> None:
        cases.append(retention.delete_overdue_case(store, school, number, periods, day))

    _each(services.store, school, "student", due.students, delete_student)
    _each(services.store, school, "case", due.cases, delete_case)
    retention.record_deletion(store, school, students=sum(students), cases=sum(cases))


def _each(
    store: Store, school: int, what: str, ids: Collection[int], do: Callable[[int], None]
) -> None:
    """Delete each of these, and close the recorded failures of those that are no longer due."""

    def named(number: int) -> Trouble:
        return Trouble(TroubleKind.RETENTION, f"{what}:{number}", NOT_DELETED, school)

    still = {named(number).key for number in ids}
    troubles.end_others(store, TroubleKind.RETENTION, what, still, school)
    one_by_one(store, TroubleKind.RETENTION, ids, named, do)


def _delete_activity(services: Services, before: dt.date) -> None:
    ledger = Ledger(services.lake)
    gone: list[int] = []
    with services.store.database.read() as connection:
        keep = students_with_activity_kept(connection)
    sources = sorted({*ledger.sources(), *services.lake.newest_days(before)})

    def delete(source: str) -> None:
        ledger_privacy.forget_before(ledger, source, before, keep)
        gone.append(services.lake.remove_before(before, source, keep))

    def named(source: str) -> Trouble:
        return Trouble(TroubleKind.RETENTION, f"activity:{source}", NOT_DELETED)

    try:
        one_by_one(services.store, TroubleKind.RETENTION, sources, named, delete)
    finally:
        retention.record_old_activity(services.store, sum(gone), "activity")
