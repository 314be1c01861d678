"""One school's engagement policy, as decided and published. Pure data with its defaults.

The document that a school writes is TOML; ``store.policies.document`` reads and checks it. It
decides everything: which sources may raise flags, when, who is asked, and in which order a student
is contacted.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Annotated

from store.rules.calendar import Calendar
from store.rules.flag_rules.base import Limits, Rule
from store.rules.flag_rules.looks import LookRules
from store.rules.letters.letter import SchoolLetter
from store.rules.model import Level, MarkerFamily, Role, Rung
from store.rules.policies.custom_reasons import OwnWords
from store.rules.policies.overrides import Override
from store.rules.policies.retention import Retention
from store.rules.policies.review_calendar import ReviewRules
from store.rules.policies.students_page import StudentsPage


@dataclass(frozen=True, slots=True)
class Marker:
    """One family of evidence that the school watches, and the sources it has agreed (§12)."""

    family: MarkerFamily
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """The students that the policy covers (§6). A programme named here counts at any level."""

    levels: frozenset[Level] = frozenset(
        {Level.FOUNDATION, Level.UNDERGRADUATE, Level.POSTGRADUATE_TAUGHT}
    )
    programmes_in: frozenset[str] = frozenset()
    programmes_out: frozenset[str] = frozenset()

    def covers(self, level: Level, programme: str) -> bool:
        """Return whether a student of this level and programme is monitored."""
        if programme in self.programmes_out:
            return False
        return level in self.levels or programme in self.programmes_in


@dataclass(frozen=True, slots=True)
class LadderRung:
    """One step of contact, and how many working days to wait for an answer to it."""

    rung: Rung
    wait_days: Annotated[int, Limits(1, 30)]


@dataclass(frozen=True, slots=True)
class Service:
    """One entry of the school's signposting directory (§25): where help is, never a diagnosis."""

    key: str
    """A short word to type, as in ``wellbeing``."""
    name: str
    helps_with: str
    contact: str
    """How the student reaches it: a web address, an email address or a telephone number."""


@dataclass(frozen=True, slots=True)
class DiscussionRules:
    """The views needed before any intervention (§13)."""

    views_from: frozenset[Role] = frozenset()
    """Roles, one of which must give a view; empty: any colleague's view counts."""
    capture_threads: bool = True
    """Whether replies under a case's card are kept as context."""


@dataclass(frozen=True, slots=True)
class Duty:
    """Who works on cases, and the working days before each reminder."""

    cases_go_to: Role = Role.STUDENT_SUPPORT_OFFICER
    remind_after_days: Annotated[int, Limits(1, 20)] = 2
    escalate_after_days: Annotated[int, Limits(2, 40)] = 4
    complaint_days: Annotated[int, Limits(1, 60)] = 10
    """Working days for the informal step of a complaint (§27)."""


@dataclass(frozen=True, slots=True)
class OutreachRules:
    """How emails are sent. ``mailbox`` is the shared mailbox that replies go to."""

    mailbox: str = ""
    quiet_hours: bool = True
    drafter_may_approve: bool = True
    most_in_a_week: Annotated[int, Limits(1, 7)] = 2
    """Emails about engagement that one student may get in seven days, from all schools together."""
    approval_lasts_days: Annotated[int, Limits(1, 10)] = 3
    """Working days; an approved email that was not sent by then needs a new approval."""
    records_last_days: Annotated[int, Limits(1, 28)] = 5
    """Days, those of a closure included; an email whose records are older is written again before
    it is approved or sent."""


@dataclass(frozen=True, slots=True)
class Surge:
    """The limits above which a day's flags in one module are held as a question about the data."""

    share: Annotated[float, Limits(0.01, 1)] = 0.05
    """More than this share of a module's cohort..."""
    at_least: Annotated[int, Limits(1, 100)] = 5
    """...and more than this many students: in a small class a share says nothing."""
    hold_missed_work: bool = True
    """Whether missed work is held although the class's work has arrived as usual. False: a deadline
    explains those flags, and their cases are opened in order, within the daily limit. A new policy
    says so; a version that was published without it goes on as it did."""


@dataclass(frozen=True, slots=True)
class TraceRules:
    """Card swipes, the last resort when even log-ins show nothing (§15)."""

    swipes: tuple[str, ...] = ()
    """Sources of card swipes, library and building access. Never evidence for a flag."""
    keep_days: Annotated[int, Limits(7, 180)] = 28
    """Days for which card swipes are kept."""


