"""Invented data for the examples that stand beside each card."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from store.queries.cases.lists import CaseLine
from store.queries.cases.records import (
    AlertView,
    AttemptView,
    CaseView,
    EmergencyView,
    FlagView,
    InterventionView,
    MailView,
    PrivateView,
    ReferralView,
    ViewView,
)
from store.queries.cases.school_digest import DigestView
from store.queries.flags.looks import LookCount
from store.queries.students.messages import Preference, SayingView, SayingWords
from store.rules.cases.case import Case, Outreach
from store.rules.flag_rules.inactivity import Inactivity
from store.rules.flag_rules.looks import LookKind
from store.rules.flag_rules.missed_submission import MissedSubmission
from store.rules.model import (
    AttemptResult,
    CaseStatus,
    ExemptionKind,
    FlagState,
    InterventionKind,
    Level,
    MarkerFamily,
    Opinion,
    Outcome,
    OutreachStatus,
    Rung,
)
from store.rules.policies.policy import Approval, Marker, SchoolPolicy
from store.rules.students.messages import ContactWay, Saying

DAY = dt.date(2026, 11, 9)
_NINE = dt.datetime(2026, 11, 9, 9, 15, tzinfo=dt.UTC)
CLOSED_BEFORE = _NINE - dt.timedelta(days=14)
"""When the earlier case was closed, in an example that follows one."""
REPORTED_AT = _NINE + dt.timedelta(days=1)
"""When a colleague reported a death, in the examples that have one."""
_STAGES = tuple(CaseStatus)
_CONTACTED = frozenset(_STAGES[_STAGES.index(CaseStatus.IN_CONTACT) :]) - {
    CaseStatus.HANDED_OVER,
    CaseStatus.MERGED,
}


def sample_case_view(status: CaseStatus) -> CaseView:
    """Return a case with this status, and the history that leads to it."""
    at = _STAGES.index(status)
    return CaseView(
        case=Case(
            id=12,
            reference="LANG-12",
            student=1,
            school=1,
            status=status,
            owner=1,
            version=at + 1,
            opened_on=DAY,
            outcome=Outcome.MEETING_HELD if status is CaseStatus.CLOSED else None,
            paused_until=DAY + dt.timedelta(days=9) if status is CaseStatus.PAUSED else None,
            pause_reason="Waiting for a doctor's note." if status is CaseStatus.PAUSED else "",
        ),
        school_code="LANG",
        school_name="School of Invented Languages",
        level=Level.UNDERGRADUATE,
        programme="BA Example Studies",
        owner=None if status in (CaseStatus.OPEN, CaseStatus.HANDED_OVER) else "Alice Example",
        flags=_flags(),
        views=_views()[: 2 * at],
        interventions=_interventions() if status in _CONTACTED else (),
        mails=_mails(status),
        answered_at=(_NINE + dt.timedelta(days=2),)
        if status in _CONTACTED - {CaseStatus.IN_CONTACT}
        else (),
        weeks=(5, 5, 4, 5, 3, 2, 1, 0),
        weeks_until=DAY - dt.timedelta(days=1),
        sessions=(4, 4, 3, 4, None, 2, 0, 0),
        class_median=(4, 4, 4, 4, None, 3, 3.5, 3),
        closed_at=_NINE + dt.timedelta(days=4) if status is CaseStatus.CLOSED else None,
        outcome_note="",
        referrals=(ReferralView("Alice Example", "Wellbeing service", True, _NINE),)
        if status is CaseStatus.REFERRED
        else (),
        merged_into="LANG-14" if status is CaseStatus.MERGED else None,
    )


def busy_view() -> CaseView:
    """Return a case with everything on it that a card may have to show at once."""
    view = sample_case_view(CaseStatus.IN_CONTACT)
    later = _NINE + dt.timedelta(hours=3)
    return replace(
        view,
        case=replace(view.case, complaint=True, snoozed_until=DAY + dt.timedelta(days=3)),
        attempts=(AttemptView("Alice Example", Rung.PHONE, AttemptResult.NO_ANSWER, later),),
        alerts=(AlertView("School of Invented Physics", "Kim Example", _NINE, None),),
        emergencies=(EmergencyView("Bob Example", later, None),),
        informal_by=DAY + dt.timedelta(days=14),
        exempt=ExemptionKind.PLACEMENT,
        said=(
            SayingView(1, Saying.WRONG, None, later, waits=True),
            SayingView(2, Saying.CONTACT_BY, ContactWay.PHONE, later, waits=False),
        ),
        preference=Preference(ContactWay.PHONE, later, later),
    )


def _flags() -> tuple[FlagView, ...]:
    def flag(family: MarkerFamily, reason: str, source: str) -> FlagView:
        return FlagView(
            family=family,
            reason=reason,
            source=source,
            fresh=DAY - dt.timedelta(days=1),
            raised_on=DAY,
            state=FlagState.ACTIVE,
            policy_version=2,
        )

    return (
        flag(
            MarkerFamily.ATTENDANCE,
            "Attended 3 of 9 sessions in French 1 in the four weeks to Sunday 8 November.",
            "registers",
        ),
        flag(
            MarkerFamily.SUBMISSIONS,
            "Essay 1 in Spanish 2 was due on Friday 30 October; nothing has arrived.",
            "submissions",
        ),
    )


def _views() -> tuple[ViewView, ...]:
    return (
        ViewView("Bob Example", Opinion.WAIT, "Was ill last week and told me so.", _NINE),
        ViewView(
            "Chandra Example",
            Opinion.CONTACT_NOW,
            "The illness is over; a short and friendly email would help.",
            _NINE + dt.timedelta(minutes=40),
        ),
    )


def _interventions() -> tuple[InterventionView, ...]:
    return (
        InterventionView(
            "Alice Example", InterventionKind.CALL, "No answer.", _NINE + dt.timedelta(hours=1)
        ),
    )


def _mails(status: CaseStatus) -> tuple[MailView, ...]:
    if status in _CONTACTED:
        state = OutreachStatus.SENT
    elif status is CaseStatus.AGREED:
        state = OutreachStatus.DRAFT
    else:
        return ()
    approver = None if state is OutreachStatus.DRAFT else "Alice Example"
    at = _NINE + dt.timedelta(hours=2)
    return (MailView(7, Rung.UNIVERSITY_EMAIL, state, "Alice Example", approver, at),)


def outreach() -> Outreach:
    """Return the example of a drafted email, for cards that show one."""
    return Outreach(
        id=7,
        case=12,
        rung=Rung.UNIVERSITY_EMAIL,
        status=OutreachStatus.DRAFT,
        drafter=1,
        sender="support@languages.example",
        recipient="student@students.example",
        subject="How are you getting on?",
        body="Dear Sam,\n\nwe have missed you in French 1 and would like to hear how you are.\n\n"
        "Kind regards\nAlice Example",
        version=1,
    )


def private() -> PrivateView:
    """Return the invented student's name, number, addresses and answers."""
    return PrivateView(
        name="Sam Example",
        number="X0000012",
        university_email="student@students.example",
        personal_email="sam@home.example",
        answers=((_NINE + dt.timedelta(days=2), "Thank you for asking. Can we talk on Friday?"),),
        said=(
            SayingWords(
                Saying.WRONG,
                None,
                _NINE + dt.timedelta(days=2),
                "I was in the seminar on Monday.",
                "",
                None,
            ),
        ),
        preference_words="After four, please.",
    )


