"""Read the messages in an inbox folder, each by itself, whatever files are in it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from integrations.mail import eml
from integrations.mail.eml_parts import LARGEST, NOT_READ, TOO_LARGE, UNREADABLE, address_of
from integrations.mail.interface import Answer

_OURS = re.compile(r"<[0-9a-f]{32}@lantern\.invalid>")
_HEAD = re.compile(rb"\r?\n\r?\n")


def read_answers(files: Iterable[Path], now: dt.datetime) -> list[tuple[Path, Answer]]:
    """Yield (file, answer) for replies to our emails and others with a sender, oldest first.

    A message that is too large or cannot be read has the reason in ``unread``. The date is the
    sender's own, but never later than ``now``.
    """
    found = [
        (path, answer)
        for path in files
        if path.suffix == ".eml" and not path.is_dir() and (answer := _answer(path))
    ]
    found.sort(key=lambda each: (each[1].received_at, each[1].message, each[0].name))
    return [
        (path, replace(each, received_at=min(each.received_at, now)))
        for path, each in _told_apart(found)
    ]


def _told_apart(found: list[tuple[Path, Answer]]) -> Iterator[tuple[Path, Answer]]:
    """Name a message by its file where an older one with other words has its Message-ID."""
    words: dict[str, str] = {}
    for path, answer in found:
        is_same = words.setdefault(answer.message, answer.body) == answer.body
        yield path, answer if is_same else replace(answer, message=path.name)


def _answer(path: Path) -> Answer | None:
    unread, raw = "", b""
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
        if len(raw) <= LARGEST:
            message = eml.read_email(raw)
        elif begun := eml.read_beginning(raw):
            message = begun
        else:
            unread, message = f"{TOO_LARGE}.", eml.read_email(_HEAD.split(raw, 1)[0])
    except UNREADABLE:
        unread, message = f"{NOT_READ}.", _marks_alone(raw)
    ours = [ref for ref in message.references if _OURS.fullmatch(ref)]
    sender = address_of(message.sender)
    if not (ours or message.key or sender or unread):
        return None
    return Answer(
        message.id or path.name,
        ours[-1] if ours else "",
        "" if unread else message.body,
        message.date or modified(path),
        message.kind,
        sender,
        message.references,
        message.key,
        subject=message.subject,
        is_unproven=message.is_unproven,
        unread=unread,
    )


def _marks_alone(raw: bytes) -> eml.ParsedEmail:
    """Read the headers of a message whose inside cannot be read; nothing where they cannot be."""
    try:
        return eml.read_email(_HEAD.split(raw, 1)[0])
    except UNREADABLE:
        return eml.ParsedEmail("", (), "", "", "", "", None)


def modified(path: Path) -> dt.datetime:
    """Return when the message's file was written."""
    return dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC)
