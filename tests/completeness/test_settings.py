"""Every setting has one variable, is read from it, and is described in one README table."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from integrations.settings import Settings, load_settings
from tests.completeness.walking import PRODUCT

SETTINGS = 57
FIELDS = {name: str(field.validation_alias) for name, field in Settings.model_fields.items()}

SAID = {
    "LANTERN_HOME": "/srv/lantern",
    "DATABASE_URL": "postgresql+psycopg://lantern@db/lantern",
    "REDIS_URL": "redis://queue:6379/0",
    "PUBLIC_URL": "https://lantern.example.ac.uk",
    "OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector.example.ac.uk:4318",
    "OTEL_EXPORTER_OTLP_HEADERS": "api-key=invented",
    "PORT": "9000",
    "TRUSTED_PROXIES": "10.0.0.5,172.16.0.0/12",
    "LRS_CREDENTIALS": "vle=key:secret",
    "FEED_KEYS": f"vle={'k' * 32}",
    "DIRECTORY_GROUPS": "lang:adviser=00000000-0000-0000-0000-000000000001",
    "ACTIVITY_ENGINE": "spark://cluster.example.ac.uk:7077",
    "SMTP_PORT": "465",
    "IMAP_PORT": "143",
    "GRAPH_URL": "https://graph.example.ac.uk/v1.0",
    "GRAPH_AUTHORITY": "https://login.example.ac.uk",
    "MAIL_TESTERS": "tester@example.ac.uk",
    "MAIL_DRY_RUN": "true",
    "TEAMS_PLAYGROUND": "true",
}
"""Values for the settings that do not take any text; each other setting gets a text of its own."""


def _guides() -> Iterator[Path]:
    top = Path(__file__).parents[2]
    yield top / "README.md"
    for package in PRODUCT:
        yield from Path(package.__path__[0]).rglob("README.md")


def _described() -> Counter[str]:
    """Count how often the first columns of all tables name each variable."""
    rows = [
        line.strip().split("|")[1]
        for guide in _guides()
        for line in guide.read_text(encoding="utf-8").splitlines()
        if line.strip().startswith("|")
    ]
    return Counter(name for row in rows for name in re.findall(r"`([A-Z]+(?:_[A-Z]+)*)`", row))


def test_each_setting_is_described_once_and_nothing_else_is() -> None:
    assert _described() == Counter(FIELDS.values())


def test_one_table_of_the_readme_has_them_all() -> None:
    """A person who sets up Lantern needs only this table."""
    whole = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    table = whole.partition("### Settings")[2].partition("\n\n|")[2].partition("\n\n")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.count("|") > 2]
    named = [name for row in rows for name in re.findall(r"`([A-Z]+(?:_[A-Z]+)*)`", row)]
    assert Counter(named) == Counter(FIELDS.values())


def test_no_two_settings_share_a_variable() -> None:
    assert len(FIELDS) == len(set(FIELDS.values())) == SETTINGS


@pytest.mark.parametrize(("field", "variable"), FIELDS.items(), ids=FIELDS.values())
def test_each_setting_is_read_from_its_variable(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, field: str, variable: str
) -> None:
    clock = tmp_path / "clock"
    clock.write_text("2026-10-12T09:00:00+00:00")
    for each in FIELDS.values():
        monkeypatch.delenv(each, raising=False)
    said = (
        str(clock)
        if field == "clock"
        else SAID.get(variable, f"{variable.lower().replace('_', '-')}.example.ac.uk-1234567890")
    )
    usual = load_settings()
    monkeypatch.setenv(variable, said)
    changed = load_settings()
    assert {name for name in FIELDS if getattr(changed, name) != getattr(usual, name)} == {field}
    value = getattr(changed, field)
    plain = value.get_secret_value() if hasattr(value, "get_secret_value") else str(value)
    assert plain.casefold() == said
