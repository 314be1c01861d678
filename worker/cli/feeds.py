"""``lantern feeds …``: list, accept or withdraw what the feeds delivered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from store.rules.calendar import Calendar, institution_day
from store.rules.errors import CaseworkError, InvalidInput
from store.rules.text.formatting import counted
from worker.cli.common import open_services
from worker.cli.loads import print_report

if TYPE_CHECKING:
    from integrations.bootstrap import Services
    from integrations.feeds.ledger.deliveries import Entry, Ledger

feeds = typer.Typer(invoke_without_command=True, help="List and decide what feeds delivered.")

SHOWN = 20
"""Deliveries of a source that are listed unless all are asked for."""


@feeds.callback()
def by_default(context: typer.Context) -> None:
    """List what the feeds delivered, and accept or withdraw a delivery."""
    if context.invoked_subcommand is None:
        show_feeds()


@feeds.command("list")
def show_feeds(
    source: Annotated[str | None, typer.Option(help="Only this source.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="List older deliveries too.")] = False,
) -> None:
    """List every delivery: its number, source, days covered, rows and state."""
    with open_services() as services:
        if source:
            _check_source(services, source)
        for line in _lines(services, source, everything=everything):
            typer.echo(line)


@feeds.command("refused")
def show_refused(
    source: Annotated[str, typer.Argument(help="The source, as in lantern feeds list.")],
) -> None:
    """List every row that the newest load of a source left out, and why."""
    from store.queries.schools.feeds import refused_rows

    with open_services() as services, services.store.database.read() as connection:
        _check_source(services, source)
        rows = refused_rows(connection, source)
    for file, line, reason in rows:
        typer.echo(f"{file}, line {line}: {reason}")
    if not rows:
        typer.echo(f"The newest load of {source} left out no rows.")


@feeds.command("poll")
def poll_feeds(
    source: Annotated[str | None, typer.Argument(help="Only this source.")] = None,
) -> None:
    """Fetch new data from each source that feed.toml says to poll, and load it."""
    from integrations.feeds.poll_declaration import polled_sources
    from worker.jobs.schools.tell_of_feeds import tell_of_deliveries

    failed: list[str] = []
    with open_services() as services:
        sources = [source] if source else polled_sources(services.settings.home / "feeds")
        for each in sources:
            failed += _poll(services, each)
        tell_of_deliveries(services)
    if not sources:
        raise InvalidInput(
            "No source is polled. Put a table [poll] into feeds/SOURCE/feed.toml, with kind, url "
            "and from."
        )
    for sentence in failed[:-1]:
        typer.echo(sentence, err=True)
    if failed:
        raise InvalidInput(failed[-1])


def _poll(services: Services, source: str) -> Iterator[str]:
    """Poll one source and print each delivery; say what went wrong."""
    from worker.jobs.schools.poll_feeds import poll_source

    nothing = True
    try:
        for report in poll_source(services, source):
            nothing = False
            print_report(report)
            if not report.accepted and report.rejected_total:
                yield (
                    f"None of the data from {source} can be used. To list why: lantern feeds "
                    f"refused {source}"
                )
    except CaseworkError as error:
        yield str(error)
    else:
        if nothing:
            typer.echo(f"{source}: nothing new.")


@feeds.command("again")
def read_again(number: int) -> None:
    """Read what is kept of a delivery again, by today's reader and roster."""
    from worker.jobs.schools.kept_files import read_delivery_again

    with open_services() as services:
        entry, report = read_delivery_again(services, number)
        _record(services, entry, "read-delivery-again")
    print_report(report)


@feeds.command("withdraw")
def withdraw_delivery(number: int) -> None:
    """Withdraw a delivery, as if it had never arrived."""
    from integrations.feeds.ledger import changes as ledger_changes
    from worker.jobs.schools.kept_files import read_changed

    with open_services() as services:
        entry = ledger_changes.withdraw(_ledger(services), number)
        read_changed(services, entry.source)
        _record(services, entry, "withdraw-delivery")
    typer.echo(
        f"Delivery {number} ({entry.source}, {entry.file}) was withdrawn. "
        "Its days were rebuilt from the other deliveries."
    )


@feeds.command("accept")
def accept_delivery(number: int) -> None:
    """Accept a delivery that waits because it would remove much of the known data."""
    from integrations.feeds.ledger import changes as ledger_changes
    from worker.jobs.schools.kept_files import read_changed

    with open_services() as services:
        entry = ledger_changes.accept(_ledger(services), number)
        read_changed(services, entry.source)
        _record(services, entry, "accept-delivery")
    typer.echo(f"Delivery {number} ({entry.source}, {entry.file}) was accepted: {_days(entry)}.")


def _ledger(services: Services) -> Ledger:
    from integrations.feeds.ledger.deliveries import Ledger

    return Ledger(services.lake)


