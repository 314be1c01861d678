"""The command line: ``lantern …``, with each command from the module of its noun."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from store.rules.errors import InvalidInput
from store.rules.model import Platform
from store.rules.text.formatting import counted
from worker.cli.audit import audit
from worker.cli.backup import backup, restore
from worker.cli.demo import demo, sandbox
from worker.cli.directory import directory
from worker.cli.feeds import feeds
from worker.cli.formats import list_formats
from worker.cli.ingest import ingest
from worker.cli.init import init
from worker.cli.jobs import post_digests, screen, sweep
from worker.cli.keys import keys
from worker.cli.letters import letters
from worker.cli.outcomes import outcomes
from worker.cli.outreach import doctor, outreach
from worker.cli.papers import write_papers
from worker.cli.policies import policy
from worker.cli.privacy import student
from worker.cli.processes import clock, release, up, web, worker
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
    "keys": keys,
    "report": report,
}.items():
    app.add_typer(_group, name=_name)
_COMMANDS: dict[str, Callable[..., None]] = {
    "init": init,
    "backup": backup,
    "restore": restore,
    "formats": list_formats,
    "demo": demo,
    "sandbox": sandbox,
    "web": web,
    "worker": worker,
    "clock": clock,
    "up": up,
    "release": release,
    "screen": screen,
    "sweep": sweep,
    "digest": post_digests,
    "papers": write_papers,
    "directory": directory,
}
for _name, _command in _COMMANDS.items():
    app.command(_name)(_command)
doctor.command("slack")(doctor_slack)
report.command("outcomes")(outcomes)
doctor.command("teams")(doctor_teams)


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
    plot: Annotated[
        Path | None, typer.Option(help="Write the curves into this folder, as SVG.")
    ] = None,
    show_all: Annotated[
        bool, typer.Option("--all", help="Print every figure of each presentation.")
    ] = False,
) -> None:
    """Replay the default policy over an OULAD folder; compare it with chance and two models."""
    if find_spec("sklearn") is None:
        raise InvalidInput(
            "`lantern evaluate` compares with a fitted model, which needs scikit-learn. In a "
            "clone, run `make dev`. With a wheel, run: pip install 'WHEEL[evaluate]', with its file"
        )
    from worker.evaluate.run import evaluate_oulad as run

    run(folder, json_file, a_day, plot, show_all=show_all)


def _fail(sentence: str, code: int = 2) -> None:
    typer.echo(sentence, err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
