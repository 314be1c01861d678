"""The report of a school, in numbers, and what its letters led to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from itertools import islice
from typing import TypeVar

from bot.cards.kit import sample_data as sample
from bot.cards.kit.model import Card, CardBlock, Facts, Text, TextStyle
from bot.cards.kit.registry import example
from store.queries.schools.report import SMALLEST, Report
from store.rules.letters.letter import Language, LetterKind
from store.rules.letters.statistics import (
    LetterName,
    LetterReport,
    Rates,
    letter_lines,
    letter_notes,
)
from store.rules.model import Help, Outcome, Rung, Usefulness
from store.rules.text.formatting import on_day

_LINES = 7
"""About letters: all together, and the six most used. The command line has every one."""
Word = TypeVar("Word", bound=StrEnum)


def report_card(made: Report, exact: bool, letters: LetterReport | None = None) -> Card:
    """``exact`` for the school's own lead; else numbers below five are hidden. The figures about
    letters are rounded for everybody."""

    def number(value: int) -> str:
        return str(value) if exact or value >= SMALLEST or not value else f"under {SMALLEST}"

    blocks: list[CardBlock] = [
        Text(f"{made.school_name} since {on_day(made.since)}", TextStyle.HEADING),
        Facts(
            (
                ("Cases opened", number(made.opened)),
                ("Closed", number(made.closed)),
                ("With an answer", number(made.answered)),
                ("Median days to a first view", _days(made, exact)),
            )
        ),
    ]
    for title, counts in (
        ("How they ended", _spelled(made.outcomes, number)),
        ("What helped", _spelled(made.helped, number)),
        *((f"Of use: {rule}", _spelled(each, number)) for rule, each in made.useful),
    ):
        if counts:
            blocks.append(Text(f"{title}: {counts}."))
    if letters:
        blocks += [Text(line) for line in islice(letter_lines(letters), _LINES)]
        blocks += [Text(each, TextStyle.SUBTLE) for each in letter_notes(letters)]
    return Card(kind="report", summary=f"Report of {made.school_name}.", blocks=tuple(blocks))


def _days(made: Report, exact: bool) -> str:
    hidden = made.days_to_view is None or (not exact and made.opened < SMALLEST)
    return "none yet" if hidden else str(made.days_to_view)


def _spelled(counts: Iterable[tuple[Word, int]], number: Callable[[int], str]) -> str:
    return ", ".join(f"{word.value.replace('-', ' ')} {number(times)}" for word, times in counts)


@example("report")
def _report() -> Card:
    made = Report(
        school_name="School of Invented Languages",
        since=sample.DAY,
        opened=31,
        closed=22,
        outcomes=((Outcome.MEETING_HELD, 14), (Outcome.DATA_ERROR, 3)),
        helped=((Help.CONVERSATION, 12),),
        useful=(("inactivity", ((Usefulness.TRUE_CONCERN, 11), (Usefulness.DATA_ERROR, 2))),),
        days_to_view=1,
        answered=17,
    )
    few, many = Rates(10, 5, None, 10, 5, None), Rates(45, 15, 1 / 3, 40, 10, 0.25)
    first = LetterName(
        LetterKind.UNIVERSITY_EMAIL, Language.ENGLISH, True, 3, Rung.UNIVERSITY_EMAIL
    )
    answer = LetterName(LetterKind.ANSWER, Language.WELSH, False, 3, Rung.PERSONAL_EMAIL)
    both = LetterReport(sample.DAY, 28, many, ((first, many), (answer, few)))
    return report_card(made, exact=True, letters=both)
