"""All figures of a school's report as one list of lines, from which each format is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from store.queries.notices.standing import Standing
from store.queries.schools.feeds import Feed
from store.queries.schools.report import Report
from store.rules.flags.coverage import SchoolCoverage
from store.rules.letters.statistics import LetterReport, letter_name
from store.rules.model import InterventionKind, Rung
from store.rules.notices.reminders import WaitingFor
from store.rules.small_numbers import Figures

Value = int | float | str | None


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One figure. ``part`` is what it is a part of the measure for, '' for the whole.

    ``value`` is None where it is withheld, since too few students are behind it; it is a text
    where ``unit`` is ``day`` (ISO), and from 0 to 1 where it is ``share``.
    """

    section: str
    measure: str
    part: str
    value: Value
    unit: str


@dataclass(frozen=True, slots=True)
class SchoolFigures:
    """Everything that is reported of one school. No line names a person or a case."""

    code: str
    name: str
    faculty: str
    cases: Report
    standing: Standing
    letters: LetterReport | None = None
    coverage: SchoolCoverage | None = None
    feeds: tuple[Feed, ...] = ()
    today: dt.date = dt.date.min

    def lines(self) -> list[FigureLine]:
        """Return every figure, in the order in which a report shows them."""
        figures = Figures(self.cases.exact)
        return [
            *_cases(self.cases),
            *_letters(self.letters),
            *_coverage(self.coverage, self.standing, figures),
            *_feeds(self.feeds, self.today),
            *_standing(self.standing, self.today),
        ]


OVERDUE = {
    WaitingFor.VIEW: "a first view",
    WaitingFor.REACTION: "a reaction to the student's answer",
    WaitingFor.APPROVAL: "an email to be read and approved",
    WaitingFor.ASKED: "a colleague who was asked",
    WaitingFor.ACKNOWLEDGEMENT: "an acknowledgement",
    WaitingFor.QUESTION: "an answer to a mistake or absence that the student reported",
    WaitingFor.CLOSING: "closing, since every reason has ended",
}


_STEPS: Mapping[str, str] = {
    Rung.PHONE: "phone call tried",
    InterventionKind.CALL: "phone call held",
    InterventionKind.MEETING: "meeting held",
}
"""A step of the ladder is an attempt, which may reach no one."""


def step_label(step: str) -> str:
    """Return a step of the ladder, or a meeting or call, as it is read."""
    if step in _STEPS:
        return _STEPS[step]
    kinds = {each.value: each.label for each in InterventionKind}
    return Rung(step).label if step in set(Rung) else kinds[step]


def _cases(made: Report) -> Iterator[FigureLine]:
    for measure, number in (
        ("Cases opened", made.opened),
        ("Cases closed", made.closed),
        ("Cases with an answer", made.answered),
    ):
        yield FigureLine("Cases", measure, "", number, "cases")
    yield from (
        FigureLine("Outcomes", "How cases ended", outcome.label, number, "cases")
        for outcome, number in made.outcomes
    )
    yield from (
        FigureLine("Outcomes", "What helped", helped.label, number, "cases")
        for helped, number in made.helped
    )
    yield from (
        FigureLine("Usefulness", rule, useful.label, number, "cases")
        for rule, counts in made.useful
        for useful, number in counts
    )
    for measure, days in (
        ("Median days to a first view", made.days_to_view),
        ("Median days to a first contact", made.days_to_contact),
    ):
        yield FigureLine("Response times", measure, "", days, "days")
    yield from (
        FigureLine("Contact steps", "Cases with this step", step_label(step), number, "cases")
        for step, number in made.steps
    )


def _letters(made: LetterReport | None) -> Iterator[FigureLine]:
    if made is None:
        return
    for name, rates in (("", made.altogether), *((letter_name(n), r) for n, r in made.letters)):
        for measure, value, unit in (
            ("Emails sent", rates.mails, "emails"),
            ("Emails answered", rates.answered, "emails"),
            ("Share answered", rates.answered_share, "share"),
            ("Students back afterwards", rates.back, "emails"),
            ("Share back afterwards", rates.back_share, "share"),
        ):
            yield FigureLine("Emails", measure, name, value, unit)


def _coverage(
    made: SchoolCoverage | None, standing: Standing, figures: Figures
) -> Iterator[FigureLine]:
    if made is not None:
        yield FigureLine("Coverage", "Modules taught", "", made.modules, "modules")
        yield FigureLine("Coverage", "Modules with recent data", "", made.monitored, "modules")
        students = made.students
        yield FigureLine("Coverage", "Students", "", figures.number(students), "students")
        enough = figures.share(made.cross_section, students)
        yield FigureLine(
            "Coverage", "Share with data on half their modules or more", "", enough, "share"
        )
    yield from (
        FigureLine("Coverage", "Students that no rule looks at", why, number, "students")
        for why, number in standing.counts.unwatched
    )


def _feeds(feeds: Sequence[Feed], today: dt.date) -> Iterator[FigureLine]:
    for feed in feeds:
        newest = feed.newest.isoformat() if feed.newest else None
        yield FigureLine("Feeds", "Newest day", feed.source, newest, "day")
        behind = (today - feed.newest).days if feed.newest else None
        yield FigureLine("Feeds", "Days since the newest day", feed.source, behind, "days")
        yield FigureLine("Feeds", "Rows refused", feed.source, feed.rejected, "rows")


def _standing(made: Standing, today: dt.date) -> Iterator[FigureLine]:
    for measure, number in (
        ("Open cases", made.counts.open_now),
        ("Students waiting for an answer", made.counts.to_answer),
        ("Cases without a view for a week", made.counts.unseen),
        ("Uses of the welfare route to review", made.counts.to_review),
    ):
        yield FigureLine("Open now", measure, "", number, "cases")
    yield from (
        FigureLine("Open now", "Active flags without a case", why.told, number, "students")
        for why, number in made.counts.no_case
    )
    yield from (
        FigureLine("Overdue", "Waiting too long for", OVERDUE[what], number, "cases")
        for what, number in made.counts.overdue
    )
    yield FigureLine("Training", "Colleagues", "", made.staff, "colleagues")
    yield FigureLine("Training", "Colleagues with training", "", made.trained, "colleagues")
    leads = int(made.trained_lead)
    yield FigureLine("Training", "A trained engagement lead (1: yes)", "", leads, "yes or no")
    for line in made.reviews:
        due = line.due.isoformat()
        yield FigureLine("Reviews", "Due on", line.subject.label, due, "day")
        late = max(0, (today - line.due).days)
        yield FigureLine("Reviews", "Days overdue", line.subject.label, late, "days")
        held = line.last.on.isoformat() if line.last else None
        yield FigureLine("Reviews", "Last held on", line.subject.label, held, "day")
