"""The statement's sections on a student's data, complaints, help, and the version in force."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from store.rules.model import Role
from store.rules.policies.policy import SchoolPolicy
from store.rules.policies.publication import Told, evidence
from store.rules.policies.retention import Retention
from store.rules.policies.statement_sections import Section, Ways, capital
from store.rules.text.formatting import counted, listed, long_date

_GROUPS = (
    "Once a year we compare groups of students, to see whether we treat everyone alike. The "
    "groups, such as age or fee status, come from the university. The traces that we look at are "
    "the same for everyone. No one here sees your group. Please tell us if you would like to be "
    "left out.",
)


def your_data_section(policy: SchoolPolicy, ways: Ways) -> Section:
    """Say how students see what is held about them, and for how long it is kept."""
    how = []
    if ways.own_page:
        how.append("The emails that we send you have a link to your own page.")
    if ways.own_page and ways.sign_in:
        how.append(f"You can sign in to it at {ways.sign_in}.")
    if ways.teams:
        how.append("You can ask Lantern in Teams.")
    mailbox = policy.outreach.mailbox
    how.append(f"You can write to {mailbox}." if mailbox else "You can ask at your school office.")
    return Section(
        "How to see what we hold about you",
        (
            f"You may see what we keep about you. {' '.join(how)} Your record says what was "
            "seen, where it came from and how recent it is. If something is wrong, tell us and we "
            "will put it right. You can also say how you want us to reach you.",
            *(_GROUPS if ways.compares_groups else ()),
            *(_kept(policy.retention, ways.activity_months) if ways.deletes else ()),
        ),
    )


def _kept(periods: Retention, activity_months: int | None) -> Iterator[str]:
    if activity_months:
        yield f"We keep the records that we look at for {counted(activity_months, 'month')}."
    yield (
        f"We keep what we wrote and did for {counted(periods.case_years, 'year')} after we close "
        f"it. We delete all of it {counted(periods.student_years, 'year')} after you leave. If "
        "there is a complaint, these times begin again when it is resolved. We may keep something "
        "for longer where the law asks us to."
    )


def complaints_section(policy: SchoolPolicy) -> Section:
    """Say how a student complains, and by when they hear from the school."""
    where = f" Write to {policy.outreach.mailbox}." if policy.outreach.mailbox else ""
    return Section(
        "How to complain",
        (
            f"If you are not happy with any of this, tell us.{where} A person you did not "
            "complain about will look at it. We stop writing to you about it while they do. You "
            f"will hear from us within {counted(policy.duty.complaint_days, 'working day')}.",
        ),
    )


def help_section(policy: SchoolPolicy) -> Section:
    """Say who helps a student: the school's services and contacts."""
    urgent = policy.urgent
    outside = (
        (f"When our offices are closed, you can reach {urgent.out_of_hours}.",)
        if urgent.out_of_hours
        else ()
    )
    automatic = (
        (
            "Answer one of our emails outside working hours, and an automatic reply comes. It says "
            "who reads your answer, and how to reach help at once.",
        )
        if urgent.replies_at_once
        else ()
    )
    return Section(
        "Where else to find help",
        (
            f"If you or a person near you may be in danger, call {urgent.emergency}. You can "
            f"reach {urgent.listening} at any hour.",
            *outside,
            *automatic,
            "If a message from you sounds urgent, we pass it on to a person at once, at any hour.",
        ),
        points=tuple(
            f"{service.name}: {service.helps_with}. {service.contact}"
            for service in policy.services
        ),
    )


def version_section(policy: SchoolPolicy, version: int | None, told: Sequence[Told]) -> Section:
    """Say which version of the policy this is, and who agreed it."""
    approval = policy.approval
    again = counted(policy.reviews.thresholds_months, "month")
    which = f"Version {version}" if version is not None else "A draft"
    return Section(
        "This statement",
        (
            f"{which}, in force from {long_date(approval.effective)}. Agreed by "
            f"{_agreed_by(approval.approved_by)}. "
            f"You can find it here: {listed(approval.published)}. "
            f"We look at these rules again every {again}.",
        ),
        tuple(
            f"{capital(words)}: {each.place} ({long_date(each.on)})"
            for words, each in evidence(policy, told)
            if each is not None
        ),
    )


def _agreed_by(written: str) -> str:
    """Return the approver's name as in the policy; the key of a role in words."""
    return f"the {Role(written).label}" if written in set(Role) else written
