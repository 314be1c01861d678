"""The checks an email must pass: discussion, approval, evidence, hour and wording."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import replace

import pytest

from store.rules.calendar import Calendar, Period
from store.rules.cases.case import Actor, Outreach, View
from store.rules.errors import NotAllowed, NotPossibleNow
from store.rules.letters.approval_basis import Basis
from store.rules.letters.meeting import Meeting
from store.rules.model import AnswerKind, Opinion, OutreachStatus, Purpose, Role, Rung
from store.rules.outreach.automatic_reply import NEWEST, gets_reply, thread_of
from store.rules.outreach.checks import (
    advised_against,
    check_approval,
    check_basis,
    check_discussed,
    fingerprint,
    may_be_sent,
    text_hash,
    waits_until,
)
from store.rules.outreach.guards import (
    SendingLimits,
    check_cap,
    check_recipient,
    check_wishes,
    preferred_rung,
)
from store.rules.policies.policy import (
    Approval,
    DiscussionRules,
    OutreachRules,
    SchoolPolicy,
    Urgent,
)
from store.rules.students.messages import ContactWay

DRAFTER, WRITER, APPROVER, COLLEAGUE, OTHER = range(1, 6)
MORNING = dt.datetime(2025, 10, 22, 9, 30, tzinfo=dt.UTC)
POLICY = SchoolPolicy(
    "LANG", Approval("Alice Adviser", dt.date(2025, 10, 1), ("handbook",)), markers=(), rules=()
)
ALONE = replace(POLICY, outreach=replace(OutreachRules(), drafter_may_approve=False))
DRAFT = Outreach(
    id=1,
    case=7,
    rung=Rung.UNIVERSITY_EMAIL,
    status=OutreachStatus.DRAFT,
    drafter=DRAFTER,
    sender="alice@example.ac.uk",
    recipient="dana@students.example.ac.uk",
    subject="How are things going?",
    body="Hello Dana",
    version=1,
    writers=frozenset({WRITER}),
    opened_by=APPROVER,
)
DRAFT = replace(DRAFT, opened_hash=fingerprint(DRAFT))


def view(author: int, *roles: Role) -> View:
    return View(author, Opinion.CONTACT_NOW, "", MORNING, frozenset(roles))


@pytest.mark.parametrize(
    ("needed", "asked", "authors", "refusal"),
    [
        (1, (), [COLLEAGUE], ""),
        (1, (), [], "This needs 1 more view first"),
        (1, (), [DRAFTER, WRITER, APPROVER], "This needs 1 more view first"),
        (2, (), [COLLEAGUE, COLLEAGUE], "This needs 1 more view first"),
        (3, (), [COLLEAGUE], "This needs 2 more views first"),
        (2, (), [COLLEAGUE, OTHER], ""),
        (1, (Role.ENGAGEMENT_LEAD, Role.ADVISER), [COLLEAGUE], ""),
        (
            1,
            (Role.ENGAGEMENT_LEAD, Role.MODULE_ORGANISER),
            [COLLEAGUE],
            "a view from the engagement lead or module organiser first",
        ),
    ],
)
def test_a_colleague_who_neither_wrote_nor_approves_it_gives_a_view(
    needed: int, asked: Collection[Role], authors: list[int], refusal: str
) -> None:
    policy = replace(
        POLICY, views_needed=needed, discussion=DiscussionRules(views_from=frozenset(asked))
    )
    views = [view(each, Role.ADVISER) for each in authors]
    if not refusal:
        check_discussed(policy, views, DRAFT, APPROVER)
        return
    with pytest.raises(NotPossibleNow, match=refusal):
        check_discussed(policy, views, DRAFT, APPROVER)


@pytest.mark.parametrize(
    ("given", "purpose", "is_against"),
    [
        ([], Purpose.ENGAGEMENT, False),
        ([(COLLEAGUE, Opinion.WAIT)], Purpose.ENGAGEMENT, True),
        ([(COLLEAGUE, Opinion.WAIT)], Purpose.WELFARE, False),
        ([(COLLEAGUE, Opinion.WAIT), (OTHER, Opinion.CONTACT_NOW)], Purpose.ENGAGEMENT, False),
        ([(COLLEAGUE, Opinion.WAIT), (COLLEAGUE, Opinion.CONTACT_NOW)], Purpose.ENGAGEMENT, False),
        ([(COLLEAGUE, Opinion.CONTACT_NOW), (COLLEAGUE, Opinion.WAIT)], Purpose.ENGAGEMENT, True),
        *[
            ([(involved, Opinion.CONTACT_NOW), (OTHER, Opinion.WAIT)], Purpose.ENGAGEMENT, True)
            for involved in (DRAFTER, WRITER, APPROVER)
        ],
        ([(DRAFTER, Opinion.WAIT)], Purpose.ENGAGEMENT, False),
    ],
)
def test_the_newest_views_of_other_colleagues_advise_against(
    given: list[tuple[int, Opinion]], purpose: Purpose, is_against: bool
) -> None:
    assert advised_against(given, replace(DRAFT, purpose=purpose), APPROVER) is is_against


def test_what_stops_an_approval() -> None:
    person, views = Actor(APPROVER, "Sana", active=True), [view(COLLEAGUE)]
    check_approval(POLICY, views, DRAFT, person)
    check_approval(POLICY, [], replace(DRAFT, purpose=Purpose.WELFARE), person)
    for refused, error, why in [
        (replace(DRAFT, status=OutreachStatus.SENT), NotPossibleNow, "is already sent"),
        (replace(DRAFT, opened_by=COLLEAGUE), NotPossibleNow, "Open and read the whole email"),
        (replace(DRAFT, body="Hello Eli"), NotPossibleNow, "has changed since you opened it"),
        (replace(DRAFT, opened_hash=None), NotPossibleNow, "has changed since you opened it"),
    ]:
        with pytest.raises(error, match=why):
            check_approval(POLICY, views, refused, person)
    for given in ([], [view(APPROVER)]):
        with pytest.raises(NotPossibleNow, match="1 more view"):
            check_approval(POLICY, given, DRAFT, person)
    for wrote_it in (
        replace(DRAFT, drafter=APPROVER),
        replace(DRAFT, writers=frozenset({APPROVER})),
    ):
        check_approval(
            replace(POLICY, outreach=replace(OutreachRules(), drafter_may_approve=True)),
            views,
            wrote_it,
            person,
        )
        with pytest.raises(NotAllowed, match="a person who wrote an email cannot approve it"):
            check_approval(ALONE, views, wrote_it, person)
    check_approval(ALONE, views, DRAFT, person)


def test_every_word_and_mark_of_an_email_is_in_its_fingerprint() -> None:
    offered = Meeting(MORNING, "Room 1")
    kinds = [
        DRAFT,
        replace(DRAFT, sender="bob@example.ac.uk"),
        replace(DRAFT, recipient="eli@students.example.ac.uk"),
        replace(DRAFT, subject="How are you?"),
        replace(DRAFT, body="Hello"),
        replace(DRAFT, subject="How are things going?Hello", body=" Dana"),
        replace(DRAFT, footer="Your links"),
        replace(DRAFT, meeting=offered),
        replace(DRAFT, meeting=replace(offered, place="Room 2")),
    ]
    assert len({fingerprint(each) for each in kinds}) == len(kinds)
    assert text_hash("a", "b", "c", "d") == (
        "d576b8b53d6d1c38b59c0423b12c72bedf55396feef884636d6dfb373f09a757"
    ), "approvals that are stored hold this form"


def test_only_the_approved_text_is_sent() -> None:
    approved = replace(DRAFT, status=OutreachStatus.APPROVED, approver=APPROVER)
    approved = replace(approved, body_hash=fingerprint(approved))
    assert may_be_sent(approved)
    for changed in (
        replace(approved, status=OutreachStatus.DRAFT),
        replace(approved, approver=None),
        replace(approved, body="Hello Eli"),
    ):
        assert not may_be_sent(changed)


def test_what_changed_since_it_was_opened_is_named() -> None:
    opened = replace(DRAFT, opened_on=Basis(policy=1, flags=frozenset({1})))
    check_basis(opened, Basis(policy=1, flags=frozenset({1})), DRAFT.recipient)
    with pytest.raises(NotPossibleNow) as refused:
        check_basis(opened, Basis(policy=1), "other@example.ac.uk")
    assert refused.value.sentence == (
        "Since you opened the email, something has changed: a reason for it has ended or was "
        "corrected and the student has another address. Read it again."
    )


def test_it_waits_for_the_end_of_quiet_hours_and_of_closures() -> None:
    night = dt.datetime(2025, 10, 22, 22, 0, tzinfo=dt.UTC)
    closed = Calendar(closures=(Period("a strike", MORNING.date(), MORNING.date()),))
    with_quiet = replace(POLICY, outreach=replace(OutreachRules(), quiet_hours=True))
    without = replace(POLICY, outreach=replace(OutreachRules(), quiet_hours=False))
    end = POLICY.calendar.end_of_quiet(night)
    for policy, now, until in [
        (with_quiet, MORNING, None),
        (with_quiet, night, end),
        (without, night, None),
        (replace(without, calendar=closed), MORNING, closed.end_of_quiet(MORNING)),
    ]:
        assert waits_until(policy, now) == until
    assert end > night


@pytest.mark.parametrize(
    ("limits", "address", "refusal"),
    [
        (SendingLimits(), "dana@students.example.ac.uk", ""),
        (SendingLimits(testers=frozenset({"dana@a.uk"})), "Dana@A.uk", ""),
        (SendingLimits(testers=frozenset({"dana@a.uk"})), "eli@a.uk", "on trial"),
        (SendingLimits(domains=frozenset({"example.ac.uk"})), "Dana@Example.ac.uk", ""),
        (SendingLimits(domains=frozenset({"b.uk", "a.uk"})), "dana@students.a.uk", ""),
        (SendingLimits(domains=frozenset({"a.uk"})), "dana@nota.uk", "in a domain"),
        (SendingLimits(domains=frozenset({"a.uk"})), '"x@a.uk"@b.uk', "in a domain"),
        (SendingLimits(domains=frozenset({"b.uk"})), '"x@a.uk"@b.uk', ""),
    ],
)
def test_where_emails_may_go(limits: SendingLimits, address: str, refusal: str) -> None:
    if not refusal:
        check_recipient(limits, address)
        return
    with pytest.raises(NotPossibleNow, match=refusal) as refused:
        check_recipient(limits, address)
    assert address not in refused.value.sentence


def test_a_student_is_not_written_to_too_often_nor_against_their_wish() -> None:
    check_cap(1, 2)
    with pytest.raises(NotPossibleNow, match="had 2 emails about engagement in the last 7 days"):
        check_cap(2, 2)
    university, own = Rung.UNIVERSITY_EMAIL, Rung.PERSONAL_EMAIL
    by_mail = {ContactWay.UNIVERSITY_EMAIL: university, ContactWay.PERSONAL_EMAIL: own}
    for way in (None, *ContactWay):
        wanted = by_mail.get(way) if way else None
        assert preferred_rung(way) is wanted
        for rung in (None, university, own):
            with pytest.raises(NotPossibleNow, match="no more emails about engagement"):
                check_wishes(way, True, rung)
            if way in (ContactWay.PHONE, ContactWay.CHAT):
                with pytest.raises(NotPossibleNow, match=f"contacted by {way.label}"):
                    check_wishes(way, False, rung)
            elif wanted and rung and rung is not wanted:
                with pytest.raises(NotPossibleNow, match=f"emails by {wanted.label}"):
                    check_wishes(way, False, rung)
            else:
                check_wishes(way, False, rung)


def test_an_automatic_reply_goes_only_to_a_person_who_may_have_to_wait() -> None:
    told = replace(POLICY, urgent=Urgent(out_of_hours="Security, 01234 567890"))
    night = dt.datetime(2025, 10, 22, 22, 0, tzinfo=dt.UTC)

    def replies(policy: SchoolPolicy, kind: AnswerKind, urgent: bool, at: dt.datetime) -> bool:
        return gets_reply(policy, kind, is_urgent=urgent, received_at=at, now=at + NEWEST)

    assert replies(told, AnswerKind.ANSWER, True, MORNING)
    assert replies(told, AnswerKind.ANSWER, False, night)
    assert not replies(told, AnswerKind.ANSWER, False, MORNING)
    assert not replies(POLICY, AnswerKind.ANSWER, True, night), "it names no one to turn to"
    for kind in set(AnswerKind) - {AnswerKind.ANSWER}:
        assert not replies(told, kind, True, night)
    late = NEWEST + dt.timedelta(seconds=1)
    assert not gets_reply(
        told, AnswerKind.ANSWER, is_urgent=True, received_at=night, now=night + late
    )


def test_a_reply_names_the_thread_and_nothing_that_only_looks_like_it() -> None:
    assert thread_of("<ours@a.uk>", "<theirs@b.uk>") == ("<ours@a.uk>", "<theirs@b.uk>")
    assert thread_of("<ours@a.uk>", "AAMk/1") == ("<ours@a.uk>",)
    assert thread_of(None, "inbox/<theirs@b.uk>/7") == ("<theirs@b.uk>",)
    assert thread_of("x<ours@a.uk>", "") == ()
