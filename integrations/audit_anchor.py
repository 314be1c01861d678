"""The anchor file, kept elsewhere, in which the audit's end is recorded again and again.

Each anchor is a line of JSON: the newest row's number and hash, the time, and a keyed digest (mark)
of this line and the one before. Without the audit's key no line can be changed, added or removed
from the middle undetected. Lines at the end can be removed, so people who may write to the database
must not be able to write the file: use an append-only mount, for example. A line cut short by a
crash counts as never written: the marks of the lines around it do not depend on it.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import hmac
import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from integrations.mail.kept_copies import kept_text
from store.queries.audit_anchors import Anchor
from store.rules.errors import InvalidInput

ANCHOR_EVERY = dt.timedelta(minutes=5)
"""The time between anchors. Even if one sweep is late or fails, the promised 15 minutes hold."""

SENT = "Lantern audit anchor:"
"""Begins an anchor that was sent to a person. Each stands for itself, so a file may hold any."""
_SENT = re.compile(
    SENT + r"[\s>]{1,9}(?P<seq>[^\s>]+)[\s>]{1,9}(?P<hash>[^\s>]+)"
    r"[\s>]{1,9}(?P<at>[^\s>]+)[\s>]{1,9}(?P<mark>[^\s>]+)"
)
"""An anchor in a message that was quoted, or whose lines were broken."""
_TAIL = 4_096
"""Bytes at the end of the file that surely hold its newest line."""


class AnchorFault(InvalidInput):
    """The anchor file cannot be written or read. The sentence says what to do."""


@dataclass(frozen=True, slots=True)
class AnchorFile:
    """The file of AUDIT_ANCHOR. ``mark`` is the store's keyed digest, which signs its lines."""

    path: Path
    mark: Callable[[str], str]

    def append(self, anchor: Anchor) -> bool:
        """Append the audit's end; False where it is unchanged or the newest line is recent.

        The folder is never created: if it is missing, its mount is missing.

        Raises:
            AnchorFault: the file cannot be written, or its newest line cannot be read.
        """
        try:
            with os.fdopen(
                os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "rb"
            ) as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                file.seek(max(0, os.fstat(file.fileno()).st_size - _TAIL))
                tail = file.read().decode("ascii", "replace")
                newest, mark = self._newest(tail)
                if newest and (newest.seq == anchor.seq or anchor.at - newest.at < ANCHOR_EVERY):
                    return False
                line_end = "\n" if tail and not tail.endswith("\n") else ""
                os.write(file.fileno(), (line_end + self._line(anchor, mark)).encode())
                os.fsync(file.fileno())
        except OSError as error:
            raise AnchorFault(self._sentence("written", error)) from None
        return True

    def line_to_send(self, anchor: Anchor) -> str:
        """Return an anchor as one line for a person to keep, without signs that a chat changes."""
        mark = self._mark(anchor, "")
        return f"{SENT} {anchor.seq} {anchor.hash} {anchor.at.isoformat()} {mark}"

    def is_empty(self) -> bool:
        """Return whether the file has no line yet; creates it where the folder exists.

        Raises:
            AnchorFault: the file cannot be written.
        """
        try:
            with self.path.open("ab") as file:
                return file.tell() == 0
        except OSError as error:
            raise AnchorFault(self._sentence("written", error)) from None

    def anchors(self) -> list[Anchor]:
        """Read every anchor, oldest first.

        Raises:
            AnchorFault: the file cannot be read, or a line is not as Lantern wrote it.
        """
        try:
            text = kept_text(self.path)
        except OSError as error:
            raise AnchorFault(self._sentence("read", error)) from None
        found, before = [], ""
        unreadable: AnchorFault | None = None
        for number, line in enumerate(_lines(text), start=1):
            try:
                anchor, mark = self._read(line, f"Line {number}")
            except AnchorFault as fault:
                unreadable = unreadable or fault
                continue
            is_alone = line.startswith(SENT)
            if not hmac.compare_digest(mark, self._mark(anchor, "" if is_alone else before)):
                raise unreadable or AnchorFault(
                    f"Line {number} of the anchor file {self.path.name} was changed, or the line "
                    "before it was taken away. Compare it with a copy of the file."
                    if not is_alone
                    else f"The anchor of row {anchor.seq} in {self.path.name} was changed, or was "
                    "not sent by this installation. Compare it with the message as it arrived."
                )
            found.append(anchor)
            before, unreadable = before if is_alone else mark, None
        if unreadable and (text.endswith("\n") or not found):
            raise unreadable
        return sorted(found, key=lambda each: each.at) if SENT in text else found

    def highest(self) -> Anchor | None:
        """Return the anchor of the highest row, by any signer; None where there is none.

        For an audit without rows, whose key may be gone with them.

        Raises:
            AnchorFault: the file cannot be read, or holds no line that Lantern wrote.
        """
        try:
            lines = _lines(kept_text(self.path))
        except OSError as error:
            raise AnchorFault(self._sentence("read", error)) from None
        found = list[Anchor]()
        unreadable: AnchorFault | None = None
        for number, line in enumerate(lines, start=1):
            try:
                found.append(self._read(line, f"Line {number}")[0])
            except AnchorFault as fault:
                unreadable = unreadable or fault
        if unreadable and not found:
            raise unreadable
        return max(found, key=lambda each: each.seq, default=None)

    def _newest(self, tail: str) -> tuple[Anchor | None, str]:
        """Read the newest whole line: its anchor and its mark; None where there is no line."""
        fault = None
        for line in reversed(tail.splitlines()):
            try:
                return self._read(line, "The newest line")
            except AnchorFault as unreadable:
                fault = fault or unreadable
        if fault:
            raise fault
        return None, ""

    def _line(self, anchor: Anchor, before: str) -> str:
        row = {"seq": anchor.seq, "hash": anchor.hash, "at": anchor.at.isoformat()}
        return json.dumps({**row, "mark": self._mark(anchor, before)}) + "\n"

    def _read(self, line: str, which: str) -> tuple[Anchor, str]:
        try:
            row = _sent(line) if line.startswith(SENT) else json.loads(line)
            at = dt.datetime.fromisoformat(row["at"])
            anchor = Anchor(int(row["seq"]), str(row["hash"]), at.astimezone(dt.UTC))
            return anchor, str(row["mark"]).encode("ascii", "replace").decode()
        except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
            raise AnchorFault(
                f"{which} of the anchor file {self.path.name} is not one that Lantern wrote. "
                "Compare the file with a copy of it."
            ) from None

    def _mark(self, anchor: Anchor, before: str) -> str:
        return self.mark(
            f"audit anchor {before} {anchor.seq} {anchor.hash} {anchor.at.isoformat()}"
        )

    def _sentence(self, done: str, error: OSError) -> str:
        return (
            f"The anchor file {self.path.name} cannot be {done} ({error.strerror}). Check that "
            "the folder of AUDIT_ANCHOR exists, and that Lantern may write to it."
        )


def _lines(text: str) -> list[str]:
    """Return the anchors' lines; of copied messages, what each says from its anchor on."""
    lines = text.splitlines()
    if any(line.startswith("{") for line in lines):
        return lines  # Lantern's own file, of which no line may be passed over.
    if SENT not in text:
        return lines
    each = re.split(f"(?={SENT})", text)[1:]
    return [" ".join(found[0].split()) if (found := _SENT.match(one)) else SENT for one in each]


def _sent(line: str) -> dict[str, str]:
    found = _SENT.match(line)
    return found.groupdict() if found else {}
