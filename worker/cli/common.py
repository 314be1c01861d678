"""What the commands of ``lantern`` have in common: the services, files as text, dates."""

from __future__ import annotations

import datetime as dt
import gc
import getpass
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from store.rules.errors import CaseworkError, InvalidInput

if TYPE_CHECKING:
    from integrations.bootstrap import Services
    from store.queries.schools.staff import School

First = Annotated[
    dt.datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="YYYY-MM-DD, the first day.")
]
Last = Annotated[
    dt.datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="YYYY-MM-DD, the last day.")
]
HIGHEST_NUMBER = 2**63 - 1
"""The highest number that a database can look for; options refuse a higher one."""


@contextmanager
def quick_imports() -> Iterator[None]:
    """Switch garbage collection off while a command imports its modules, a sixth faster.

    Imported modules stay, so the collector would search them some hundred times for nothing.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextmanager
def open_services(
    *, migrate: bool | None = None, restores: bool = False, looks: bool = False
) -> Iterator[Services]:
    """Open everything that a command works with, and close it afterwards.

    ``restores``: the command puts a backup into the database, which may be empty. ``looks``: it is
    of no use without a database, and makes none.
    """
    with quick_imports():
        from integrations.bootstrap import build
        from integrations.settings import load_settings
        from worker.logs import configure_logs

    configure_logs()
    # What is written to LANTERN_HOME is about people, and for Lantern's own account alone.
    before = os.umask(0o077)
    try:
        services = build(load_settings(), migrate=migrate, restores=restores, looks=looks)
        try:
            yield services
        finally:
            services.close()
    finally:
        os.umask(before)


def refuse_later(day: dt.date, today: dt.date) -> None:
    """Refuse a day after today, of which nothing can be known. Raises ``typer.BadParameter``."""
    if day > today:
        raise typer.BadParameter(f"{day} has not come yet: today is {today}")


def schools_of(services: Services) -> list[School]:
    """Return every school. ``InvalidInput`` says what to do where there is none yet."""
    from store.queries.schools.staff import NO_SCHOOLS, all_schools

    with services.store.database.read() as connection:
        found = list(all_schools(connection))
    if not found:
        raise InvalidInput(NO_SCHOOLS)
    return found


def write(file: Path, content: str | bytes) -> None:
    """Write a file that the person named, or say why it cannot be.

    Raises ``InvalidInput`` where it cannot be written.
    """
    try:
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    except OSError as error:
        raise InvalidInput(
            f"{file} cannot be written: {error.strerror}. Name a file in a folder that exists."
        ) from None


def text_of(file: Path) -> str:
    """Return a file's text.

    Raises ``CaseworkError`` where the file is missing or cannot be read as UTF-8.
    """
    try:
        return file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise CaseworkError(f"{file.name}: there is no such file.") from None
    except UnicodeDecodeError:
        raise CaseworkError(
            f"{file.name} cannot be read as UTF-8 text. Save it again as UTF-8."
        ) from None
    except OSError as error:
        raise CaseworkError(
            f"{file.name} cannot be read: {error.strerror}. Name a file that you may read."
        ) from None


@contextmanager
def asking(instead: str) -> Iterator[None]:
    """Ask a person within this block. ``instead`` says what to type where no one can answer.

    Raises:
        InvalidInput: there is no terminal, so that no one can answer.
    """
    try:
        with warnings.catch_warnings():
            # Without any terminal, a secret would be asked for where others can read it.
            warnings.simplefilter("error", getpass.GetPassWarning)
            yield
    except (typer.Abort, getpass.GetPassWarning) as error:
        if isinstance(error, typer.Abort) and sys.stdin.isatty():
            raise
        raise InvalidInput(
            f"This asks questions, and there is no terminal to answer at. {instead}"
        ) from None
