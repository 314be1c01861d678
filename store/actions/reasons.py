"""Check that a reason given on a case is in the person's own words, not copied from the card."""

from __future__ import annotations

from store.actions.kept_words import think_twice
from store.actions.request import CaseRequest
from store.queries.cases.entries import entries_of
from store.queries.cases.flags import flag_rows
from store.queries.module_titles import names_of, titled
from store.rules.model import Opinion
from store.rules.text.limits import LONGEST_WORDS
from store.rules.text.reasons import check_reason


def reason_on(
    asked: CaseRequest,
    reason: str,
    *,
    field: str = "reason",
    asks: str = "Give your reason",
    longest: int = LONGEST_WORDS,
    keeps_lines: bool = False,
) -> str:
    """Return the reason, tidied; ``InvalidInput`` where ``check_reason`` refuses it.

    Raises ``ThinkAgain`` once where it holds words that the student should not have to read.
    """
    tidy = check_reason(
        reason,
        field=field,
        asks=asks,
        longest=longest,
        own=_on_the_card(asked),
        keeps_lines=keeps_lines,
    )
    think_twice(asked, tidy, field)
    return tidy


def _on_the_card(asked: CaseRequest) -> tuple[str, ...]:
    """Return what the person has before them: why the case is open, what other colleagues think,
    and whatever else its card says."""
    connection, case = asked.work.connection, asked.case.id
    rows = flag_rows(connection, case)
    titles = names_of({row.module: row.title or "" for row in rows if row.module})
    stored = [
        titled(said, row.module, titles)
        for row in rows
        for said in (row.reason_staff, row.reason_student)
    ]
    views = entries_of(connection, case)["views"]
    others = [each.words for each in views if each.author != asked.actor.id]
    shown = asked.words_shown(connection, case) if asked.words_shown else ()
    return (*stored, *others, *(each.label for each in Opinion), *shown)
