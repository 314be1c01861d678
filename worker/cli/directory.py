"""``lantern directory``: who works where, as groups of the university's directory say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from store.rules.errors import InvalidInput
from store.rules.text.formatting import counted
from worker.cli.common import open_services
from worker.cli.privacy import request_of

if TYPE_CHECKING:
    from integrations.bootstrap import Services
    from store.rules.access.directory import SchoolChange
    from worker.jobs.schools.look_at_directory import Look


def directory(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show who would gain and lose what; change nothing.")
    ] = False,
    confirm: Annotated[
        str, typer.Option(help="Make a change that waits: SCHOOL=FIGURE, such as LANG=3/9.")
    ] = "",
    by: Annotated[
        str,
        typer.Option(
            help="With --confirm: the address of the lead or data protection officer who decides."
        ),
    ] = "",
) -> None:
    """Look at the groups of the directory now, and give and take roles as they say."""
    from worker.jobs.schools.look_at_directory import follow_look, look

    with open_services() as services:
        groups = services.directory
        if groups is None:
            raise InvalidInput(
                "No group of the directory is set, so the roster alone says who works where. Set "
                "DIRECTORY_GROUPS (README, Access by the directory)."
            )
        if confirm:
            typer.echo(_confirm(services, confirm, by))
            return
        found = look(services, groups)
        for line in _lines(found, dry_run=dry_run):
            typer.echo(line)
        if not dry_run:
            follow_look(services, groups, found)


def _confirm(services: Services, confirm: str, by: str) -> str:
    from store.actions.schools.follow_directory import confirm_in_school
    from worker.jobs.schools.look_at_directory import known_answer

    school, _, figure = confirm.partition("=")
    answer = known_answer(services)
    if answer is None:
        raise InvalidInput("The directory has not been read yet: lantern directory --dry-run")
    if not by:
        raise InvalidInput("Add --by and the address of the person who decides this.")
    store = services.store
    done = confirm_in_school(store, request_of(store, by, "--by"), school, answer, figure)
    return (
        f"Done: {counted(len(done.losses), 'role')} taken and "
        f"{counted(len(done.gains), 'role')} given in {school}."
    )


def _lines(found: Look, *, dry_run: bool) -> Iterator[str]:
    from worker.jobs.schools.look_at_directory import missing_said, waits_said

    changed = [each for each in found.change.schools if each.gains or each.losses]
    for school in changed:
        yield from _changes(school, dry_run=dry_run)
        if school.waits:
            yield f"  {waits_said(school)}"
    if not changed:
        yield "The directory and the roles in Lantern agree."
    for each in found.change.guests:
        yield f"Guest, without access: {each.name}"
    for each in found.change.unknown:
        yield f"In a group, and not on the roster, so without access: {each.name}"
    if found.missing:
        yield missing_said(found.missing)
    if dry_run:
        yield "Nothing was changed."


def _changes(school: SchoolChange, *, dry_run: bool) -> Iterator[str]:
    makes = not (dry_run or school.waits)
    yield f"{school.school}:"
    for each in school.gains:
        said = "gains" if makes else "would gain"
        yield f"  {each.colleague.name} ({each.colleague.email}) {said} {each.role.label}"
    for each in school.losses:
        said = "loses" if makes else "would lose"
        out = each.colleague in school.leaving
        whole = ", and with it all access in this school" if out else ""
        yield f"  {each.colleague.name} ({each.colleague.email}) {said} {each.role.label}{whole}"