def _record(services: Services, entry: Entry, action: str) -> None:
    """Record the decision, and notify the leads who were asked."""
    from worker.jobs.schools.tell_of_feeds import tell_of_deliveries

    with services.store.unit_of_work() as work:
        work.record("cli", action, f"source:{entry.source}", delivery=entry.number)
    tell_of_deliveries(services)


def _check_source(services: Services, source: str) -> None:
    """Raise ``InvalidInput`` with the sources that there are, where none has this name."""
    known = sorted(_ledger(services).sources())
    if source not in known:
        there_are = f"There are: {', '.join(known)}." if known else "There are none yet."
        raise InvalidInput(f"There is no delivery from a source named {source}. {there_are}")


def _lines(services: Services, source: str | None, *, everything: bool) -> Iterator[str]:
    entries = _ledger(services).entries(source)
    known = _coverage(services)
    for name in sorted({entry.source for entry in entries}):
        of_source = [entry for entry in entries if entry.source == name]
        yield f"{name}: {counted(len(of_source), 'delivery', 'deliveries')}, {known(name)}"
        shown = of_source if everything else of_source[-SHOWN:]
        if len(shown) < len(of_source):
            yield f"  {len(of_source) - len(shown)} older ones: lantern feeds list --all"
        # Those of one night arrived together.
        for entry in sorted(shown, key=lambda each: (each.arrived, each.number), reverse=True):
            yield from _line(entry)
    if not entries:
        yield "No deliveries yet. Load a file: lantern ingest events FILE --source SOURCE"
    yield from _passed_over(services)


def _coverage(services: Services) -> Callable[[str], str]:
    """Return a function that describes a source's coverage: its newest day, and what is missing."""
    from integrations.activity.measured import measured_days
    from store.rules.flag_rules.measured_days import missing_days
    from store.rules.notices.feed_news import KnownDays, describe_coverage
    from worker.jobs.schools.feed_problems import LOOKED_BACK, schools_with_feeds

    day = institution_day(services.now())
    newest = services.lake.newest_days(dt.date.max)
    delivered = services.lake.days_delivered(day - LOOKED_BACK, day)
    schools = schools_with_feeds(services, day)
    measured = measured_days(services.lake, services.records, day)

    def known(source: str) -> str:
        taking = [each for each in schools if each.takes(source)]
        calendar = taking[0].policy.calendar if taking else Calendar()
        days = delivered.get(source, frozenset())
        missing = missing_days(calendar, days, min(days, default=day), max(days, default=day))
        partial: dict[dt.date, list[str]] = {}
        for each in taking:
            of_school = measured.of_school(each.school.code).get(source, frozenset())
            for on in measured.delivered.get(source, frozenset()) - of_school:
                if on < day - LOOKED_BACK or not each.policy.calendar.asks_for_data(on):
                    continue
                partial.setdefault(on, []).append(each.school.name)
        return describe_coverage(
            KnownDays(newest.get(source), missing if days else (), partial), calendar
        )

    return known


def _line(entry: Entry) -> Iterator[str]:
    erased = f", {counted(entry.erasures, 'student')} erased from it" if entry.erasures else ""
    yield (
        f"  {entry.number}  {entry.arrived:%Y-%m-%d %H:%M}  {entry.file}: {_days(entry)}; "
        f"{counted(entry.accepted, 'row')}, {entry.rejected} left out; {entry.state}{erased}"
    )
    if entry.polled:
        yield f"     requested data stored up to {entry.polled[1]:%Y-%m-%d %H:%M} UTC"
    if entry.read_again:
        yield f"     read again on {entry.read_again:%Y-%m-%d %H:%M} UTC"
    if entry.why:
        yield f"     {entry.why}"


def _days(entry: Entry) -> str:
    said = [f"{first}" if first == last else f"{first} to {last}" for first, last in entry.covered]
    days = f"covers {', '.join(said)}" if said else "covers no day"
    of_schools = f" of {', '.join(entry.schools)}" if entry.schools else ""
    added = f", and adds to {counted(len(entry.added), 'other day')}" if entry.added else ""
    return f"{days}{of_schools}{added}{' (complete)' if entry.complete else ''}"


def _passed_over(services: Services) -> Iterator[str]:
    """Yield a line for each file of the folder that was not loaded, with the reason."""
    from store.queries.schools.feeds import last_trouble
    from worker.jobs.schools.feeds_folder import found_in, not_looked_at

    with services.store.database.read() as connection:
        for found in found_in(services.settings.home / "feeds"):
            if found.why_not:
                yield not_looked_at(found).sentence
            elif why := last_trouble(connection, found.source, found.path.name):
                yield f"Not loaded: {found.source}/{found.path.name}. {why}"
