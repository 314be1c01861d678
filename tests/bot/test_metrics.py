"""The metrics page: what operators can measure, and what it leaves out."""

import asyncio
import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from prometheus_client.parser import text_string_to_metric_families as families
from pydantic import SecretStr
from starlette.types import Receive, Scope, Send

from bot.app import create_app
from bot.commands.dispatcher import Dispatcher
from bot.interaction import Interaction, Person
from bot.metrics import ACKNOWLEDGED, TimeAcknowledgements
from store.delivery.claims import claim
from store.delivery.results import retry
from store.queries.health import BACKUP
from store.rules.model import OutboxKind, Platform
from store.tables import ingests
from tests.bot.visitor import Visitor
from tests.worker.office import Office, office_in
from worker.jobs.sweep import sweep

TOKEN = "known to Prometheus"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with office_in(tmp_path) as made:
        settings = made.services.settings.model_copy(update={"metrics_token": SecretStr(TOKEN)})
        made.services = replace(made.services, settings=settings)
        yield made


def read(office: Office) -> dict[tuple[str, ...], float]:
    """Return each of Lantern's samples by its name and its labels' values."""
    page = Visitor(create_app(office.services)).get("/metrics", BEARER)
    assert page.status_code == 200
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in families(page.text)
        for sample in family.samples
    }


def test_what_a_service_put_off_is_counted_until_its_time(office: Office) -> None:
    """Also what a worker elsewhere met, which has no metrics page of its own."""
    office.world.open_case()
    row = claim(office.world.store, OutboxKind.CARD, "worker")
    assert row is not None
    with office.world.store.unit_of_work() as work:
        retry(work, row, dt.timedelta(seconds=60), "Slack asks for a pause (429)", tried=False)
    assert read(office)["lantern_outbox_put_off", "card"] == 1
    office.clock.forward(seconds=61)
    assert ("lantern_outbox_put_off", "card") not in read(office)


def test_the_age_of_the_newest_anchor_is_given(office: Office, tmp_path: Path) -> None:
    name = ("lantern_audit_last_anchor_timestamp_seconds",)
    assert name not in read(office)
    anchors = tmp_path / "anchors"
    settings = office.services.settings.model_copy(update={"audit_anchor": anchors})
    office.services = replace(office.services, settings=settings)
    assert name not in read(office), "it is not there yet, or its mount is away"
    sweep(office.services)
    assert read(office)[name] == anchors.stat().st_mtime


def test_what_waits_is_counted_until_it_has_left(office: Office) -> None:
    office.world.open_case()
    office.world.clock.forward(seconds=90)

    before = read(office)
    office.works()
    after = read(office)

    assert before["lantern_outbox_rows", "card", "due"] >= 1
    assert before["lantern_outbox_oldest_seconds", "card"] == 90
    assert ("lantern_outbox_rows", "card", "due") not in after
    assert ("lantern_outbox_oldest_seconds", "card") not in after


def test_answers_are_timed_by_command_and_outcome_without_what_was_typed(office: Office) -> None:
    alice = Person(Platform.SANDBOX, "sandbox", "alice")
    desk = Dispatcher(office.services.store)
    for number, (action, text) in enumerate((("show", "LANG-99"), ("dvorak", ""))):
        desk.handle(Interaction(alice, action, "lang", f"key-{number}", text=text))

    found = read(office)

    assert found["lantern_interaction_seconds_count", "show", "refused"] >= 1
    assert not [name for name in found if "dvorak" in name]


def test_feeds_backups_and_the_audit_are_dated(office: Office) -> None:
    store, now = office.services.store, office.clock.now.timestamp()
    assert not [name for name in read(office) if "backup" in name[0]], "none was made yet"
    with store.unit_of_work() as work:
        work.connection.execute(
            sa.insert(ingests),
            [_file("moodle", 9, 0, work.now), _file("moodle", 6, 3, work.now)],
        )
        work.record("operator", BACKUP, "institution")

    found = read(office)

    assert found["lantern_feed_last_delivery_timestamp_seconds", "moodle"] == now
    assert found["lantern_feed_rows", "refused", "moodle"] == 3
    assert found["lantern_feed_rows", "accepted", "moodle"] == 6
    assert found["lantern_last_backup_timestamp_seconds", "whole"] == now
    assert ("lantern_last_backup_timestamp_seconds", "keys") not in found
    assert found[("lantern_audit_last_row_timestamp_seconds",)] == now


def _file(source: str, accepted: int, rejected: int, at: dt.datetime) -> dict[str, object]:
    counts = {"accepted": accepted, "rejected": rejected}
    return {"source": source, "file": "f.csv", "sha256": "0", "at": at, "trouble": ""} | counts


def test_acknowledgements_are_timed_by_platform_and_pages_are_not() -> None:
    async def page(_scope: Scope, _receive: Receive, _send: Send) -> None:
        return

    timed = TimeAcknowledgements(page, {"/slack/events": "slack"})
    before = _acknowledged()
    for path in ("/slack/events", "/student/secret"):
        asyncio.run(timed({"type": "http", "path": path}, None, None))  # type: ignore[arg-type]
    assert _acknowledged() == before + 1


def _acknowledged() -> float:
    found = ACKNOWLEDGED.collect()
    return sum(each.value for one in found for each in one.samples if "_count" in each.name)


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer guessed"}])
def test_without_the_token_nothing_is_told(office: Office, header: dict[str, str]) -> None:
    answer = Visitor(create_app(office.services)).get("/metrics", header)
    assert answer.status_code == 401
    assert "lantern_" not in answer.text


def test_without_the_setting_there_is_no_such_page(tmp_path: Path) -> None:
    with office_in(tmp_path) as office:
        assert Visitor(create_app(office.services)).get("/metrics", BEARER).status_code == 404
