"""Two students who were sent an email, and the mailbox that receives their answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from store.tables import outreach, replies
from tests.bot.every_answer import seen_in
from tests.fakes.graph.service import FakeGraph
from tests.integrations.graph_post import BOX
from tests.worker.graph_office import graph_behind
from tests.worker.office import Office, office_in
from worker.jobs.outreach.receive_replies import collect_replies
from worker.jobs.outreach.send import send_due

WORDS = "I was ill, sorry."


@dataclass
class StudentPost:
    """Two students who were sent an email, and the mailbox that receives their answers."""

    office: Office
    graph: FakeGraph
    sent: list[dict[str, Any]] = field(default_factory=list)

    def arrives(
        self, text: str, *, subject: str = "", message_class: str = "IPM.Note", **headers: str
    ) -> str:
        """Deliver the first student's reply and return its id. The default subject is ours."""
        (row, _) = self.sent
        named = {"In-Reply-To": row["message_id"], "References": row["message_id"]}
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        ref = self.graph.boxes.deliver(
            BOX,
            row["conversation"],
            text,
            message_class=message_class,
            headers={name: value for name, value in named.items() if value},
            sender=row["recipient"],
        )
        content = self.graph.boxes.messages[ref].content
        content["subject"] = subject or f"Re: {row['subject']}"
        if not text:
            content["body"]["content"] = ""
        return ref

    def looks(self) -> None:
        """Have the sweep read the mailbox."""
        collect_replies(self.office.services)

    def kept(self) -> tuple[str, str, str]:
        """Return (kind, doubt, words) of the only reply that the case has."""
        (row,) = self.office.world.rows(replies)
        return row["kind"], row["doubt"], row["body"]

    def owner_reads(self) -> str:
        """Return what the case's owner sees after giving a reason."""
        reference = self.office.world.case(self.sent[0]["case_id"]).reference
        self.office.types("alice", f"take {reference}")
        asked = self.office.types("alice", f"reveal {reference}").dialog
        assert asked
        return seen_in(self.office.submits("alice", asked, purpose="prepare-contact"))

    def check(self) -> str:
        """Return what the owner sees of a reply in doubt."""
        reference = self.office.world.case(self.sent[0]["case_id"]).reference
        self.office.types("alice", f"take {reference}")
        return seen_in(self.office.types("alice", f"check-reply {reference}"))


@pytest.fixture
def post(tmp_path: Path) -> Iterator[StudentPost]:
    with office_in(tmp_path) as office, graph_behind(office) as graph:
        office.has_approved_mails(2)
        for _ in range(4):
            send_due(office.services)
            office.clock.forward(seconds=30)
        yield StudentPost(office, graph, office.world.rows(outreach))
