"""The basis of an approval besides the email's words: if it changes, the email needs a new one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from store.rules.text.formatting import listed, on_day

REASON_GONE = "a reason for it has ended or was corrected"
ANSWERED = "the student has answered"
MET = "a colleague has been in touch with the student"
BOUNCED = "an earlier email bounced since"
AUTHOR_GONE = "its author may no longer write to the student"
APPROVER_GONE = "its approver may no longer approve it"
CORRECTED = "later data corrected its figures"
BEFORE_CONTACT = "This was written before that was logged."
"""The end of a draft's notice after a colleague was in touch with the student."""


@dataclass(frozen=True, slots=True)
class Basis:
    """The evidence, the policy and the contacts at one moment.

    An email about welfare depends only on the contacts: the student's answers, and contacts by
    colleagues.
    """

    policy: int = 0
    """The version in force, by its id."""
    flags: frozenset[int] = frozenset()
    """The active flags, by id."""
    answers: int = 0
    """The number of the student's answers. For welfare, without wishes about contact."""
    met: int | None = 0
    """The number of contacts by a colleague; None for emails from before this was recorded."""
    records: Mapping[int, dt.date] = field(default_factory=dict)
    """Flag's id → the last day of its records. Empty: the email mentions none, or it was not stored
    yet."""
    seen: Mapping[int, dt.date] = field(default_factory=dict)
    """Flag's id → the last day on which its sources show the student."""
    written: dt.date | None = None
    """The day on which its words were written."""
    bounced: int | None = 0
    """The number of the case's bounced emails; None where it was not stored yet."""
    corrected: Mapping[int, str] = field(default_factory=dict)
    """Flag's id → the moment, as ISO text, at which later data last corrected its figures."""

    def packed(self) -> dict[str, Any]:
        """Return the basis in the form that the database stores."""
        return {
            "policy": self.policy,
            "flags": sorted(self.flags),
            "answers": self.answers,
            "met": self.met,
            "records": _packed(self.records),
            "seen": _packed(self.seen),
            "written": self.written and self.written.isoformat(),
            "bounced": self.bounced,
            "corrected": {str(flag): at for flag, at in self.corrected.items()},
        }


def unpacked(kept: Mapping[str, Any] | None) -> Basis | None:
    """Read a stored basis; None where none was stored."""
    if kept is None:
        return None
    return Basis(
        kept["policy"],
        frozenset(kept["flags"]),
        kept["answers"],
        kept.get("met"),
        _unpacked(kept.get("records", {})),
        _unpacked(kept.get("seen", {})),
        dt.date.fromisoformat(kept["written"]) if kept.get("written") else None,
        kept.get("bounced"),
        {int(flag): at for flag, at in kept.get("corrected", {}).items()},
    )


def _packed(days: Mapping[int, dt.date]) -> dict[str, str]:
    return {str(flag): day.isoformat() for flag, day in days.items()}


def _unpacked(kept: Mapping[str, str]) -> dict[int, dt.date]:
    return {int(flag): dt.date.fromisoformat(day) for flag, day in kept.items()}


def what_changed(before: Basis | None, now: Basis) -> Iterator[str]:
    """Yield each change from one basis to another, as a phrase that names no person."""
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


def reworded(before: Basis | None, now: Basis) -> Basis:
    """Return the basis of a draft after a colleague edited its words.

    Contacts and policy are current, since the colleague knows them. The records stay those that the
    words were written from.
    """
    if before is None:
        return now
    return replace(
        now,
        flags=before.flags,
        records=before.records,
        seen=before.seen,
        written=before.written,
        bounced=before.bounced,
        corrected=before.corrected,
    )


def outdated(before: Basis | None, now: Basis, today: dt.date, lasts: int) -> str:
    """Return why an email's words about the student are out of date; '' where they are not.

    Its records may be ``lasts`` days old. Where no newer ones have arrived, the day on which it was
    written counts, so that writing it again always helps. The text names no one.
    """
    if before is None or not before.records:
        return ""
    why = []
    since = max(
        (
            day
            for flag, day in now.seen.items()
            if flag in before.records and day > before.seen.get(flag, before.records[flag])
        ),
        default=None,
    )
    if since:
        came = (
            "was seen since"
            if since > max(before.records.values())
            else "by newer records was seen"
        )
        why.append(f"the student {came}, on {on_day(since)}")
    if before.flags - now.flags:
        why.append(REASON_GONE)
    if any(at != before.corrected.get(flag) for flag, at in now.corrected.items()):
        why.append(CORRECTED)
    if before.bounced is not None and (now.bounced or 0) > before.bounced:
        why.append(BOUNCED)
    old = [
        day
        for flag, day in before.records.items()
        if (today - _rests_on(before, now, flag)).days > lasts
    ]
    if not why and not old:
        return ""
    because = f", and {listed(why)}" if why else ""
    return f"it was written on records of {on_day(min(old or before.records.values()))}{because}"


def _rests_on(before: Basis, now: Basis, flag: int) -> dt.date:
    """Return the last day of a flag's records; if there are no newer ones, the writing day."""
    day = before.records[flag]
    has_newer = now.records.get(flag, dt.date.max) > day
    return day if has_newer else before.written or day


AGAIN = "Write it again with Edit the draft, which begins with the newest records."


def write_again(why: str) -> str:
    """Return the sentence for the author and the approver: what is out of date, and what to do."""
    return f"{why[0].upper()}{why[1:]}. {AGAIN}"


IN_YOUR_NAME = (
    "Its author may no longer write to this student. Write it again with Edit the draft: it is "
    "then in your own name."
)
LEFT_LADDER = (
    "Your school's contact ladder no longer has the step of this email. Take its next step with "
    "Contact ladder."
)
NOTHING_LEFT = "So there is nothing to write to the student about: close the case."


def write_nothing(over: str) -> str:
    """Return the same sentence where every reason is ``over``: what has changed, what to do."""
    return f"{over[0].upper()}{over[1:]}. {NOTHING_LEFT}"
