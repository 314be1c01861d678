"""Suggest an email to a student, and save the words that a colleague gives it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from store.actions.notices.post_thread_notice import say_in_thread
from store.actions.outreach.cancel_unsent import cancel_unsent
from store.actions.outreach.drafts import (
    in_other_words,
    insert_draft,
    letter_of,
    rewrite,
    write_afresh,
)
from store.actions.outreach.validate_text import ask_about_words, validate_email_text
from store.actions.request import CaseRequest, Request, on_case
from store.db import repository
from store.db.database import Connection
from store.db.unit_of_work import Store
from store.letters import letters_of
from store.policies.versions import school_policy
from store.queries.outreach.draft_revisions import suggested_letter
from store.queries.readiness.answer_read import check_answer_read
from store.queries.readiness.check_contact import check_may_be_written
from store.queries.readiness.compose_letter import compose_for
from store.queries.readiness.outdated import written_again_because
from store.rules.access.disclosures import Implied, Shows
from store.rules.access.permissions import Action
from store.rules.calendar import institution_day
from store.rules.cases import lifecycle
from store.rules.cases.case import Outreach
from store.rules.cases.lifecycle import Move
from store.rules.letters.left_out import left_out
from store.rules.model import Purpose
from store.rules.notices.thread_notices import LineKind
from store.rules.outreach.letter_to_send import Letter
from store.rules.policies.policy import SchoolPolicy
from store.tables import outreach as outreach_table

WELFARE_FIRST = "an email about welfare takes its place"

A_LETTER = (Shows.IDENTITY, Shows.ADDRESS, Shows.LETTER)
"""Columns for a dialog with the whole email: its greeting, address and words."""


def compose(
    store: Store, request: Request, case_id: int, purpose: Purpose = Purpose.ENGAGEMENT
) -> Letter:
    """Return the case's draft, or else the email that Lantern suggests; the access is audited.

    If a draft's words about the student are out of date, a new text is suggested.
    """
    with composing(store, request, case_id, purpose) as (_, letter):
        return letter


@contextmanager
def composing(
    store: Store,
    request: Request,
    case_id: int,
    purpose: Purpose = Purpose.ENGAGEMENT,
    choice: int | None = None,
) -> Iterator[tuple[Connection, Letter]]:
    """Return what ``compose`` returns, and the transaction that read it, for further reads.

    ``choice`` is the number of the school's letter that was chosen by its name, which then takes
    the place of a draft's words.
    """
    with on_case(store, request, Action.DRAFT, case_id) as asked:
        draft = repository.current_draft(asked.work.connection, case_id)
        if draft and not _gives_way(draft, purpose):
            _check_drafting(asked, draft.purpose)
            why = written_again_because(asked.work, asked.case, draft, policy_of(asked))
            if why or choice is not None:
                letter = _afresh(asked, draft, why, choice)
            else:
                letter = _as_drafted(asked, draft)
        else:
            _check_drafting(asked, purpose)
            letter = _composed(asked, purpose, choice)
        yield asked.work.connection, letter
        asked.disclose(A_LETTER, Implied.DRAFTING)


def save_draft(
    store: Store,
    request: Request,
    case_id: int,
    subject: str,
    body: str,
    purpose: Purpose = Purpose.ENGAGEMENT,
    choice: int | None = None,
) -> None:
    """Save the words of an email, as a new draft or in the existing one.

    ``choice`` is the number of the school's letter that they began with, where it was chosen.

    The first author is its drafter and signs it; the views of all authors do not count. A colleague
    who had read the draft has to open it again before approving, since its words have changed. A
    draft about engagement gives way to one about welfare. If the old words were out of date, the
    new ones are edits of a fresh suggestion.
    """
    with on_case(store, request, Action.DRAFT, case_id) as asked:
        work, actor = asked.work, asked.actor
        draft = repository.current_draft(work.connection, case_id)
        if draft and _gives_way(draft, purpose):
            replaced = outreach_table.c.id == draft.id
            cancel_unsent(work, case_id, replaced, why=WELFARE_FIRST, by=actor.id)
            asked.record("cancel-draft", outreach=draft.id)
            draft = None
        asked.move(_check_drafting(asked, draft.purpose if draft else purpose))
        outdated = draft and written_again_because(work, asked.case, draft, policy_of(asked))
        is_afresh = bool(outdated) or choice is not None
        suggested = (
            suggested_letter(work.connection, draft)
            if draft and not is_afresh
            else _composed(asked, draft.purpose if draft else purpose, choice)
        )
        subject, body = validate_email_text(asked, suggested, subject, body)
        ask_about_words(asked, suggested, subject, body)
        letter = in_other_words(suggested, subject, body)
        if draft is None:
            made = insert_draft(work, asked.case, letter, actor.id, suggested=suggested)
        elif is_afresh:
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
    first = suggested_letter(asked.work.connection, draft)
    kind = first.kind
    names = (
        tuple(each.name for each in letters_of(kind, draft.language, policy_of(asked).letters))
        if kind
        else ()
    )
    parts = tuple(left_out(first.body, draft.body))
    return replace(letter_of(draft), left_out=parts, choices=names)


def _gives_way(draft: Outreach, purpose: Purpose) -> bool:
    """Return whether an email of this purpose is more urgent than the existing draft."""
    return purpose is Purpose.WELFARE and draft.purpose is not Purpose.WELFARE


def _afresh(asked: CaseRequest, draft: Outreach, why: str, choice: int | None) -> Letter:
    """Write the same email again on what is known now, and find what a colleague had changed."""
    before = "" if draft.prepared else draft.body
    returned = why or draft.returned
    return replace(_composed(asked, draft.purpose, choice), returned=returned, before=before)


def _composed(asked: CaseRequest, purpose: Purpose, choice: int | None) -> Letter:
    today, policy = institution_day(asked.work.now), policy_of(asked)
    return compose_for(
        asked.work.connection,
        asked.case,
        asked.actor,
        policy,
        purpose,
        today=today,
        choice=choice or 0,
    )


def _check_drafting(asked: CaseRequest, purpose: Purpose) -> Move:
    """Return the move for drafting an email of this purpose now, or refuse it."""
    move = Move.WELFARE if purpose is Purpose.WELFARE else Move.DRAFT
    lifecycle.after(asked.case, move)
    check_may_be_written(asked.work, asked.case, purpose)
    if purpose is Purpose.ENGAGEMENT:
        check_answer_read(asked.work, asked.case, asked.actor.id)
    return move


def policy_of(asked: CaseRequest) -> SchoolPolicy:
    """Return the policy in force today in the home school of a case."""
    return school_policy(asked.work.connection, asked.case.school, institution_day(asked.work.now))
