"""The state of a case's contact ladder, and the one step to propose (paragraph 15).

A person takes each step. After one that may have reached the student, the ladder waits for the
school's number of working days. A step that cannot have reached them, such as a bounce or a wrong
number, is no contact and proposes the next one at once. Once the student has been in touch
(``contacts``), the ladder stops, and the next email begins a new one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import takewhile

from store.rules.calendar import Calendar
from store.rules.errors import InvalidInput, NotPossibleNow
from store.rules.model import AttemptResult, OutreachStatus, Rung
from store.rules.policies.policy import LadderRung, SchoolPolicy
from store.rules.students.contacts import Contact

MAIL_RUNGS = frozenset({Rung.UNIVERSITY_EMAIL, Rung.PERSONAL_EMAIL})

RESULTS: dict[Rung, tuple[AttemptResult, ...]] = {
    Rung.PHONE: (
        AttemptResult.REACHED,
        AttemptResult.NO_ANSWER,
        AttemptResult.LEFT_A_MESSAGE,
        AttemptResult.WRONG_NUMBER,
    ),
    Rung.DIGITAL_TRACES: (
        AttemptResult.NOTHING_SEEN,
        AttemptResult.TRACES_SEEN,
        AttemptResult.NOT_MEASURED,
    ),
}
"""The results that a person may log for a step. The result of an email is recorded by itself."""

JUST_NOW = 5
"""Working days."""

_NO_CONTACT = frozenset({AttemptResult.BOUNCED, AttemptResult.WRONG_NUMBER})

NOT_TAKEN = frozenset({AttemptResult.NOT_MEASURED})
"""Results of a step that could not be taken. It stays open: it says nothing about the student."""

_MAIL_RESULTS = {
    OutreachStatus.APPROVED: None,
    OutreachStatus.SENT: None,
    OutreachStatus.UNKNOWN: None,
    OutreachStatus.BOUNCED: AttemptResult.BOUNCED,
}
"""Emails that count as a step. A draft may still change; a cancelled email was never sent."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was taken: a logged attempt, or an email. No ``result``: unknown so far.

    ``leaves`` is when an approved email that has not been sent may be sent.
    """

    rung: Rung
    at: dt.datetime
    result: AttemptResult | None = None
    of_swipes: bool = False
    """Whether it was a check of card swipes, which is separate from one of log-ins."""
    leaves: dt.datetime | None = None


class Standing(StrEnum):
    """The state of a step: done, waiting for an answer, next, later, or impossible."""

    DONE = "done"
    WAITING = "waiting"
    NEXT = "next"
    LATER = "later"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True)
class RungState:
    """One step: when it was last taken, its result, and until when an answer is awaited.

    ``before`` is the last attempt before the contact that stopped the ladder: the step is open
    again, although it was tried.
    """

    rung: Rung
    standing: Standing
    on: dt.date | None = None
    result: AttemptResult | None = None
    until: dt.date | None = None
    before: Taken | None = None
    leaves: dt.datetime | None = None
    """When an approved email that has not been sent may be sent."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """The state of a case's whole contact ladder, in the school's order."""

    rungs: tuple[RungState, ...]
    stopped_by: Contact | None = None
    """The contact that stopped the ladder; None while it runs."""
    waiting_until: dt.date | None = None
    proposed: Rung | None = None
    """The step to take now; None while an answer is awaited, and at the end."""

    @property
    def following(self) -> Rung | None:
        """Return the first step that has not been taken, whether or not it is due."""
        return next(iter(self.left), None)

    @property
    def left(self) -> tuple[Rung, ...]:
        """Return all steps that have not been taken, in the school's order."""
        still_open = (Standing.NEXT, Standing.LATER)
        return tuple(each.rung for each in self.rungs if each.standing in still_open)

    def waits_before(self, rung: Rung) -> dt.date | None:
        """Return until when an earlier step waits for an answer; None: none does."""
        before = takewhile(lambda each: each.rung is not rung, self.rungs)
        return max((each.until for each in before if each.until), default=None)

    @property
    def leaving(self) -> RungState | None:
        """Return the step whose email is approved but not sent; None for none."""
        return next((each for each in self.rungs if each.leaves), None)

    @property
    def taken(self) -> bool:
        """Return whether any step was taken since the student was last in touch."""
        return any(each.on for each in self.rungs)

    @property
    def exhausted(self) -> bool:
        """Return whether every possible step has failed and no answer is awaited."""
        over = self.stopped_by is None and self.waiting_until is None
        return over and self.taken and self.following is None


def mail_taken(
    rung: Rung,
    status: OutreachStatus,
    approved: dt.datetime | None,
    sent: dt.datetime | None,
    leaves: dt.datetime | None = None,
) -> Taken | None:
    """Return an email as a step taken, if it counts as one. ``leaves``: when it may be sent."""
    at = sent or approved
    if status not in _MAIL_RESULTS or at is None:
        return None
    return Taken(rung, at, _MAIL_RESULTS[status], leaves=max(leaves, at) if leaves else None)


