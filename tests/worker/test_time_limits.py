"""Time limits are consistent: no job is ended or started again while it makes progress."""

from __future__ import annotations

import threading

import pytest

from integrations.chat.slack import client as slack
from integrations.chat.teams import connector as teams
from integrations.job_limits import limit_of
from integrations.mail.graph import client as graph
from store.delivery import claims
from store.delivery.claims import OutboxRow
from store.rules.model import OutboxKind
from tests.worker.erasures import erase, joins
from tests.worker.office import Office
from worker.jobs import JOBS, slots
from worker.jobs import privacy as erasing


def test_a_lease_outlasts_any_call_with_its_repetitions() -> None:
    lease = claims.LEASE.total_seconds()
    for tries, timeout in ((graph.TRIES, graph.TIMEOUT), (teams.TRIES, teams.TIMEOUT)):
        assert tries * (timeout.read or 0) + sum(2**n for n in range(tries)) < lease
    assert lease > slack.TIMEOUT


@pytest.mark.parametrize("job", JOBS)
def test_a_job_may_take_longer_than_it_may_say_nothing(job: str) -> None:
    limit = limit_of(job)
    assert limit.whole >= limit.silence > slots.BEAT_EVERY
    if job == "deliver":
        assert limit.silence == claims.LEASE


def test_a_renewed_lease_keeps_a_row_and_a_lost_one_does_not(office: Office) -> None:
    store, clock = office.world.store, office.clock
    office.world.open_case()
    mine = claims.claim(store, OutboxKind.CARD, "worker-1")
    assert mine
    for _ in range(3):
        clock.now += claims.LEASE * 0.9
        assert claims.renew_lease(store, mine)
        assert claims.claim(store, OutboxKind.CARD, "worker-2") is None
    clock.now += claims.LEASE * 1.1
    assert claims.claim(store, OutboxKind.CARD, "worker-2")
    assert not claims.renew_lease(store, mine)


def test_an_erasure_that_takes_long_is_begun_by_no_second_worker(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    joins(office, "priya", "LANG")
    office.world.open_case()
    office.works()
    erase(office)
    renewed = threading.Event()
    reached: list[OutboxRow] = []

    def renew(_store: object, _row: OutboxRow) -> bool:
        renewed.set()
        return True

    def slowly(_services: object, row: OutboxRow) -> None:
        reached.append(row)
        assert renewed.wait(30), "nothing keeps the lease"
        renewed.clear()

    monkeypatch.setattr(claims, "LEASE", claims.LEASE / 1000)
    monkeypatch.setattr(claims, "renew_lease", renew)
    monkeypatch.setattr(erasing, "_erase", slowly)
    # This test records no result, so each row would be claimed again and again.
    claimed = iter([claims.claim(office.world.store, OutboxKind.ERASURE, "worker-1"), None])
    monkeypatch.setattr(claims, "claim", lambda *_: next(claimed))
    erasing.erase_due(office.services)
    assert len(reached) == 1
