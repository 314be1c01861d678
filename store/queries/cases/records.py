"""The records of a case for those who may see it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from store.queries.students.messages import Preference, SayingView, SayingWords
from store.rules.access.death import Death
from store.rules.access.readiness import Readiness
from store.rules.cases.case import Case
from store.rules.model import (
    END_NOT_RECORDED,
    AttemptResult,
    Doubt,
    ExemptionKind,
    FlagEnd,
    FlagState,
    InterventionKind,
    Level,
    MarkerFamily,
    Opinion,
    OutreachStatus,
    Rung,
)


@dataclass(frozen=True, slots=True)
class FlagView:
    """A flag as a card shows it."""

    family: MarkerFamily
    reason: str
    source: str
    fresh: dt.date
    raised_on: dt.date
    state: FlagState
    policy_version: int
    """The version that raised it."""
    policy_of: str = ""
    """The school of that policy; '' for the home school's own."""
    known_to: Mapping[str, dt.date] = field(default_factory=dict)
    """Each of its sources and the last day that is known; {}: ``fresh`` for all of them."""
    worded_by: int | None = None
    """The later version by which its words and figures stand; None: the one that raised it."""
    end: FlagEnd | None = None
    """Why the flag ended; None while it is active, or if not recorded."""
    end_said: str = ""
    """Why it ended in words, with where the rule is off; '': use the label of ``end``."""
    ended_on: dt.date | None = None
    """When the flag ended; None while it is active, or if not recorded."""
    is_overall: bool = False
    """Whether it rests on several families of evidence together, on no single module."""
    later: str = ""
    """For a flag that continued after its case was closed: the reference of its present case, or
    how it ended; '' where it is on no case."""
    is_over: bool = False
    """Whether the continued flag has ended since."""

    @property
    def goes_on(self) -> bool:
        """Whether the flag is active, on this case or continued in a later flag."""
        return self.state is FlagState.ACTIVE or (
            self.state is FlagState.CARRIED and not self.is_over
        )

    @property
    def over_word(self) -> str:
        """Return the word before an ended reason; one that was never true is "corrected"."""
        return "Corrected" if self.end is FlagEnd.CORRECTED else "Cleared"

    @property
    def ended(self) -> str:
        """Why the flag ended, in words; '' while it is active, on this case or a later one."""
        if self.state in (FlagState.ACTIVE, FlagState.CARRIED):
            return ""
        return self.end_said or (self.end.label if self.end else END_NOT_RECORDED)


@dataclass(frozen=True, slots=True)
class ViewView:
    """A colleague's view with the colleague's name."""

    author: str
    opinion: Opinion
    reason: str
    at: dt.datetime
    by: int = 0
    """The colleague's id, since two colleagues may share a name."""


@dataclass(frozen=True, slots=True)
class InterventionView:
    """An intervention and its author. ``note`` is '' where it is ``hidden`` from the reader.

    ``on`` is the day on which it happened, None for the day ``at`` which it was logged.
    """

    author: str
    kind: InterventionKind
    note: str
    at: dt.datetime
    on: dt.date | None = None
    confidential: bool = False
    hidden: bool = False
    came_first: bool = False
    """Whether no other colleague had given a view before it (§13)."""


@dataclass(frozen=True, slots=True)
class MailView:
    """An email of the case without its words, which open in a dialog."""

    id: int
    rung: Rung
    status: OutreachStatus
    drafter: str
    approver: str | None
    at: dt.datetime
    not_sent: str = ""
    """Why it was approved and not sent; holds no names."""
    prepared: bool = False
    """Whether Lantern wrote it, and no one has changed it yet."""
    leaves: dt.datetime | None = None
    """When an approved email that was not sent may be sent; None for any other."""


@dataclass(frozen=True, slots=True)
class AttemptView:
    """A logged attempt to reach the student, as the card and the timeline show it."""

    author: str
    rung: Rung
    result: AttemptResult
    at: dt.datetime
    came_first: bool = False
    """Whether no other colleague had given a view before it (§13)."""


@dataclass(frozen=True, slots=True)
class AlertView:
    """A contributing school's alert to the home school, and whether it was acknowledged."""

    from_school: str
    alerted_by: str
    at: dt.datetime
    acknowledged_by: str | None
    why: str = ""
    """For a private dialog only, since the words may name the student."""


@dataclass(frozen=True, slots=True)
class ReferralView:
    """A referral to a service, or signposting where the student has not consented."""

    author: str
    service: str
    consented: bool
    at: dt.datetime
    note: str = ""
    """For a private dialog only, since the words may name the student."""
    came_first: bool = False
    """Whether no other colleague had given a view before it (§13)."""


