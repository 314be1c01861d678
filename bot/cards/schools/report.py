"""The report of one school or several: case figures, and figures about letters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from bot.cards.kit import sample_data as sample
from bot.cards.kit.model import Card, CardBlock, Facts, Text, TextStyle
from bot.cards.kit.registry import example
from store.queries.notices.figure_lines import OVERDUE, step_label
from store.queries.notices.standing import Standing, StandingCounts
from store.queries.schools.report import Report
from store.rules.flags.coverage import NO_MODULE
from store.rules.flags.room_comparison import NEVER_WITHHELD
from store.rules.letters.letter import Language, LetterKind
from store.rules.letters.statistics import (
    ROUNDED,
    LetterName,
    LetterReport,
    Rates,
    letter_lines,
    letter_notes,
    spanned,
)
from store.rules.model import Help, InterventionKind, Outcome, Rung, Usefulness
from store.rules.notices.reminders import WaitingFor
from store.rules.policies.review_calendar import ReviewLine, ReviewSubject
from store.rules.small_numbers import ReportPeriod
from store.rules.text.formatting import listed, on_day

_LINES = 7
"""Lines about letters: the total and the six most used. The command line has all of them."""


@dataclass(frozen=True, slots=True)
class SchoolReport:
    """One school's figures; ``letters`` is None where it has no policy in force."""

    code: str
    figures: Report
    letters: LetterReport | None = None
    standing: Standing | None = None
    """How it stands today; None where several schools are shown."""
    room: tuple[str, ...] = ()
    """What followed where there was room for a case, and where not, a sentence each."""


def report_card(made: Sequence[SchoolReport]) -> Card:
    """Show one school in full, or the first figures of several."""
    blocks = [block for each in made for block in _school(each, alone=len(made) == 1)]
    if any(not each.figures.exact for each in made):
        blocks.append(Text(ROUNDED, TextStyle.SUBTLE))
    names = listed([each.figures.school_name for each in made])
    return Card(kind="report", summary=f"Report of {names}.", blocks=tuple(blocks))


def _school(made: SchoolReport, *, alone: bool) -> Iterator[CardBlock]:
    figures = made.figures
    yield Text(f"{figures.school_name} {spanned(figures.period)}", TextStyle.HEADING)
    yield Facts(
        (
            ("Cases opened", str(figures.opened)),
            ("Closed", str(figures.closed)),
            ("Cases with an answer", str(figures.answered)),
            ("Median days to a first view", _days(figures.days_to_view, figures)),
            ("Median days to a first contact", _days(figures.days_to_contact, figures)),
        )
    )
    if not alone:
        yield Text(f"More: /lantern report {made.code}", TextStyle.SUBTLE)
        return
    for title, counts in (
        ("How they ended", _spelled(figures.outcomes)),
        ("What helped", _spelled(figures.helped)),
        ("Steps taken, by case", ", ".join(f"{step_label(s)} {n}" for s, n in figures.steps)),
        *((f"How useful its flags were ({rule})", _spelled(each)) for rule, each in figures.useful),
    ):
        if counts:
            yield Text(f"{title}: {counts}.")
    if made.standing:
        yield from _standing(made.standing)
    if made.room:
        yield Text("\n".join(made.room), TextStyle.SUBTLE)
    if made.letters:
        yield from (Text(line) for line in islice(letter_lines(made.letters), _LINES))
        notes = [note for note in letter_notes(made.letters) if note != ROUNDED]
        yield from (Text(note, TextStyle.SUBTLE) for note in notes)


def _standing(now: Standing) -> Iterator[CardBlock]:
    title = "Today" if now.as_of is None else f"As of {on_day(now.as_of)}"
    yield Text(title, TextStyle.HEADING)
    yield Facts(
        (
            ("Open cases", str(now.counts.open_now)),
            ("Waiting for an answer", str(now.counts.to_answer)),
            ("Overdue", str(sum(number for _, number in now.counts.overdue))),
            ("Colleagues with training", f"{now.trained} of {now.staff}"),
        )
    )
    if now.counts.overdue:
        late = listed([f"{OVERDUE[what]} {number}" for what, number in now.counts.overdue])
        yield Text(f"Overdue, waiting for: {late}.")
    if now.counts.unwatched:
        said = listed([f"{number} ({why})" for why, number in now.counts.unwatched])
        yield Text(f"Students that no rule looks at: {said}.")
    if now.reviews:
        due = listed(
            [f"{line.subject.label} {on_day(line.due)} {line.due.year}" for line in now.reviews]
        )
        yield Text(f"Next reviews: {due}.")


def _days(days: int | None, figures: Report) -> str:
    if days is None:
        return "none yet" if figures.exact else "too few to say"
    return str(days)


def _spelled(counts: Iterable[tuple[StrEnum, int]]) -> str:
    return ", ".join(f"{word.value.replace('-', ' ')} {times}" for word, times in counts)


@example("report")
def _report() -> Card:
    made = Report(
        school_name="School of Invented Languages",
        period=ReportPeriod(sample.DAY),
        opened=31,
        closed=22,
        outcomes=((Outcome.MEETING_HELD, 14), (Outcome.DATA_ERROR, 3)),
        helped=((Help.CONVERSATION, 12),),
        useful=(("inactivity", ((Usefulness.TRUE_CONCERN, 11), (Usefulness.DATA_ERROR, 2))),),
        days_to_view=1,
        answered=17,
        exact=True,
        days_to_contact=3,
        steps=((Rung.UNIVERSITY_EMAIL.value, 19), (InterventionKind.MEETING.value, 14)),
    )
    due = ReviewLine(ReviewSubject.THRESHOLDS, sample.DAY + dt.timedelta(days=60), None)
    counts = StandingCounts(9, 2, 1, 0, ((WaitingFor.VIEW, 1),), ((NO_MODULE, 3),))
    now = Standing(counts, trained_lead=True, trained=7, staff=8, reviews=(due,))
    few, many = Rates(9, 4, 4 / 9, 9, 3, 1 / 3), Rates(45, 15, 1 / 3, 40, 10, 0.25)
    first = LetterName(
        LetterKind.UNIVERSITY_EMAIL, Language.ENGLISH, True, 3, Rung.UNIVERSITY_EMAIL
    )
    answer = LetterName(LetterKind.ANSWER, Language.WELSH, False, 3, Rung.PERSONAL_EMAIL)
    both = LetterReport(
        ReportPeriod(sample.DAY), 28, many, ((first, many), (answer, few)), exact=True
    )
    room = (
        "Waited longer than 14 days for room: 10 students, too few for a percentage.",
        NEVER_WITHHELD,
    )
    return report_card([SchoolReport("LANG", made, both, now, room)])


@example("report-faculty")
def _faculty() -> Card:
    period = ReportPeriod(sample.DAY, sample.DAY + dt.timedelta(days=91))
    schools = ("School of Invented Languages", "School of Invented Sciences")
    return report_card(
        [
            SchoolReport(code, Report(name, period, 30, 20, (), (), (), 2, 15, exact=False))
            for code, name in zip(("LANG", "SCI"), schools, strict=True)
        ]
    )
