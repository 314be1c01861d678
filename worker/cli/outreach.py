"""``lantern outreach`` and ``lantern doctor graph``: stop, start and check emails, and report
what they led to."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from store.rules.calendar import institution_day
from store.rules.errors import InvalidInput
from worker.cli.common import open_services as _services
from worker.cli.common import refuse_later, schools_of, write

if TYPE_CHECKING:
    from store.db.unit_of_work import Store
    from store.rules.letters.statistics import LetterReport

outreach = typer.Typer(no_args_is_help=True, help="Stop and start emails, and report the results.")
doctor = typer.Typer(invoke_without_command=True, help="Check all of Lantern, or one platform.")

SchoolCode = Annotated[str | None, typer.Option(help="One school's code. Default: all schools.")]


@outreach.command("stop")
def outreach_stop(
    why: Annotated[str, typer.Option(help="The reason, in a few words, for colleagues who ask.")],
    school: SchoolCode = None,
) -> None:
    """Stop all emails from now on. Approved emails wait."""
    from store.actions.outreach.stop_mail import stop_from_outside

    with _services() as services:
        stop_from_outside(services.store, why, school)
    typer.echo(
        f"Emails of {school or 'all schools'} are stopped. Start them: lantern outreach start"
    )


@outreach.command("start")
def outreach_start(school: SchoolCode = None) -> None:
    """Start emails again that were stopped with lantern outreach stop."""
    from store.actions.outreach.stop_mail import start_from_outside

    with _services() as services:
        if not start_from_outside(services.store, school):
            where = school or "all schools"
            raise InvalidInput(
                f"Emails of {where} are not stopped here, so nothing was changed. To start the "
                "emails of one school, add --school, or have its lead type /lantern start-mail."
            )
    typer.echo("Emails can be sent again.")


@outreach.command("report")
def outreach_report(
    school: SchoolCode = None,
    since: Annotated[
        dt.datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Count emails since YYYY-MM-DD. Default: 90 days."),
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write the figures here as well.")
    ] = None,
) -> None:
    """Report how often students answer and come back after each letter. Names no one."""
    from store.rules.letters.statistics import letter_lines, letter_notes

    with _services() as services:
        schools_of(services)
        if since:
            refuse_later(since.date(), institution_day(services.now()))
        found = letter_reports(services.store, school, since.date() if since else None)
    if not found:
        raise InvalidInput("No school has a policy in force. Publish one: lantern policy publish")
    for name, report in found:
        typer.echo("\n".join([name, *(f"  {line}" for line in letter_lines(report))]))
    for note in dict.fromkeys(note for _, report in found for note in letter_notes(report)):
        typer.echo(note)
    if json_file is not None:
        write(json_file, letters_as_json(found))


@doctor.callback()
def doctor_itself(
    context: typer.Context,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document, for programs.")
    ] = False,
) -> None:
    """Check all of Lantern, a line each, or one platform. Fails where something is wrong."""
    from worker.doctor.findings import print_findings, print_findings_as_json
    from worker.doctor.whole import examine_everything
    from worker.logs import configure_logs

    if context.invoked_subcommand is None:
        configure_logs()
        (print_findings_as_json if as_json else print_findings)(examine_everything())


@doctor.command("graph")
def doctor_graph(
    stranger: Annotated[
        str | None,
        typer.Option(help="A mailbox that is not a school's, to check that Graph refuses it."),
    ] = None,
    to: Annotated[str | None, typer.Option(help="Send one test email to this address.")] = None,
    school: Annotated[str, typer.Option(help="The code of the school it is sent from.")] = "",
) -> None:
    """Check that Lantern has the email permissions it needs in Microsoft Graph, and no others."""
    from worker.doctor.findings import print_findings
    from worker.doctor.graph import examine_graph

    with _services(looks=True) as services:
        print_findings(examine_graph(services, stranger=stranger, to=to, school=school))


_DAYS = dt.timedelta(days=90)

Found = Sequence[tuple[str, "LetterReport"]]
"""(the school's code, its figures)."""


def letter_reports(store: Store, code: str | None, since: dt.date | None) -> Found:
    """Report on one school, or on all that have a policy in force, for the whole weeks since a day;
    None: for 90 days.

    Raises:
        InvalidInput: there is no such school, or it has no policy in force.
    """
    from store.policies.versions import policy_in_force
    from store.queries.outreach.letter_statistics import letter_report
    from store.queries.schools.staff import all_schools
    from store.rules.small_numbers import whole_weeks

    now = store.now()
    today = institution_day(now)
    period = whole_weeks(since or today - _DAYS, today)
    with store.database.read() as connection:
        schools = [each for each in all_schools(connection) if code in (None, each.code)]
        if code and not schools:
            raise InvalidInput(
                f"There is no school {code}. Its code is the one in the roster, in capitals."
            )
        return [
            (each.code, letter_report(connection, each.id, period, now))
            for each in schools
            if code or policy_in_force(connection, each.id, today)
        ]


def letters_as_json(found: Found) -> str:
    """Write JSON: a list of schools, each with ``letters``; the days as YYYY-MM-DD.

    ``until`` is the first day after the period.
    """
    from store.rules.letters.statistics import NO_COMPARISON

    schools = [
        {
            "school": code,
            "since": report.period.since.isoformat(),
            "until": report.period.until and report.period.until.isoformat(),
            "days": report.days,
            "altogether": asdict(report.altogether),
            "letters": [asdict(name) | asdict(rates) for name, rates in report.letters],
        }
        for code, report in found
    ]
    return json.dumps({"note": NO_COMPARISON, "schools": schools}, indent=2) + "\n"
