"""Secrets come out of files, as containers and systemd hand them on."""

from __future__ import annotations

from pathlib import Path

import pytest

from integrations.settings import Settings, WrongSetting, load_settings

VARIABLES = [str(field.validation_alias) for field in Settings.model_fields.values()]


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)
    monkeypatch.chdir(tmp_path)


def test_a_setting_is_read_out_of_its_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    secret = tmp_path / "audit"
    secret.write_text("a key of more than thirty-two characters\n")
    monkeypatch.setenv("AUDIT_KEY_FILE", str(secret))
    key = load_settings().audit_key
    assert key is not None
    assert key.get_secret_value() == "a key of more than thirty-two characters"


@pytest.mark.parametrize("name", VARIABLES)
def test_each_setting_may_come_out_of_a_file_that_is_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    monkeypatch.setenv(f"{name}_FILE", str(tmp_path / "nowhere"))
    with pytest.raises(WrongSetting, match=f"{name}_FILE cannot be used") as refused:
        load_settings()
    assert "nowhere" not in str(refused.value)


def test_what_is_set_twice_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "port").write_text("9000")
    monkeypatch.setenv("PORT_FILE", str(tmp_path / "port"))
    monkeypatch.setenv("PORT", "9001")
    with pytest.raises(WrongSetting, match="PORT and PORT_FILE are both set"):
        load_settings()
