"""``lantern web``, ``worker``, ``clock``, ``up`` and ``release``: the processes of a server."""

from __future__ import annotations

from typing import Annotated

import typer

from worker.cli.common import open_services, quick_imports


def web(
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="Use this port instead of the setting PORT."),
    ] = None,
) -> None:
    """Run the web server; without REDIS_URL, it does the work of worker and clock as well."""
    with quick_imports():
        from worker.processes.serve import serve

    with open_services() as services:
        serve(services, services.settings.port if port is None else port)


def worker() -> None:
    """Run a worker, which does the jobs that wait in Redis."""
    with quick_imports():
        from worker.processes.serve import work

    with open_services() as services:
        work(services)


def clock() -> None:
    """Run the scheduler, which puts due jobs into Redis."""
    with quick_imports():
        from worker.processes.serve import run_clock

    with open_services() as services:
        run_clock(services)


def up(
    workers: Annotated[int, typer.Option(min=1, max=64, help="The number of workers.")] = 2,
) -> None:
    """Run web, workers and clock on this machine, restarting each that ends."""
    with quick_imports():
        from integrations.settings import load_settings
        from worker.processes.serve import check_one_machine
        from worker.processes.supervisor import alone_in, commands, supervise

    with alone_in(load_settings().home):
        with open_services(migrate=True) as services:
            check_one_machine(services)
        # After the services are closed, since each process opens its own.
        supervise(commands(workers), typer.echo)


def release(
    check: Annotated[
        bool, typer.Option("--check", help="Only check whether it is needed.")
    ] = False,
) -> None:
    """Migrate the database. Run this before you start the other processes."""
    with open_services(migrate=not check):
        typer.echo("The database is up to date.")
