"""Settings: with none set everything is embedded, and a wrong one gives one clear sentence."""

import datetime as dt
from pathlib import Path

import pytest

from integrations import bootstrap
from integrations.moved_clock import MovedClock
from integrations.settings import WrongSetting, load_settings

NAMES = ("LANTERN_HOME", "DATABASE_URL", "REDIS_URL", "AUDIT_KEY", "PORT")
KEY = "k" * 31 + "!"


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def test_without_any_variable_everything_lies_in_the_home_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/elsewhere")  # not a setting of Lantern
    settings = load_settings()
    assert settings.home == tmp_path / ".lantern"
    assert settings.database == f"sqlite:///{tmp_path}/.lantern/lantern.db"
    assert (settings.redis_url, settings.audit_key, settings.port) == ("", None, 8765)


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("DATABASE_URL", "mysql://lantern:hush-hush@db/lantern", "postgresql://"),
        ("DATABASE_URL", "lantern.db", "sqlite:///"),
        ("DATABASE_URL", "postgresql://lantern:hush-hush@db", "postgresql://"),
        ("DATABASE_URL", "postgresql://lantern:x@db:hush-hush/lantern", "postgresql://"),
        ("DATABASE_URL", "sqlite://", "sqlite:///"),
        ("REDIS_URL", "http://:hush-hush@queue/0", "redis://"),
        ("REDIS_URL", "redis://:x@queue:hush-hush/0", "redis://"),
        ("REDIS_URL", "redis://queue:99999/0", "redis://"),
        ("REDIS_URL", "queue:6379", "redis://"),
        ("PUBLIC_URL", "http://hush-hush.example.ac.uk", "https://"),
        ("PUBLIC_URL", "https://lantern.example.ac.uk/hush-hush", "https://"),
        ("PUBLIC_URL", "https://lantern.example.ac.uk?hush-hush", "https://"),
        ("PUBLIC_URL", "https://me:hush-hush@lantern.example.ac.uk", "https://"),
        ("PUBLIC_URL", "hush-hush", "https://"),
        ("AUDIT_KEY", "hush-hush", "at least 32 characters"),
        ("PORT", "hush-hush", "integer"),
        ("PORT", "70000", "65535"),
        ("PORT", "-1", "0"),
    ],
)
def test_a_wrong_setting_is_one_sentence_that_names_it_and_quotes_nothing(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, wanted: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(WrongSetting) as refused:
        load_settings()

    sentence = str(refused.value)
    assert sentence.startswith(f"The setting {name} cannot be used: ")
    assert wanted in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert "hush-hush" not in sentence
    assert refused.value.__suppress_context__, "nor does the traceback quote it"


@pytest.mark.parametrize(
    "given", ["https://Lantern.example.ac.uk", "https://lantern.example.ac.uk/"]
)
def test_the_public_address_stands_in_mails_as_it_is(
    monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv("PUBLIC_URL", given)
    assert load_settings().public_url == "https://lantern.example.ac.uk"


def test_a_home_that_is_a_file_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LANTERN_HOME", str(tmp_path / "file"))
    with pytest.raises(WrongSetting, match="LANTERN_HOME cannot be used: it must name a folder"):
        load_settings()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_postgresql_reaches_the_one_driver(
    monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"{scheme}://lantern:a%40b@db:5433/cases?sslmode=require")
    wanted = "postgresql+psycopg://lantern:a%40b@db:5433/cases?sslmode=require"
    assert load_settings().database == wanted


def test_what_is_given_in_code_counts_more_than_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LANTERN_HOME", "/nowhere")
    monkeypatch.setenv("PORT", "1")
    settings = load_settings(home=tmp_path, port=2)
    assert (settings.home, settings.port) == (tmp_path, 2)
    with pytest.raises(WrongSetting, match="The setting PORT "):
        load_settings(port=-1)


def test_printed_settings_show_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://lantern:hush-hush@db/lantern")
    monkeypatch.setenv("REDIS_URL", "redis://:hush-hush@queue/0")
    monkeypatch.setenv("AUDIT_KEY", KEY)
    settings = load_settings()
    for printed in (repr(settings), str(settings)):
        assert "hush-hush" not in printed
        assert KEY not in printed


def test_settings_do_not_change_once_the_process_runs() -> None:
    with pytest.raises(ValueError, match="frozen"):
        setattr(load_settings(), "port", 1)  # noqa: B010 -- as a type checker would not let it


def test_a_variable_set_to_nothing_counts_as_not_set(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        monkeypatch.setenv(name, "")
    settings = load_settings()
    assert (settings.home, settings.port) == (tmp_path / ".lantern", 8765)
    assert settings.audit_key is None


NOON = dt.datetime(2026, 10, 12, 12, tzinfo=dt.UTC)


@pytest.fixture
def clock_file(tmp_path: Path) -> Path:
    """Return a clock file that says it is noon."""
    file = tmp_path / "clock"
    MovedClock(file).set(NOON)
    return file


def test_the_moved_clock_shows_what_its_file_says_at_any_time(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, clock_file: Path
) -> None:
    monkeypatch.setenv("LANTERN_CLOCK", str(clock_file))
    services = bootstrap.build(load_settings(home=tmp_path / "home"))
    try:
        assert services.now() == NOON
        later = NOON + dt.timedelta(days=3)
        MovedClock(clock_file).set(later.astimezone(dt.timezone(dt.timedelta(hours=5))))
        assert services.now() == services.store.now() == later
    finally:
        services.close()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUBLIC_URL", "https://lantern.example.ac.uk"),
        ("PUBLIC_URL", "http://127.0.0.1:8765"),
        ("GRAPH_TENANT_ID", "t"),
        ("GRAPH_CLIENT_ID", "c"),
        ("GRAPH_CERTIFICATE", "c.pem"),
        ("GRAPH_CLIENT_SECRET", "s"),
        ("GRAPH_MANAGED_IDENTITY", "system"),
        ("TEAMS_CLIENT_ID", "c"),
        ("TEAMS_TENANTS", "t"),
        ("TEAMS_CERTIFICATE", "c.pem"),
        ("TEAMS_CLIENT_SECRET", "s"),
        ("TEAMS_MANAGED_IDENTITY", "system"),
        ("TEAMS_PLAYGROUND", "1"),
        ("SLACK_BOT_TOKEN", "x"),
        ("SLACK_SIGNING_SECRET", "x"),
        ("SLACK_APP_TOKEN", "x"),
        ("SLACK_TEAMS", "T1"),
        ("SLACK_CLIENT_ID", "c"),
        ("SLACK_CLIENT_SECRET", "s"),
    ],
)
def test_the_clock_is_moved_only_where_all_people_are_invented(
    monkeypatch: pytest.MonkeyPatch, clock_file: Path, name: str, value: str
) -> None:
    monkeypatch.setenv("LANTERN_CLOCK", str(clock_file))
    monkeypatch.setenv(name, value)
    with pytest.raises(WrongSetting, match=f"LANTERN_CLOCK cannot be used: .*{name} is set"):
        load_settings()


@pytest.mark.parametrize("text", ["", "tomorrow", "2026-10-12", "2026-10-12T09:00:00"])
def test_a_clock_that_shows_no_instant_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str
) -> None:
    (tmp_path / "clock").write_text(text, encoding="utf-8")
    for file in (tmp_path / "clock", tmp_path / "none"):
        monkeypatch.setenv("LANTERN_CLOCK", str(file))
        with pytest.raises(WrongSetting, match="LANTERN_CLOCK cannot be used: it must name a file"):
            load_settings()
