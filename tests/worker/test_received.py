"""A source sends its activity itself: Lantern's answers, and how the night loads it."""

from __future__ import annotations

import asyncio
import base64
import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pytest
import structlog

from bot.app import create_app
from bot.receivers import caliper, sender, xapi
from integrations.bootstrap import Services, build
from integrations.feeds import inbox
from integrations.feeds.inbox import Kind
from integrations.feeds.ledger import changes
from integrations.feeds.ledger.deliveries import Ledger
from integrations.feeds.sent_statements import KEPT
from integrations.settings import load_settings
from store.encryption import Encryption
from store.queries.schools.troubles import troubles_now
from tests.worker.test_ingest_formats import home
from worker.jobs.schools.take_received import inbox_of, take_received

__all__ = ["home"]
KEY = "an invented key of vle, 32 chars".replace(" ", "-")
BEARER = {"Authorization": f"Bearer {KEY}"}
STATEMENTS = BEARER | {"X-Experience-API-Version": "1.0.3"}
MONDAY = dt.datetime(2026, 10, 12, 9, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
DAY = 24 * HOUR


@dataclass
class Door:
    """A Lantern of two students with a key for vle, and a clock that stands still."""

    services: Services
    now: dt.datetime = MONDAY

    def send(
        self, path: str, body: Any, headers: Mapping[str, str] = BEARER, method: str = "POST"
    ) -> httpx.Response:
        """Send JSON, or bytes without conversion."""

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(create_app(self.services))
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as it:
                raw = body if isinstance(body, bytes) else json.dumps(body).encode()
                said = {"Content-Type": "application/json", **headers}
                return await it.request(method, path, content=raw, headers=said)

        return asyncio.run(ask())

    def happens(self, number: int, at: dt.datetime | None = None) -> None:
        """Have Ada view a page, which her VLE reports at once."""
        self.now = at or self.now
        statement = _statement(number, self.now)
        assert self.send(xapi.PATH, statement, STATEMENTS).json() == [statement["id"]]

    def night(self) -> None:
        take_received(self.services)

    def counts(self) -> dict[str, int]:
        """Return day → how often Ada used the learning space, from the lake."""
        files = self.services.lake.files(dt.date.min, dt.date.max)
        return {
            str(which.day): done
            for which, path in sorted(files.items())
            for (done,) in duckdb.read_parquet(str(path))
            .filter("done > 0")
            .project("done")
            .fetchall()
        }

    def covered(self) -> list[int]:
        """Return the days of October for which the source has data."""
        first, last = dt.date(2026, 10, 1), dt.date(2026, 10, 31)
        found = self.services.lake.days_delivered(first, last)
        return sorted(day.day for day in found.get("vle", ()))

    def waiting(self) -> int:
        return sum(len(inbox_of(self.services).waiting("vle", kind)) for kind in Kind)


@pytest.fixture
def door(home: Path) -> Iterator[Door]:
    structlog.reset_defaults()
    made: list[Door] = []
    services = build(load_settings(home=home, feed_keys=f"vle={KEY}"), now=lambda: made[0].now)
    made.append(Door(services))
    try:
        yield made[0]
    finally:
        services.close()


def _statement(number: int, at: dt.datetime) -> dict[str, Any]:
    return {
        "id": f"00000000-0000-4000-8000-{number:012}",
        "actor": {"account": {"homePage": "https://lrs.example/", "name": "ada"}},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/viewed"},
        "object": {"id": f"https://vle.example/page/{number}"},
        "timestamp": at.isoformat(),
    }


def _envelope(*numbers: int, version: str = "v1p2") -> dict[str, Any]:
    return {
        "sensor": "https://vle.example/sensor",
        "sendTime": "2026-10-12T09:00:00.000Z",
        "dataVersion": f"http://purl.imsglobal.org/ctx/caliper/{version}",
        "data": [
            {
                "@context": f"http://purl.imsglobal.org/ctx/caliper/{version}",
                "id": f"urn:uuid:00000000-0000-4000-8000-{number:012}",
                "type": "NavigationEvent",
                "action": "NavigatedTo",
                "actor": {
                    "id": "https://vle.example/users/1",
                    "type": "Person",
                    "otherIdentifiers": [
                        {"identifierType": "SisSourcedId", "identifier": "26001000"}
                    ],
                },
                "object": "https://vle.example/page/1",
                "eventTime": "2026-10-12T08:00:00.000Z",
            }
            for number in numbers
        ],
    }


def test_an_envelope_becomes_a_delivery_in_which_each_event_counts_once(door: Door) -> None:
    for numbers in ((1, 2), (2, 3)):
        answer = door.send(caliper.PATH, _envelope(*numbers))
        assert (answer.status_code, answer.content) == (200, b"")
    assert door.counts() == {}
    door.night()
    assert door.counts() == {"2026-10-12": 3}
    assert door.waiting() == 0
    door.send(caliper.PATH, _envelope(1, 2, 3, version="v1p1"))
    door.night()
    assert door.counts() == {"2026-10-12": 3}


def test_both_standards_at_once_and_a_statement_without_an_id_twice(door: Door) -> None:
    plain = {key: value for key, value in _statement(0, MONDAY).items() if key != "id"}
    first, again = (door.send(xapi.PATH, [plain], STATEMENTS).json() for _ in range(2))
    assert first == again
    put = f"{xapi.PATH}?statementId={_statement(1, MONDAY)['id']}"
    answer = door.send(put, _statement(1, MONDAY), STATEMENTS, "PUT")
    assert (answer.status_code, answer.content) == (204, b"")
    door.send(caliper.PATH, _envelope(1))
    door.night()
    assert door.counts() == {"2026-10-12": 3}
    assert [each.accepted for each in Ledger(door.services.lake).entries("vle")] == [1, 2]


def test_a_day_is_known_once_requests_came_on_it_and_on_the_next(door: Door) -> None:
    for day in range(3):
        door.happens(day, MONDAY + day * DAY)
        door.night()
    assert door.covered() == [13], "nobody knows what was before the first request"
    door.happens(10, MONDAY + 6 * DAY)
    door.happens(11, MONDAY + 7 * DAY)
    door.night()
    assert door.covered() == [13, 18], "the sender was silent from Thursday to Saturday"
    assert door.counts()["2026-10-14"] == 1
    late = _statement(12, MONDAY + 3 * DAY)
    door.send(xapi.PATH, late, STATEMENTS)
    door.night()
    assert door.counts()["2026-10-15"] == 1


def test_what_is_withdrawn_is_gone_with_its_days(door: Door) -> None:
    for day in range(3):
        door.happens(day, MONDAY + day * DAY)
    door.night()
    (entry,) = Ledger(door.services.lake).entries("vle")
    assert door.covered() == [13]
    changes.withdraw(Ledger(door.services.lake), entry.number)
    assert (door.covered(), door.counts()) == ([], {})


WRONG = base64.b64encode(b"vle:x").decode()


@pytest.mark.parametrize("path", [caliper.PATH, xapi.PATH])
@pytest.mark.parametrize("said", ["", "Bearer of nothing", KEY, "Basic !", f"Basic {WRONG}"])
def test_without_its_key_nothing_is_taken(door: Door, path: str, said: str) -> None:
    answer = door.send(path, _envelope(1), {"Authorization": said} if said else {})
    assert answer.status_code == 401
    assert "Bearer" in answer.headers["WWW-Authenticate"]
    assert door.waiting() == 0


def test_a_sender_that_knows_names_and_passwords_gives_the_key_as_its_password(door: Door) -> None:
    basic = base64.b64encode(f"moodle:{KEY}".encode()).decode()
    said = STATEMENTS | {"Authorization": f"Basic {basic}"}
    assert door.send(xapi.PATH, _statement(1, MONDAY), said).status_code == 200


def test_what_is_no_envelope_is_answered_as_the_standard_says(door: Door) -> None:
    for body, status in (
        (b"{", 400), (b"[" * 10_000, 400), ([], 400), ({"data": []}, 400),
        (_envelope(1) | {"data": {}}, 400), (_envelope(1, version="v9p9"), 422),
        (b" " * (sender.LARGEST + 1), 413),
    ):  # fmt: skip
        assert door.send(caliper.PATH, body).status_code == status
    text = BEARER | {"Content-Type": "text/plain"}
    assert door.send(caliper.PATH, _envelope(1), text).status_code == 415
    assert door.send(caliper.PATH, _envelope(1), method="GET").status_code in (404, 405)
    assert door.waiting() == 0


def test_one_bad_statement_refuses_the_request_as_the_standard_says(door: Door) -> None:
    good = _statement(1, MONDAY)
    for body in ([good, {}], [good, good], [good | {"id": "1"}], 7, [None]):
        answer = door.send(xapi.PATH, body, STATEMENTS)
        assert (answer.status_code, answer.headers[xapi.VERSION]) == (400, "1.0.3")
    assert door.send(xapi.PATH, good).status_code == 400, "without a version"
    assert door.send(f"{xapi.PATH}?statementId=1", good, STATEMENTS, "PUT").status_code == 400
    assert door.send(xapi.ABOUT, b"", {}, "GET").json() == {"version": ["1.0.3", "2.0.0"]}
    assert door.waiting() == 0


def test_an_id_stands_for_one_content_as_the_standard_says(door: Door) -> None:
    first, second = _statement(1, MONDAY), _statement(2, MONDAY)
    other = first | {"verb": {"id": "http://adlnet.gov/expapi/verbs/attempted"}}
    put = f"{xapi.PATH}?statementId={first['id']}"
    assert door.send(xapi.PATH, first, STATEMENTS).status_code == 200
    added = {"stored": "2026-10-12T09:00:01Z", "version": "1.0.3", "id": first["id"].upper()}
    assert door.send(xapi.PATH, first | added, STATEMENTS).status_code == 200, "the same again"
    assert door.send(put, first, STATEMENTS, "PUT").status_code == 204
    answer = door.send(xapi.PATH, [second, other], STATEMENTS)
    assert (answer.status_code, answer.headers[xapi.VERSION]) == (409, "1.0.3")
    assert "id of its own" in answer.text
    assert door.send(put, other, STATEMENTS, "PUT").status_code == 409
    assert door.waiting() == 3, "nothing of a refused request is kept"
    changed = second | {"timestamp": "2026-10-12T08:00:00+00:00"}
    assert door.send(xapi.PATH, changed, STATEMENTS).status_code == 200, "a refused id is free"
    door.night()
    assert door.counts() == {"2026-10-12": 2}
    door.now += 2 * KEPT
    assert door.send(xapi.PATH, _statement(3, door.now), STATEMENTS).status_code == 200
    assert door.send(xapi.PATH, other, STATEMENTS).status_code == 200, "it is forgotten by now"


def test_a_full_disk_refuses_for_now(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "LEAST_ROOM", 1 << 80)
    answer = door.send(caliper.PATH, _envelope(1))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "600")


