"""``lantern doctor``: when the university's directory was read last, and who is not known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from integrations.bootstrap import Services
from store.queries.schools.directory import last_look
from store.rules.calendar import INSTITUTION, institution_day
from store.rules.text.formatting import counted, on_day
from worker.doctor.findings import CheckResult

IS_LATE = dt.timedelta(minutes=45)
"""Three looks that did not succeed."""


def check_directory(services: Services) -> Iterator[CheckResult]:
    """Say when the directory was read last; nothing where no group is set."""
    if services.directory is None:
        return
    with services.store.database.read() as connection:
        last = last_look(connection)
    if last is None:
        yield CheckResult(
            False, "the directory has not been read yet. Read it: lantern directory --dry-run"
        )
        return
    at = f"{last.at.astimezone(INSTITUTION):%H:%M} on {on_day(institution_day(last.at))}"
    if services.now() - last.at > IS_LATE:
        yield CheckResult(
            False,
            f"last read at {at}, so leavers since then still have access. Try it: lantern "
            "directory --dry-run",
        )
        return
    yield CheckResult(True, f"last read at {at}")
    if last.guests or last.unknown:
        yield CheckResult(
            None,
            f"{counted(last.guests, 'guest')} and {counted(last.unknown, 'account')} that the "
            "roster does not know are in its groups, without access. Who they are: lantern "
            "directory --dry-run",
        )
