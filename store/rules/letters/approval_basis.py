"""The basis of an approval besides the email's words: if any of it changes, approve again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

REASON_GONE = "a reason for it is over or was corrected"
ANSWERED = "the student has answered"
MET = "a colleague has been in touch with the student"


@dataclass(frozen=True, slots=True)
class Basis:
    """The evidence, the policy and the contacts at a moment. An email about welfare depends only on
    the contacts: what the student said, and whether a colleague was in touch."""

    policy: int = 0
    """The version in force, by its id."""
    flags: frozenset[int] = frozenset()
    """The active flags, by id."""
    answers: int = 0
    """The number of the student's answers. For welfare, without wishes about contact."""
    met: int | None = 0
    """The number of contacts by a colleague; None for emails from before this was recorded."""

    def packed(self) -> dict[str, Any]:
        """Give the form that the store keeps."""
        return {
            "policy": self.policy,
            "flags": sorted(self.flags),
            "answers": self.answers,
            "met": self.met,
        }


def unpacked(kept: Mapping[str, Any] | None) -> Basis | None:
    """Read a stored basis; None where none was stored."""
    if kept is None:
        return None
    return Basis(kept["policy"], frozenset(kept["flags"]), kept["answers"], kept.get("met"))


def what_changed(before: Basis | None, now: Basis) -> Iterator[str]:
    """Say what has changed, in words that name no person; nothing where all is the same."""
    if before is None:
        return
    if now.answers > before.answers:
        yield ANSWERED
    if before.met is not None and (now.met or 0) > before.met:
        yield MET
    if before.flags - now.flags:
        yield REASON_GONE
    if now.flags - before.flags:
        yield "there is a new flag"
    if now.policy != before.policy:
        yield "the school's policy has a new version"
