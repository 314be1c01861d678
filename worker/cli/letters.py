"""``lantern letters …``: read a school's letters before a student does."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from store.rules.letters.letter import Language, LetterKind
from worker.cli.common import open_services
from worker.cli.policy_text import policy_text

_LINKS_SAY = "Where a link has {}, each email gets a secret part when it is drafted."
_NO_LINKS = "PUBLIC_URL is not set, so there are no links for the student under this letter."

letters = typer.Typer(no_args_is_help=True, help="Read the letters to students.")


@letters.callback()
def _letters() -> None:
    """Keep ``preview`` a named command: without a callback, Typer drops the name of an only
    command.
    """


@letters.command("preview")
def preview_letters(
    case: Annotated[
        str | None, typer.Argument(help="A case, as in LANG-12. Default: an invented student.")
    ] = None,
    kind: Annotated[LetterKind, typer.Option(help="Which letter.")] = LetterKind.UNIVERSITY_EMAIL,
    language: Annotated[
        Language | None,
        typer.Option(help="The language. Default: the student's; else English."),
    ] = None,
    name: Annotated[
        str, typer.Option(help="Which of the school's letters, where it has several of a kind.")
    ] = "",
    file: Annotated[
        Path | None, typer.Option(help="Use this document, not the version in force.")
    ] = None,
    html: Annotated[
        bool, typer.Option("--html", help="Print the HTML page that an email program shows.")
    ] = (False),
) -> None:
    """Print a letter as it would be suggested, for a real case or an invented student."""
    from integrations.mail.html import as_html
    from integrations.settings import load_settings
    from store.actions.outreach.preview_letter import preview_example, preview_letter_for_case
    from store.policies.document import parse
    from store.rules.students.links import UNMADE

    draft = parse(policy_text(file), file.name) if file else None
    spoken = language or Language.ENGLISH
    if case is None:
        subject, body = preview_example(kind, spoken, draft, load_settings().public_url, name)
    else:
        with open_services() as services:
            letter = preview_letter_for_case(services.store, case, kind, language, draft, name)
        subject, body, spoken = letter.subject, letter.body, letter.language
        if not html:
            typer.echo(f"From: {letter.sender}\nTo: {letter.recipient}")
    if html:
        typer.echo(as_html(subject, body, spoken))
    else:
        typer.echo(f"Subject: {subject}\n\n{body}")
    # On standard error, so that the letter alone can be written to a file.
    typer.echo(f"\n{_LINKS_SAY.format(UNMADE) if UNMADE in body else _NO_LINKS}", err=True)
