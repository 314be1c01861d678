"""Writing a draft down: by a person, by Lantern for the owner, or again after it went stale."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from store.actions.outreach.approval_basis import basis_of
from store.db import repository
from store.db.unit_of_work import UnitOfWork
from store.letters.footer import footer_of
from store.policies.versions import policy_in_force
from store.rules.calendar import institution_day
from store.rules.cases.case import Case, Outreach
from store.rules.model import OutreachStatus
from store.rules.outreach.letter_to_send import Letter
from store.tables import outreach, wordings


def keep_wording(
    work: UnitOfWork, outreach: int, author: int | None, subject: str, body: str
) -> None:
    """Note how the draft is put now, and who put it so: None for Lantern."""
    work.connection.execute(
        sa.insert(wordings).values(
            outreach_id=outreach, author_id=author, subject=subject, body=body, at=work.now
        )
    )


def insert_draft(
    work: UnitOfWork,
    case: Case,
    letter: Letter,
    drafter: int,
    *,
    suggested: Letter | None = None,
    prepared: bool = False,
) -> int:
    """Make the letter the case's draft; returns its id.

    ``suggested`` is what Lantern had proposed, where a person put it differently.
    """
    first = suggested or letter
    published = policy_in_force(work.connection, case.school, institution_day(work.now))
    made: int = work.connection.execute(
        sa.insert(outreach)
        .values(
            case_id=case.id,
            rung=letter.rung,
            status=OutreachStatus.DRAFT,
            drafter_id=drafter,
            writers=[] if prepared else [drafter],
            sender=letter.sender,
            recipient=letter.recipient,
            subject=letter.subject,
            body=letter.body,
            version=1,
            purpose=letter.purpose,
            language=letter.language,
            prepared=prepared,
            drafted_at=work.now,
            drafted_on=basis_of(work, case, letter.purpose).packed(),
            letter=letter.kind,
            own_words=letter.own_words,
            policy_id=published.id if published else None,
        )
        .returning(outreach.c.id)
    ).scalar_one()
    # Only now is there an id for the links to name.
    footer = footer_of(work.links, made, letter.rung, letter.language, work.now)
    work.connection.execute(sa.update(outreach).where(outreach.c.id == made).values(footer=footer))
    keep_wording(work, made, None, first.subject, first.body)
    if not prepared:
        keep_wording(work, made, drafter, letter.subject, letter.body)
    return made


def rewrite(
    work: UnitOfWork, case: Case, draft: Outreach, author: int, subject: str, body: str
) -> None:
    """Put the draft in other words: whoever had read it has to read it again."""
    repository.save_outreach(
        work,
        draft,
        subject=subject,
        body=body,
        footer=footer_of(work.links, draft.id, draft.rung, draft.language, work.now),
        writers=sorted(draft.writers | {author}),
        drafted_at=work.now,
        drafted_on=basis_of(work, case, draft.purpose).packed(),
        returned="",
        prepared=False,
    )
    keep_wording(work, draft.id, author, subject, body)


def letter_of(draft: Outreach) -> Letter:
    """The draft as it stands."""
    return Letter(
        draft.rung,
        draft.sender,
        draft.recipient,
        draft.subject,
        draft.body,
        draft.purpose,
        draft.returned,
        draft.language,
    )


def in_other_words(letter: Letter, subject: str, body: str) -> Letter:
    """The same letter as somebody put it."""
    return replace(letter, subject=subject, body=body)
