"""A poll that is interrupted at any point loses and doubles no statement."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from email.utils import format_datetime
from typing import NoReturn

import pytest

from integrations.feeds import polls
from integrations.feeds.ledger import changes as ledger_changes
from integrations.feeds.ledger import entering
from integrations.feeds.ledger.deliveries import Ledger, State
from integrations.feeds.lrs import TRIES, Lrs
from integrations.feeds.text_files import FeedError
from tests.worker.polling import DAY, HOUR, Polling, polling, reasons
from tests.worker.test_ingest_formats import home
from worker.doctor.polls import check_polls
from worker.jobs.schools.poll_feeds import poll_sources

__all__ = ["home", "polling"]


class Killed(BaseException):
    """The process ends here."""


def cut(number: int) -> Callable[[int], None]:
    """Break the connection at this request, and at each retry of it."""

    def fault(request: int) -> None:
        if request >= number:
            raise ConnectionError

    return fault


@pytest.mark.parametrize("style", ["specification", "ralph", "ralph-files"])
def test_cut_off_or_killed_at_any_request_nothing_is_lost_or_doubled(
    polling: Polling, monkeypatch: pytest.MonkeyPatch, style: str
) -> None:
    polling.some_days()
    if style.startswith("ralph"):
        polling.lrs.by = "timestamp"
        polling.lrs.newest_page_first = style == "ralph-files"
    requests = -(-len(polling.lrs.statements) // polling.lrs.page)
    assert requests == 6
    exchange = Lrs._exchange
    for number in range(1, requests + 1):
        # The connection breaks.
        source = f"vle{number}"
        polling.declare(source)
        polling.lrs.asked, polling.lrs.fault = [], cut(number)
        with pytest.raises(FeedError, match="cannot be reached"):
            polling.poll(source)
        assert sum(polling.counts(source).values()) == (number - 1) * polling.lrs.page
        polling.lrs.fault = lambda _: None
        polling.poll(source)
        assert polling.counts(source) == polling.truth(), source
        assert polling.covered(source) == [12, 13, 14, 15]

        # The process ends before it receives the answer.
        source = f"vle{number + 10}"
        polling.declare(source)
        asked: list[object] = []

        def kill(lrs: Lrs, url: object, *, at: int = number, asked: list[object] = asked) -> object:
            asked.append(url)
            if len(asked) == at:
                raise Killed
            return exchange(lrs, url)  # type: ignore[arg-type]

        with monkeypatch.context() as patch:
            patch.setattr(Lrs, "_exchange", kill)
            with pytest.raises(Killed):
                polling.poll(source)
        assert polling.counts(source) == {}
        polling.poll(source)
        assert polling.counts(source) == polling.truth(), source


def test_killed_while_a_delivery_is_entered_it_is_there_whole_or_comes_again(
    polling: Polling, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kill(*_: object, **__: object) -> NoReturn:
        raise Killed

    polling.some_days()
    places = ((Ledger, "reserve"), (entering, "_write_facts"), (Ledger, "save"))
    for number, (where, what) in enumerate((*places, (entering, "make_days"))):
        source = f"vle{number}"
        polling.declare(source)
        with monkeypatch.context() as patch:
            patch.setattr(where, what, kill)
            with pytest.raises(Killed):
                polling.poll(source)
        polling.poll(source)
        assert polling.counts(source) == polling.truth(), what


def test_a_large_poll_comes_in_parts(polling: Polling, monkeypatch: pytest.MonkeyPatch) -> None:
    polling.some_days()
    monkeypatch.setattr(polls, "MOST_BYTES", 900)
    polling.poll()
    deliveries = Ledger(polling.services.lake).entries()
    assert len(deliveries) > 3
    assert all(each.polled for each in deliveries)
    assert polling.counts() == polling.truth()


def test_whatever_happens_in_whatever_order_each_statement_counts_once(
    polling: Polling, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(17)
    polling.some_days()
    everything, polling.lrs.statements = polling.lrs.statements, []
    for round_ in range(18):
        polling.lrs.statements += [
            everything.pop() for _ in range(chance.randint(0, 2)) if everything
        ]
        for each in polling.lrs.statements[-2:]:
            each["stored"] = max(each["stored"], (polling.now - HOUR).isoformat())
        polling.lrs.asked, polling.lrs.fault = [], cut(chance.randint(1, 5))
        monkeypatch.setattr(polls, "MOST_BYTES", chance.choice([700, 10_000]))
        try:
            polling.poll()
        except FeedError:
            polling.lrs.fault = lambda _: None
            polling.poll()
        assert polling.counts() == polling.truth(), round_
        in_use = [
            each
            for each in Ledger(polling.services.lake).entries("vle")
            if each.state is State.IN_USE
        ]
        if in_use and chance.random() < 0.3:
            ledger_changes.withdraw(Ledger(polling.services.lake), chance.choice(in_use).number)
        polling.now += dt.timedelta(hours=chance.randint(1, 10))
    polling.lrs.fault = lambda _: None
    polling.poll()
    assert polling.counts() == polling.truth()


def test_what_a_busy_store_asks_for_is_waited_for(polling: Polling) -> None:
    polling.some_days()
    date = format_datetime(polling.now + 9 * dt.timedelta(seconds=1), usegmt=True)
    busy: dict[int, tuple[int, str]] = {2: (429, "7"), 4: (503, date)}

    def fault(request: int) -> tuple[int, dict[str, str], bytes] | None:
        if request in busy:
            status, after = busy[request]
            return status, {"Retry-After": after}, b""
        return None

    polling.lrs.fault = fault
    polling.poll()
    assert polling.waited == [7.0, 9.0]
    assert polling.counts() == polling.truth()
    polling.lrs.fault = lambda _: (503, {"Retry-After": "3000"}, b"")
    with pytest.raises(FeedError, match=r"asks to wait until 10:50\."):
        polling.poll()
    polling.lrs.fault = lambda _: (500, {}, b"")
    polling.waited.clear()
    with pytest.raises(FeedError, match=r"is busy or has a fault \(500\)"):
        polling.poll()
    assert len(polling.waited) == TRIES - 1


def test_one_source_that_fails_keeps_back_no_other_and_is_over_when_it_works(
    polling: Polling,
) -> None:
    polling.some_days()
    polling.declare("vle1")
    polling.declare("vle2", url="https://lrs.example.ac.uk?key=1")
    polling.declare("vle")
    poll_sources(polling.services)
    assert polling.counts() == polling.counts("vle1") == polling.truth()
    assert [each[:32] for each in reasons(polling)] == ["feeds/vle2/feed.toml: url must l"]
    assert [each.is_fine for each in check_polls(polling.services)] == [True, True, False]
    polling.declare("vle2")
    polling.now += DAY
    poll_sources(polling.services)
    assert reasons(polling) == []
