"""Write a draft: by a person, by Lantern for the owner, or again after it went out of date."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from store.db import repository
from store.db.student_keys import close_note, close_notes
from store.db.unit_of_work import UnitOfWork
from store.letters.footer import footer_of
from store.policies.versions import policy_in_force
from store.queries.readiness.approval_basis import basis_of
from store.rules.calendar import institution_day
from store.rules.cases.case import Case, Outreach
from store.rules.letters.approval_basis import Basis, reworded
from store.rules.letters.letter import LetterKind
from store.rules.model import OutreachStatus
from store.rules.outreach.letter_to_send import Letter
from store.tables import outreach, wordings


def keep_wording(
    work: UnitOfWork, case: Case, outreach: int, author: int | None, subject: str, body: str
) -> None:
    """Record the draft's current words and their author; None: Lantern."""
    words = close_notes(work.connection, case.student, subject=subject, body=body)
    work.connection.execute(
        sa.insert(wordings).values(outreach_id=outreach, author_id=author, at=work.now, **words)
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

    ``suggested`` is what Lantern had proposed, where a person changed it.
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
            **close_notes(work.connection, case.student, subject=letter.subject, body=letter.body),
            version=1,
            purpose=letter.purpose,
            language=letter.language,
            prepared=prepared,
            drafted_at=work.now,
            drafted_on=_basis_of(work, case, letter).packed(),
            letter=letter.kind,
            own_words=letter.own_words,
            policy_id=published.id if published else None,
        )
        .returning(outreach.c.id)
    ).scalar_one()
    # Only now is there an id for the links to name.
    footer = footer_of(work.links, made, letter.rung, letter.language, work.now)
    sealed = close_note(work.connection, case.student, footer)
    work.connection.execute(sa.update(outreach).where(outreach.c.id == made).values(footer=sealed))
    keep_wording(work, case, made, None, first.subject, first.body)
    if not prepared:
        keep_wording(work, case, made, drafter, letter.subject, letter.body)
    return made


def rewrite(
    work: UnitOfWork, case: Case, draft: Outreach, author: int, subject: str, body: str
) -> None:
    """Change the draft's words. A colleague who had read it has to read it again."""
    repository.save_outreach(
        work,
        draft,
        **close_notes(
            work.connection,
            case.student,
            subject=subject,
            body=body,
            footer=footer_of(work.links, draft.id, draft.rung, draft.language, work.now),
        ),
        writers=sorted(draft.writers | {author}),
        drafted_at=work.now,
        drafted_on=reworded(draft.drafted_on, basis_of(work, case, draft.purpose)).packed(),
        returned="",
        prepared=False,
    )
    keep_wording(work, case, draft.id, author, subject, body)


def write_afresh(
    work: UnitOfWork,
    case: Case,
    draft: Outreach,
    letter: Letter,
    *,
    author: int | None = None,
    drafter: int | None = None,
    suggested: Letter | None = None,
) -> None:
    """Replace a draft's words by a letter based on the current facts.

    ``author`` wrote it from what Lantern ``suggested``, and signs it; None: Lantern wrote it in the
    name of ``drafter``.
    """
    published = policy_in_force(work.connection, case.school, institution_day(work.now))
    repository.save_outreach(
        work,
        draft,
        rung=letter.rung,
        sender=letter.sender,
        recipient=letter.recipient,
        **close_notes(
            work.connection,
            case.student,
            subject=letter.subject,
            body=letter.body,
            footer=footer_of(work.links, draft.id, letter.rung, letter.language, work.now),
        ),
        language=letter.language,
        drafter_id=author or drafter or draft.drafter,
        writers=sorted(draft.writers | {author}) if author else sorted(draft.writers),
        drafted_at=work.now,
        drafted_on=_basis_of(work, case, letter).packed(),
        opened_by=None,
        opened_hash=None,
        returned="",
        prepared=draft.prepared and author is None,
        letter=letter.kind,
        own_words=letter.own_words,
        policy_id=published.id if published else None,
    )
    first = suggested or letter
    keep_wording(work, case, draft.id, None, first.subject, first.body)
    if author is not None:
        keep_wording(work, case, draft.id, author, letter.subject, letter.body)


def _basis_of(work: UnitOfWork, case: Case, letter: Letter) -> Basis:
    """Return what a letter rests on. An answer to the student rests on no records."""
    basis = basis_of(work, case, letter.purpose)
    if letter.kind is LetterKind.ANSWER:
        return replace(basis, records={}, seen={}, written=None)
    return basis


def letter_of(draft: Outreach) -> Letter:
    """Return the letter in a stored draft, in its current words."""
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
    """Return the same letter with another person's subject and text."""
    return replace(letter, subject=subject, body=body)
