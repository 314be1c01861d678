"""A unit of work saves all changes of a use case or none."""

import datetime as dt

import pytest
import sqlalchemy as sa

from store.db.unit_of_work import Store, UnitOfWork
from store.delivery import claims, outbox
from store.rules.model import OutboxKind
from store.tables import audit, schools
from tests.people import MORNING
from tests.stores import AUDIT_KEY, SEAL
from tests.world import World


class Interrupted(Exception):
    """The exception that stands for a killed process."""


def change_everything(work: UnitOfWork, school: int) -> None:
    work.connection.execute(sa.insert(schools).values(code="ART", name="Art", faculty="Arts"))
    work.record("system:test", "add-school", f"school:{school}")
    outbox.put(work, OutboxKind.DIGEST, "digest:1", school=school, day=dt.date(2025, 10, 22))


def test_what_is_interrupted_leaves_nothing(world: World) -> None:
    before = world.dump()

    school = world.school()

    def be_interrupted() -> None:
        with world.store.unit_of_work() as work:
            change_everything(work, school)
            raise Interrupted

    with pytest.raises(Interrupted):
        be_interrupted()

    assert world.dump() == before
    assert world.woken == []


def test_what_ends_well_is_kept_whole_with_its_audit(world: World) -> None:
    with world.store.unit_of_work() as work:
        change_everything(work, world.school())

    assert [row["name"] for row in world.rows(schools, code="ART")] == ["Art"]
    (entry,) = world.rows(audit, action="add-school")
    assert (entry["actor"], entry["at"]) == ("system:test", MORNING)
    assert world.store.verify_audit() is None


def test_nobody_is_woken_before_the_rows_are_there(world: World) -> None:
    seen: list[list[OutboxKind]] = []

    def look(_: OutboxKind) -> None:
        seen.append(claims.due_kinds(store))

    store = Store(world.store.database, audit_key=AUDIT_KEY, seal=SEAL, now=world.clock, wake=look)
    with store.unit_of_work() as work:
        change_everything(work, world.school())
        assert seen == []

    assert seen == [[OutboxKind.DIGEST]]


def test_each_kind_is_woken_once_however_many_rows_it_has(world: World) -> None:
    with world.store.unit_of_work() as work:
        for number in range(3):
            outbox.put(work, OutboxKind.CARD, f"card:{number}", school=world.school())
        outbox.put(work, OutboxKind.DIGEST, "digest:1", school=world.school())

    assert world.woken == [OutboxKind.CARD, OutboxKind.DIGEST]


def test_a_unit_of_work_is_one_instant(world: World) -> None:
    with world.store.unit_of_work() as work:
        world.clock.forward(hours=1)
        work.record("system:test", "late", "school:1")

    (entry,) = world.rows(audit, action="late")
    assert entry["at"] == MORNING