def where_it_stands(
    steps: Sequence[LadderRung],
    taken: Iterable[Taken],
    in_touch: Contact | None,
    calendar: Calendar,
    today: dt.date,
    impossible: Collection[Rung] = (),
    *,
    with_swipes: bool = False,
) -> Ladder:
    """Work out the state of the ladder on this day.

    ``in_touch`` is the student's last contact that counts for the ladder. The student has no
    address for the steps in ``impossible``. ``with_swipes``: the school has agreed sources of card
    swipes, which are part of the check of digital traces.
    """
    every = sorted(taken, key=lambda each: each.at)
    newer = [each for each in every if in_touch is None or each.at > in_touch.at]
    is_told = _traces_are_told(newer, with_swipes)
    counted = [
        each
        for each in newer
        if each.result not in NOT_TAKEN and (is_told or each.rung is not Rung.DIGITAL_TRACES)
    ]
    since = {each.rung: each for each in counted}
    first = {each.rung: each for each in reversed(counted)}
    waits = {
        step.rung: until
        for step in steps
        if (until := _until(step, _waited_from(since, first, step.rung), calendar, today))
        and until > today
    }
    stopped = in_touch is not None and not since
    before = {each.rung: each for each in every if each.result not in NOT_TAKEN} if stopped else {}
    left = [s.rung for s in steps if s.rung not in since and s.rung not in impossible]
    proposed = None if waits or stopped or not left else left[0]
    return Ladder(
        rungs=tuple(
            replace(
                _state(step.rung, since.get(step.rung), waits, proposed, impossible, calendar),
                before=before.get(step.rung),
            )
            for step in steps
        ),
        stopped_by=in_touch if stopped else None,
        waiting_until=max(waits.values(), default=None),
        proposed=proposed,
    )


def wait_just_ended(ladder: Ladder, policy: SchoolPolicy, today: dt.date) -> bool:
    """Return whether the wait for an answer to the last step ended in these days.

    A wait that ended long ago, before a case was reopened, does not count: a person decides.
    """
    taken = [(each.on, each.rung) for each in ladder.rungs if each.on]
    if not taken or ladder.waiting_until:
        return False
    last, rung = max(taken, key=lambda each: each[0])
    days = next(step.wait_days for step in policy.ladder if step.rung is rung)
    return today <= policy.calendar.add_school_days(last, days + JUST_NOW)


def check_traces_are_last(ladder: Ladder, reference: str) -> None:
    """Raise ``NotPossibleNow`` while another step comes before the check of digital traces."""
    if ladder.following not in (None, Rung.DIGITAL_TRACES):
        raise NotPossibleNow(
            f"{reference}: {ladder.following.label} comes first. Digital traces are the last step "
            "of contact."
        )


def check_result(rung: Rung, result: AttemptResult) -> None:
    """Check that this step can have this result; raises ``InvalidInput`` with those that it can."""
    possible = RESULTS.get(rung)
    if possible is None:
        raise InvalidInput(
            "An email is recorded by itself when it is sent or bounces. Use Draft email.",
            field="rung",
        )
    if result not in possible:
        named = ", ".join(each.label for each in possible)
        raise InvalidInput(
            f"This step cannot have that result. Choose one of these: {named}.", field="result"
        )


def _traces_are_told(taken: Iterable[Taken], with_swipes: bool) -> bool:
    """Return whether the checks of digital traces, oldest first, have a result: the newest counts.

    An older check does not replace a newer one without a result. Where the school has agreed card
    swipes, both kinds have to be checked, unless the newest check showed something.
    """
    looks = [each for each in taken if each.rung is Rung.DIGITAL_TRACES]
    if looks and looks[-1].result is AttemptResult.TRACES_SEEN:
        return True
    newest = {each.of_swipes: each.result for each in looks}
    kinds = (False, True) if with_swipes else tuple(newest)
    return all(kind in newest and newest[kind] not in NOT_TAKEN for kind in kinds)


def _waited_from(
    since: Mapping[Rung, Taken], first: Mapping[Rung, Taken], rung: Rung
) -> Taken | None:
    """Return the attempt from which a step's wait counts: usually the newest.

    A second call may be answered. A second check of digital traces reaches no one, so there the
    wait counts from the first.
    """
    return (first if rung is Rung.DIGITAL_TRACES else since).get(rung)


def _until(
    step: LadderRung, last: Taken | None, calendar: Calendar, today: dt.date
) -> dt.date | None:
    """Return until when an answer is awaited.

    For an email not sent yet, the wait begins on the day on which it may be sent at the earliest.
    """
    if last is None or last.result in _NO_CONTACT:
        return None
    began = calendar.local(last.leaves or last.at).date()
    return calendar.add_school_days(max(began, today) if last.leaves else began, step.wait_days)


def _state(
    rung: Rung,
    last: Taken | None,
    waits: dict[Rung, dt.date],
    proposed: Rung | None,
    impossible: Collection[Rung],
    calendar: Calendar,
) -> RungState:
    if last is not None:
        standing = Standing.WAITING if rung in waits else Standing.DONE
        on = calendar.local(last.at).date()
        return RungState(rung, standing, on, last.result, waits.get(rung), leaves=last.leaves)
    if rung in impossible:
        return RungState(rung, Standing.IMPOSSIBLE)
    return RungState(rung, Standing.NEXT if rung is proposed else Standing.LATER)
