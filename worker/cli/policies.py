"""``lantern policy …``: begin, check, compare, try out, explain and publish a school's policy."""

from __future__ import annotations

import datetime as dt
import sys
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from store.rules.errors import InvalidInput
from worker.cli.common import First, Last, open_services, write
from worker.cli.policy_text import policy_text

if TYPE_CHECKING:
    from store.rules.policies.policy import SchoolPolicy
    from store.rules.policies.publication import Told
    from store.rules.policies.simulation import Simulation

policy = typer.Typer(
    no_args_is_help=True, help="Write, check, try out, explain and publish a school's policy."
)


@policy.command("new")
def new(school: Annotated[str, typer.Argument(help="The school's code in the roster.")]) -> None:
    """Write a complete policy document to begin with: each key, its default and its paragraph."""
    from store.policies.new_document import TO_FILL_IN, new_document

    if not school.strip():
        raise InvalidInput("Give the school's code, as in: lantern policy new LANG > lang.toml")
    typer.echo(new_document({"school": school.strip()}), nl=False)
    # Beside the document, which usually goes into a file.
    typer.echo(
        f"Replace each value that begins with {TO_FILL_IN}, then run: lantern policy check FILE",
        err=True,
    )


@policy.command("check")
def check(file: Path) -> None:
    """Check a policy document, and list everything that is wrong with it."""
    from store.policies.document import parse_to_publish
    from store.policies.effective_day import never_in_force, too_early
    from store.queries.schools.unknown_names import unknown_names
    from store.rules.calendar import institution_day
    from worker.jobs.schools.feeds_folder import source_folders

    text = policy_text(file)
    parsed = parse_to_publish(text, file.name)
    typer.echo(
        f"{file.name} is a policy for {parsed.school}, effective {parsed.approval.effective}."
    )
    with open_services() as services, services.store.database.read() as connection:
        today = institution_day(services.now())
        early = too_early(connection, text, parsed, today)
        replaced = never_in_force(connection, parsed, today)
        unknown = unknown_names(connection, parsed, source_folders(services.settings.home))
    if early is not None:
        # The rest of the document is right, whatever the day on which it is published.
        typer.echo(f"Before you publish it: {early}.")
    for sentence in replaced:
        typer.echo(f"Before you publish it: {sentence}.")
    _say_unknown(unknown)


@policy.command("diff")
def diff(file: Path) -> None:
    """List what a document changes in the version that its school has in force."""
    from store.policies.document import parse
    from store.policies.versions import policy_in_force
    from store.queries.schools.staff import school_named
    from store.queries.schools.unknown_names import unknown_modules
    from store.rules.calendar import institution_day
    from store.rules.policies.diff import policy_differences

    draft = parse(policy_text(file), file.name)
    with open_services() as services, services.store.database.read() as connection:
        school = school_named(connection, draft.school)
        published = policy_in_force(connection, school.id, institution_day(services.now()))
        unknown = unknown_modules(connection, draft)
    if published is None:
        typer.echo(f"{draft.school} has no version in force, so all of it is new.")
        _say_unknown(unknown)
        return
    found = policy_differences(published.policy, draft)
    typer.echo(f"{file.name} against version {published.version} of {draft.school}:")
    for sentence in found or ["Nothing changes."]:
        typer.echo(f"  {sentence}")
    _say_unknown(unknown)


@policy.command("simulate")
def simulate(file: Path, first: First, last: Last) -> None:
    """Replay past weeks under a policy document, without changing anything."""
    from integrations.activity.simulation import simulate as run
    from store.policies.document import parse
    from worker.cli.progress import count_days

    draft = parse(policy_text(file), file.name)
    with open_services() as services, count_days("Replaying") as progress:
        found = run(services, draft, first.date(), last.date(), progress)
    for line in _simulation_lines(found):
        typer.echo(line)


@policy.command("statement")
def statement(
    school: str,
    html: Annotated[
        bool, typer.Option("--html", help="Write an HTML page instead of Markdown.")
    ] = False,
    file: Annotated[
        Path | None, typer.Option(help="Use this document, not the version in force.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write it here instead of printing it.")] = None,
) -> None:
    """Write the statement for students: which data is used, what for, and what happens."""
    from store.policies.document import parse
    from store.policies.versions import policy_in_force, told_of
    from store.queries.privacy.ways_to_see_own_data import ways_for_students
    from store.queries.schools.staff import school_named
    from store.rules.calendar import institution_day
    from store.rules.policies.statement import statement as statement_of
    from store.rules.policies.statement_formats import html as page
    from store.rules.policies.statement_formats import markdown

    document = parse(policy_text(file), file.name) if file else None
    if document is not None and document.school != school:
        raise InvalidInput(f"That document is for {document.school}, not for {school}.")
    with open_services() as services, services.store.database.read() as connection:
        known = school_named(connection, school)
        published = policy_in_force(connection, known.id, institution_day(services.now()))
        told = told_of(connection, known.id, published.version) if published and not file else []
        whole = document or (published.policy if published else None)
        if whole is None:
            raise InvalidInput(f"{school} has no policy in force. Name a document with --file.")
        ways = ways_for_students(services.store, known.id, whole.retention)
    version = published.version if published and document is None else None
    made = statement_of(whole, known.name, version, ways, told)
    text = page(made) if html else markdown(made)
    if out:
        write(out, text)
        typer.echo(f"The statement of {school} is in {out}.")
    else:
        typer.echo(text, nl=False)


