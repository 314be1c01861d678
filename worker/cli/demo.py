"""``lantern demo`` and ``lantern sandbox``: a workspace with invented schools."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from worker.cli.common import quick_imports

DemoPort = Annotated[
    int | None, typer.Option(envvar="PORT", help="The port. Default: the first free one.")
]


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
