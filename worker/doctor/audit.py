"""``lantern doctor`` and ``lantern audit verify``: verify the audit, and compare its anchors."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from integrations.audit_anchor import AnchorFault, AnchorFile
from integrations.bootstrap import Services
from integrations.settings import Settings
from store.db.database import Connection
from store.delivery.mailed_anchors import mailed_anchor
from store.queries import health
from store.queries.audit_anchors import Compared, compare, sent_anchor, waiting_after
from store.queries.schools.staff import all_schools, protection_officers
from store.rules.calendar import institution_day
from store.rules.errors import AuditDamaged
from store.rules.text.formatting import counted, on_day
from worker.doctor.findings import CheckResult

ANCHOR = "audit anchor"
"""Marks a finding about the anchors, not about the audit's rows."""
_NOT_READ = "a row is not one that Lantern wrote"
_NOT_COUNTED = f"{_NOT_READ}, so the rows since the newest anchor were not counted"
ANCHORED_WITHIN = dt.timedelta(minutes=15)
"""How long a row may stand without an anchor while the worker runs."""


def check_audit(services: Services, anchor: Path | None = None) -> Iterator[CheckResult]:
    """Verify the audit's chain, and compare it with its anchors.

    ``anchor`` is another file than that of AUDIT_ANCHOR, such as a copy that an auditor kept.
    """
    broken = services.store.verify_audit()
    with services.store.database.read() as connection:
        rows = health.audit_length(connection)
    if broken:
        yield CheckResult(False, f"it is broken at row {broken.seq}: {broken.reason}")
    elif rows:
        yield CheckResult(True, f"{counted(rows, 'row')}, and the chain is intact")
    else:
        yield CheckResult(True, "it has no rows yet")
    path = anchor or services.settings.audit_anchor
    if path is None:
        yield CheckResult(
            None,
            "it has no anchors, so its newest rows could be deleted unnoticed. Set AUDIT_ANCHOR "
            "to a file in another place, to officer, or to mailto: and an address",
        )
    elif rows and anchor is None and services.settings.anchors_by_message:
        yield from _sent_away(services)
    elif rows and anchor is None and services.settings.anchor_address:
        yield from _mailed(services)
    elif rows:
        yield from _anchored(services, path)
    else:
        yield from _gone(services.settings, anchor)


def check_no_audit(settings: Settings, anchor: Path | None = None) -> Iterator[CheckResult]:
    """Say that Lantern was never used with this database, and what its anchors name all the same.

    ``anchor`` is another file than that of AUDIT_ANCHOR.
    """
    yield CheckResult(
        False,
        "Lantern was never used with the database of LANTERN_HOME or DATABASE_URL, so there is "
        "nothing to verify, and nothing was made",
    )
    yield from _gone(settings, anchor)


def _gone(settings: Settings, anchor: Path | None) -> Iterator[CheckResult]:
    """Say which row was anchored, though there is none."""
    path = anchor or settings.audit_anchor
    if path is None or (anchor is None and not path.exists()):
        return  # Before the first row there is no file yet, and messages are no file.
    try:
        highest = AnchorFile(path, str).highest()
    except AnchorFault as fault:
        yield CheckResult(False, fault.sentence, ANCHOR)
        return
    if highest:
        yield CheckResult(
            False,
            f"row {highest.seq} was anchored on {on_day(institution_day(highest.at))}, and is "
            f"missing, as are all before it. If the audit of {path.name} is in another place, set "
            "LANTERN_HOME and DATABASE_URL to that. If it was taken away, restore a backup",
        )


def _anchored(services: Services, path: Path) -> Iterator[CheckResult]:
    try:
        anchors = AnchorFile(path, services.store.mark).anchors()
    except AnchorFault as fault:
        yield CheckResult(False, fault.sentence, ANCHOR)
        return
    with services.store.database.read() as connection:
        try:
            compared = compare(connection, anchors)
        except AuditDamaged:  # which row, the chain has said
            yield CheckResult(False, f"{_NOT_READ}, so it was not compared with its anchors")
            return
    yield from (CheckResult(None, each) for each in compared.replaced)
    if compared.begun:
        yield CheckResult(
            None if anchors else False,
            f"anchoring began on {on_day(institution_day(compared.begun))}, and anchors of that "
            f"time are not in {path.name}. Unless you chose a new file, compare it with a copy",
            ANCHOR,
        )
    if compared.broken:
        yield CheckResult(
            False, f"it is broken at row {compared.broken.seq}: {compared.broken.reason}"
        )
    else:
        yield _waiting(compared, services.now())


def _sent_away(services: Services) -> Iterator[CheckResult]:
    """Say what was sent to the data protection officers. What they keep cannot be read here."""
    with services.store.database.read() as connection:
        officers = [
            person
            for school in all_schools(connection)
            for person in protection_officers(connection, school.id)
        ]
        arrived = sent_anchor(connection, arrived=True)
        compared = _unless_damaged(connection, arrived)
    if not officers:
        yield CheckResult(
            False,
            "AUDIT_ANCHOR sends anchors to the data protection officer, and the roster names none",
            ANCHOR,
        )
        return
    yield (_waiting(compared, services.now()) if compared else CheckResult(False, _NOT_COUNTED))
    yield _not_compared("the data protection officer has the anchors as messages")


def _mailed(services: Services) -> Iterator[CheckResult]:
    """Say what was emailed, which cannot be read here either."""
    if services.store.limits.dry_run:
        yield CheckResult(
            False, "AUDIT_ANCHOR sends anchors by email, and MAIL_DRY_RUN sends none", ANCHOR
        )
        return
    with services.store.database.read() as connection:
        compared = _unless_damaged(connection, mailed_anchor(connection))
    yield (_waiting(compared, services.now()) if compared else CheckResult(False, _NOT_COUNTED))
    yield _not_compared("the address of AUDIT_ANCHOR has the anchors as emails")


def _unless_damaged(
    connection: Connection, sent: tuple[int, dt.datetime] | None
) -> Compared | None:
    try:
        return waiting_after(connection, sent[0] if sent else 0)
    except AuditDamaged:  # which row, the chain has said
        return None


def _not_compared(where: str) -> CheckResult:
    return CheckResult(
        None,
        f"{where}, which Lantern does not read, so they were not compared. Save them as a file, "
        "and name it: lantern audit verify --anchors FILE",
    )


def _waiting(compared: Compared, now: dt.datetime) -> CheckResult:
    """Count the rows without an anchor, which could still be deleted unnoticed."""
    so_far = f"anchored up to row {compared.anchored}"
    if compared.since is None:
        return CheckResult(True, so_far)
    age = now - compared.since
    minutes = counted(max(0, int(age.total_seconds() // 60)), "minute")
    waiting = f"{counted(compared.waiting, 'row')} since, the oldest {minutes} old"
    if age > ANCHORED_WITHIN:
        return CheckResult(
            False,
            f"{so_far}; {waiting}. See that a worker runs and that it may write to AUDIT_ANCHOR",
            ANCHOR,
        )
    return CheckResult(True, f"{so_far}; {waiting}")
