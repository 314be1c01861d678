"""The rules that raise flags: one file each, listed here and nowhere else."""

from __future__ import annotations

from collections.abc import Collection

from store.rules.flags.absences import Absences
from store.rules.flags.attendance import Attendance
from store.rules.flags.base import Rule
from store.rules.flags.fading_out import FadingOut
from store.rules.flags.inactivity import Inactivity
from store.rules.flags.missed_meetings import MissedMeetings
from store.rules.flags.missed_submission import MissedSubmission
from store.rules.flags.quiet_weeks import QuietWeeks
from store.rules.model import MarkerFamily

RULES: tuple[type[Rule], ...] = (
    Inactivity,
    MissedSubmission,
    Attendance,
    Absences,
    MissedMeetings,
    QuietWeeks,
    FadingOut,
)


def rules_to_begin_with(families: Collection[MarkerFamily]) -> tuple[type[Rule], ...]:
    """The rules of a default policy that these families can feed.

    Where two families can agree, a flag waits until they do, since a single sign is so often
    nothing. Where there is only one to go by, each rule that it feeds speaks for itself.
    """
    if set(FadingOut.NEEDS) <= set(families):
        return (FadingOut,)
    return tuple(rule for rule in RULES if set(rule.NEEDS) <= set(families))
