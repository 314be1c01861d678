"""A restore keeps every protection of a student, and every key."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import structlog
from typer.testing import CliRunner

from integrations.settings import Settings
from store.actions.outreach.stop_mail import stop_from_outside
from store.actions.privacy.erase import ErasureRequest, secure, take_away
from store.actions.students.sign_in import begin_sign_in
from store.db.student_keys import DESTROYED
from store.db.table_files import read_rows
from store.rules.errors import InvalidInput
from store.tables import (
    erased_numbers,
    outreach,
    preferences,
    sign_ins,
    stops,
    student_keys,
    student_sessions,
    students,
    views,
)
from tests.people import REASON
from tests.worker.backups import either_office, office, restored, shelf
from tests.worker.office import Office, office_in
from worker.backup.make import PROTECTIONS, make_backup
from worker.backup.restore import restore
from worker.backup.sealed_keys import put_back_keys, write_keys
from worker.cli.main import app

__all__ = ["either_office", "office", "shelf"]


def opts_out(office: Office) -> int:
    dana = office.world.student("dana")
    with office.services.store.unit_of_work() as work:
        work.connection.execute(
            sa.insert(preferences).values(student_id=dana, opted_out_at=work.now, words="")
        )
    return dana


@pytest.mark.parametrize("migrated_database_url", ["postgresql"], indirect=True)
def test_a_stop_since_the_backup_holds_after_each_of_two_restores(
    either_office: Office, shelf: Path
) -> None:
    """Rows that are put back keep their numbers, and the next ones get free numbers: SQLite sees to
    that itself."""
    office = either_office
    made = make_backup(office.services, shelf)
    stop_from_outside(office.services.store, "The mailbox moves")
    for _ in range(2):
        restored(office, made)
        (row,) = office.world.rows(stops, why="The mailbox moves")
        assert row["ended_at"] is None
    opts_out(office)


def test_an_opt_out_since_the_backup_holds_after_it(either_office: Office, shelf: Path) -> None:
    office = either_office
    office.world.open_case()
    made = make_backup(office.services, shelf)
    dana = opts_out(office)
    restored(office, made)
    (row,) = office.world.rows(preferences, student_id=dana)
    assert row["opted_out_at"] is not None


def test_no_student_is_signed_in_after_it(office: Office, shelf: Path) -> None:
    """A student who signed out after the backup would be signed in again, with a stolen cookie
    too."""
    store, dana = office.services.store, office.world.student("dana")
    begin_sign_in(store, {})
    with store.unit_of_work() as work:
        row = {"mark": "a digest", "student_id": dana, "at": work.now, "seen_at": work.now}
        work.connection.execute(sa.insert(student_sessions).values(row))
    made = make_backup(office.services, shelf)
    restored(office, made)
    assert office.world.rows(student_sessions) == office.world.rows(sign_ins) == []


def test_where_the_database_is_lost_the_list_kept_apart_does_it(
    office: Office, shelf: Path, tmp_path: Path
) -> None:
    office.world.open_case()
    made = make_backup(office.services, shelf)
    dana = opts_out(office)
    kept = make_backup(office.services, shelf, PROTECTIONS)
    with office_in(tmp_path / "new home") as fresh:
        restored(fresh, made, kept)
        (row,) = fresh.world.rows(preferences, student_id=dana)
        assert row["opted_out_at"] is not None


def test_a_student_who_was_erased_since_is_erased_again(office: Office, shelf: Path) -> None:
    office.world.open_case()
    dana = office.world.student("dana")
    made = make_backup(office.services, shelf)
    office.clock.forward(hours=1)
    with office.services.store.unit_of_work() as work:
        secure(work, students, [dana])
        work.connection.execute(
            sa.insert(erased_numbers).values(mark=office.services.store.mark("1001"), at=work.now)
        )
        take_away(
            work, students, [dana], ErasureRequest(office.world.school(), dana, None, "asked for")
        )
    done = restore(office.services, made, replace=True)
    assert done.applied.erased == 1
    assert office.world.rows(students, id=dana)[0]["erased_at"] is not None
    assert len(office.world.rows(erased_numbers)) == 1
    assert office.world.rows(outreach) == []


def test_without_the_newest_list_a_backup_with_keys_apart_says_nothing_of_students(
    office: Office, shelf: Path, tmp_path: Path
) -> None:
    """The list after an erasure has no key of that student: their words stay sealed for ever."""
    for name in ("dana", "eli"):
        office.world.give_view(office.world.open_case(name))
    made = make_backup(office.services, shelf, keys_apart=True)
    dana = office.world.student("dana")
    with office.services.store.unit_of_work() as work:
        secure(work, students, [dana])
        asked = ErasureRequest(office.world.school(), dana, None, "asked for")
        take_away(work, students, [dana], asked)
    newest = make_backup(office.services, shelf, PROTECTIONS)
    with office.services.store.database.read() as connection:
        kept = [*read_rows(connection, newest / "tables", student_keys)]
        assert not [*read_rows(connection, made / "tables", student_keys)]
    assert [row["student_id"] for row in kept] == [office.world.student("eli")]
    with office_in(tmp_path / "new home") as fresh:
        with pytest.raises(InvalidInput, match="without students' keys"):
            restore(fresh.services, made, replace=True)
        restore(fresh.services, made, protections=newest, replace=True)
        reasons = {row["reason"] for row in fresh.world.rows(views)}
        # In the same instant as the backup, the erasure itself is not applied again.
        assert reasons == {DESTROYED, REASON}


def test_keys_come_back_by_their_passphrase_and_never_over_others(
    office: Office, tmp_path: Path
) -> None:
    file, settings = tmp_path / "keys.sealed", office.services.settings
    write_keys(settings, "a long passphrase", file)
    assert "audit" not in file.read_text()
    empty = replace_home(office, tmp_path / "elsewhere")
    with pytest.raises(InvalidInput, match="cannot be opened"):
        put_back_keys(empty, "another passphrase", file)
    put_back_keys(empty, "a long passphrase", file)
    for name in ("audit.key", "encryption.key"):
        before, after = ((each / "keys" / name) for each in (settings.home, empty.home))
        assert before.read_text() == after.read_text()
    (empty.home / "keys" / "audit.key").write_text("x" * 64)
    with pytest.raises(InvalidInput, match="holds another key"):
        put_back_keys(empty, "a long passphrase", file)


def test_a_refused_restore_makes_nothing_and_the_right_one_follows(
    office: Office, shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_backup(office.services, shelf)
    file, word, broken = tmp_path / "keys.sealed", tmp_path / "word", tmp_path / "broken"
    write_keys(office.services.settings, "a long passphrase", file)
    word.write_text("a long passphrase")
    shutil.copytree(made, broken)
    next((broken / "tables").iterdir()).write_bytes(b"cut off")
    home = tmp_path / "new home"
    for field in Settings.model_fields.values():
        monkeypatch.delenv(str(field.validation_alias), raising=False)
    monkeypatch.setenv("LANTERN_HOME", str(home))
    with_keys = ["--keys", str(file), "--passphrase-file", str(word)]
    for refused in ([str(made)], [str(broken), *with_keys], [str(shelf), *with_keys]):
        assert CliRunner().invoke(app, ["restore", *refused]).exit_code != 0, refused
        assert not home.exists(), refused
    done = CliRunner().invoke(app, ["restore", str(made), *with_keys])
    assert done.exit_code == 0, done.output
    assert CliRunner().invoke(app, ["audit", "verify"]).exit_code == 0
    structlog.reset_defaults()


def replace_home(office: Office, home: Path) -> Any:
    return office.services.settings.model_copy(update={"home": home})
