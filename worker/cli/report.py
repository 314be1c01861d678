"""``lantern report …``: figures on schools, and on how Lantern treats groups of students."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from store.rules.errors import InvalidInput
from worker.cli.common import open_services, refuse_later, schools_of, write

if TYPE_CHECKING:
    from integrations.bootstrap import Services
    from store.queries.schools.staff import School
    from store.rules.fairness.report import FairnessReport
    from store.rules.fairness.years import AcademicYear

report = typer.Typer(no_args_is_help=True, help="Reports on schools and on fairness.")


_DAYS = dt.timedelta(days=90)


@report.command("fairness")
def fairness(
    school: Annotated[str, typer.Option(help="The school's code; all without it.")] = "",
    first: Annotated[
        dt.datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="Whole academic years from this day..."),
    ] = None,
    last: Annotated[
        dt.datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="...to this one.")
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write the figures here as well.")
    ] = None,
) -> None:
    """Compare groups of students by academic year: flags, views, contact, answers, outcomes."""
    from store.rules.calendar import institution_day

    with open_services() as services:
        today = institution_day(services.now())
        years = _years(first.date() if first else None, last.date() if last else None, today)
        made = list(_reports(services, _named(services, school), years, alone=bool(school)))
    # Before the lines: a pager that is closed early ends the command.
    if json_file is not None:
        write(json_file, fairness_as_json(made))
    for each in made:
        for line in _lines(each):
            typer.echo(line)


@report.command("schools")
def schools(
    school: Annotated[
        list[str] | None, typer.Option(help="A school's code, once for each; all without it.")
    ] = None,
    faculty: Annotated[str, typer.Option(help="Only the schools of this faculty.")] = "",
    since: Annotated[
        dt.datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Whole weeks since YYYY-MM-DD. Default: 90 days."),
    ] = None,
    html: Annotated[Path | None, typer.Option(help="Write a page with charts here.")] = None,
    csv: Annotated[Path | None, typer.Option(help="Write every figure as CSV here.")] = None,
    extract: Annotated[
        Path | None, typer.Option(help="Write Parquet files for Power BI into this folder.")
    ] = None,
    post: Annotated[
        bool, typer.Option("--post", help="Post each school's own report in its channel.")
    ] = False,
) -> None:
    """Report on schools, in figures that name no one; prints a summary."""
    from integrations.activity.figures_extract import write_extract
    from store.rules.calendar import institution_day
    from store.rules.small_numbers import whole_weeks
    from worker.report.collect import collect, days_of
    from worker.report.page import html_page
    from worker.report.table import csv_table, figure_rows, summary_lines

    with open_services() as services:
        today = institution_day(services.now())
        if since:
            refuse_later(since.date(), today)
        period = whole_weeks(since.date() if since else today - _DAYS, today)
        chosen = _chosen(services, school or [], faculty)
        made = collect(services, chosen, period)
        if post:
            _request_posts(services, chosen, today)
    first, last = days_of(period, today)
    if html is not None:
        write(html, html_page(made, first, last))
    if csv is not None:
        write(csv, csv_table(made, first, last))
    if extract is not None:
        try:
            write_extract(extract, figure_rows(made, first, last))
        except OSError as error:
            raise InvalidInput(
                f"{extract} cannot be written: {error.strerror}. Name a folder that you may write."
            ) from None
    for line in summary_lines(made, first, last):
        typer.echo(line)
    if post:
        from worker.cli.jobs import sweep

        sweep()


def _request_posts(services: Services, schools: Sequence[School], today: dt.date) -> None:
    from store.queries.schools.staff import school_channels
    from worker.jobs.notices.digests import request_report

    with services.store.database.read() as connection:
        placed = {each.school for each in school_channels(connection)}
    if missing := [each.code for each in schools if each.id not in placed]:
        raise InvalidInput(
            f"No channel is known for {', '.join(missing)}, so nothing was posted. Set one: "
            "lantern slack channel, or lantern teams channel"
        )
    with services.store.unit_of_work() as work:
        for each in schools:
            request_report(work, each.id, today)


def _chosen(services: Services, codes: Sequence[str], faculty: str) -> list[School]:
    from store.queries.schools.staff import faculties, school_named

    everyone = schools_of(services)
    with services.store.database.read() as connection:
        if codes:
            return [school_named(connection, code) for code in dict.fromkeys(codes)]
        of = faculties(connection)
    if not faculty:
        return everyone
    found = [each for each in everyone if of[each.code].casefold() == faculty.casefold()]
    if not found:
        known = ", ".join(sorted(filter(None, set(of.values())))) or "none"
        raise InvalidInput(f"No school is of that faculty. The roster has: {known}.")
    return found


def fairness_as_json(made: Sequence[FairnessReport]) -> str:
    """Write JSON: a list of reports with published numbers, rates, ranges and readings alone."""
    from store.rules.fairness.words import NOTES, differences, headline

    reports = [
        {
            "school": each.code,
            "from": each.year.first.isoformat(),
            "to": each.year.last.isoformat(),
            "reading": headline(each),
            "characteristics": [
                _plain(of) | {"findings": list(differences(of))} for of in each.characteristics
            ],
        }
        for each in made
    ]
    return json.dumps({"notes": NOTES, "reports": reports}, indent=2, ensure_ascii=False) + "\n"


def _plain(of: Any) -> dict[str, Any]:
    return {
        "name": of.name,
        "steps": [
            {
                "step": line.step,
                "withheld": line.is_withheld,
                "groups": [asdict(rate) | {"rate": rate.rate} for rate in line.rates],
            }
            for line in of.lines
        ],
        "days_to_contact": [
            {"group": group, "median": days.median, "low": days.low, "high": days.high}
            for group, days in of.days
        ],
    }


def _years(first: dt.date | None, last: dt.date | None, today: dt.date) -> list[AcademicYear]:
    from store.rules.fairness.years import newest_year, years_within

    if first is None and last is None:
        return [newest_year(today)]
    start, end = first or newest_year(today).first, last or today
    if start > end:
        raise typer.BadParameter("--from is after --to")
    years = list(years_within(start, end, today))
    if not years:
        raise InvalidInput(
            "No academic year lies wholly between these days and can be reported yet. A report "
            "covers 1 August to 31 July, from 29 August on."
        )
    return years


def _named(services: Services, code: str) -> list[School]:
    from store.queries.schools.staff import school_named

    if not code:
        return schools_of(services)
    with services.store.database.read() as connection:
        return [school_named(connection, code)]


def _reports(
    services: Services, schools: Sequence[School], years: Sequence[AcademicYear], *, alone: bool
) -> Iterator[FairnessReport]:
    from store.actions.fairness.publish_report import publish_report

    found = False
    for school in schools:
        for year in years:
            try:
                yield publish_report(services.store, school, year)
                found = True
            except InvalidInput as error:
                if alone:
                    raise
                typer.echo(error.sentence)
    if not found:
        raise InvalidInput("There is nothing to report yet.")


def _lines(made: FairnessReport) -> Iterator[str]:
    from store.rules.fairness.words import (
        NOTES,
        differences,
        headline,
        hidden_line,
        said_year,
        step_lines,
    )

    yield f"{made.school}, {said_year(made.year)}"
    yield headline(made)
    for of in made.characteristics:
        yield f"{of.name}:"
        for line in (*differences(of), *step_lines(of), hidden_line(of)):
            if line:
                yield f"  {line}"
    yield from NOTES
