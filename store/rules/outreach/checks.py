"""The checks that every message to a student passes. Each refusal says what to do."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable

from store.rules.cases.case import Actor, Outreach, View
from store.rules.errors import NotAllowed, NotPossibleNow
from store.rules.letters.approval_basis import Basis, what_changed
from store.rules.model import Opinion, OutreachStatus, Purpose
from store.rules.policies.policy import SchoolPolicy
from store.rules.text.formatting import counted, listed


def text_hash(sender: str, recipient: str, subject: str, body: str, *more: str) -> str:
    """Compute the fingerprint of an email: SHA-256 over sender, recipient and every word.

    Lengths go in first, so that no text can be moved between the parts unnoticed.
    """
    parts = [part.encode() for part in (sender, recipient, subject, body, *more)]
    framed = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
    return hashlib.sha256(framed).hexdigest()


def fingerprint(outreach: Outreach) -> str:
    """Compute the fingerprint of an outreach, including its links and an offered meeting."""
    more = [*(outreach.meeting.packed().values() if outreach.meeting else ())]
    if outreach.footer:
        more.append(outreach.footer)
    return text_hash(outreach.sender, outreach.recipient, outreach.subject, outreach.body, *more)


def check_discussed(
    policy: SchoolPolicy, views: Iterable[View], outreach: Outreach, approver: int
) -> None:
    """Check that a colleague other than the drafter and approver has given a view (§13).

    Raises ``NotPossibleNow`` where a view is missing, with whose.
    """
    involved = outreach.writers | {outreach.drafter, approver}
    counting = [view for view in views if view.author not in involved]
    missing = policy.views_needed - len({view.author for view in counting})
    if missing > 0:
        raise NotPossibleNow(
            f"This needs {counted(missing, 'more view')} first, from a colleague who neither "
            "drafted nor approves the email. Ask one to use Add view on the card."
        )
    asked = policy.discussion.views_from
    if asked and not any(view.roles & asked for view in counting):
        roles = listed(sorted(role.label for role in asked)).replace(" and ", " or ")
        raise NotPossibleNow(
            f"Your school needs a view from the {roles} first. Use Ask to ask for one."
        )


def advised_against(
    given: Iterable[tuple[int, Opinion]], outreach: Outreach, approver: int
) -> bool:
    """Return whether the newest views of all other colleagues are against contact now (§13).

    ``given`` are (author, opinion), oldest first. Always False for an email about welfare, which
    skips the discussion.
    """
    if outreach.purpose is Purpose.WELFARE:
        return False
    involved = outreach.writers | {outreach.drafter, approver}
    newest = {author: opinion for author, opinion in given if author not in involved}
    return bool(newest) and Opinion.CONTACT_NOW not in newest.values()


def check_approval(
    policy: SchoolPolicy, views: Iterable[View], outreach: Outreach, approver: Actor
) -> None:
    """Check the email and the people at the moment of approval.

    ``store.queries.readiness.check_contact`` checks whether the student may be contacted at all. An
    email about welfare is sent by the emergency route, which skips the discussion and is reviewed
    afterwards.

    Raises ``NotAllowed`` where this person may not approve it, and ``NotPossibleNow`` where the
    email is not in a state to be approved.
    """
    if outreach.status is not OutreachStatus.DRAFT:
        raise NotPossibleNow(f"This email is already {outreach.status.label}.")
    wrote_it = approver.id in outreach.writers | {outreach.drafter}
    if wrote_it and not policy.outreach.drafter_may_approve:
        raise NotAllowed(
            "In your school, a person who wrote an email cannot approve it. Ask a colleague."
        )
    if outreach.purpose is not Purpose.WELFARE:
        check_discussed(policy, views, outreach, approver.id)
    if outreach.opened_by != approver.id:
        raise NotPossibleNow("Open and read the whole email before you approve it.")
    if outreach.opened_hash != fingerprint(outreach):
        raise NotPossibleNow("The email has changed since you opened it. Read it again.")


def check_basis(outreach: Outreach, now: Basis, address: str) -> None:
    """Check that the basis of the email is unchanged since it was opened.

    Raises ``NotPossibleNow`` with what changed.
    """
    changed = list(what_changed(outreach.opened_on, now))
    if address != outreach.recipient:
        changed.append("the student has another address")
    if changed:
        raise NotPossibleNow(
            f"Since you opened the email, something has changed: {listed(changed)}. Read it again."
        )


def waits_until(policy: SchoolPolicy, now: dt.datetime) -> dt.datetime | None:
    """Return when an email may be sent; None: at once.

    It waits until the end of quiet hours, where the school has them, and of a closure.
    """
    calendar = policy.calendar
    is_closed = calendar.is_closed(calendar.local(now).date())
    if is_closed or (policy.outreach.quiet_hours and calendar.is_quiet(now)):
        return calendar.end_of_quiet(now)
    return None


def may_be_sent(outreach: Outreach) -> bool:
    """Return whether the worker may send this: approved, and still the approved text."""
    return (
        outreach.status is OutreachStatus.APPROVED
        and outreach.approver is not None
        and outreach.body_hash == fingerprint(outreach)
    )
