"""``lantern restore``: replace the database and the lake by a backup, and send nothing twice."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from integrations.bootstrap import Services
from integrations.keys import audit_key
from integrations.mail.interface import MailError
from integrations.open_database import is_begun
from integrations.settings import Settings
from store import migrations
from store.actions.outreach import after_restore
from store.actions.outreach.after_restore import PerhapsSent
from store.actions.privacy.protections import Applied, apply_protections, write_protections
from store.actions.students.sign_in import end_all_sessions
from store.db.student_keys import KEYS, has_keys
from store.db.table_files import replace_tables, table_file
from store.db.unit_of_work import mark_of
from store.encryption import SealBroken
from store.queries.health import RESTORE, audit_length
from store.queries.schools.mailboxes import school_mailboxes
from store.rules.errors import InvalidInput
from store.rules.text.formatting import counted
from worker.backup.make import PROTECTIONS, WHOLE
from worker.backup.manifest import OTHER_KEYS, Manifest, checked, signed

PROBES = 20
"""After this many numbers in a row without an email, the search ends."""


NO_KEYS = (
    "There are no keys here yet, so nothing was restored. Put the keys back first: lantern restore "
    "DIR --keys FILE, or AUDIT_KEY and ENCRYPTION_KEY."
)


@dataclass(frozen=True, slots=True)
class Restored:
    """The result of a restore: how much was restored, and how much was applied again."""

    rows: int
    applied: Applied


def restore(
    services: Services, folder: Path, *, protections: Path | None = None, replace: bool = False
) -> Restored:
    """Replace the database and the lake by a backup.

    One transaction replaces the tables, applies again what protects students, signs every student
    out, lets every approval expire and stops all emails; ``look_up`` starts them again. What
    protects students is read from the database that is replaced, and from ``protections`` where
    that is given.

    Raises:
        InvalidInput: the backup is incomplete, is of another version, or would replace data and
            ``replace`` is not set. Nothing was changed.
    """
    manifest = checked(services.store, folder, WHOLE)
    step = migrations.newest_step()
    if manifest.step != step:
        raise InvalidInput(
            f"This backup is of migration step {manifest.step}, and this Lantern of {step}. "
            "Restore it with the version that made it, then upgrade."
        )
    if protections:
        checked(services.store, protections, PROTECTIONS)
    with services.store.database.read() as connection:
        is_used = audit_length(connection) > 0
        keeps_keys = has_keys(connection)
    if is_used and not replace:
        raise InvalidInput(
            "The database is not empty, so nothing was changed. Stop Lantern, make a backup of "
            "its data, and add --replace."
        )
    if not keeps_keys and not any(map(_holds_keys, filter(None, (folder, protections)))):
        raise InvalidInput(
            "This backup was made without students' keys, so nothing was restored. Name the newest "
            "list that holds them: --protections FOLDER"
        )
    with (
        tempfile.TemporaryDirectory(dir=services.settings.home) as kept,
        _lake_follows(services, folder),
    ):
        with services.store.database.read() as connection:
            write_protections(connection, Path(kept))
        lists = [Path(kept)] if is_used else []
        try:
            return _replace(services, folder, manifest, [*lists, *_tables(protections)])
        except SealBroken:
            raise InvalidInput(OTHER_KEYS) from None


@contextmanager
def nothing_of_a_refused(settings: Settings) -> Iterator[None]:
    """Take away the keys and the database that a restore made within this block, if it fails.

    Only where there were none: a database that was there belongs to the Lantern that was there.
    """
    home, keys = settings.home, settings.home / "keys"
    before = {home, keys, *_within(home), *_within(keys)}
    before = {path for path in before if path.exists()}
    begun = is_begun(settings)
    try:
        yield
    except BaseException:
        for path in () if begun else (*_within(keys), keys, *_within(home), home):
            if path in before:
                continue
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        raise


def _within(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def refuse_other_keys(settings: Settings, folder: Path) -> None:
    """Check that a backup is of these keys, before anything is made for it.

    Raises ``InvalidInput`` where it is of other keys, or where there are none.
    """
    if settings.audit_key is None and not (settings.home / "keys" / "audit.key").exists():
        raise InvalidInput(NO_KEYS)
    signed(partial(mark_of, audit_key(settings, may_make=False)), folder, WHOLE)


def _holds_keys(folder: Path) -> bool:
    return table_file(folder / "tables", KEYS).exists()


def _tables(protections: Path | None) -> list[Path]:
    return [protections / "tables"] if protections else []


def _replace(services: Services, folder: Path, manifest: Manifest, lists: list[Path]) -> Restored:
    applied = Applied(0, 0, 0)
    with services.store.unit_of_work() as work:
        rows = replace_tables(work.connection, folder / "tables")
        if rows != dict(manifest.rows):
            raise InvalidInput("The backup's rows are not those of its list. Nothing was changed.")
        for each in lists:
            done = apply_protections(work, each, manifest.at)
            applied = Applied(
                applied.erased + done.erased, applied.rows + done.rows, applied.left + done.left
            )
        after_restore.hold_back(work)
        end_all_sessions(work)
        work.record(
            "system:cli",
            RESTORE,
            after_restore.SUBJECT,
            made_at=manifest.made_at,
            erased=applied.erased,
            rows=applied.rows,
        )
    return Restored(sum(rows.values()), applied)


@contextmanager
def _lake_follows(services: Services, folder: Path) -> Iterator[None]:
    """Replace the lake by the backup's, once the tables are replaced."""
    lake = services.settings.home / "lake"
    fresh = lake.with_name("lake.restored")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    try:
        if (folder / "lake").is_dir():
            shutil.copytree(folder / "lake", fresh, dirs_exist_ok=True)
        yield
        shutil.rmtree(lake, ignore_errors=True)
        fresh.rename(lake)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def look_up(services: Services) -> Iterator[str]:
    """Record what the mailboxes show was sent after the backup, then start emails again.

    Raises:
        InvalidInput: a mailbox cannot be read; emails stay stopped.
    """
    try:
        found = list(_sent(services))
        later = list(_later(services))
    except MailError as error:
        raise InvalidInput(
            f"Lantern cannot check the mailbox for sent emails: {error} Emails stay stopped. When "
            "the mailbox is available again: lantern restore --look-up"
        ) from None
    after_restore.let_go_on(services.store)
    yield f"{counted(len(found), 'email')} of the backup had been sent since: recorded as sent."
    for mailbox, number in later:
        yield (
            f"{mailbox}: {counted(number, 'email')} sent after the backup, which the backup does "
            "not know. Read them in the mailbox before anyone writes to these students again."
        )


def _sent(services: Services) -> Iterator[PerhapsSent]:
    with services.store.database.read() as connection:
        perhaps = after_restore.perhaps_sent(connection)
    for each in perhaps:
        draft = services.mailer.find(each.mailbox, each.key)
        if draft is not None and draft.is_sent:
            after_restore.record_found_sent(
                services.store, each, draft.conversation, draft.message_id
            )
            yield each


def _later(services: Services) -> Iterator[tuple[str, int]]:
    with services.store.database.read() as connection:
        newest = after_restore.newest_outreach(connection)
        boxes = {box for _, box in school_mailboxes(connection, services.now().date())}
    for box in sorted(boxes):
        number, misses, nth = 0, 0, newest
        while misses < PROBES:
            nth += 1
            with services.store.database.read() as connection:
                key = after_restore.key_of_later(connection, nth)
            draft = services.mailer.find(box, key)
            misses = 0 if draft else misses + 1
            number += bool(draft and draft.is_sent)
        if number:
            yield box, number
