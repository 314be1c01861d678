"""One run: due emails, a worker that is killed again and again, and the final check."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from integrations.mail.html import as_html
from store.tables import outbox, outreach, replies
from tests.chaos.worker import Options as WorkerOptions
from tests.fakes.graph.entra import certificate
from tests.fakes.graph.server import Options as GraphOptions
from tests.fakes.graph.server import graph_server, state_of
from tests.people import LANGUAGES
from tests.worker.office import Office, office_in

ROOT = Path(__file__).parents[2]
LONGEST_RUN = 250
"""The longest time in milliseconds that a worker works before it is killed."""


@dataclass(frozen=True)
class Chaos:
    """The number of emails and kills, and the shares of requests that fail."""

    mails: int
    kills: int
    seed: int
    lost: float = 0.03
    after: float = 0.02
    throttled: float = 0.03
    answered: float = 0.2
    speed: float = 60
    """Seconds of the workers' clock in one real second: a lease of 2 minutes takes 2 seconds."""
    patience: float = 900
    """Seconds for the last worker, which is killed only if it takes longer: several times what a
    slow machine needs."""


@dataclass(frozen=True)
class Outcome:
    """The results. Each of the first six must be 0."""

    lost: int
    """Recorded as finished, and never sent."""
    duplicated: int
    wrong: int
    """Sent to another address, or with another text."""
    unrecorded: int
    """Sent without being recorded as sent, or waiting for a person."""
    drafts_left: int
    """Second drafts, never sent."""
    answers_wrong: int
    """Answers that were recorded twice, or not at all."""
    killed: int
    has_ended: bool
    """Whether the last worker ended by itself. Otherwise ``waiting`` emails were still to be sent,
    with an unknown result."""
    waiting: int
    faults: dict[str, int]
    seconds: float

    @property
    def is_right(self) -> bool:
        """Whether the last worker ended by itself, and every email was sent exactly once, as
        approved, and recorded."""
        return self.has_ended and not any(
            (
                self.lost,
                self.duplicated,
                self.wrong,
                self.unrecorded,
                self.drafts_left,
                self.answers_wrong,
            )
        )


def run(chaos: Chaos, home: Path, database_url: str = "") -> Outcome:
    """Run it on an empty database; '' is SQLite in ``home``."""
    with office_in(home, database_url) as office:
        office.has_approved_mails(chaos.mails)
        began = time.time()
        options = GraphOptions(
            began=began,
            speed=chaos.speed,
            mailboxes=(f"{LANGUAGES.lower()}@example.ac.uk",),
            pem=certificate(),
            seed=chaos.seed,
            lost=chaos.lost,
            after=chaos.after,
            throttled=chaos.throttled,
            answered=chaos.answered,
        )
        with graph_server(options) as address:
            worker = WorkerOptions(
                str(home), database_url, address, options.pem, began, chaos.speed
            )
            statuses = _killed_again_and_again(worker, chaos)
            return _count(office, state_of(address), statuses, time.time() - began)


def _killed_again_and_again(options: WorkerOptions, chaos: Chaos) -> list[int]:
    """Run the workers to be killed and a last one to its end, and return their exit statuses."""
    chance = random.Random(chaos.seed)
    command = [sys.executable, "-m", "tests.chaos.worker", json.dumps(asdict(options))]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as worker:
        assert worker.stdin
        assert worker.stdout
        statuses = []
        for number in range(chaos.kills + 1):
            is_last = number == chaos.kills
            after = chaos.patience * 1000 if is_last else chance.randint(1, LONGEST_RUN)
            worker.stdin.write(f"{after:.0f}\n")
            worker.stdin.flush()
            statuses.append(int(worker.stdout.readline()))
        worker.stdin.close()
    return statuses


def _count(office: Office, state: dict[str, Any], statuses: list[int], seconds: float) -> Outcome:
    approved = {office.world.mail_key(row["id"]): row for row in office.world.rows(outreach)}
    left = Counter(each["key"] for each in state["left"])
    recorded = {row["idem_key"]: row["state"] for row in office.world.rows(outbox, kind="mail")}
    over = {key for key in approved if recorded[key] not in ("due", "sending")}
    return Outcome(
        lost=sum(1 for key in over if not left[key]),
        duplicated=sum(number - 1 for number in left.values()),
        wrong=sum(not _is_as_approved(each, approved.get(each["key"])) for each in state["left"]),
        unrecorded=sum(1 for key in over if recorded[key] != "sent"),
        drafts_left=state["drafts"],
        answers_wrong=abs(len(office.world.rows(replies)) - state["answers"]),
        killed=statuses[:-1].count(-signal.SIGKILL),
        has_ended=statuses[-1] == 0,
        waiting=len(approved) - len(over),
        faults=state["faults"],
        seconds=seconds,
    )


def _is_as_approved(left: dict[str, Any], row: dict[str, Any] | None) -> bool:
    return row is not None and (
        left["mailbox"],
        left["recipients"],
        left["subject"],
        left["content"],
    ) == (row["sender"], [row["recipient"]], row["subject"], as_html(row["subject"], row["body"]))
