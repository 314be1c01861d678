"""The command line: ``lantern …``. Each command is thin; what it does is in a module of its own."""

from __future__ import annotations

import datetime as dt
import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from store.rules.calendar import institution_day
from store.rules.errors import InvalidInput
from store.rules.model import Platform
from store.rules.text.formatting import counted
from worker.cli.audit import audit
from worker.cli.backup import backup, restore
from worker.cli.common import open_services as _services
from worker.cli.common import quick_imports, refuse_later, schools_of
from worker.cli.feeds import feeds
from worker.cli.formats import list_formats
from worker.cli.ingest import ingest
from worker.cli.init import init
from worker.cli.letters import letters
from worker.cli.outreach import doctor, outreach
from worker.cli.policies import policy
from worker.cli.privacy import student
from worker.cli.report import report
from worker.cli.retention import retention
from worker.cli.slack import doctor_slack, slack
from worker.cli.teams import doctor_teams, teams
from worker.logs import catch_what_nothing_caught

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Student-engagement casework where staff already talk.",
)
cards = typer.Typer(no_args_is_help=True, help="Preview the cards.")
evaluate = typer.Typer(no_args_is_help=True, help="Measure how well the default policy works.")
for _name, _group in {
    "ingest": ingest,
    "feeds": feeds,
    "policy": policy,
    "cards": cards,
    "evaluate": evaluate,
    "audit": audit,
    "outreach": outreach,
    "letters": letters,
    "doctor": doctor,
    "slack": slack,
    "teams": teams,
    "student": student,
    "retention": retention,
    "report": report,
}.items():
    app.add_typer(_group, name=_name)
for _command in (init, backup, restore):
    app.command()(_command)
app.command("formats")(list_formats)
doctor.command("slack")(doctor_slack)
doctor.command("teams")(doctor_teams)

Day = Annotated[dt.datetime, typer.Option(formats=["%Y-%m-%d"], help="YYYY-MM-DD")]
OptionalDay = Annotated[dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="YYYY-MM-DD")]


def main() -> None:
    """Run a command. A user sees sentences, never a traceback (LANTERN_DEBUG=1 shows it)."""
    catch_what_nothing_caught()
    try:
        app()
    except KeyboardInterrupt:
        _fail("Stopped.", code=130)
    except Exception as error:
        from integrations.error_summary import QueryInterrupted, place
        from integrations.fault_sentences import fault_sentence

        if isinstance(error, QueryInterrupted):
            _fail("Stopped.", code=130)
        if sentence := fault_sentence(error):
            _fail(sentence)
        if os.environ.get("LANTERN_DEBUG"):
            raise
        _fail(
            f"Unexpected error: {type(error).__name__} in {place(error)}. Check what was saved "
            "before you try again. Set LANTERN_DEBUG=1 to see the traceback."
        )


DemoPort = Annotated[
    int | None, typer.Option(envvar="PORT", help="The port. Default: the first free one.")
]


@app.command()
def demo(
    check: Annotated[bool, typer.Option(help="Drive the whole journey unattended.")] = False,
    port: DemoPort = None,
    home: Annotated[
        Path | None, typer.Option(envvar="LANTERN_HOME", help="Keep the demo's data here.")
    ] = None,
) -> None:
    """Open the sandbox workspace with two invented schools."""
    with quick_imports():
        from worker.demo.run import run_demo

    raise typer.Exit(run_demo(port=port, check=check, home=home))


@app.command()
def sandbox(
    lesson: Annotated[
        bool, typer.Option(help="Lead a new colleague through a first case, and record it.")
    ] = False,
    port: DemoPort = None,
) -> None:
    """Open a workspace to learn in: invented schools, and a clock that can be moved."""
    with quick_imports():
        from worker.demo.run import run_demo

    raise typer.Exit(run_demo(port=port, check=False, home=None, lesson=lesson))


@app.command()
def web(
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="Use this port instead of the setting PORT."),
    ] = None,
) -> None:
    """Run the web server; without REDIS_URL, it does the work of worker and clock as well."""
    with quick_imports():
        from worker.processes.serve import serve

    with _services() as services:
        serve(services, services.settings.port if port is None else port)


@app.command()
def worker() -> None:
    """Run a worker, which does the jobs that wait in Redis."""
    with quick_imports():
        from worker.processes.serve import work

    with _services() as services:
        work(services)


@app.command()
def clock() -> None:
    """Run the scheduler, which puts due jobs into Redis."""
    with quick_imports():
        from worker.processes.serve import run_clock

    with _services() as services:
        run_clock(services)


