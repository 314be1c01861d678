"""An invented email, and helpers that read the folders that mailers write to."""

import datetime as dt
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from integrations.mail.folder import FolderMailer
from integrations.mail.interface import Mail

NOW = dt.datetime(2025, 10, 20, 9, 30, tzinfo=dt.UTC)
BOX = "languages@example.ac.uk"
MAIL = Mail(
    key="outreach:17",
    mailbox=BOX,
    sender_name="Alice Adviser",
    recipient="dana.student@example.ac.uk",
    subject="How are things going, Dana?",
    body="Hello Dana,\n\nhow are things?\n\n- We can meet.\n- We can call.\n\nAlice\nLanguages",
)


def mailer(root: Path, now: dt.datetime = NOW) -> FolderMailer:
    return FolderMailer(root, lambda: now)


def files(root: Path, folder: str) -> list[Path]:
    return sorted((root / BOX / folder).glob("*"))


def written(path: Path) -> EmailMessage:
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def text_of(message: EmailMessage, kind: str) -> str:
    part = message.get_body([kind])
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def put(root: Path, name: str, content: bytes) -> None:
    inbox = root / BOX / "inbox"
    inbox.mkdir(parents=True, exist_ok=True)
    (inbox / name).write_bytes(content)


OURS = "<" + "a" * 32 + "@lantern.invalid>"
HEADERS = f"From: dana@students.example.ac.uk\nMessage-ID: <bad@x>\nIn-Reply-To: {OURS}\n"
