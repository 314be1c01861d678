"""``lantern init``: set Lantern up, then say the next command until the first card is posted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from store.rules.calendar import institution_day
from store.rules.errors import InvalidInput
from store.rules.model import Platform
from worker.cli.common import asking, open_services, text_of

if TYPE_CHECKING:
    from integrations.bootstrap import Services
    from worker.setup.answers import Answers, Question, SchoolAnswers

_IN_A_FILE = (
    "Put the answers into a file: lantern init --example > answers.toml, and then "
    "lantern init --answers answers.toml"
)


def init(
    answers: Annotated[
        Path | None, typer.Option(help="Read the answers from this file instead of asking.")
    ] = None,
    example: Annotated[
        bool, typer.Option("--example", help="Print an example of such a file.")
    ] = False,
    deploy: Annotated[
        Path | None,
        typer.Option(help="Only write the files for containers and systemd, to this folder."),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace the settings that exist.")
    ] = False,
) -> None:
    """Set Lantern up in this folder, and say what to do next until the first card is posted."""
    from integrations.settings import ENV_FILE
    from worker.setup.answers_file import EXAMPLE, parse_answers
    from worker.setup.deploy import write_deploy_files

    today = institution_day(dt.datetime.now(dt.UTC))
    if example:
        typer.echo(EXAMPLE.format(today=today.isoformat()), nl=False)
        return
    if deploy is not None:
        for line in write_deploy_files(deploy):
            typer.echo(line)
        typer.echo(f"Next: read {deploy / 'README.md'}, which says what each file is for.")
        return
    folder = Path()
    is_there = (folder / ENV_FILE).exists()
    if is_there and answers is None and not replace:
        typer.echo(f"The settings are in {ENV_FILE}. To answer again: lantern init --replace")
    else:
        given = parse_answers(text_of(answers), answers.name) if answers else None
        if is_there and not replace:
            _may_replace()
        with asking(_IN_A_FILE):
            given = given or ask_operator()
        _begin(given, folder, today)
    say_next_step()


def say_next_step() -> None:
    """Print what to type next, whatever was done so far.

    A credential that its service refuses comes first, since each step after it needs that service.
    """
    from integrations.settings import WrongSetting
    from worker.setup.next_step import next_step

    try:
        with open_services() as services:
            _try_credentials(services)
            step = next_step(services)
    except WrongSetting as error:
        step = str(error)
    typer.echo(f"Next: {step}" if step else "The first card has been posted. See: lantern doctor")


def _try_credentials(services: Services) -> None:
    """Sign in to each service once. Raises ``WrongSetting`` where one refuses its credential."""
    from integrations.fault_sentences import sentence
    from worker.processes.credentials import credentials_of, tried

    for check in credentials_of(services):
        if away := tried(check):
            typer.echo(f"{check.settings['secret']} could not be tried: {sentence(away)}")


def _begin(answers: Answers, folder: Path, today: dt.date) -> None:
    from worker.setup.begin import begin

    for line in begin(answers, folder, today):
        typer.echo(line)


def _may_replace() -> None:
    from integrations.settings import ENV_FILE
    from worker.cli.policies import at_a_terminal

    if not at_a_terminal() or not typer.confirm(f"Write new settings over {ENV_FILE}?"):
        raise InvalidInput(
            f"{ENV_FILE} already exists, so nothing was written. Add --replace to write new "
            "settings over it: its keys are kept."
        )


def ask_operator() -> Answers:
    """Ask a person, and check each answer at once. Nothing is written before the last answer.

    Questions whose answers do not go together are asked again, and no others.
    """
    from worker.setup.answers import PLACE, Answers
    from worker.setup.settings_questions import EVERYWHERE, place_questions, settings_problem

    place = Platform(_asked(PLACE, default="sandbox"))
    settings = _asked_together(lambda: _answers(place_questions(place)), settings_problem)
    settings |= _answers(EVERYWHERE)
    settings |= _asked_together(_mail, settings_problem)
    schools = [_school()]
    while typer.confirm("Is there another school?", default=False):
        schools.append(_school({each.code for each in schools}))
    return Answers(place, settings, tuple(schools))


def _mail() -> dict[str, str]:
    from worker.setup.settings_questions import MAIL, MailWay, mail_questions

    return _answers(mail_questions(MailWay(_asked(MAIL, default=MailWay.FOLDER.value))))


def _school(taken: Collection[str] = ()) -> SchoolAnswers:
    from worker.setup.answers import (
        ABOUT_SCHOOL,
        SOURCES,
        code_problem,
        school_of,
        sources_problem,
    )

    code, *others = ABOUT_SCHOOL
    given = _asked_together(
        lambda: _answers([code]), lambda answers: code_problem(answers[code.key], taken)
    )
    given |= _answers(others)
    given |= _asked_together(lambda: _answers(SOURCES), sources_problem)
    return school_of(given)


def _answers(questions: Iterable[Question]) -> dict[str, str]:
    return {each.key: _asked(each) for each in questions}


def _asked_together(
    ask: Callable[[], dict[str, str]], problem: Callable[[Mapping[str, str]], str | None]
) -> dict[str, str]:
    """Ask until the answers go together, and say each time what does not."""
    while True:
        given = ask()
        wrong = problem(given)
        if wrong is None:
            return given
        typer.echo(wrong)


def _asked(question: Question, default: str = "") -> str:
    while True:
        answer: str = typer.prompt(
            question.text, default=default, show_default=bool(default), hide_input=question.secret
        ).strip()
        problem = question.problem(answer)
        if problem is None:
            return answer
        typer.echo(problem)
