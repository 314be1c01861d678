"""The set-up texts, run line by line as printed, as far as possible without an account.

The tests fill in what a reader has to. A line that needs Slack, Teams or Graph themselves is listed
in ``ELSEWHERE``, so that a new line is either run or listed.
"""

from __future__ import annotations

import datetime as dt
import json
import shlex
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from integrations.microsoft.certificate import checked_pem
from tests.servers import free_port
from tests.worker.clone import Clone, blocks, clone, serving, settings_of, wait
from worker.demo import people
from worker.demo.activity import covers
from worker.demo.clock import story_day
from worker.demo.roster_files import write_roster
from worker.demo.setup import policy_documents, write_feeds

__all__ = ["clone"]

GUIDES = (
    "README.md",
    "bot/teams/README.md",
    "bot/slack/README.md",
    "integrations/mail/graph/README.md",
)
ELSEWHERE = (
    # From an empty folder to the first card: test_init runs all of them in order.
    *('mkdir "~/lantern"', "lantern slack manifest", "lantern init", "lantern ingest events"),
    "lantern screen",
    # In test_backup; each start in the tests migrates a database to the newest version.
    *("lantern backup", "lantern restore", "lantern release"),
    "npx @microsoft/m365agentsplayground",
    "lantern doctor",
    # In test_directory, on a fake Entra.
    "lantern directory",
    "lantern slack channel --school",
    "lantern slack enrol",
    "lantern slack identify",
    'lantern teams channel --school LANG --link "<',
    "lantern teams enrol",
    "lantern teams identify --email …",
    "SLACK_TEAMS=T… SLACK_BOT_TOKEN=xoxb-…",
    "make test",
    "make install",
    "lantern web",
    "lantern worker",
    "lantern clock",
    "lantern sandbox",
    # In Exchange's own PowerShell.
    "Connect-ExchangeOnline",
    "New-",
    "Set-Mailbox",
    "Test-ServicePrincipal",
)
"""Beginnings of lines, after their settings, that need an account or never end.

They have tests of their own.
"""


@pytest.mark.parametrize("guide", GUIDES)
def test_each_line_is_run_here_or_needs_an_account(guide: str) -> None:
    run_here = (
        *("make demo", "lantern ingest roster", "lantern policy", "lantern letters"),
        *("mkdir -p .lantern", "cp vle.csv"),
        *("lantern teams identify --email alice", "lantern teams channel --school LANG --link ch"),
        *("openssl", "cat key.pem"),
    )
    for line in (line for block in blocks(guide) for line in block):
        words = shlex.join(settings_of(line)[1]) if "…" not in line else line
        begins = words.removeprefix(".venv/bin/").replace("'", '"')
        whole = line.split("=")[0]
        assert begins.startswith((*run_here, *ELSEWHERE)) or whole == "SLACK_TEAMS", line


# -- README.md --------------------------------------------------------------------------------


TOLD = '--told "handbook: page 12, 2025-09-22" --told "email: to all students, 2025-09-22"'


def test_the_readmes_lines_in_their_order(clone: Clone) -> None:
    (trial, _, running, *_) = blocks("README.md")
    assert trial[0].startswith("make demo")
    install, *lines, web = running
    assert install.startswith("make install")
    _files_of_ones_own(clone.folder)
    for line in lines:
        document = line.partition(" > ")[0]
        # A reader at a terminal is asked how students were told.
        told = TOLD if document.startswith("lantern policy publish") else ""
        printed = clone.runs(f"{document} {told}")
        # A reader edits the document by hand: a completed one is already there.
        assert document == line or "FILL IN" in printed
    clone.runs("lantern screen")
    with serving(clone, web) as url:
        assert httpx.get(f"{url}/healthz").json() == {"status": "ok"}


def _files_of_ones_own(folder: Path) -> None:
    """Write the files that a reader brings: a roster, a policy, and a file of events."""
    day = story_day(dt.datetime.now(dt.UTC))
    write_roster(people.build_roster(covers(day)[0]), folder / "FOLDER")
    students = folder / "FOLDER" / "students.csv"
    # The demo's roster contains a mistake on purpose.
    good = [
        line for line in students.read_text(encoding="utf-8").splitlines() if "L9999" not in line
    ]
    students.write_text("\n".join([*good, ""]), encoding="utf-8")
    (first, *_) = policy_documents(day).values()
    (folder / "language.toml").write_text(first, encoding="utf-8")
    shutil.copy(write_feeds(folder / "brought", day)["learning-space"], folder / "vle.csv")


# -- bot/teams/README.md ----------------------------------------------------------------------


def test_the_playgrounds_lines_in_their_order(clone: Clone) -> None:
    (lines,) = blocks("bot/teams/README.md")
    demo, *before, playground, web = lines
    clone.opens(demo)
    for line in before:
        clone.runs(line)
    assert "m365agentsplayground" in playground
    port = free_port()
    with (
        serving(clone, web.replace("3978", str(port)), port) as url,
        _playground() as (there, got),
    ):
        user = shlex.split(before[0])[-1]
        answer = httpx.post(f"{url}/teams/messages", json=_says("today", user, there), timeout=180)
        assert answer.status_code == 200, answer.text
        wait(lambda: got)
    assert "LANG-" in json.dumps(got)


def _says(line: str, user: str, there: str) -> dict[str, Any]:
    """Return the playground's request when its person types a line in their own chat."""
    return {
        "type": "message",
        "id": "1",
        "timestamp": "2026-10-12T09:00:00.000Z",
        "channelId": "msteams",
        "serviceUrl": there,
        "from": {"id": "user-id-0", "name": "Alex Wilber", "aadObjectId": user},
        "recipient": {"id": "00000000-0000-0000-0000-00000000000011", "name": "Test Bot"},
        "conversation": {"id": "personal-chat-id", "conversationType": "personal"},
        "channelData": {"tenant": {"id": "00000000-0000-0000-0000-0000000000001"}},
        "text": line,
    }


@contextmanager
def _playground() -> Iterator[tuple[str, list[Any]]]:
    """Run the playground's connector, which accepts every post."""
    got: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            got.append(json.loads(body))
            made = b'{"id": "1"}'
            self.send_response(201)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(made)))
            self.end_headers()
            self.wfile.write(made)

        def log_message(self, format: str, *args: object) -> None:
            """Log no requests."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/_connector", got
        server.shutdown()


# -- integrations/mail/graph/README.md -----------------------------------------------------------


def test_the_certificates_lines_make_one_that_is_taken(clone: Clone) -> None:
    lines = next(block for block in blocks(GUIDES[3]) if block[0].startswith("openssl"))
    assert shutil.which("openssl"), "as the text itself needs it"
    for line in lines:
        clone.runs(line)
    assert checked_pem(clone.folder / "lantern.pem", "GRAPH_CERTIFICATE")
