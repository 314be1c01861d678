"""Draft, open and approve an email to a student."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from store.actions.disclose import Implied, Shows
from store.actions.notices.post_thread_notice import say_in_thread
from store.actions.outreach.after_restore import mail_key
from store.actions.outreach.against_contact import ask_why_nevertheless
from store.actions.outreach.answer_read import check_answer_read
from store.actions.outreach.approval_basis import address_now, basis_of
from store.actions.outreach.check_contact import check_contact, check_may_be_written
from store.actions.outreach.compose_letter import compose_for
from store.actions.outreach.drafts import (
    in_other_words,
    insert_draft,
    letter_of,
    rewrite,
    write_afresh,
)
from store.actions.outreach.outdated_drafts import check_not_outdated, outdated_because
from store.actions.outreach.validate_text import (
    ask_about_words,
    check_as_sent,
    check_letter_is_whole,
    validate_email_text,
)
from store.actions.request import CaseRequest, Request, on_case
from store.db import repository
from store.db.database import Connection
from store.db.unit_of_work import Store
from store.delivery import outbox
from store.letters.phrases import SAYINGS
from store.policies.versions import school_policy
from store.queries.cases.given_views import case_views
from store.queries.outreach.draft_revisions import suggested_letter
from store.rules.access.permissions import Action
from store.rules.calendar import Calendar, institution_day
from store.rules.cases import lifecycle
from store.rules.cases.case import Outreach
from store.rules.cases.lifecycle import Move
from store.rules.errors import InvalidInput, NotPossibleNow
from store.rules.letters.approval_basis import write_again
from store.rules.letters.left_out import left_out
from store.rules.letters.meeting import MINUTES, offered
from store.rules.model import OutboxKind, OutreachStatus, Purpose
from store.rules.notices.thread_notices import LineKind
from store.rules.outreach import checks as gates
from store.rules.outreach.guards import check_recipient
from store.rules.outreach.letter_to_send import Letter
from store.rules.policies.policy import SchoolPolicy
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


_A_LETTER = (Shows.IDENTITY, Shows.ADDRESS, Shows.LETTER)
"""Columns for a dialog with the whole email: its greeting, address and words."""


def compose(
    store: Store, request: Request, case_id: int, purpose: Purpose = Purpose.ENGAGEMENT
) -> Letter:
    """Return the case's draft, or else the email that Lantern suggests; the look is audited.

    If a draft's words about the student are out of date, a new text is suggested.
    """
    with composing(store, request, case_id, purpose) as (_, letter):
        return letter


@contextmanager
def composing(
    store: Store, request: Request, case_id: int, purpose: Purpose = Purpose.ENGAGEMENT
) -> Iterator[tuple[Connection, Letter]]:
    """Return the same with the transaction that read it, for what else the dialog shows."""
    with on_case(store, request, Action.DRAFT, case_id) as asked:
        draft = repository.current_draft(asked.work.connection, case_id)
        if draft and not _gives_way(draft, purpose):
            _check_drafting(asked, draft.purpose)
            why = outdated_because(asked.work, asked.case, draft, _policy(asked))
            letter = _afresh(asked, draft, why) if why else _as_drafted(asked, draft)
        else:
            _check_drafting(asked, purpose)
            letter = _composed(asked, purpose)
        yield asked.work.connection, letter
        asked.disclose(_A_LETTER, Implied.DRAFTING)


def save_draft(
    store: Store,
    request: Request,
    case_id: int,
    subject: str,
    body: str,
    purpose: Purpose = Purpose.ENGAGEMENT,
) -> None:
    """Save the words of an email, as a new draft or in the existing one.

    The first author is its drafter and signs it; the views of all authors do not count. A colleague
    who had read the draft has to open it again before approving, since its words have changed. A
    draft about engagement gives way to one about welfare. If the old words were out of date, the
    new ones are edits of a fresh suggestion.
    """
    with on_case(store, request, Action.DRAFT, case_id) as asked:
        work, actor = asked.work, asked.actor
        draft = repository.current_draft(work.connection, case_id)
        if draft and _gives_way(draft, purpose):
            repository.save_outreach(work, draft, status=OutreachStatus.CANCELLED)
            asked.record("cancel-draft", outreach=draft.id)
            draft = None
        asked.move(_check_drafting(asked, draft.purpose if draft else purpose))
        outdated = draft and outdated_because(work, asked.case, draft, _policy(asked))
        suggested = (
            suggested_letter(work.connection, draft)
            if draft and not outdated
            else _composed(asked, draft.purpose if draft else purpose)
        )
        subject, body = validate_email_text(asked, suggested, subject, body)
        ask_about_words(asked, suggested, subject, body)
        letter = in_other_words(suggested, subject, body)
        if draft is None:
            made = insert_draft(work, asked.case, letter, actor.id, suggested=suggested)
        elif outdated:
            write_afresh(work, asked.case, draft, letter, author=actor.id, suggested=suggested)
            made = draft.id
        else:
            rewrite(work, asked.case, draft, actor.id, subject, body)
            made = draft.id
        # Once for a draft; again only after it was returned.
        occasion = f"{made}:{draft.version}" if draft and draft.returned else str(made)
        say_in_thread(work, asked.case, LineKind.DRAFTED, occasion, by=actor.id, about=made)
        asked.record("draft", again=draft is not None, purpose=purpose)


def _as_drafted(asked: CaseRequest, draft: Outreach) -> Letter:
    """Return the draft, with the parts of the school's letter that it leaves out."""
    parts = left_out(suggested_letter(asked.work.connection, draft).body, draft.body)
    return replace(letter_of(draft), left_out=tuple(parts))


