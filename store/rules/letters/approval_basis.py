"""What an approval rests on besides the words: when any of it changes, it is given again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

REASON_GONE = "a reason for it is over or was corrected"
ANSWERED = "the student has answered"
MET = "a colleague has been in touch with the student"


@dataclass(frozen=True, slots=True)
class Basis:
    """The evidence, the policy and what was heard at a moment. A mail about welfare rests on the
    last alone: what the student said, and whether a colleague was in touch."""

    policy: int = 0
    """The version in force, by its id."""
    flags: frozenset[int] = frozenset()
    """Those that still speak, by id."""
    answers: int = 0
    """How often the student has answered. For welfare without what they want to be written."""
    met: int | None = 0
    """How often a colleague has met or reached them; None where this was not kept yet."""

    def packed(self) -> dict[str, Any]:
        """As the store keeps it."""
        return {
            "policy": self.policy,
            "flags": sorted(self.flags),
            "answers": self.answers,
            "met": self.met,
        }


def unpacked(kept: Mapping[str, Any] | None) -> Basis | None:
    """The basis that was packed; None where none was kept."""
    if kept is None:
        return None
    return Basis(kept["policy"], frozenset(kept["flags"]), kept["answers"], kept.get("met"))


def what_changed(before: Basis | None, now: Basis) -> Iterator[str]:
    """What is no longer as it was, in words that name nobody; nothing where all of it is."""
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