def sample_policy() -> SchoolPolicy:
    """Return the policy of an invented school."""
    told_by = ("student handbook", "email")
    since = DAY - dt.timedelta(days=60)
    return SchoolPolicy(
        school="LANG",
        approval=Approval("Chandra Example, engagement lead", since, told_by),
        markers=(
            Marker(MarkerFamily.VLE, ("moodle",)),
            Marker(MarkerFamily.SUBMISSIONS, ("submissions",)),
        ),
        rules=(Inactivity(), MissedSubmission()),
    )


def line(
    number: int, status: CaseStatus, families: int = 1, *, has_draft: bool = False
) -> CaseLine:
    """Return a case as one line of a list."""
    return CaseLine(
        id=number,
        reference=f"LANG-{number}",
        school=1,
        status=status,
        owner="Alice Example",
        opened_on=DAY,
        reasons=tuple(flag.reason for flag in _flags()[:families]),
        families=families,
        has_draft=has_draft,
    )


def sample_digest() -> DigestView:
    """Return a school's morning digest with an example of each section."""
    new = (line(12, CaseStatus.OPEN, 2), line(13, CaseStatus.OPEN))
    answered, waiting = line(9, CaseStatus.RESPONDED), line(10, CaseStatus.AGREED, has_draft=True)
    return DigestView(
        school=1,
        school_name="School of Invented Languages",
        day=DAY,
        new=new,
        answered=(answered,),
        waiting_for_approval=(waiting,),
        open_total=4,
        by_status=((CaseStatus.OPEN, 2), (CaseStatus.AGREED, 1), (CaseStatus.RESPONDED, 1)),
        screened=True,
        looks=(LookCount(LookKind.FIRST_WORK, "Algae", dt.date(2026, 11, 12), 10, 3),),
    )
