"""Stored names outlive the program: in databases, in Redis and in students' emails.

``names_0018.json`` and ``database_0018.sql`` were written by version 0018 of the tables. A later
version may add names; it must still read every name in these files.
"""

import datetime as dt
import inspect
import json
import sqlite3
from collections.abc import Iterator
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import pytest
from rq.utils import import_attribute

from bot.commands.dispatcher import MODULES
from bot.commands.table import COMMANDS
from integrations.bootstrap import JOB_FUNCTION
from store.encryption import Encryption
from store.rules.model import CaseStatus
from store.rules.students.links import LinkPurpose
from store.signed_links import StudentLink, StudentLinks
from store.tables import metadata
from tests.stores import migrate
from tests.world import World, opened_world
from worker import jobs

HERE = Path(__file__).parent
NAMES: dict[str, Any] = json.loads((HERE / "names_0018.json").read_text(encoding="utf-8"))
KEY = "an invented key of more than 32 characters"


@pytest.fixture
def old_world(tmp_path: Path) -> Iterator[World]:
    """Upgrade a database of version 0018 to this version: one case with an answered email."""
    file = tmp_path / "lantern.db"
    with sqlite3.connect(file) as connection:
        connection.executescript((HERE / "database_0018.sql").read_text(encoding="utf-8"))
    connection.close()
    url = f"sqlite:///{file}"
    migrate(url)
    with opened_world(url) as world:
        yield world


def test_an_old_database_keeps_its_audit_its_answer_and_its_case(old_world: World) -> None:
    with old_world.store.database.read() as connection:
        status = connection.execute(metadata.tables["cases"].select()).one().status

    assert old_world.store.verify_audit() is None
    assert old_world.answers() == ["I was ill. Could we talk on Friday?"]
    assert status == CaseStatus.RESPONDED


@pytest.mark.parametrize("table", NAMES["tables"])
def test_a_table_keeps_its_name_and_its_columns(table: str) -> None:
    assert set(NAMES["tables"][table]) <= set(metadata.tables[table].columns.keys())


@pytest.mark.parametrize("job", NAMES["jobs"])
def test_a_job_that_waits_in_redis_is_found_and_takes_its_arguments(job: str) -> None:
    run = import_attribute("worker.jobs.run")

    assert JOB_FUNCTION == "worker.jobs.run"
    assert run is jobs.run
    inspect.signature(jobs.JOBS[job]).bind(None, **dict.fromkeys(NAMES["jobs"][job], "1"))


@pytest.mark.parametrize("word", NAMES["commands"])
def test_a_command_keeps_the_word_that_people_type(word: str) -> None:
    command = COMMANDS.find(word)

    assert MODULES
    assert command
    assert command.name == word


def test_every_stored_value_is_still_a_value() -> None:
    known = [{each.value for each in kind} for kind in _enumerations()]

    missing = [old for old in NAMES["values"] if not any(set(old) <= new for new in known)]

    assert missing == []


def test_what_an_old_version_sealed_opens_and_what_it_signed_holds() -> None:
    seal = Encryption(KEY)
    links = StudentLinks(seal.secrets_for("student links"))
    signing = {name: seal.secrets_for(name)[0].hex() for name in NAMES["signing_keys"]}

    assert seal.open(NAMES["sealed"]) == "Invented words."
    assert links.read(NAMES["link"], dt.datetime(2026, 1, 1, tzinfo=dt.UTC)) == StudentLink(
        7, LinkPurpose("fine")
    )
    assert signing == NAMES["signing_keys"]


def _enumerations() -> Iterator[type[StrEnum]]:
    """Return every enumeration of the product, in whatever module it is."""
    for package in ("store", "bot", "integrations", "worker"):
        for found in walk_packages(import_module(package).__path__, f"{package}."):
            if found.name.endswith(("migrations.env", "__main__")) or ".versions." in found.name:
                continue
            for each in vars(import_module(found.name)).values():
                if isinstance(each, type) and issubclass(each, StrEnum):
                    yield each
