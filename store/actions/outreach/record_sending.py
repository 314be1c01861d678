"""Record the result of an approved email: sent, refused, found unsent, or unknown."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from store.actions.notices.notify import Notice, notify_people, notify_person
from store.actions.notices.post_thread_notice import say_in_thread
from store.actions.notices.troubles import Trouble, note_within
from store.actions.outreach.draft_left import note_draft_left
from store.actions.outreach.expire_approval import (
    answered_since,
    draft_again,
    reason_approval_expired,
)
from store.actions.request import change_case, turned
from store.db import repository
from store.db.unit_of_work import Store, UnitOfWork
from store.delivery import results
from store.delivery.claims import OutboxRow
from store.policies.versions import school_policy
from store.queries.readiness.check_contact import check_may_be_written
from store.queries.schools.responsible import responsible
from store.rules.access.permissions import Action, may
from store.rules.calendar import institution_day
from store.rules.cases import lifecycle
from store.rules.cases.case import Case, Outreach
from store.rules.cases.lifecycle import Move
from store.rules.errors import NotPossibleNow
from store.rules.model import (
    AnswerKind,
    CaseStatus,
    NoticeKind,
    OutboxState,
    OutreachStatus,
    TroubleKind,
)
from store.rules.notices.thread_notices import LineKind
from store.tables import outreach as outreach_table
from store.tables import replies

WORKER = "system:outreach"


UNKNOWN = (
    "It is not known whether an approved email was sent, so Lantern does not send it again. Look "
    "in the school's mailbox, in the sent emails and the drafts, before you write to the student."
)


FOUND_SENT = (
    "For a while it was not known whether an approved email was sent. It was: you need not look in "
    "the mailbox any more."
)


def record_sent(
    store: Store, row: OutboxRow, mail: Outreach, conversation: str, message_id: str = ""
) -> None:
    """Record that the mail service has accepted the email. The case is in contact now.

    Replies are matched by ``conversation`` and by ``message_id``, the email's own id; '' where the
    service does not give one.
    """
    with store.unit_of_work() as work:
        case = repository.case(work.connection, mail.case, lock=True)
        if not results.settle(work, row, OutboxState.SENT):
            return
        if mail.status is OutreachStatus.UNKNOWN:
            found = Notice(
                NoticeKind.TROUBLE_OVER, case.school, f"mail:{mail.id}", case.id, words=FOUND_SENT
            )
            for person in _asked_to_look(work, case, mail):
                notify_person(work, person, found)
        came_back, status = _came_back(work, mail), case.status
        work.connection.execute(
            sa.update(outreach_table)
            .where(outreach_table.c.id == mail.id)
            .values(
                status=OutreachStatus.BOUNCED
                if came_back == {AnswerKind.BOUNCE}
                else OutreachStatus.SENT,
                sent_at=work.now,
                conversation=conversation,
                **({"message_id": message_id} if message_id else {}),
            )
        )
        if came_back or answered_since(work, case, mail):
            # Another event may have moved the case already, such as an answer to an earlier email.
            change_case(work, case)
        elif case.status is CaseStatus.PAUSED:
            # It was sent all the same; when the pause ends, the student has been contacted.
            change_case(work, case, rested_from=CaseStatus.IN_CONTACT)
        elif not case.is_closed:
            status = lifecycle.after(case, Move.SENT)
            change_case(work, case, status=status)
        work.record(
            WORKER,
            "sent",
            f"case:{case.id}",
            outreach=mail.id,
            approver=mail.approver,
            **turned(case, status),
        )


def _came_back(work: UnitOfWork, mail: Outreach) -> set[AnswerKind]:
    """Return the replies that arrived before the sending was recorded."""
    kinds = sa.select(replies.c.kind).where(replies.c.outreach_id == mail.id).distinct()
    return {AnswerKind(kind) for kind in work.connection.execute(kinds).scalars()} & {
        AnswerKind.ANSWER,
        AnswerKind.BOUNCE,
    }


def record_refused(store: Store, row: OutboxRow, mail: Outreach, trouble: str) -> None:
    """Record that the mail service will never take the email; nothing was sent."""
    with store.unit_of_work() as work:
        record_not_sent(work, row, mail, trouble)


def record_found_unsent(store: Store, row: OutboxRow, mail: Outreach, reason: str) -> None:
    """Record that an email whose result was unknown was not sent.

    Everyone who was asked to check is told. Its author reads it again, unless the student may not
    be emailed now, or not with these words.
    """
    with store.unit_of_work() as work:
        case = repository.case(work.connection, mail.case, lock=True)
        if not record_not_sent(work, row, mail, reason, *_asked_to_look(work, case, mail)):
            return
        case = repository.case(work.connection, mail.case, lock=True)
        try:
            check_may_be_written(work, case, mail.purpose, mail.rung)
        except NotPossibleNow:
            return
        policy = school_policy(work.connection, case.school, institution_day(work.now))
        stale = reason_approval_expired(work, case, mail, policy)
        if not case.is_closed and draft_again(work, case, mail, stale):
            work.record(WORKER, "draft-again", f"case:{case.id}", outreach=mail.id)


def _asked_to_look(work: UnitOfWork, case: Case, mail: Outreach) -> list[int]:
    """Return who is told that it is unknown whether an email was sent, each once."""
    own = (case.owner, mail.approver, mail.drafter)
    told = [*responsible(work.connection, case.school), *own]
    return list(dict.fromkeys(person for person in told if person is not None))


def record_unknown(store: Store, row: OutboxRow, mail: Outreach, trouble: str) -> None:
    """Record that it is unknown whether the email was sent.

    A person has to check; it is never sent again. The school's leads, the case's owner, its
    approver and its drafter are told.
    """
    with store.unit_of_work() as work:
        case = repository.case(work.connection, mail.case, lock=True)
        if not results.hand_over(work, row, trouble):
            return
        # This result stands, whatever was decided since it was handed over.
        work.connection.execute(
            sa.update(outreach_table)
            .where(outreach_table.c.id == mail.id)
            .values(status=OutreachStatus.UNKNOWN)
        )
        change_case(work, case)
        told = Trouble(
            TroubleKind.SENDING, f"mail:{mail.id}", UNKNOWN, case.school, case.id, is_final=True
        )
        note_within(work, told, also=[each for each in (mail.approver, mail.drafter) if each])
        work.record(WORKER, "sending-unknown", f"case:{mail.case}", outreach=mail.id)


def record_not_sent(
    work: UnitOfWork, row: OutboxRow, seen: Outreach, reason: str, *also: int
) -> bool:
    """Record that an email is not sent, and tell the people concerned.

    These are its author, its approver, the case's owner and ``also``; where none of them works
    there any more, the people responsible in the school. False where the lease was lost to another
    worker.
    """
    case = repository.case(work.connection, seen.case, lock=True)
    if not results.settle(work, row, OutboxState.CANCELLED, reason):
        return False
    note_draft_left(work, row, seen.sender)
    # It may have been cancelled since the last check.
    mail = repository.outreach_by_id(work.connection, seen.id)
    if mail.status is not OutreachStatus.CANCELLED:
        repository.save_outreach(work, mail, status=OutreachStatus.CANCELLED, not_sent=reason)
    if not case.is_closed:
        change_case(work, case)
    later = say_in_thread(work, case, LineKind.NOT_SENT, str(mail.id), about=mail.id)
    told = Notice(
        NoticeKind.NOT_SENT, case.school, str(mail.id), case.id, mail.id, not_before=later
    )
    people = {mail.drafter, mail.approver, case.owner, *also} - {None}
    notify_people(work, _still_there(work, case, people), told)
    work.record(WORKER, "not-sent", f"case:{case.id}", outreach=mail.id, reason=reason)
    return True


def _still_there(work: UnitOfWork, case: Case, people: Collection[int | None]) -> list[int]:
    """Return those of these people who still see the school's cases; without an owner among them,
    those who answer for the school as well where an author or approver is gone."""
    known = repository.actors(work.connection, sorted(each for each in people if each))
    there = [each.id for each in known if may(each, Action.SEE, case.school)]
    if len(there) == len(known) or case.owner in there:
        return there
    return list(dict.fromkeys([*there, *responsible(work.connection, case.school, case.barred)]))
