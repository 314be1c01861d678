"""The fairness report in plain words, line by line, for cards and the command line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil

from store.rules.fairness.protect import BASE, FEWEST_CHANGED
from store.rules.fairness.report import (
    CharacteristicReport,
    FairnessReport,
    GroupDifference,
    Rate,
    StepLine,
)
from store.rules.fairness.steps import Step
from store.rules.fairness.years import AcademicYear
from store.rules.policies.review_calendar import Reviewed
from store.rules.small_numbers import SMALLEST
from store.rules.text.formatting import counted, listed, long_date

NO_DIFFERENCE = "no difference that this many students could show"
NOTES = (
    "These figures say where to look. They do not say why, and they decide nothing about any "
    "student. Flags never use these groups.",
    f"Counts are rounded at random to multiples of {BASE}. A group has no figures where fewer than "
    f"{ceil(SMALLEST)} students are behind them, and then at least one other has none either, so "
    "that none can be worked out by subtraction. Groups are not crossed.",
    "A report covers a whole academic year, from 1 August to 31 July, and does not change once it "
    f"is made. Figures that differ from an earlier report by fewer than {FEWEST_CHANGED} students "
    "are withheld. Students who objected are left out.",
    "Each range holds the true rate in 95 of 100 cases, with the rounding. Each group is compared "
    "with the others shown.",
)


def said_year(year: AcademicYear) -> str:
    """Write the first and last day of an academic year."""
    return f"{long_date(year.first)} to {long_date(year.last)}"


def headline(report: FairnessReport) -> str:
    """Say in a sentence whether groups differ, and in how many comparisons."""
    found = sum(len(line.findings) for each in report.characteristics for line in each.lines) + sum(
        len(each.day_findings) for each in report.characteristics
    )
    if not report.comparisons:
        return "There are too few students for any comparison."
    compared = counted(report.comparisons, "comparison")
    adjusted = ", adjusted for their number (Holm)" if report.comparisons > 1 else " made"
    if not found:
        return f"{compared}{adjusted}: {NO_DIFFERENCE}."
    differ = counted(found, "difference")
    return f"{compared}{adjusted}: {differ} that chance alone would rarely cause."


def differences(of: CharacteristicReport) -> Iterator[str]:
    """Say each difference that is more than chance would explain, and what to look at."""
    for line in of.lines:
        rates = {rate.group: rate for rate in line.rates}
        for found in line.findings:
            yield _difference(of, line.step, rates[found.group], found, line.rates)
    days = dict(of.days)
    for found in of.day_findings:
        other = [f"{days[group].median} in {_named(of, group)}" for group, _ in of.days]
        yield (
            f"Median days to the first contact: {', '.join(other)}. That is more than chance "
            f"would explain for {_named(of, found.group)}. Look at who owns these cases, and when."
        )


def step_lines(of: CharacteristicReport) -> Iterator[str]:
    """Write every step with each group's rate and range, and its reading."""
    for line in of.lines:
        if line.rates:
            shown = ". ".join(f"{rate.group}: {_rate(rate)}" for rate in line.rates)
            yield f"{line.step.heading}. {shown}. {_reading(line)}"
    if few := [line for line in of.lines if not line.rates and not line.is_withheld]:
        yield f"Too few students for figures: {_steps(few)}."
    if withheld := [line for line in of.lines if line.is_withheld]:
        yield f"Withheld, since figures could identify a student: {_steps(withheld)}."
    if of.days:
        shown = ". ".join(
            f"{group}: {days.median} (range {days.low} to {days.high})" for group, days in of.days
        )
        reading = "more than chance would explain" if of.day_findings else NO_DIFFERENCE
        yield f"Median days to the first contact. {shown}. Reading: {reading}."


def review_line(last: Reviewed | None) -> str:
    """Say who reviewed fairness last, when and with which finding."""
    if last is None:
        return "Not reviewed yet: /lantern policy-review fairness, with what you found."
    return f"Last review, by {last.by} on {long_date(last.on)}: {last.found}"


def hidden_line(of: CharacteristicReport) -> str:
    """Return a sentence if some groups have no figures; '' where none is hidden."""
    return "Some groups have no figures in some steps." if of.has_hidden else ""


def _reading(line: StepLine) -> str:
    if line.findings:
        groups = listed([found.group for found in line.findings])
        return f"Reading: {groups}: more than chance would explain."
    if line.unseen is None:
        return "Reading: too few students to compare."
    return f"Reading: {NO_DIFFERENCE}. One of less than {_hundredth(line.unseen)} could be missed."


def _difference(
    of: CharacteristicReport, step: Step, rate: Rate, found: GroupDifference, shown: Sequence[Rate]
) -> str:
    others = [each.group for each in shown if each.group != found.group]
    against = _named(of, others[0]) if len(others) == 1 else "the other groups shown"
    return (
        f"{step.sentence} {_hundredth(rate.rate)} of {_named(of, found.group)} and "
        f"{_hundredth(found.others)} of {against}: more than chance would explain. {step.advice}"
    )


def _steps(lines: Sequence[StepLine]) -> str:
    return ", ".join(line.step.replace("-", " ") for line in lines)


def _named(of: CharacteristicReport, group: str) -> str:
    return f"“{group}” ({of.name})"


def _rate(rate: Rate) -> str:
    return (
        f"{_hundredth(rate.rate)} (range {round(100 * rate.low)} to {round(100 * rate.high)}) of "
        f"about {counted(rate.of, 'student')}"
    )


def _hundredth(rate: float) -> str:
    return f"{round(100 * rate)} in 100"