@policy.command("publish")
def publish(
    file: Path,
    told: Annotated[
        list[str] | None,
        typer.Option(
            help="How students were told: route, where or by which person, and the day. Once for "
            'each route, as in --told "email: the school office to all students, 2026-09-28".'
        ),
    ] = None,
) -> None:
    """Make a policy document its school's newest version, and record how students were told."""
    from store.policies import versions as policies
    from store.policies.document import load, parse_to_publish
    from store.policies.effective_day import never_in_force
    from store.queries.schools.staff import school_named
    from store.queries.schools.unknown_names import unknown_names
    from store.rules.calendar import institution_day
    from store.rules.policies.publication import (
        check_once,
        evidence_missing,
        not_named,
        told_in,
        told_too_late,
        waits_said,
    )
    from worker.jobs.schools.feeds_folder import source_folders

    text = policy_text(file)
    with open_services() as services:
        today = institution_day(services.now())
        given = [told_in(each, today) for each in told or ()]
        is_asked = told is None and at_a_terminal()
        if is_asked:
            given = list(_asked(parse_to_publish(text, file.name), today))
        check_once(given)
        version = policies.publish(
            services.store, text, file.name, actor="system:cli", told=given, today=today
        )
        draft = load(text, file.name)
        with services.store.database.read() as connection:
            unknown = unknown_names(connection, draft, source_folders(services.settings.home))
            school = school_named(connection, draft.school)
            missing = evidence_missing(draft, policies.told_of(connection, school.id, version))
            waits = policies.waiting_version(connection, school.id) is not None
            replaced = [] if waits else never_in_force(connection, draft, today, version)
    typer.echo(f"{file.name} is version {version} of its school's policy.")
    if waits:
        typer.echo(f"Note: {waits_said(version)}.")
    for sentence in replaced:
        typer.echo(f"Note: {sentence}.")
    for route in not_named(draft, given):
        typer.echo(
            f"Note: approval.published in {file.name} does not name {route}. It is recorded "
            "beside the routes that are named there."
        )
    if (late := told_too_late(draft, given)) is not None:
        typer.echo(f"Note: {late}, in a new version.")
    for words in missing:
        typer.echo(
            f"Note: where and when students were told by {words} is not recorded. Run this again "
            "with --told, or let the lead type /lantern publication."
        )
    _say_unknown(unknown)


def at_a_terminal() -> bool:
    """Return whether the command runs at a terminal, so that a person can answer questions."""
    return sys.stdin.isatty()


def _asked(draft: SchoolPolicy, today: dt.date) -> Iterator[Told]:
    """Ask for each route that the document names; an empty answer leaves it for later."""
    from store.rules.policies.publication import told_by

    for words in draft.approval.published:
        place = typer.prompt(
            f"{words}: where do students read it, or who told them? (Enter: later)",
            default="",
            show_default=False,
        )
        if place.strip():
            day = typer.prompt("On which day?", default=today.isoformat())
            yield told_by(words, place, day, today)


def _say_unknown(sentences: Iterable[str]) -> None:
    """Print a note for each unknown name: a later roster may add it, so it is not refused."""
    for sentence in sentences:
        typer.echo(f"Note: {sentence}")


_WIDTH = 80


def _simulation_lines(simulation: Simulation) -> Iterator[str]:
    """Yield the lines to print: the heading, the chart of new cases, and the findings."""
    from bot.cards.kit.column_chart import draw_columns
    from bot.cards.policies import weeks_chart
    from store.rules.policies.simulation import describe_simulation

    yield f"The draft for {simulation.school}, {simulation.first} to {simulation.last}"
    if simulation.weeks:
        yield ""
        yield "New cases a week"
        yield draw_columns(weeks_chart(simulation))
        waits = [str(week.waiting) for week in simulation.weeks]
        yield f"Weekly limit: {simulation.weeks[0].room}. Waiting by week: {', '.join(waits)}."
    yield ""
    for sentence in describe_simulation(simulation):
        yield from textwrap.wrap(sentence, _WIDTH, subsequent_indent="  ")
    yield ""
    yield "This was a simulation: nothing was changed."
