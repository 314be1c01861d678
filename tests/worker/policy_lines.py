"""Fixtures for ``lantern policy …``: a home whose school has a policy, and documents."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner, Result

from store.rules.calendar import institution_day
from tests.people import policy_document
from tests.policy.school import copy_of
from tests.worker.office import office_in
from tests.worker.test_screening import screen, write_feed
from worker.cli.main import app


@pytest.fixture(scope="module")
def screened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of a home with two schools whose policies are in force, after a screening."""
    made = tmp_path_factory.mktemp("screened") / "home"
    with office_in(made) as office:
        write_feed(office.services.settings.home)
        screen(office)
    return made


@pytest.fixture
def home(screened: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    copy_of(screened, tmp_path / "home")
    monkeypatch.setenv("LANTERN_HOME", str(tmp_path / "home"))
    yield tmp_path
    # A command configured the log to its standard error, which is closed after the test.
    structlog.reset_defaults()


def lantern(*words: str) -> Result:
    return CliRunner().invoke(app, ["policy", *words])


def document(folder: Path, text: str = "") -> str:
    file = folder / "draft.toml"
    file.write_text(text or policy_document(views_needed=2), encoding="utf-8")
    return str(file)


def new_document(folder: Path, text: str = "") -> str:
    """Return the same document, valid from today: a new version cannot begin earlier."""
    today = institution_day(dt.datetime.now(dt.UTC))
    text = text or policy_document(views_needed=2)
    return document(folder, re.sub(r"effective = \S+", f"effective = {today}", text))
