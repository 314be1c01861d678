"""Secrets are read from files, as containers and systemd provide them."""

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


def test_a_line_of_the_settings_file_may_name_a_file_as_well(tmp_path: Path) -> None:
    (tmp_path / "port").write_text("9000\n")
    (tmp_path / ".env").write_text(f"PORT_FILE='{tmp_path / 'port'}'\n")
    assert load_settings().port == 9000


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("SLACK_BOT_TOKN='xoxb-hush'", "no setting SLACK_BOT_TOKN.*line 2.*SLACK_BOT_TOKEN"),
        ("DATABASEURL='postgresql://hush'", "no setting DATABASEURL.*DATABASE_URL"),
        ("TEAMS_CLIENT_SECRET_FIL='hush'", "no setting TEAMS_CLIENT_SECRET_FIL.*_FILE may"),
        ("PORT 8765", "line 2 of the file .env.*NAME='value'"),
        ("AUDIT_KEY='hush", "line 2 of the file .env.*NAME='value'"),
    ],
)
def test_a_line_that_would_be_passed_over_is_named(tmp_path: Path, lines: str, said: str) -> None:
    (tmp_path / ".env").write_text(f"# Ours.\n{lines}\n")
    with pytest.raises(WrongSetting, match=said) as refused:
        load_settings()
    assert "hush" not in str(refused.value)
    assert str(refused.value).endswith(".")


def test_lines_of_other_programs_are_left_alone(tmp_path: Path) -> None:
    theirs = ("DB_PASSWORD", "REDIS_PASSWORD", "LANTERN_NAME", "LANTERN_DEBUG", "POSTGRES_USER")
    (tmp_path / ".env").write_text("".join(f"export {name}='x'\n" for name in theirs))
    assert load_settings().port == 8765
