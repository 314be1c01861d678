"""Emails that were sent, as a student reads them, and replies to them."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from email import message_from_bytes
from email import policy as email_policy
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from uuid import uuid4

from tests.policy.doors import ORIGIN


@dataclass
class Email:
    """A message to a student, as stored in the mail folder."""

    file: Path
    to: str
    subject: str
    body: str

    @property
    def text(self) -> str:
        """Return subject and body on one line."""
        return " ".join(f"{self.subject} {self.body}".split())

    @property
    def links(self) -> list[str]:
        """Return the addresses of the student's page in the body, in order."""
        found = re.findall(rf"{re.escape(ORIGIN)}(/student/[^\s\"<>]+)", self.body)
        return list(dict.fromkeys(found))


def mails(root: Path, folder: str) -> list[Email]:
    found = []
    for file in sorted(root.glob(f"*/{folder}/*.eml"), key=lambda each: each.stat().st_mtime):
        message = message_from_bytes(file.read_bytes(), policy=email_policy.default)
        body = message.get_body(("plain",))
        text = body.get_content() if body else ""
        found.append(
            Email(file, str(message["To"].addresses[0].addr_spec), str(message["Subject"]), text)
        )
    return found


def reply_to(sent: EmailMessage, words: str, sender: str, now: dt.datetime) -> EmailMessage:
    reply = EmailMessage(policy=email_policy.SMTP)
    reply["From"], reply["To"] = sender, sent["From"]
    reply["Subject"] = f"Re: {sent['Subject']}"
    reply["Message-ID"] = f"<{uuid4().hex}@students.example>"
    reply["In-Reply-To"] = reply["References"] = sent["Message-ID"]
    reply["Date"] = format_datetime(now)
    reply.set_content(words)
    return reply
