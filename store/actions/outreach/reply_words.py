"""Keep a reply's words on a case: the student's own, without links and without our email."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from store.db.student_keys import open_notes
from store.rules.model import Doubt
from store.rules.outreach.quoting import has_words_between, own_subject, student_words
from store.rules.students.links import UNMADE, without_secrets
from store.tables import outreach

NO_WORDS = "[An email without words. What came with it is in the school's mailbox.]"
LONGEST = 20_000
"""Characters of an answer that are kept: as much as a person reads in a chat."""
SUBJECT = "Subject: "
_PICTURES = ("[cid:", "[image:", "[inline image")
CUT = "\n[The rest is in the school's mailbox.]"
_LONGEST_READ = 10 * LONGEST
"""Characters in which the student's own words are looked for."""

HIDDEN = {
    Doubt.SENDER: "[This answers an email to the student and came from another student's address. "
    "Its words are not shown here. Read it in the school's mailbox.]",
    Doubt.SEVERAL: "[This belongs to emails to several students. Its words are not shown here. "
    "Read it in the school's mailbox.]",
}
"""Shown in place of words that may be another student's."""


def words_kept(body: str, whole: str, sent: Sequence[str], subject: str = "") -> str:
    """Return the student's words in ``body``, without quotations of our emails.

    Words written between our lines are taken from ``whole``, the message with everything it quotes.
    ``sent`` are the emails that we sent in this case. Some students write into the ``subject``
    alone: words in it that are not ours come first.
    """
    body, whole = body[:_LONGEST_READ], whole[:_LONGEST_READ]
    words = student_words(body, sent)
    if whole and (not words or has_words_between(whole, sent)):
        inline = student_words(whole, sent)
        only_quotes = all(line.startswith(">") for line in inline.splitlines() if line.strip())
        words = words if only_quotes else inline
    words = "" if _is_stand_in(words) else words
    if said := own_subject(subject, sent):
        words = f"{SUBJECT}{said}\n\n{words}"
    words = "\n".join(
        line for line in without_secrets(words).split("\n") if line.strip(" \t<>|") != UNMADE
    ).strip("\n")
    if not words.strip():
        return NO_WORDS
    return words if len(words) <= LONGEST else words[:LONGEST] + CUT


def _is_stand_in(words: str) -> bool:
    """Return whether every line only stands for a picture, as mail programs write them."""
    lines = [line.strip(" \t<>|") for line in words.splitlines() if line.strip(" \t<>|")]
    return all(line.startswith(_PICTURES) and line.endswith("]") for line in lines)


def emails_of(connection: sa.Connection, case: int) -> list[str]:
    """Return the subject and words of every email of a case, with the links below them."""
    rows = connection.execute(
        sa.select(outreach.c.subject, outreach.c.body, outreach.c.footer)
        .where(outreach.c.case_id == case)
        .order_by(outreach.c.id)
    ).all()
    words = open_notes(connection, [part for row in rows for part in row])
    return ["\n".join(words[at : at + 3]) for at in range(0, len(words), 3)]
