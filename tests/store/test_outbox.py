"""The outbox: each message is queued once, claimed by one worker, and released after a crash."""

import datetime as dt

import pytest

from store.delivery import claims, outbox, results
from store.delivery.claims import LEASE, OutboxRow
from store.delivery.waiting_rows import wake_waiting
from store.rules.model import OutboxKind, OutboxState
from store.tables import outbox as table
from tests.people import MORNING
from tests.store.together import together
from tests.world import World

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def asked(world: World) -> World:
    """Queue one card in the outbox."""
    put(world, "card:1")
    return world


def put(world: World, key: str, not_before: dt.datetime | None = None) -> None:
    with world.store.unit_of_work() as work:
        outbox.put(work, OutboxKind.CARD, key, school=world.school(), not_before=not_before)


def claim(world: World, worker: str = "worker-1") -> OutboxRow | None:
    return claims.claim(world.store, OutboxKind.CARD, worker)


def claimed(world: World, worker: str = "worker-1") -> OutboxRow:
    row = claim(world, worker)
    assert row
    return row


def settle(world: World, row: OutboxRow, state: OutboxState = OutboxState.SENT) -> bool:
    with world.store.unit_of_work() as work:
        return results.settle(work, row, state)


def state(world: World, key: str = "card:1") -> str:
    (row,) = world.rows(table, idem_key=key)
    return str(row["state"])


def test_asking_twice_asks_once(asked: World) -> None:
    put(asked, "card:1", MORNING + 10 * MINUTE)

    (row,) = asked.rows(table)
    assert (row["idem_key"], row["not_before"], row["attempts"]) == ("card:1", MORNING, 0)


def test_asking_again_does_not_repeat_what_is_done(asked: World) -> None:
    settle(asked, claimed(asked))

    put(asked, "card:1")

    assert claim(asked) is None
    assert state(asked) == OutboxState.SENT


def test_a_claimed_row_is_nobody_elses(asked: World) -> None:
    row = claimed(asked)

    assert (row.key, row.attempts, row.lease_by) == ("card:1", 1, "worker-1")
    assert claim(asked, "worker-2") is None
    assert claims.claim(asked.store, OutboxKind.MAIL, "worker-2") is None


def test_workers_at_once_share_the_rows_without_doing_any_twice(world: World) -> None:
    for number in range(20):
        put(world, f"card:{number}")

    def work_off(worker: str) -> list[str]:
        done = []
        while row := claim(world, worker):
            done.append(row.key)
            assert settle(world, row)
        return done

    shares = together(lambda: work_off("worker-1"), lambda: work_off("worker-2"))

    done = [key for share in shares if isinstance(share, list) for key in share]
    assert sorted(done) == sorted(f"card:{number}" for number in range(20))
    assert {row["state"] for row in world.rows(table)} == {OutboxState.SENT}


def test_the_oldest_comes_first(asked: World) -> None:
    put(asked, "older", MORNING - MINUTE)

    assert claimed(asked).key == "older"


def test_a_row_waits_for_its_time(world: World) -> None:
    put(world, "card:later", MORNING + MINUTE)

    assert claim(world) is None
    assert claims.due_kinds(world.store) == []
    world.clock.forward(minutes=1)
    assert claims.due_kinds(world.store) == [OutboxKind.CARD]
    assert claimed(world).key == "card:later"


def test_the_row_of_a_dead_worker_is_claimed_again(asked: World) -> None:
    claimed(asked, "dead")
    assert claims.due_kinds(asked.store) == []

    asked.clock.now += LEASE + MINUTE

    assert claims.due_kinds(asked.store) == [OutboxKind.CARD]
    assert claimed(asked, "worker-2").attempts == 2


@pytest.mark.parametrize("second", ["worker-2", "worker-1"])
def test_whoever_lost_the_lease_changes_nothing_any_more(asked: World, second: str) -> None:
    """Also with ``worker-1`` on both sides: two threads of one process."""
    late = claimed(asked)
    asked.clock.now += LEASE + MINUTE
    taken_over = claimed(asked, second)

    assert not settle(asked, late, OutboxState.CANCELLED)
    with asked.store.unit_of_work() as work:
        assert not results.retry(work, late, MINUTE, "too late")

    assert state(asked) == OutboxState.SENDING
    assert settle(asked, taken_over)
    assert state(asked) == OutboxState.SENT


def test_what_is_settled_stays_settled(asked: World) -> None:
    row = claimed(asked)
    assert settle(asked, row, OutboxState.UNKNOWN)

    assert not settle(asked, row, OutboxState.SENT)

    assert state(asked) == OutboxState.UNKNOWN
    asked.clock.forward(days=30)
    assert claim(asked) is None
    assert claims.due_kinds(asked.store) == []


def test_a_row_that_is_given_back_rests_first(asked: World) -> None:
    row = claimed(asked)
    with asked.store.unit_of_work() as work:
        assert results.retry(work, row, MINUTE, "the platform was busy")

    assert claim(asked, "worker-2") is None
    asked.clock.now += MINUTE
    again = claimed(asked, "worker-2")
    assert (again.attempts, again.lease_by) == (2, "worker-2")
    (stored,) = asked.rows(table)
    assert stored["trouble"] == "the platform was busy"


def test_the_first_draft_is_the_only_one(asked: World) -> None:
    row = claimed(asked)

    assert results.remember_draft(asked.store, row, "draft-a") == "draft-a"
    assert results.remember_draft(asked.store, row, "draft-b") == "draft-a"

    asked.clock.now += LEASE + MINUTE
    assert claimed(asked, "worker-2").provider_ref == "draft-a"


def test_workers_who_draft_at_once_agree_on_one_draft(asked: World) -> None:
    row = claimed(asked)

    answers = together(
        lambda: results.remember_draft(asked.store, row, "draft-a"),
        lambda: results.remember_draft(asked.store, row, "draft-b"),
    )

    assert answers in (["draft-a"] * 2, ["draft-b"] * 2)


def test_what_may_have_left_is_never_looked_for_sooner(asked: World) -> None:
    """It keeps its place if the channel accepts messages again; else it could be sent twice."""
    put(asked, "card:2")
    for unresolved in (True, False):
        row = claimed(asked)
        with asked.store.unit_of_work() as work:
            results.retry(work, row, MINUTE, "lost", unresolved=unresolved, waiting=True)

    with asked.store.unit_of_work() as work:
        wake_waiting(work, OutboxKind.CARD, asked.school())

    row = claimed(asked)
    assert row.key == "card:2"
    assert claim(asked) is None
    asked.clock.forward(minutes=1)
    assert claimed(asked).key == "card:1"
