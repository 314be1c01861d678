"""Open an email to a student for approval, and approve it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from store.actions.outreach.after_restore import mail_key
from store.actions.outreach.against_contact import ask_why_nevertheless
from store.actions.outreach.validate_text import check_as_sent, check_letter_is_whole
from store.actions.outreach.write_draft import A_LETTER, policy_of
from store.actions.request import CaseRequest, Request, on_case
from store.db import repository
from store.db.student_keys import close_note
from store.db.unit_of_work import Store
from store.delivery import outbox
from store.letters.phrases import SAYINGS
from store.queries.cases.given_views import case_views
from store.queries.outreach.draft_revisions import suggested_letter
from store.queries.readiness.answer_read import check_answer_read
from store.queries.readiness.approval_basis import address_now, basis_of
from store.queries.readiness.check_contact import check_contact
from store.queries.readiness.outdated import check_not_outdated
from store.rules.access.disclosures import Implied
from store.rules.access.permissions import Action
from store.rules.calendar import Calendar
from store.rules.cases.case import Outreach
from store.rules.cases.lifecycle import Move
from store.rules.errors import InvalidInput, NotPossibleNow
from store.rules.letters.meeting import MINUTES, offered
from store.rules.model import OutboxKind, OutreachStatus, Purpose
from store.rules.outreach import checks as gates
from store.rules.outreach.guards import check_recipient
from store.rules.text.tone.check import check_supportive, promises_of_today


def with_meeting(
    asked: CaseRequest, mail: Outreach, calendar: Calendar, typed: Mapping[str, str]
) -> Outreach:
    """Add the meeting that the approver typed to an email; without one, return it unchanged.

    The approver puts a time and a place into a given sentence and writes nothing else, so this does
    not make them an author.

    Raises ``InvalidInput`` where the day, the time or the place cannot be used.
    """
    day, clock, place = (typed.get(name, "") for name in ("day", "time", "place"))
    meeting = offered(day, clock, place, calendar, asked.work.now)
    if meeting is None:
        return mail
    sayings, local = SAYINGS[mail.language], calendar.local(meeting.starts)
    offer = sayings.offer.format(
        day=sayings.day(local.date()), time=f"{local:%H:%M}", minutes=MINUTES, place=meeting.place
    )
    check_supportive(meeting.place, field="place")
    try:
        check_as_sent(asked.work, asked.case, asked.actor, mail.rung, mail.subject, offer)
    except InvalidInput as refused:
        raise InvalidInput(refused.sentence, field="place") from None
    return replace(mail, body=f"{mail.body}\n\n{offer}", meeting=meeting)


def open_draft(store: Store, request: Request, case_id: int) -> Outreach:
    """Show the whole email to the person who may approve it, and record that they saw this text.

    The mailbox, the address and the evidence are current; comparing ``drafted_on`` with
    ``opened_on`` shows what has changed since the draft was written.
    """
    with on_case(store, request, Action.APPROVE, case_id) as asked:
        return opened_draft(asked)


def opened_draft(asked: CaseRequest) -> Outreach:
    """Show the whole email like ``open_draft``, within a request that is authorised to approve."""
    work, case, draft = asked.work, asked.case, _draft(asked)
    sender, recipient = policy_of(asked).outreach.mailbox, address_now(work, case, draft)
    opened = repository.save_outreach(
        work,
        draft,
        opened_by=asked.actor.id,
        sender=sender,
        recipient=recipient,
        opened_hash=gates.fingerprint(replace(draft, sender=sender, recipient=recipient)),
        opened_on=basis_of(work, case, draft.purpose).packed(),
    )
    asked.disclose(A_LETTER, Implied.APPROVING)
    asked.record("open-draft", outreach=draft.id, sha256=opened.opened_hash)
    return opened


def approve_email(
    store: Store,
    request: Request,
    case_id: int,
    outreach_id: int,
    typed: Mapping[str, str] | None = None,
) -> dt.datetime | None:
    """Approve exactly the text that was opened, and queue it; it never changes again.

    ``typed`` is what the approver typed: ``day``, ``time`` and ``place`` of an offered meeting, and
    ``why`` contact is right where colleagues advise against it. Returns when the email may be sent
    after quiet hours; None: at once.

    Raises ``InvalidInput`` where the email belongs to another case, and whatever the checks before
    an approval raise.
    """
    with on_case(store, request, Action.APPROVE, case_id) as asked:
        work, actor, case = asked.work, asked.actor, asked.case
        mail = repository.outreach_by_id(work.connection, outreach_id)
        if mail.case != case.id:
            raise InvalidInput("That email belongs to another case.")
        policy = policy_of(asked)
        views = case_views(work.connection, case)
        gates.check_approval(policy, views, mail, actor)
        gates.check_basis(mail, basis_of(work, case, mail.purpose), address_now(work, case, mail))
        check_not_outdated(work, case, mail, policy)
        check_contact(work, case, mail.purpose, mail.rung)
        if mail.purpose is Purpose.ENGAGEMENT:
            check_answer_read(work, case)
        check_recipient(store.limits, mail.recipient)
        check_as_sent(work, case, actor, mail.rung, mail.subject, mail.body)
        if not mail.prepared:
            check_letter_is_whole(work, case, suggested_letter(work.connection, mail), mail.body)
        if policy.calendar.is_quiet(work.now):
            _check_promises(mail)
        ready = with_meeting(asked, mail, policy.calendar, typed or {})
        ask_why_nevertheless(asked, mail, views, typed or {})
        digest = gates.fingerprint(ready)
        repository.save_outreach(
            work,
            mail,
            status=OutreachStatus.APPROVED,
            approver_id=actor.id,
            approved_at=work.now,
            body=close_note(work.connection, case.student, ready.body),
            meeting=ready.meeting and ready.meeting.packed(),
            body_hash=digest,
        )
        asked.move(Move.WORK)
        not_before = gates.waits_until(policy, work.now)
        outbox.put(
            work,
            OutboxKind.MAIL,
            mail_key(work.connection, mail.id),
            school=case.school,
            case=case.id,
            outreach=mail.id,
            not_before=not_before,
        )
        asked.record("approve", outreach=mail.id, sha256=digest, meeting=ready.meeting is not None)
    return not_before and policy.calendar.local(not_before)


def _check_promises(mail: Outreach) -> None:
    """Refuse promises for today outside working hours, when no one is there to keep them."""
    if found := promises_of_today(f"{mail.subject}\n{mail.body}"):
        raise NotPossibleNow(
            "Your school's working hours are over, so this email cannot promise anything for "
            "today. Edit the draft and take this out: "
            f"{', '.join(f'“{each.word}”' for each in found)}."
        )


def _draft(asked: CaseRequest) -> Outreach:
    draft = repository.current_draft(asked.work.connection, asked.case.id)
    if draft is None:
        raise NotPossibleNow(
            f"{asked.case.reference} has no email waiting for approval. Use Draft email first."
        )
    return draft
