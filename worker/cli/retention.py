"""``lantern retention …``: how long what is kept, and what is past its time (§28)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from store.rules.errors import InvalidInput
from store.rules.text.formatting import counted, on_day
from worker.cli.common import open_services
from worker.cli.privacy import Officer, request_of

if TYPE_CHECKING:
    from integrations.bootstrap import Services
    from store.queries.privacy.retention import Overdue, Schedule

retention = typer.Typer(no_args_is_help=True, help="How long what is kept, and what is overdue.")


@retention.command("preview")
def preview() -> None:
    """Say how long each school keeps what, and what of it is past its time. Deletes nothing."""
    with open_services() as services:
        for line in _preview_lines(services):
            typer.echo(line)


@retention.command("approve")
def approve(
    school: Annotated[str, typer.Argument(help="The school's code in the roster.")],
    officer: Officer,
    confirm: Annotated[
        str, typer.Option(help="The figure that the preview prints, such as 2/5.")
    ] = "",
) -> None:
    """Approve the periods of a school's policy: from tonight on, what is past them is deleted."""
    from store.actions.privacy.retention import approve_retention, held
    from store.queries.privacy.retention import overdue

    with open_services() as services:
        schedule, today = _schedule(services, school), _today(services)
        if not confirm:
            with services.store.database.read() as connection:
                due = overdue(connection, schedule.school.id, schedule.retention, today)
                kept = held(connection, due)
            for line in (
                *_lines(schedule, due, kept, today),
                f"To approve this: {_again(school, due)}",
            ):
                typer.echo(line)
            return
        approve_retention(services.store, request_of(services.store, officer), schedule, confirm)
    typer.echo(
        f"Approved. What is past its time in {school} is deleted every night, beginning with the "
        "next. A complaint or a hold keeps what it is about."
    )


def _preview_lines(services: Services) -> Iterator[str]:
    from store.actions.privacy.retention import held
    from store.queries.privacy.retention import overdue, schedules
    from worker.jobs.retention import first_day_of_activity

    today = _today(services)
    with services.store.database.read() as connection:
        known = schedules(connection, today)
        due = [overdue(connection, each.school.id, each.retention, today) for each in known]
        kept = [held(connection, each) for each in due]
    if not known:
        raise InvalidInput("No school has a policy in force, so nothing is past its time.")
    for schedule, of_school, of_these in zip(known, due, kept, strict=True):
        yield from _lines(schedule, of_school, of_these, today)
        if not schedule.approved:
            yield f"  To approve this: {_again(schedule.school.code, of_school)}"
    if before := first_day_of_activity(known, today):
        days = sum(len(days) for days in _days_before(services, before).values())
        yield f"Activity before {on_day(before)}: {counted(days, 'day')} of a source to delete."
    else:
        yield "Activity is kept until the periods of every school are approved."


def _lines(schedule: Schedule, due: Overdue, kept: int, today: dt.date) -> Iterator[str]:
    periods, approved = schedule.retention, schedule.approved
    yield f"{schedule.school.code}, {schedule.school.name}: {periods}"
    if approved:
        yield f"  approved by {approved.by} on {on_day(approved.at.date())}"
    else:
        yield "  not approved by the data protection officer: nothing is deleted by age"
    left = on_day(periods.first_day_of_students(today))
    closed = on_day(periods.first_day_of_cases(today))
    yield f"  {counted(len(due.students), 'student')} who left before {left}"
    yield f"  {counted(len(due.cases), 'case')} of other students, closed before {closed}"
    if kept:
        yield f"  {kept} of these kept for now, by a complaint or a hold"


def _again(school: str, due: Overdue) -> str:
    return f"lantern retention approve {school} --officer ADDRESS --confirm {due}"


def _days_before(services: Services, before: dt.date) -> dict[str, frozenset[dt.date]]:
    return services.lake.days_delivered(dt.date.min, before - dt.timedelta(days=1))


def _schedule(services: Services, code: str) -> Schedule:
    from store.queries.privacy.retention import schedules

    with services.store.database.read() as connection:
        known = schedules(connection, _today(services))
    for each in known:
        if each.school.code == code:
            return each
    raise InvalidInput(f"{code} has no policy in force: there are no periods to approve.")


def _today(services: Services) -> dt.date:
    from store.rules.calendar import institution_day

    return institution_day(services.now())
