"""A wrong value of any setting prevents the start, with a sentence that says what is valid."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from integrations.bootstrap import build
from integrations.fault_sentences import fault_sentence
from integrations.settings import Settings, WrongSetting, load_settings
from worker.processes.serve import _host, _listening

SECRET = "hush-hush-and-never-to-be-shown-0123456789"
GUID = "11111111-2222-3333-4444-555555555555"
SLACK = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": SECRET, "SLACK_TEAMS": "T012AB3CD"}
OAUTH = {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": SECRET, "SLACK_TEAMS": "T012AB3CD"}
TEAMS = {"TEAMS_CLIENT_ID": GUID, "TEAMS_TENANTS": GUID, "TEAMS_CLIENT_SECRET": SECRET}
GRAPH = {"GRAPH_TENANT_ID": GUID, "GRAPH_CLIENT_ID": GUID, "GRAPH_CLIENT_SECRET": SECRET}

SERVERS = {"SMTP_HOST": "smtp.invalid", "IMAP_HOST": "imap.invalid"}
SIGN_IN = {"SMTP_USER": "lantern", "SMTP_PASSWORD": SECRET}

STUDENTS = {
    "SIGN_IN_CLIENT_ID": GUID,
    "SIGN_IN_TENANT_ID": GUID,
    "SIGN_IN_CLIENT_SECRET": SECRET,
    "PUBLIC_URL": "https://lantern.example.ac.uk",
}

Wrong = tuple[str, Mapping[str, str]]
"""(the wrong value, the other settings)."""

WRONG: Mapping[str, tuple[Wrong, ...]] = {
    "LANTERN_HOME": (("FILE", {}), ("FILE/below", {}), ("/proc/lantern", {})),
    "DATABASE_URL": (
        ("mysql://lantern@db/lantern", {}),
        ("lantern.db", {}),
        ("sqlite:///FILE/below/lantern.db", {}),
        (f"postgresql://lantern:{SECRET}@127.0.0.1:1/lantern", {}),
        # A password with special characters, and parts that the driver or libpq does not know.
        (f"postgresql://lantern:{SECRET}@home@127.0.0.1:1/lantern", {}),
        (f"postgresql://lantern:{SECRET}@in/two@127.0.0.1:1/lantern", {}),
        ("postgresql://lantern@127.0.0.1:99999/lantern", {}),
        ("postgresql://lantern@127.0.0.1:1/lantern?sslmode=perhaps", {}),
        ("postgresql://lantern@127.0.0.1:1/lantern?pool=5", {}),
        ("postgresql://lantern@127.0.0.1:1/lantern?connect_timeout=soon", {}),
        ("postgresql://lantern@127.0.0.1:1/lantern?service=none", {}),
    ),
    "REDIS_URL": (
        ("http://queue", {}),
        (f"redis://:x@queue:{SECRET}/0", {}),
        ("redis://queue:6379/first", {}),
        ("redis://queue:6379/0?pool=5", {}),
        ("rediss://queue:6379/0?ssl_cert_reqs=perhaps", {}),
        ("rediss://queue:6379/0?ssl_ca_certs=FILE/below", {}),
    ),
    "AUDIT_KEY": (("short", {}),),
    "AUDIT_ANCHOR": (("/", {}), ("mailto:the officer", {})),
    "ENCRYPTION_KEY": (("short", {}), (f"{SECRET},short", {}), (f"{SECRET},", {})),
    "HOST": (("0.0.0.0", {}), ("nowhere.invalid", SLACK | {"SLACK_APP_TOKEN": "xapp-1"})),  # noqa: S104
    "TRUSTED_PROXIES": (("*", {}), ("proxy.example.ac.uk", {})),
    "PORT": (("many", {}), ("70000", {}), ("-1", {}), ("1.5", {})),
    "PUBLIC_URL": (("http://lantern.example.ac.uk", {}), ("lantern", {}), ("", STUDENTS)),
    "UNIVERSITY": (("An invented university " * 5, {}),),
    "METRICS_TOKEN": (("short", {}),),
    "OTEL_EXPORTER_OTLP_ENDPOINT": (
        ("collector:4318", {}),
        (f"http://lantern:{SECRET}@collector:4318", {}),
        (f"http://collector:4318/?key={SECRET}", {}),
    ),
    "OTEL_EXPORTER_OTLP_HEADERS": ((SECRET, {}), (f"key={SECRET},", {})),
    "MAIL_TESTERS": (("Ada", {}), ("ada@example.ac.uk;bo@example.ac.uk", {})),
    "MAIL_DOMAINS": (("@example.ac.uk", {}), ("not a domain", {})),
    "MAIL_DRY_RUN": (("perhaps", {}),),
    "STUDENT_NUMBER_PATTERN": (("[0-9", {}),),
    # The second is right, but PySpark is an extra that is not installed here.
    "ACTIVITY_ENGINE": (("sparks", {}), ("spark", {}), ("spark://host", {})),
    "LRS_CREDENTIALS": (
        (SECRET, {}),
        (f"vle={SECRET}", {}),
        (f"vle=a:{SECRET},b=c:d f", {}),
        (f"vle=a:{SECRET} vle=b:{SECRET}", {}),
    ),
    "DIRECTORY_GROUPS": (
        (SECRET, {}),
        (f"LANG:adviser={SECRET}", {}),
        ("LANG:dean=11111111-2222-3333-4444-555555555555", {}),
    ),
    "FEED_KEYS": (
        (SECRET, {}),
        ("vle=short", {}),
        (f"vle={'k' * 32} vle={'l' * 32}", {}),
        (f"vle={'k' * 32} library={'k' * 32}", {}),
    ),
    "LANTERN_CLOCK": (("nowhere", {}), ("FILE", {})),
    "SIGN_IN_CLIENT_ID": (("", STUDENTS), ("lantern", STUDENTS)),
    "SIGN_IN_TENANT_ID": (("", STUDENTS), ("common", STUDENTS), ("example.ac.uk", STUDENTS)),
    "SIGN_IN_AUTHORITY": (
        ("https://login.example.ac.uk", STUDENTS | {"SIGN_IN_TENANT_ID": ""}),
        ("http://login.example.ac.uk/oidc", STUDENTS | {"SIGN_IN_TENANT_ID": ""}),
        ("https://login.example.ac.uk/oidc", STUDENTS),
    ),
    "SIGN_IN_CERTIFICATE": (("nowhere.pem", STUDENTS), ("FILE", STUDENTS)),
    "SIGN_IN_CLIENT_SECRET": (("", STUDENTS),),
    "SLACK_BOT_TOKEN": (("xoxp-1", SLACK), ("", SLACK)),
    "SLACK_SIGNING_SECRET": (("", SLACK),),
    "SLACK_APP_TOKEN": (("xoxb-1", SLACK),),
    "SLACK_TEAMS": (("lantern", SLACK), ("T012AB3CD,T012AB3CE", SLACK), ("", SLACK)),
    "SLACK_CLIENT_ID": (("1.2", SLACK | {"SLACK_CLIENT_SECRET": SECRET}),),
    "SLACK_CLIENT_SECRET": (("", OAUTH | {"SLACK_SIGNING_SECRET": SECRET}),),
    "SLACK_API_URL": (("http://slack.com/api/", SLACK), ("slack", SLACK)),
    "TEAMS_CLIENT_ID": (("lantern", TEAMS), ("", TEAMS)),
    "TEAMS_TENANTS": (("example", TEAMS), ("", TEAMS)),
    "TEAMS_CERTIFICATE": (("nowhere.pem", TEAMS), ("FILE", TEAMS)),
    "TEAMS_CLIENT_SECRET": (("", TEAMS),),
    "TEAMS_MANAGED_IDENTITY": (("lantern", TEAMS),),
    "TEAMS_SERVICE_HOSTS": (("https://smba.trafficmanager.net", TEAMS), ("*", TEAMS)),
    "TEAMS_PLAYGROUND": (("perhaps", {}), ("true", TEAMS)),
    "SMTP_HOST": (
        ("smtp://mail.invalid", SERVERS | SIGN_IN),
        ("mail.invalid:587", SERVERS | SIGN_IN),
        ("", SERVERS | SIGN_IN),
        ("smtp.invalid", SERVERS | SIGN_IN | GRAPH),
    ),
    "SMTP_PORT": (("many", {}), ("70000", {})),
    "SMTP_USER": (("lantern", {}), ("", SERVERS | SIGN_IN)),
    "SMTP_PASSWORD": ((SECRET, {}), ("", SERVERS | SIGN_IN)),
    "IMAP_HOST": (("", SERVERS | SIGN_IN), ("imaps://mail.invalid", SERVERS | SIGN_IN)),
    "IMAP_PORT": (("many", {}), ("70000", {})),
    "IMAP_USER": (("lantern", {}), ("", SERVERS)),
    "IMAP_PASSWORD": ((SECRET, {}), ("", SERVERS)),
    "GRAPH_TENANT_ID": (("", GRAPH), ("Example University", GRAPH)),
    "GRAPH_CLIENT_ID": (("", GRAPH), ("lantern", GRAPH)),
    "GRAPH_CERTIFICATE": (("nowhere.pem", GRAPH), ("FILE", GRAPH)),
    "GRAPH_CLIENT_SECRET": (("", GRAPH),),
    "GRAPH_MANAGED_IDENTITY": (("system", GRAPH),),
    "GRAPH_URL": (("http://graph.microsoft.com", {}), ("graph", {})),
    "GRAPH_AUTHORITY": (("http://login.microsoftonline.com", {}), ("login", {})),
}
CASES = [(name, value, around) for name, every in WRONG.items() for value, around in every]


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    for field in Settings.model_fields.values():
        monkeypatch.delenv(str(field.validation_alias), raising=False)
    monkeypatch.setenv("LANTERN_HOME", str(tmp_path / "home"))
    (tmp_path / "file").write_text(SECRET)
    yield
    assert SECRET in (tmp_path / "file").read_text()


@pytest.mark.parametrize(("name", "value", "around"), CASES, ids=[f"{n}-{v}" for n, v, _ in CASES])
def test_it_is_one_sentence_that_names_the_setting(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    name: str,
    value: str,
    around: Mapping[str, str],
) -> None:
    for each, given in around.items():
        monkeypatch.setenv(each, given)
    monkeypatch.setenv(name, value.replace("FILE", str(tmp_path / "file")))

    with pytest.raises(Exception) as refused:  # noqa: PT011
        _start()

    said = fault_sentence(refused.value) or repr(refused.value)
    assert name in said, said
    assert said.endswith(".")
    assert "\n" not in said
    for private in (SECRET, str(tmp_path), os.sep + "file"):
        assert private not in said


def _start() -> None:
    """Start as ``lantern web`` does, up to the point of serving."""
    services = build(load_settings())
    try:
        _listening(_host(services), services.settings.port).close()
    finally:
        services.close()


def test_every_setting_is_tried() -> None:
    assert set(WRONG) == {str(each.validation_alias) for each in Settings.model_fields.values()}


def test_with_none_it_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "0")
    _start()
    assert issubclass(WrongSetting, Exception)
