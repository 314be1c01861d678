"""Handle a student's visit by a link in an email: identity, permission and limits.

Reading a link changes nothing, so that a program that follows every link does no harm.
"""

from __future__ import annotations

import datetime as dt
import hmac
import unicodedata
from dataclasses import dataclass
from functools import partial

import sqlalchemy as sa

from store.actions.students.record_message import record_message
from store.db.unit_of_work import Store, UnitOfWork
from store.queries.deaths import lives
from store.queries.students.own_page import OwnPage, read_own_page
from store.rules.calendar import institution_day
from store.rules.errors import InvalidInput, NotPossibleNow
from store.rules.letters.letter import Language, language_of
from store.rules.model import OutreachStatus
from store.rules.students.links import LINK_LIFE, PROOF_LIFE, LinkPurpose
from store.rules.students.messages import Said, Saying
from store.signed_links import LinkBroken, StudentLink
from store.tables import audit, cases, outreach, sayings, students

MOST_WRONG_NUMBERS = 5
"""Wrong numbers of one student allowed in an hour; four times as many in the life of a link."""

_HOUR = dt.timedelta(hours=1)
_LEFT = (OutreachStatus.SENT, OutreachStatus.BOUNCED, OutreachStatus.UNKNOWN)
_TRIED = "link-wrong-number"


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit by a link. ``student`` is the recipient of the email with the link."""

    mail: int
    student: int
    purpose: LinkPurpose
    language: Language = Language.ENGLISH
    """The email's own."""


def visit_link(store: Store, token: str, proof: str = "") -> Visit:
    """Return the visit for a link; a ``proof`` from ``confirm_link`` opens the whole page.

    Raises:
        LinkBroken: the link is not valid, or its email was never sent or was erased.
    """
    now = store.now()
    link = store.links.read(token, now)
    if link.purpose is LinkPurpose.PROOF:
        raise LinkBroken
    if proof:
        if store.links.read(proof, now) != StudentLink(link.mail, LinkPurpose.PROOF):
            raise LinkBroken
        if link.purpose.is_whole:
            link = StudentLink(link.mail, LinkPurpose.PROOF)
    with store.database.read() as connection:
        found = connection.execute(
            sa.select(students.c.id, outreach.c.language)
            .join(cases, cases.c.student_id == students.c.id)
            .join(outreach, outreach.c.case_id == cases.c.id)
            .where(
                outreach.c.id == link.mail,
                outreach.c.status.in_(_LEFT),
                cases.c.erased_at.is_(None),
                students.c.erased_at.is_(None),
                lives(students.c.id),
            )
        ).one_or_none()
    if found is None:
        raise LinkBroken
    return Visit(link.mail, found.id, link.purpose, language_of(found.language))


def confirm_link(store: Store, coming: Visit, number: str) -> str:
    """Return a proof for ``visit_link`` if the student's number is right. Every try is audited.

    Raises:
        InvalidInput: the number is wrong.
        NotPossibleNow: there were too many wrong numbers.
    """
    who = f"student:{coming.student}"
    with store.unit_of_work() as work:
        # Locked, so that tries at the same moment are counted one after the other.
        real = work.connection.execute(
            sa.select(students.c.number)
            .where(students.c.id == coming.student)
            .with_for_update(key_share=True)
        ).scalar_one_or_none()
        is_allowed = _may_try(work, who)
        is_right = real is not None and hmac.compare_digest(_plain(number), _plain(real))
        tried = "link-opened" if is_right else _TRIED
        action = tried if is_allowed else "link-number-refused"
        work.record("student:unknown", action, who, outreach=coming.mail)
    if not is_allowed:
        raise NotPossibleNow(
            "There were too many wrong numbers. Reply to the email, or ask your school."
        )
    if not is_right:
        sentence = "That is not the number we have. Check it and try again."
        raise InvalidInput(sentence, field="number")
    proof = StudentLink(coming.mail, LinkPurpose.PROOF)
    return store.links.sign(proof, store.now() + PROOF_LIFE)


def say_by_link(store: Store, coming: Visit, said: Said, key: str) -> bool:
    """Save the student's message, once for each ``key`` of the page; False: saved before.

    A link for one answer works once, so that other people who see it later cannot use it.

    Raises:
        LinkBroken: the link is for something else. InvalidInput, NotPossibleNow: as in
            ``record_message``; also where the link was used before.
    """
    if said.kind not in coming.purpose.may_say:
        raise LinkBroken
    is_for_one = coming.purpose.value == said.kind.value
    check = partial(_check_unused, coming.mail, said.kind) if is_for_one else None
    return record_message(store, said, f"link:{coming.mail}:{key}", check)


def _check_unused(mail: int, kind: Saying, work: UnitOfWork) -> None:
    """Refuse a link of an email that already sent this message from another form."""
    query = sa.select(sayings.c.id).where(
        sayings.c.outreach_id == mail,
        sayings.c.kind == kind,
        sayings.c.key.startswith(f"link:{mail}:"),
    )
    if work.connection.execute(query.limit(1)).first() is not None:
        raise NotPossibleNow(
            "This link was used before, so nothing was saved. Use Your page in the same email, or "
            "reply to the email."
        )


def own_page(store: Store, coming: Visit) -> OwnPage:
    """Return what Lantern holds about the student. The access is audited.

    Raises:
        LinkBroken: the link is for something else.
    """
    if coming.purpose is not LinkPurpose.PROOF:
        raise LinkBroken
    with store.unit_of_work() as work:
        who = f"student:{coming.student}"
        work.record(who, "my-data", who, outreach=coming.mail)
        today = institution_day(work.now)
        return read_own_page(work.connection, coming.student, today, coming.language)


def _may_try(work: UnitOfWork, who: str) -> bool:
    tries = sa.select(sa.func.count()).where(audit.c.subject == who, audit.c.action == _TRIED)
    recent: int = work.connection.execute(tries.where(audit.c.at > work.now - _HOUR)).scalar_one()
    of_late = tries.where(audit.c.at > work.now - LINK_LIFE)
    month: int = work.connection.execute(of_late).scalar_one()
    return recent < MOST_WRONG_NUMBERS and month < 4 * MOST_WRONG_NUMBERS


def _plain(number: str) -> bytes:
    """Return what is compared: letters and digits, however a number was typed or pasted."""
    plain = unicodedata.normalize("NFKC", number).casefold()
    return "".join(each for each in plain if each.isalnum()).encode()
