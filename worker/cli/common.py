"""What the commands of ``lantern`` have in common: the services, files as text, dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from integrations.settings import load_settings
from store.rules.errors import CaseworkError

if TYPE_CHECKING:
    from integrations.bootstrap import Services

First = Annotated[
    dt.datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="YYYY-MM-DD, the first day.")
]
Last = Annotated[
    dt.datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="YYYY-MM-DD, the last day.")
]


@contextmanager
def open_services(*, migrate: bool | None = None) -> Iterator[Services]:
    """Everything that a command works with, closed afterwards."""
    from integrations.bootstrap import build
    from worker.logs import configure_logs

    configure_logs()
    services = build(load_settings(), migrate=migrate)
    try:
        yield services
    finally:
        services.close()


def text_of(file: Path) -> str:
    """A file's text, or a sentence about why there is none."""
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise CaseworkError(f"{file.name}: there is no such file.") from None
    except (OSError, UnicodeDecodeError):
        raise CaseworkError(f"{file.name} cannot be read as UTF-8 text.") from None
