"""An office whose emails use real SMTP and IMAP servers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from integrations.mail.smtp.account import Server, SmtpAccount
from integrations.mail.smtp.imap import open_mailbox
from integrations.mail.smtp.mailer import SmtpMailer
from store.rules.model import OutboxKind
from store.tables import outbox, outreach
from tests.integrations.graph_post import Sleeper
from tests.mail_servers import Handler, empty, imap_server, smtp_server
from tests.worker.office import Office, office_in
from worker.jobs.outreach.send import send_due

DRAFTS, SENT = "\\Drafts", "\\Sent"


@pytest.fixture(scope="module")
def imap() -> Iterator[Server]:
    with imap_server() as server:
        yield server


@dataclass
class Post:
    """The office, its mail servers, and what they received."""

    office: Office
    handler: Handler
    imap: Server

    @property
    def mailer(self) -> SmtpMailer:
        assert isinstance(self.office.services.mailer, SmtpMailer)
        return self.office.services.mailer

    def works(self, minutes: float = 5) -> None:
        """Run the worker every minute for this long."""
        for _ in range(int(minutes) + 1):
            send_due(self.office.services)
            self.office.clock.forward(minutes=1)

    @property
    def state(self) -> tuple[str, str]:
        (row,) = self.office.world.rows(outbox, kind=OutboxKind.MAIL)
        (mail,) = self.office.world.rows(outreach, id=row["outreach_id"])
        return row["state"], mail["status"]

    def case(self) -> int:
        (mail,) = self.office.world.rows(outreach)
        return int(mail["case_id"])


@pytest.fixture
def post(tmp_path: Path, imap: Server) -> Iterator[Post]:
    """Give an office with one approved email that is due."""
    empty(imap)
    handler = Handler()
    with office_in(tmp_path) as office, smtp_server(handler) as smtp:
        sleep = Sleeper(office.clock)
        mailer = SmtpMailer(SmtpAccount(smtp, imap), office.services.store, sleep)
        office.services = replace(office.services, mailer=mailer)
        office.has_approved_mails(1)
        yield Post(office, handler, imap)


def put(server: Server, use: str, raw: bytes) -> None:
    with open_mailbox(server, "") as box:
        box.append(box.folder(use), "(\\Seen)", raw)
