"""People never see an internal id of the database.

Every sequence of the database starts far from all other numbers, so that an id that reaches a
person is recognised by its digits: on cards, in dialogs and answers, notices, digests, pages and on
the command line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url
from typer.testing import CliRunner

from bot.app import create_app
from store.actions.outreach.preview_letter import preview_letter_for_case
from store.queries.audit import audit_lines
from store.rules.letters.letter import LetterKind
from tests import servers
from tests.bot.every_answer import a_busy_school, answers
from tests.bot.visitor import Visitor
from tests.people import LANGUAGES, MATHEMATICS, policy_document
from tests.stores import migrate
from tests.worker.erasures import joins
from tests.worker.office import Office, office_in
from tests.worker.test_screening import screen, write_feed
from worker.cli.main import app

TYPED_BY_PEOPLE = {"erasures", "holds"}
"""Tables whose numbers are references that people read and type, as in /lantern receipt 7."""

FROZEN = "complaint LANG-1 export"
"""Tables of frozen evidence, which is shown word for word because its hash covers the words."""

BASE = 617_000_017
STEP = 10_000
ID = re.compile(r"(?<!\d)617\d{6}(?!\d)")


@pytest.fixture
def url(postgres_url: str) -> Iterator[str]:
    """Provide a migrated database whose ids cannot be mistaken for other numbers."""
    with servers.new_postgresql_database(postgres_url) as made:
        migrate(made)
        address = make_url(made).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            found = connection.execute("SELECT sequencename FROM pg_sequences").fetchall()
            for n, name in enumerate(sorted(str(row[0]) for row in found)):
                if not any(name.startswith(table) for table in TYPED_BY_PEOPLE):
                    start = sql.SQL("ALTER SEQUENCE {} RESTART WITH {}")
                    there = sql.Literal(BASE + n * STEP)
                    connection.execute(start.format(sql.Identifier(name), there))
        yield made


@pytest.fixture
def office(tmp_path: Path, url: str) -> Iterator[Office]:
    with office_in(tmp_path / "home", url) as made:
        write_feed(made.services.settings.home)
        yield made


def visible(page: str) -> str:
    """Return a page's text, without what only the browser reads."""
    return re.sub(r"<[^>]*>", " ", page)


def test_no_id_of_the_database_stands_anywhere_to_read(office: Office) -> None:
    screen(office)
    cases = a_busy_school(office)
    assert ID.fullmatch(str(cases[0]))
    for answer in answers(office, cases, ("lena", "fay")):
        if answer.asked == FROZEN:
            continue
        assert not ID.search(answer.text), (answer.person, answer.asked, answer.text)
    office.works()

    visitor = Visitor(create_app(office.services))
    people = ("alice", "bob", "sana", "lena", "max", "charlie")
    pages = ["outbox", "student", "audit", "c/lang", *(f"c/direct:{name}" for name in people)]
    for person in people:
        visitor.post("/sandbox/person", {"user": person})
        for page in pages:
            shown = visitor.get(f"/sandbox/{page}")
            assert not ID.search(visible(shown.text)), (person, page)
    with office.services.store.database.read() as connection:
        for line in audit_lines(connection, limit=2000):
            assert not ID.search(f"{line.actor} {line.subject} {line.details}"), line


def test_nor_on_the_command_line(
    office: Office, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.world.open_case()
    for name, school in (("priya", LANGUAGES), ("petra", MATHEMATICS)):
        joins(office, name, school)
    office.works()
    preview_letter_for_case(office.world.store, "LANG-1", LetterKind.UNIVERSITY_EMAIL)
    monkeypatch.setenv("LANTERN_HOME", str(office.services.settings.home))
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.delenv("REDIS_URL", raising=False)
    draft = tmp_path / "draft.toml"
    draft.write_text(
        policy_document().replace("[rules.inactivity]", "[rules.inactivity]\ndays = 5")
    )
    for line in (
        f"policy simulate {draft} --from 2025-10-10 --to 2025-10-16",
        f"policy diff {draft}",
        "policy statement LANG",
        "doctor",
        "outreach report",
        "letters preview LANG-1",
        "audit verify",
        "screen --day 2025-10-22",
        "digest --day 2025-10-22",
        "sweep",
    ):
        done = CliRunner().invoke(app, line.split())
        assert done.exit_code == 0, (line, done.output)
        assert not ID.search(done.stdout), (line, done.stdout)
