"""The start of a process, and every condition that must prevent it."""

import stat
from pathlib import Path

import pytest
import sqlalchemy as sa

from integrations.bootstrap import build, utc_now
from integrations.job_queue import InProcessQueue, RqQueue
from integrations.mail.smtp.mailer import SmtpMailer
from integrations.settings import Settings, WrongSetting, load_settings
from store import migrations
from store.db.database import Database
from tests.fakes.graph.entra import CLIENT, SECRET, TENANT
from tests.servers import new_postgresql_database
from tests.worker.forks import run_at_once
from worker.processes.credentials import credentials_of

STARTS = """
from pathlib import Path
from integrations.bootstrap import build
from tests.worker.office import settings_for

def run(arguments):
    build(settings_for(Path(arguments[0]))).close()
"""
KEY, OTHER_KEY = "first " * 6, "other " * 6


def settings_for(home: Path, **given: object) -> Settings:
    """Return settings that depend on nothing in the environment."""
    embedded: dict[str, object] = {
        "database_url": "",
        "redis_url": "",
        "audit_key": None,
        "encryption_key": None,
    }
    return load_settings(**{"home": home, "port": 0, **embedded, **given})


def starts(settings: Settings, *, migrate: bool | None = None) -> None:
    build(settings, migrate=migrate).close()


def refusal(settings: Settings) -> str:
    with pytest.raises(WrongSetting) as refused:
        starts(settings)
    sentence = str(refused.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


def test_embedded_is_ready_at_once_and_again(tmp_path: Path) -> None:
    for _ in range(2):
        services = build(settings_for(tmp_path))
        assert isinstance(services.queue, InProcessQueue)
        assert migrations.is_current(services.store.database)
        assert services.now().tzinfo
        services.close()
    assert utc_now().utcoffset() is not None


def test_with_redis_jobs_go_there_though_nobody_answers_yet(tmp_path: Path) -> None:
    """The web process may start before Redis, and must not wait for it."""
    services = build(settings_for(tmp_path, redis_url="redis://127.0.0.1:1/0"))
    assert isinstance(services.queue, RqQueue)
    services.close()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "LANTERN_HOME" in refusal(settings_for(tmp_path / "file" / "home"))
    inside = f"sqlite:///{tmp_path}/file/lantern.db"
    assert "DATABASE_URL" in refusal(settings_for(tmp_path, database_url=inside))


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "lantern.db").write_bytes(b"this is a letter to Dana, not a database\n" * 200)
    sentence = refusal(settings_for(tmp_path))
    assert "The database's file is not a database" in sentence
    assert "Dana" not in sentence


def test_a_database_of_another_program_is_told(tmp_path: Path, fresh_database_url: str) -> None:
    other = Database(fresh_database_url)
    with other.write() as connection:
        connection.execute(sa.text("CREATE TABLE students (name TEXT)"))
    other.close()
    settings = settings_for(
        tmp_path, database_url=fresh_database_url, audit_key=KEY, encryption_key=KEY
    )
    with pytest.raises(WrongSetting, match="holds tables of another program; set DATABASE_URL"):
        starts(settings, migrate=True)


def test_an_unreachable_database_is_told_without_its_password(tmp_path: Path) -> None:
    url = "postgresql://lantern:hush-hush@127.0.0.1:1/lantern"
    sentence = refusal(settings_for(tmp_path, database_url=url))
    assert "The database cannot be reached" in sentence
    assert "DATABASE_URL" in sentence
    assert "hush-hush" not in sentence


def test_a_shared_database_is_never_migrated_by_the_way(tmp_path: Path, postgres_url: str) -> None:
    with new_postgresql_database(postgres_url) as url:
        settings = settings_for(tmp_path, database_url=url, audit_key=KEY)
        assert "lantern release" in refusal(settings)
        database = Database(settings.database)
        try:
            assert not migrations.is_current(database), "the refused start changed nothing"
        finally:
            database.close()

        starts(settings, migrate=True)
        starts(settings)


def test_another_audit_key_stops_the_start(tmp_path: Path) -> None:
    starts(settings_for(tmp_path, audit_key=KEY))

    sentence = refusal(settings_for(tmp_path, audit_key=OTHER_KEY))

    assert "AUDIT_KEY" in sentence
    for secret in ("first", "other"):
        assert secret not in sentence
    assert "AUDIT_KEY" in refusal(settings_for(tmp_path)), "nor does a key made by itself do"
    starts(settings_for(tmp_path, audit_key=KEY))


def test_a_key_that_was_lost_stops_the_start_too(tmp_path: Path) -> None:
    starts(settings_for(tmp_path))
    for name in ("audit", "encryption"):
        kept = tmp_path / "keys" / f"{name}.key"
        key = kept.read_text()
        kept.unlink()
        sentence = refusal(settings_for(tmp_path))
        assert f"{name.upper()}_KEY" in sentence
        assert "backup" in sentence
        assert not kept.exists(), "no other key is made quietly"
        kept.write_text(key)
    starts(settings_for(tmp_path))


def test_keys_for_texts_change_by_putting_the_new_one_first(tmp_path: Path) -> None:
    starts(settings_for(tmp_path, encryption_key=KEY))

    assert "ENCRYPTION_KEY" in refusal(settings_for(tmp_path, encryption_key=OTHER_KEY))

    services = build(settings_for(tmp_path, encryption_key=f"{OTHER_KEY},{KEY}"))
    try:
        sealed = services.store.seal.close("I am fine.")
        assert "fine" not in sealed
        assert services.store.seal.open(sealed) == "I am fine."
    finally:
        services.close()


def test_processes_that_start_at_once_make_keys_that_only_their_owner_reads(
    tmp_path: Path,
) -> None:
    run_at_once(STARTS, 4, str(tmp_path))

    keys = sorted((tmp_path / "keys").iterdir())
    assert [key.name for key in keys] == ["audit.key", "encryption.key"]
    for key in keys:
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
        assert stat.S_IMODE(key.parent.stat().st_mode) == 0o700
        assert len(key.read_text()) == 64
    starts(settings_for(tmp_path))


def test_the_directory_is_read_through_graph_also_where_emails_go_through_smtp(
    tmp_path: Path,
) -> None:
    groups = {"directory_groups": f"LANG:adviser={TENANT}"}
    assert "GRAPH_TENANT_ID" in refusal(settings_for(tmp_path, **groups))
    graph = {"graph_tenant_id": TENANT, "graph_client_id": CLIENT, "graph_client_secret": SECRET}
    smtp = {
        "smtp_host": "smtp.example.ac.uk",
        "imap_host": "imap.example.ac.uk",
        "imap_user": "lantern",
        "imap_password": SECRET,
    }
    services = build(settings_for(tmp_path, **groups, **graph, **smtp))
    assert isinstance(services.mailer, SmtpMailer)
    assert services.directory
    tried = next(credentials_of(services))
    assert tried.settings["secret"] == "GRAPH_CLIENT_SECRET"
    services.close()
