"""Write the report as CSV and as short lines for a channel."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator, Sequence

from store.queries.notices.figure_lines import SchoolFigures
from store.rules.text.formatting import counted, csv_safe, listed, on_day

ROUNDED = "Numbers of cases are rounded to 5: 0 stands for fewer than 3."
HEADER = ("school", "name", "faculty", "from", "to", "section", "measure", "part", "value", "unit")


def figure_rows(
    made: Sequence[SchoolFigures], first: dt.date, last: dt.date
) -> Iterator[tuple[str, str, str, dt.date, dt.date, str, str, str, int | float | str | None, str]]:
    """Yield a row for each figure, in the columns of ``HEADER``."""
    for school in made:
        for line in school.lines():
            yield (
                *(school.code, school.name, school.faculty, first, last),
                *(line.section, line.measure, line.part, line.value, line.unit),
            )


def csv_table(made: Sequence[SchoolFigures], first: dt.date, last: dt.date) -> str:
    """Write every figure as a row. No cell is taken for a formula; a withheld one is empty."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for row in figure_rows(made, first, last):
        writer.writerow(["" if each is None else csv_safe(str(each)) for each in row])
    return out.getvalue()


def summary_lines(made: Sequence[SchoolFigures], first: dt.date, last: dt.date) -> Iterator[str]:
    """Write the figures of each school in a few sentences, to be posted in a channel."""
    yield f"{on_day(first)} to {on_day(last)}"
    for school in made:
        cases, now = school.cases, school.standing
        yield (
            f"{school.name}: {counted(cases.opened, 'case')} opened, {cases.closed} closed, "
            f"{cases.answered} with an answer; {now.counts.open_now} open now."
        )
        yield (
            f"  Median time to a first view: {_days(cases.days_to_view)}; to a first contact: "
            f"{_days(cases.days_to_contact)}."
        )
        if now.unruled:
            yield f"  {now.unruled}"
        late = sum(number for _, number in now.counts.overdue)
        due = [each.subject.label for each in now.reviews if each.is_due(school.today)]
        lead = "a trained lead" if now.trained_lead else "no trained lead"
        reviews = f"reviews due: {listed(due)}" if due else "no review is due"
        yield (
            f"  {counted(late, 'case')} overdue; {now.trained} of "
            f"{counted(now.staff, 'colleague')} trained, "
            f"{lead}; {reviews}."
        )
        if school.coverage is not None:
            yield (
                f"  {school.coverage.monitored} of {counted(school.coverage.modules, 'module')} "
                "with recent data."
            )
    yield ROUNDED


def _days(days: int | None) -> str:
    return "too few cases to say" if days is None else counted(days, "day")
