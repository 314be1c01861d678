"""An office whose mail service may fail at any step."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from bot.interaction import Reply
from store.tables import outbox, outreach
from tests.worker.mail_service import Crash, MailService
from tests.worker.office import Office, office_in
from worker.jobs.outreach.send import send_due


@pytest.fixture
def service() -> MailService:
    return MailService()


@pytest.fixture
def office(tmp_path: Path, service: MailService) -> Iterator[Office]:
    """Give an office on SQLite, with the mail service in memory."""
    with office_in(tmp_path) as made:
        made.services = replace(made.services, mailer=service)
        yield made


@pytest.fixture
def either_office(
    tmp_path: Path, migrated_database_url: str, service: MailService
) -> Iterator[Office]:
    """Give the same, once on each database."""
    with office_in(tmp_path, migrated_database_url) as made:
        made.services = replace(made.services, mailer=service)
        yield made


def attempts(office: Office, number: int, minutes: float = 3) -> None:
    """Start a worker again whenever it died, each time after the old lease has expired."""
    for _ in range(number):
        with suppress(Crash):
            send_due(office.services)
        office.clock.forward(minutes=minutes)


def states(office: Office) -> set[tuple[str, str]]:
    """Return (outbox state, outreach status) of every email."""
    mails = {row["id"]: row["status"] for row in office.world.rows(outreach)}
    return {
        (row["state"], mails[row["outreach_id"]]) for row in office.world.rows(outbox, kind="mail")
    }


def closes(office: Office, case: int) -> None:
    dialog = office.dialog("lena", "close", case)
    assert office.submits("lena", dialog, outcome="data-error", note="") == Reply()
