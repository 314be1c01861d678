"""Bearer tokens go only to the listed hosts, and Lantern writes to no other tenant."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from integrations.chat.interface import Address, DeliveryError, MessageRef
from integrations.chat.teams.allowed_hosts import service_url_of
from store.rules.model import Platform
from store.tables import teams_tenants
from tests.bot.teams.campus import LANG, OTHER_TENANT, Campus
from tests.bot.teams.hosts import NOT_OURS
from tests.fakes.graph.entra import TENANT
from tests.fakes.teams.service import HOST, SERVICE_URL
from tests.fakes.teams.wire import Rerouted


@pytest.mark.parametrize("url", NOT_OURS)
def test_only_whole_names_on_the_list_are_service_urls(url: object) -> None:
    assert service_url_of(url, (HOST,)) is None


def test_a_service_url_is_used_as_it_is_on_the_list() -> None:
    assert service_url_of(SERVICE_URL, (HOST,)) == SERVICE_URL.rstrip("/")


def test_a_stored_service_url_off_the_list_is_not_used(campus: Campus) -> None:
    campus.says("alice", "today")
    with campus.office.world.store.unit_of_work() as work:
        work.connection.execute(
            sa.update(teams_tenants).values(service_url="https://evil.example/x")
        )

    campus.workspace.post(Address(Platform.TEAMS, TENANT, LANG), {"type": "message"}, key="k")

    assert campus.wire.bearers == {HOST}
    assert campus.wire.astray == []


def test_other_tenants_are_not_written_to(campus: Campus) -> None:
    address = Address(Platform.TEAMS, OTHER_TENANT, LANG)
    with pytest.raises(DeliveryError, match="not on the list"):
        campus.workspace.update(MessageRef(address, "1"), {"type": "message"})
    with pytest.raises(DeliveryError, match="not on the list"):
        campus.workspace.direct(OTHER_TENANT, "x")
    assert campus.wire.bearers == set()


def test_the_connector_goes_nowhere_else_even_if_told(campus: Campus, wire: Rerouted) -> None:
    for url in NOT_OURS:
        with pytest.raises(DeliveryError):
            campus.workspace.connector.ask("GET", str(url), "v3/conversations/x")
    assert (wire.bearers, wire.astray) == (set(), [])


def test_a_redirect_is_not_followed_with_the_bearer(campus: Campus) -> None:
    campus.teams.faults.append(("POST activities", 307))

    with pytest.raises(DeliveryError):
        campus.workspace.post(Address(Platform.TEAMS, TENANT, LANG), {"type": "message"}, key="k")

    assert (campus.wire.bearers, campus.wire.astray) == ({HOST}, [])


@pytest.fixture
def wire(campus: Campus) -> Rerouted:
    return campus.wire
