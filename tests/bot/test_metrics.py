"""What those who run Lantern can measure, and what they cannot."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families as families
from pydantic import SecretStr

from bot.app import create_app
from bot.commands.dispatcher import Dispatcher
from bot.interaction import Interaction, Person
from store.rules.model import Platform
from tests.bot.visitor import Visitor
from tests.worker.office import Office, office_in

TOKEN = "known to Prometheus"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with office_in(tmp_path) as made:
        settings = made.services.settings.model_copy(update={"metrics_token": SecretStr(TOKEN)})
        made.services = replace(made.services, settings=settings)
        yield made


def read(office: Office) -> dict[tuple[str, ...], float]:
    """Each sample of Lantern's by its name and its labels' values."""
    page = Visitor(create_app(office.services)).get("/metrics", BEARER)
    assert page.status_code == 200
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in families(page.text)
        for sample in family.samples
    }


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


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer guessed"}])
def test_without_the_token_nothing_is_told(office: Office, header: dict[str, str]) -> None:
    answer = Visitor(create_app(office.services)).get("/metrics", header)
    assert answer.status_code == 401
    assert "lantern_" not in answer.text


def test_without_the_setting_there_is_no_such_page(tmp_path: Path) -> None:
    with office_in(tmp_path) as office:
        assert Visitor(create_app(office.services)).get("/metrics", BEARER).status_code == 404