def test_what_is_kept_is_sealed_and_a_lost_key_is_named(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    door.happens(1)
    (kept,) = inbox_of(door.services).waiting("vle", Kind.XAPI)
    assert b"ada" not in kept.path.read_bytes()
    with monkeypatch.context() as lost:
        lost.setattr(door.services.store, "seal", Encryption("another key of 32 characters"))
        door.night()
    assert kept.path.exists()
    assert "ENCRYPTION_KEY" in _reasons(door)
    door.now += DAY
    door.night()
    assert door.counts() == {"2026-10-12": 1}


def test_a_source_is_polled_or_sends_itself_but_not_both(door: Door) -> None:
    folder = door.services.settings.home / "feeds" / "vle"
    folder.mkdir(parents=True)
    (folder / "feed.toml").write_text('[poll]\nkind = "xapi"\nurl = "https://lrs.example/xapi"\n')
    door.happens(1)
    door.night()
    assert "polled" in _reasons(door)
    assert door.waiting() == 1


def test_without_a_key_there_is_no_such_address(door: Door) -> None:
    settings = door.services.settings.model_copy(update={"feed_keys": None})
    door.services = replace(door.services, settings=settings)
    assert door.send(caliper.PATH, _envelope(1)).status_code in (404, 405)


def _reasons(door: Door) -> str:
    with door.services.store.database.read() as connection:
        return " ".join(each.reason for each in troubles_now(connection))
