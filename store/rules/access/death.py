"""Rules for a student's death: one report stops everything, a second confirms it (§1, §27)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from store.rules.access.permissions import Action, may
from store.rules.cases.case import Actor
from store.rules.errors import NotAllowed, NotPossibleNow
from store.rules.model import NoticeKind
from store.rules.model.labelled import Word
from store.rules.text.formatting import on_day


class DeathDecision(Word):
    """The decision of a second colleague on a report of a death."""

    CONFIRMED = "confirmed"
    REFUSED = "refused"
    UNDONE = "undone"
    """Undone by the engagement lead or the data protection officer."""


@dataclass(frozen=True, slots=True)
class Death:
    """A recorded death. ``reporter`` is None for a report by the roster, and in old records."""

    reported_at: dt.datetime
    reporter: int | None = None
    reported_by: str = ""
    """The reporter's name; '' where it is unknown."""
    is_confirmed: bool = True
    is_still_said: bool = True
    """For a report by the roster: whether the newest one that names the student repeats it."""

    def line(self, reported_on: dt.date) -> str:
        """Return the one sentence about the death that a card shows."""
        if self.is_confirmed:
            return FINAL
        if self.reporter is None and not self.is_still_said:
            return (
                f"The roster of {on_day(reported_on)} said that this student has died, and a later "
                "one no longer says it. All contact has stopped until a colleague confirms or "
                "corrects it."
            )
        if self.reporter is None:
            return (
                f"The roster of {on_day(reported_on)} says that this student has died. All contact "
                "has stopped. A colleague is asked to confirm it."
            )
        return (
            f"{self.reported_by} reported on {on_day(reported_on)} that this student has died. "
            "All contact has stopped. A second colleague is asked to confirm it."
        )


SAID_BY_ROSTER = "The student's status on the roster"
SAID_NO_LONGER = "The student's status on an earlier roster"
"""How a death is known that no colleague reported."""

REPORTED = "the student is reported to have died"
"""Why an email was not sent."""

FINAL = "This student has died. All contact has stopped."
ELSEWHERE = "This student is reported to have died. All contact has stopped."
"""For the channel of a school that is not the home school."""

STILL_POSSIBLE = frozenset(
    {
        Action.SEE,
        Action.REVEAL,
        Action.DEATH,
        Action.CONFIRM_DEATH,
        Action.UNDO_DEATH,
        Action.COMPLAIN,
        Action.RESOLVE,
        Action.EVIDENCE,
    }
)
"""A complaint continues; everything else on the case has stopped."""

STILL_TOLD = frozenset(
    {
        NoticeKind.DEATH,
        NoticeKind.DEATH_TAKEN_BACK,
        NoticeKind.DEATH_DOUBTED,
        NoticeKind.ANSWERED,
        NoticeKind.SAID,
        NoticeKind.READ_NOW,
        NoticeKind.COMPLAINT,
        NoticeKind.RESOLVE,
        NoticeKind.ERASED,
        NoticeKind.NOT_SENT,
    }
)
"""A message from the student may mean that the report is wrong, so it is passed on. Who wrote or
approved an email that is stopped hears why."""


def stopped(reference: str) -> NotPossibleNow:
    """Build the refusal of any action on a student who is reported to have died."""
    return NotPossibleNow(
        f"{reference}: this student is reported to have died, so all contact has stopped. If that "
        "is not right, the engagement lead or the data protection officer can undo it: "
        f"/lantern death {reference} undo."
    )


def may_decide(death: Death, person: Actor, school: int) -> bool:
    """Return whether this person may confirm or correct the report of a death."""
    is_open = not death.is_confirmed and death.reporter != person.id
    return is_open and may(person, Action.CONFIRM_DEATH, school)


def check_second(death: Death, person: int) -> None:
    """Check that the reporter does not decide on their own report.

    Raises ``NotAllowed`` where they do, and ``NotPossibleNow`` where the report is confirmed
    already.
    """
    if death.is_confirmed:
        raise NotPossibleNow("The report is already confirmed. Nothing more needs to be done.")
    if death.reporter == person:
        raise NotAllowed(
            "You reported it, so a second colleague needs to confirm or correct it. All "
            "contact has stopped meanwhile."
        )
