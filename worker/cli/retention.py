"""``lantern retention …``: how long data is kept, and what is past its period (§28)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from store.rules.errors import InvalidInput
from worker.cli.common import open_services
from worker.cli.privacy import Officer, request_of

if TYPE_CHECKING:
    from integrations.bootstrap import Services
    from store.queries.privacy.retention import Preview

retention = typer.Typer(no_args_is_help=True, help="Show and approve how long data is kept.")


@retention.command("preview")
def preview_periods() -> None:
    """List each school's retention periods, and the data past them. Deletes nothing."""
    with open_services() as services:
        for line in _preview_lines(services):
            typer.echo(line)


@retention.command("approve")
def approve_periods(
    school: Annotated[str, typer.Argument(help="The school's code in the roster.")],
    officer: Officer,
    confirm: Annotated[
        str, typer.Option(help="The figure that the preview prints, such as 2/5/30.")
    ] = "",
) -> None:
    """Approve a school's retention periods: from tonight, data past them is deleted."""
    from store.actions.privacy.retention import approve_retention, preview_retention
    from store.queries.privacy.retention import schedule_of, schedules
    from store.queries.schools.staff import school_named
    from store.rules.calendar import institution_day

    with open_services() as services:
        today = institution_day(services.now())
        with services.store.database.read() as connection:
            known = schedules(connection, today)
            schedule = schedule_of(known, school_named(connection, school))
            delivered = services.lake.days_delivered
            shown = preview_retention(connection, schedule, known, delivered, today)
        if not confirm:
            for line in _lines(shown):
                typer.echo(line)
            typer.echo(f"To approve this: {_again(shown)}")
            return
        approve_retention(services.store, request_of(services.store, officer), shown, confirm)
    typer.echo(
        f"Approved. Data of {school} past its period is deleted every night, beginning with the "
        "next. Data that a complaint or a hold is about is kept."
    )


def _preview_lines(services: Services) -> Iterator[str]:
    from store.actions.privacy.retention import preview_retention
    from store.queries.privacy.retention import first_day_of_activity, schedules
    from store.rules.calendar import institution_day

    today = institution_day(services.now())
    with services.store.database.read() as connection:
        known = schedules(connection, today)
        delivered = services.lake.as_listed_now().days_delivered
        shown = [preview_retention(connection, each, known, delivered, today) for each in known]
    if not known:
        raise InvalidInput(
            "No school has a policy in force, so there are no periods. Publish one: "
            "lantern policy publish"
        )
    for each in shown:
        yield from _lines(each)
        if not each.schedule.approved:
            yield f"  To approve this: {_again(each)}"
    if first_day_of_activity(known, today) is None:
        yield "Activity is kept until the periods of every school are approved."


def _lines(shown: Preview) -> Iterator[str]:
    from bot.cards.schools.retention import retention_lines

    school = shown.schedule.school
    yield f"{school.code}, {school.name}: {shown.schedule.retention}"
    for line in retention_lines(shown):
        yield f"  {line}"


def _again(shown: Preview) -> str:
    code = shown.schedule.school.code
    return f"lantern retention approve {code} --officer ADDRESS --confirm {shown.figure}"