@dataclass(frozen=True, slots=True)
class Urgent:
    """The readers of urgent messages, and contacts for students at any hour (§13, §25)."""

    duty_contact: str = ""
    """The email address of a colleague who is told beside the owner and their cover; '': the
    engagement leads are told."""
    out_of_hours: str = ""
    """The school's own contact out of hours, as students read it: its name, and how to reach it."""
    emergency: str = "999"
    listening: str = "Samaritans on 116 123"
    """A service that listens at any hour, and how to reach it."""
    read_within_minutes: Annotated[int, Limits(5, 240)] = 30
    """Minutes before an unread message goes to the cover and the leads, and after as long again to
    everyone who may read it."""
    automatic_reply: bool = True
    """Whether an answer by email that cannot wait, or arrives outside working hours, gets an
    automatic reply with these contacts. Only where ``out_of_hours`` is named."""

    @property
    def replies_at_once(self) -> bool:
        """Return whether automatic replies are sent: a contact out of hours is named."""
        return self.automatic_reply and bool(self.out_of_hours)


@dataclass(frozen=True, slots=True)
class Approval:
    """Who approved this version, its first day, and where students were told (§21, §22)."""

    approved_by: str
    effective: dt.date
    published: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SchoolPolicy:
    """Everything a school has decided, in one version."""

    school: str
    approval: Approval
    markers: tuple[Marker, ...]
    rules: tuple[Rule, ...]
    """The rules that the school has switched on, with its thresholds."""
    scope: Scope = field(default_factory=Scope)
    calendar: Calendar = field(default_factory=Calendar)
    ladder: tuple[LadderRung, ...] = (LadderRung(Rung.UNIVERSITY_EMAIL, 3),)
    outreach: OutreachRules = field(default_factory=OutreachRules)
    views_needed: Annotated[int, Limits(1, 5)] = 1
    """How many other colleagues must have given a view before any outreach (§13)."""
    clear_after_days: Annotated[int, Limits(2, 60, new_least=3)] = 7
    """The clearing period, in days: the student is back by the flag's own rule, never by one event
    (§18). In two days, one evening that goes past midnight counts as two, so a new version needs
    three or more."""
    grace_after_closing: Annotated[int, Limits(1, 60)] = 10
    """School days after a case was closed; flags still active then open a case again (§3)."""
    show_names: bool = False
    """Whether cards in the school's own channel name the student."""
    digest_at: dt.time = dt.time(8, 30)
    sustained_days: Annotated[int, Limits(7, 180)] = 28
    """Days without any sign after which Fitness to Study may be recommended (§16)."""
    services: tuple[Service, ...] = ()
    """The signposting directory."""
    overrides: tuple[Override, ...] = ()
    """Other thresholds for a level or a module."""
    words: tuple[OwnWords, ...] = ()
    """Reasons in the school's words, one entry for a rule."""
    letters: tuple[SchoolLetter, ...] = ()
    """Letters in the school's own words, in place of Lantern's."""
    capacity: Annotated[int, Limits(1, 10_000)] = 10
    """New cases in a day; students after the strongest ones wait (``capacity``)."""
    surge: Surge = field(default_factory=Surge)
    looks: LookRules = field(default_factory=LookRules)
    """Who is worth a look: named in the digest's fold, never a flag."""
    traces: TraceRules = field(default_factory=TraceRules)
    discussion: DiscussionRules = field(default_factory=DiscussionRules)
    duty: Duty = field(default_factory=Duty)
    urgent: Urgent = field(default_factory=Urgent)
    reviews: ReviewRules = field(default_factory=ReviewRules)
    """How often thresholds, letters and fairness are reviewed (§18)."""
    students_page: StudentsPage = field(default_factory=StudentsPage)
    """What students read of colleagues' views, and who looked (§23)."""
    retention: Retention = field(default_factory=Retention)
    """The retention periods (§28), once the data protection officer has approved them."""

    @property
    def agreed_sources(self) -> tuple[tuple[MarkerFamily, str], ...]:
        """Every (family, source) that may raise a flag."""
        return tuple((marker.family, name) for marker in self.markers for name in marker.sources)