@dataclass(frozen=True, slots=True)
class EmergencyView:
    """The welfare route: who used it, and whether the lead has reviewed it."""

    used_by: str
    at: dt.datetime
    reviewed_by: str | None
    why: str = ""
    """For a private dialog only, since the words may name the student."""


@dataclass(frozen=True, slots=True)
class FollowedView:
    """The closed case that this one follows: only how and when it ended."""

    closed_at: dt.datetime
    was_data_error: bool
    still_holds: bool
    """Whether one of its opening reasons is active on this case."""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class CaseView:
    """Everything that a case's card may show. It never names the student."""

    case: Case
    school_code: str
    school_name: str
    level: Level
    programme: str
    owner: str | None
    flags: tuple[FlagView, ...]
    views: tuple[ViewView, ...]
    interventions: tuple[InterventionView, ...]
    mails: tuple[MailView, ...]
    answered_at: tuple[dt.datetime, ...]
    automatic_at: tuple[dt.datetime, ...] = field(default=(), kw_only=True)
    """When an automatic reply came; it is not an answer."""
    replied_at: tuple[dt.datetime, ...] = field(default=(), kw_only=True)
    """When an automatic reply was sent."""
    weeks: tuple[int, ...]
    weeks_until: dt.date
    closed_at: dt.datetime | None
    outcome_note: str
    sessions: tuple[int | None, ...] = ()
    """Sessions attended in each of the last eight teaching weeks, oldest first; None for a week
    without any. () where attendance is not measured."""
    session_days: tuple[tuple[int, int], ...] = ()
    """For the same weeks, (school days measured, all school days); (): not known."""
    class_median: tuple[float | None, ...] = ()
    """For the same weeks, the sessions that the middle of the class attended; None or () where
    fewer than ten students have data."""
    attempts: tuple[AttemptView, ...] = ()
    alerts: tuple[AlertView, ...] = ()
    referrals: tuple[ReferralView, ...] = ()
    emergencies: tuple[EmergencyView, ...] = ()
    informal_by: dt.date | None = None
    """The deadline of the informal step of an open complaint."""
    exempt: ExemptionKind | None = None
    """The student's exemption on the day of viewing."""
    not_expected: tuple[tuple[MarkerFamily, dt.date], ...] = ()
    """What is not expected of the student on the day of viewing, by agreement, and until when."""
    merged_into: str | None = None
    """The reference of the case that this one was merged into."""
    said: tuple[SayingView, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    """Why each reply that waits for a colleague's decision is doubtful."""
    preference: Preference | None = None
    death: Death | None = None
    """What is recorded if the student has died; a card then shows nothing else."""
    follows: FollowedView | None = None
    followed_by: str | None = None
    """The reference of a later case that follows this one."""
    ended_reasons: tuple[str, ...] = ()
    """Why its reasons ended, in words, where every one is over and the student has not answered."""
    misinformed_on: tuple[dt.date, ...] = ()
    """The days of emails that told the student what later data corrected."""
    unfinished: str = ""
    """Why the student of a closed case has active flags but no open case; '' if not so."""
    ready: Readiness | None = None
    """The facts that decide which buttons can succeed; None: unknown, as in an example."""
    left_on: dt.date | None = None
    """The student's last day, where every enrolment has ended by the day of viewing."""
    troubles: tuple[str, ...] = ()
    """Troubles of this case that need a repair, such as an email that could not be read."""
    gaps: Mapping[str, str] = field(default_factory=dict)
    """Source → what is missing of its data in the case's school; none where it is complete."""

    @property
    def newest_views(self) -> tuple[ViewView, ...]:
        """Each colleague's newest view, oldest first: a view counts once for each person (§13)."""
        return tuple(sorted({(v.by, v.author): v for v in self.views}.values(), key=_when))

    @property
    def awaits_answer(self) -> bool:
        """Whether the student reports a mistake or asks for an absence, and has no answer yet."""
        return any(each.waits for each in self.said)


def _when(view: ViewView) -> dt.datetime:
    return view.at


@dataclass(frozen=True, slots=True)
class PrivateView:
    """Who the student is, and what they wrote: for a private dialog, and audited when opened."""

    name: str
    number: str
    university_email: str
    personal_email: str
    answers: tuple[tuple[dt.datetime, str], ...]
    automatic: tuple[tuple[dt.datetime, str], ...] = ()
    """Replies that no person wrote: context, not answers."""
    doubtful: tuple[tuple[dt.datetime, str], ...] = ()
    """Replies that wait for a colleague's decision."""
    said: tuple[SayingWords, ...] = ()
    preference_words: str = ""
    """What the student added to how they want to be contacted."""

    def without_address(self) -> PrivateView:
        """Return it without the student's number and addresses."""
        return replace(self, number="", university_email="", personal_email="")