def _gives_way(draft: Outreach, purpose: Purpose) -> bool:
    """Return whether an email of this purpose is more urgent than the existing draft."""
    return purpose is Purpose.WELFARE and draft.purpose is not Purpose.WELFARE


def _afresh(asked: CaseRequest, draft: Outreach, why: str) -> Letter:
    """Write the same email again on what is known now, and find what a colleague had changed."""
    before = "" if draft.prepared else draft.body
    return replace(_composed(asked, draft.purpose), returned=write_again(why), before=before)


def _composed(asked: CaseRequest, purpose: Purpose) -> Letter:
    today = institution_day(asked.work.now)
    return compose_for(
        asked.work.connection, asked.case, asked.actor, _policy(asked), purpose, today=today
    )


def _check_drafting(asked: CaseRequest, purpose: Purpose) -> Move:
    """Return the move for drafting an email of this purpose now, or refuse it."""
    move = Move.WELFARE if purpose is Purpose.WELFARE else Move.DRAFT
    lifecycle.after(asked.case, move)
    check_may_be_written(asked.work, asked.case, purpose)
    if purpose is Purpose.ENGAGEMENT:
        check_answer_read(asked.work, asked.case, asked.actor.id)
    return move


def open_draft(store: Store, request: Request, case_id: int) -> Outreach:
    """Show the whole email to the person who may approve it, and record that they saw this text.

    The mailbox, the address and the evidence are current; comparing ``drafted_on`` with
    ``opened_on`` shows what has changed since the draft was written.
    """
    with on_case(store, request, Action.APPROVE, case_id) as asked:
        return opened_draft(asked)


def opened_draft(asked: CaseRequest) -> Outreach:
    """Do the same within a request that is authorised to approve."""
    work, case, draft = asked.work, asked.case, _draft(asked)
    sender, recipient = _policy(asked).outreach.mailbox, address_now(work, case, draft)
    opened = repository.save_outreach(
        work,
        draft,
        opened_by=asked.actor.id,
        sender=sender,
        recipient=recipient,
        opened_hash=gates.fingerprint(replace(draft, sender=sender, recipient=recipient)),
        opened_on=basis_of(work, case, draft.purpose).packed(),
    )
    asked.disclose(_A_LETTER, Implied.APPROVING)
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
        policy = _policy(asked)
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
            body=ready.body,
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


def _policy(asked: CaseRequest) -> SchoolPolicy:
    return school_policy(asked.work.connection, asked.case.school, institution_day(asked.work.now))
