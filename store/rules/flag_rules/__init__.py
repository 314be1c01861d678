"""The rules that raise flags: one file each, all listed here."""

from __future__ import annotations

from collections.abc import Collection

from store.rules.flag_rules.absences import Absences
from store.rules.flag_rules.attendance import Attendance
from store.rules.flag_rules.base import Rule
from store.rules.flag_rules.fading_out import FadingOut
from store.rules.flag_rules.inactivity import Inactivity
from store.rules.flag_rules.missed_meetings import MissedMeetings
from store.rules.flag_rules.missed_submission import MissedSubmission
from store.rules.flag_rules.quiet_weeks import QuietWeeks
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
    """Return the rules of a default policy for which these families have data.

    Where two families can agree, a flag needs both, since a single sign often means nothing. With
    one family only, each of its rules raises flags by itself.
    """
    if set(FadingOut.NEEDS) <= set(families):
        return (FadingOut,)
    return tuple(rule for rule in RULES if set(rule.NEEDS) <= set(families))