@app.command()
def up(
    workers: Annotated[int, typer.Option(min=1, max=64, help="The number of workers.")] = 2,
) -> None:
    """Run web, workers and clock on this machine, restarting each that ends."""
    with quick_imports():
        from integrations.settings import load_settings
        from worker.processes.serve import check_one_machine
        from worker.processes.supervisor import alone_in, commands, supervise

    with alone_in(load_settings().home):
        with _services(migrate=True) as services:
            check_one_machine(services)
        # After the services are closed, since each process opens its own.
        supervise(commands(workers), typer.echo)


@app.command()
def release(
    check: Annotated[
        bool, typer.Option("--check", help="Only check whether it is needed.")
    ] = False,
) -> None:
    """Migrate the database. Run this before you start the other processes."""
    with _services(migrate=not check):
        typer.echo("The database is up to date.")


@app.command()
def screen(
    day: OptionalDay = None,
    first: Annotated[
        dt.datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="Screen every day from this one..."),
    ] = None,
    last: Annotated[
        dt.datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="...to this one.")
    ] = None,
) -> None:
    """Screen a day: raise flags and open cases from the data of the days before it."""
    with quick_imports():
        from integrations.feeds.manifest import MOST_DAYS
        from worker.cli.progress import screen_days
        from worker.jobs.schools.ingest import ingest_new_files
        from worker.jobs.schools.poll_feeds import poll_sources

    if day and (first or last):
        raise typer.BadParameter("give --day, or --from and --to, not both")
    with _services() as services:
        today = institution_day(services.now())
        start, end = ((given or day) for given in (first, last))
        span = start.date() if start else today, end.date() if end else today
        if span[0] > span[1]:
            raise typer.BadParameter("--from is after --to, which is today where it is left out")
        refuse_later(span[1], today)
        if (span[1] - span[0]).days >= MOST_DAYS:
            raise typer.BadParameter(f"--from and --to cover {MOST_DAYS} days at most")
        # As before each night's screening: what waits at a source or in its folder counts.
        poll_sources(services)
        ingest_new_files(services)
        screen_days(services, *span)


@app.command()
def sweep() -> None:
    """Post and send everything that is due, and read the replies, at once."""
    with quick_imports():
        from integrations.job_queue import InProcessQueue, RqQueue
        from store.queries.schools.troubles import troubles_now
        from worker import jobs
        from worker.jobs import sweep as sweeping

    with _services() as services:
        sweeping.sweep(services)
        if isinstance(services.queue, InProcessQueue):
            services.queue.run_waiting(jobs.run_with(services))
        elif isinstance(services.queue, RqQueue):
            services.queue.ping()  # raises where what is due could not be queued
        with services.store.database.read() as connection:
            left = dict.fromkeys(each.reason for each in troubles_now(connection))
        here = isinstance(services.queue, InProcessQueue)
    done = "All due work is done." if here else "The due work is in the workers' queue."
    typer.echo("\n".join(left) or done)
    if left:
        raise typer.Exit(1)


@app.command("digest")
def post_digests(day: OptionalDay = None) -> None:
    """Post the digest of every school for a day."""
    from store.queries.schools.staff import school_channels
    from worker.jobs.notices.digests import request_digest

    with _services() as services:
        schools = schools_of(services)
        with services.store.database.read() as connection:
            if not school_channels(connection):
                raise InvalidInput("No school has a channel yet. Set one: lantern slack channel")
        today = institution_day(services.now())
        which = day.date() if day else today
        refuse_later(which, today)
        with services.store.unit_of_work() as work:
            for school in schools:
                request_digest(work, school.id, which)
    sweep()


@cards.command("preview")
def cards_preview(
    platform: Annotated[Platform, typer.Option(help="The platform to render them for.")],
    out: Annotated[Path, typer.Option(help="The folder to write to.")],
) -> None:
    """Write every example card and dialog as one file."""
    from bot.card_preview import write_previews

    try:
        paths = write_previews(platform, out)
    except OSError as error:
        raise InvalidInput(
            f"{out} cannot be written: {error.strerror}. Name a folder that can be created."
        ) from None
    typer.echo(f"{counted(len(paths), 'file')} in {out}")


@evaluate.command("oulad")
def evaluate_oulad(
    folder: Path,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write all figures here as well.")
    ] = None,
    a_day: Annotated[
        int, typer.Option(min=1, help="The most new cases that a school opens in a day.")
    ] = 10,
) -> None:
    """Replay the default policy over an OULAD folder; compare it with chance and a model."""
    from store.rules.flags.capacity import Room

    if find_spec("sklearn") is None:
        raise InvalidInput(
            "`lantern evaluate` compares with a fitted model, which needs scikit-learn. In a "
            "clone, run `make dev`. Elsewhere, run: pip install 'lantern[evaluate]'"
        )
    from worker.evaluate.run import evaluate_oulad as run

    run(folder, json_file, Room(a_day))


def _fail(sentence: str, code: int = 2) -> None:
    typer.echo(sentence, err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
