"""Compare an email with Lantern's suggestion and with its last author's version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from store.db.student_keys import open_notes
from store.rules.cases.case import Outreach
from store.rules.letters.left_out import left_out
from store.rules.letters.letter import LetterKind
from store.rules.letters.personal_address import added_sentences
from store.rules.model import Rung
from store.rules.outreach.letter_to_send import Letter
from store.rules.text.diff import Change, changes
from store.tables import outreach, staff, wordings


@dataclass(frozen=True, slots=True)
class Edits:
    """Changes from Lantern's suggestion by all authors, and by the last author alone.

    ``last`` is empty where there was only one author, since both would be the same.
    """

    suggestion: tuple[Change, ...] = ()
    last: tuple[Change, ...] = ()
    last_by: str = ""
    added: tuple[str, ...] = ()
    """Sentences to a personal address that the school's letter does not have."""
    left_out: tuple[str, ...] = ()
    """Parts of the school's letter that the email does not have."""


@dataclass(frozen=True, slots=True)
class _Wording:
    """A version of an email's words; Lantern's own has no author."""

    subject: str
    body: str
    author_id: int | None
    name: str | None
    letter: str | None


def _wordings(connection: sa.Connection, mail: Outreach) -> list[_Wording]:
    """Return the versions of an email's words, oldest first."""
    rows = connection.execute(
        sa.select(
            wordings.c.subject,
            wordings.c.body,
            wordings.c.author_id,
            staff.c.name,
            outreach.c.letter,
        )
        .join(outreach, outreach.c.id == wordings.c.outreach_id)
        .outerjoin(staff, staff.c.id == wordings.c.author_id)
        .where(wordings.c.outreach_id == mail.id)
        .order_by(wordings.c.id)
    ).all()
    words = open_notes(connection, [part for row in rows for part in (row.subject, row.body)])
    return [
        _Wording(*said, row.author_id, row.name, row.letter)
        for row, said in zip(rows, zip(words[::2], words[1::2], strict=True), strict=True)
    ]


def suggested_letter(connection: sa.Connection, mail: Outreach) -> Letter:
    """Return the school's letter that an email began with; of a very old email, its own words."""
    return _suggested(_wordings(connection, mail), mail)


def _suggested(rows: Sequence[_Wording], mail: Outreach) -> Letter:
    row = next((each for each in reversed(rows) if each.author_id is None), None)
    return Letter(
        mail.rung,
        mail.sender,
        mail.recipient,
        row.subject if row else mail.subject,
        row.body if row else mail.body,
        mail.purpose,
        language=mail.language,
        kind=LetterKind(row.letter) if row and row.letter else None,
    )


def edits_of(connection: sa.Connection, mail: Outreach) -> Edits:
    """Return the changes that led to an email's words."""
    rows = _wordings(connection, mail)
    if not rows:
        return Edits()
    whole = [f"{row.subject}\n{row.body}" for row in rows]
    edits = replace(
        _compared(_suggested(rows, mail), mail), suggestion=tuple(changes(whole[0], whole[-1]))
    )
    if len(rows) < 3:
        return edits
    last = tuple(changes(whole[-2], whole[-1]))
    return replace(edits, last=last, last_by=rows[-1].name or "")


def _compared(suggested: Letter, mail: Outreach) -> Edits:
    """Compare an email with the school's letter: what it adds for a personal address, and lacks."""
    added = (
        added_sentences(suggested.text, f"{mail.subject}\n{mail.body}")
        if mail.rung is Rung.PERSONAL_EMAIL
        else ()
    )
    return Edits(added=tuple(added), left_out=tuple(left_out(suggested.body, mail.body)))
