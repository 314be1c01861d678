"""Settings for Teams: complete or none at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from integrations import bootstrap
from integrations.chat.teams.credentials import account_of
from integrations.settings import WrongSetting, load_settings
from store.rules.model import Platform
from tests.fakes.graph.entra import CLIENT, SECRET, TENANT, certificate

WHOLE = {"teams_client_id": CLIENT, "teams_tenants": TENANT, "teams_client_secret": SECRET}


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (
        "CLIENT_ID",
        "TENANTS",
        "CLIENT_SECRET",
        "CERTIFICATE",
        "MANAGED_IDENTITY",
        "PLAYGROUND",
    ):
        monkeypatch.delenv(f"TEAMS_{name}", raising=False)
    monkeypatch.setenv("LANTERN_HOME", str(tmp_path))


def test_without_any_setting_lantern_is_not_in_teams() -> None:
    assert account_of(load_settings()) is None


def test_a_whole_account() -> None:
    found = account_of(load_settings(**WHOLE))

    assert found
    assert found.hosts == ("smba.trafficmanager.net",)
    assert found.entra
    assert found.entra.resource == "https://api.botframework.com"
    assert SECRET not in repr(found)


def test_a_certificate_counts_more_than_a_secret(tmp_path: Path) -> None:
    file = tmp_path / "bot.pem"
    file.write_text(certificate())

    found = account_of(load_settings(**WHOLE, teams_certificate=file))

    assert found
    assert found.entra
    assert (found.entra.secret, bool(found.entra.certificate)) == ("", True)


@pytest.mark.parametrize("missing", WHOLE)
def test_half_an_account_is_none(missing: str) -> None:
    with pytest.raises(WrongSetting, match="is missing"):
        account_of(load_settings(**{k: v for k, v in WHOLE.items() if k != missing}))


@pytest.mark.parametrize(
    "changes",
    [
        {"teams_client_id": "lantern"},
        {"teams_tenants": f"{TENANT}, common"},
        {"teams_tenants": "organizations"},
        {"teams_service_hosts": "*.trafficmanager.net"},
        {"teams_service_hosts": "https://smba.trafficmanager.net"},
        {"teams_service_hosts": "smba.trafficmanager.net:443"},
        {"teams_service_hosts": " , "},
        {"teams_certificate": Path("/nowhere.pem")},
        {"teams_playground": True},
    ],
    ids=str,
)
def test_what_cannot_be_used_is_said(changes: dict[str, Any]) -> None:
    with pytest.raises(WrongSetting, match="TEAMS_"):
        account_of(load_settings(**(WHOLE | changes)))


@pytest.mark.parametrize(
    "beside", [{"graph_tenant_id": TENANT}, {"database_url": "sqlite:////x/y.db"}], ids=str
)
def test_the_playground_does_not_start_beside_anything_real(beside: dict[str, Any]) -> None:
    with pytest.raises(WrongSetting, match="TEAMS_PLAYGROUND"):
        account_of(load_settings(teams_playground=True, **beside))


def test_the_workspace_is_there_instead_of_the_sandbox(tmp_path: Path) -> None:
    services = bootstrap.build(load_settings(home=tmp_path, **WHOLE))
    try:
        assert set(services.workspaces) == {Platform.TEAMS}
    finally:
        services.close()


IDENTITY = {"teams_tenants": TENANT, "teams_managed_identity": CLIENT}


@pytest.mark.parametrize(
    "given",
    [
        IDENTITY,
        IDENTITY | {"teams_client_id": CLIENT.upper()},
        IDENTITY | {"teams_managed_identity": "system", "teams_client_id": CLIENT},
    ],
    ids=str,
)
def test_a_managed_identity_is_the_bot(given: dict[str, Any]) -> None:
    found = account_of(load_settings(**given))

    assert found
    assert found.client_id == CLIENT
    assert not found.is_playground
    assert found.entra
    assert found.entra.managed == given["teams_managed_identity"]
    assert found.entra.resource == "https://api.botframework.com"


@pytest.mark.parametrize(
    "changes",
    [
        {"teams_client_secret": SECRET},
        {"teams_client_id": TENANT},
        {"teams_managed_identity": "mine"},
        {"teams_tenants": ""},
        {"teams_managed_identity": "system"},
    ],
    ids=str,
)
def test_a_managed_identity_that_cannot_be_the_bot_is_said(changes: dict[str, Any]) -> None:
    with pytest.raises(WrongSetting, match="TEAMS_"):
        account_of(load_settings(**(IDENTITY | changes)))
