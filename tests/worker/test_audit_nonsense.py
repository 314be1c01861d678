"""Whatever a person puts into the audit's tables from outside, each command has a verdict on it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner, Result

from integrations.settings import Settings
from store.rules.errors import AuditDamaged
from store.tables import audit, audit_head
from tests.worker.office import Office, office_in
from worker.cli.audit import json_lines
from worker.cli.main import app
from worker.doctor.audit import check_audit
from worker.jobs.sweep import sweep

ROW = 3
TEXTS = ("''", "'nonsense'", "'2026-13-45 99:00:00.000000'")
NO_DETAILS = ("'[1]'", "'[[\"a\", 1]]'", "'null'", "'7'", f"'{'[' * 3000}{']' * 3000}'")
HUGE = f"'{{\"a\": {'9' * 5000}}}'"
ANY = (*TEXTS, *NO_DETAILS, HUGE, "'{\"a\": NaN}'", "7", "1.5", "9e999", "x'ff'", "x'7b7d'",
       "CAST(x'ff' AS TEXT)")  # fmt: skip
"""What SQLite takes in every column, whatever its type."""
IN_SQLITE: dict[str, tuple[str, ...]] = {
    column.name: ANY for column in audit.c if column.name != "seq"
} | {"seq": ("-1", "0")}
IN_POSTGRESQL: dict[str, tuple[str, ...]] = {
    "seq": ("-1", "0"),
    "at": ("'infinity'", "'-infinity'", "'0044-03-15 BC'", "'20000-01-01'"),
    "details": (*NO_DETAILS, HUGE, "'{\"a\": 1e999}'"),
    **dict.fromkeys(("actor", "action", "subject", "hash"), TEXTS),
}
HEADS = {"seq": ("-1", "0", "1000000000000"), "hash": TEXTS, "key_print": (*TEXTS, "NULL")}


@pytest.fixture
def office(migrated_database_url: str, tmp_path: Path) -> Iterator[Office]:
    with office_in(tmp_path, migrated_database_url) as made:
        made.world.open_case()
        yield made


@pytest.fixture
def lantern(
    migrated_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], Result]]:
    for field in Settings.model_fields.values():
        monkeypatch.delenv(str(field.validation_alias), raising=False)
    monkeypatch.setenv("LANTERN_HOME", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", migrated_database_url)
    monkeypatch.setenv("PORT", "0")
    yield lambda words: CliRunner().invoke(app, words.split())
    structlog.reset_defaults()


def change(office: Office, *statements: str) -> None:
    office.world.store.database.close()  # a connection of before would not know a renamed column
    with office.world.store.database.write() as connection:
        for each in statements:
            connection.exec_driver_sql(each.replace("%", "%%"))


def changes(office: Office, values: dict[str, tuple[str, ...]], where: str) -> Iterator[str]:
    """Put each value in the place of the right one, and that back afterwards."""
    table = audit if where else audit_head
    change(office, f"CREATE TABLE kept AS SELECT * FROM {table.name}")
    for column, wrong in values.items():
        for each in wrong:
            change(office, f"UPDATE {table.name} SET {column} = {each} {where}")
            yield f"{column} = {each[:40]}"
            change(office, f"DELETE FROM {table.name}",
                   f"INSERT INTO {table.name} SELECT * FROM kept")  # fmt: skip
    change(office, "DROP TABLE kept")


def exported(office: Office) -> tuple[list[dict[str, object]], str]:
    """Return what the export writes, and the sentence that it ends with."""
    written: list[dict[str, object]] = []
    lines = json_lines(office.world.store, None, -5)
    with suppress(StopIteration):
        try:
            while True:
                written.append(json.loads(next(lines), parse_constant=pytest.fail))
        except AuditDamaged as damaged:
            return written, damaged.sentence
    return written, ""


def test_each_value_in_a_row_has_a_verdict_that_names_it(office: Office, tmp_path: Path) -> None:
    settings = office.services.settings.model_copy(update={"audit_anchor": tmp_path / "anchor"})
    services = replace(office.services, settings=settings)
    sweep(services)
    whole, _ = exported(office)
    values = IN_SQLITE if office.world.store.database.is_sqlite else IN_POSTGRESQL
    for what in changes(office, values, f"WHERE seq = {ROW}"):
        verdict, *_ = list(check_audit(services))
        row = what.removeprefix("seq = ") if what.startswith("seq") else str(ROW)
        assert f"broken at row {row}: this row" in verdict.sentence, what
        rows, said = exported(office)
        assert len(rows) == len(whole), what
        if said:
            assert f"row {ROW} is not one that Lantern wrote" in said, what
            assert rows[ROW - 1]["unreadable"] == [what.split()[0]]
    assert exported(office) == (whole, "")
    assert all(each.is_fine for each in check_audit(services))


def test_each_change_of_its_tables_has_a_verdict(
    office: Office, lantern: Callable[[str], Result]
) -> None:
    """The three commands end as they always do, and say that the database was changed."""
    whole = lantern("audit export").stdout
    for what in changes(office, HEADS, ""):
        verified, written = lantern("audit verify"), lantern("audit export")
        assert "Unexpected" not in str(written.exception), what
        if what != "key_print = NULL":  # that of the key, which is still the right one, is kept
            assert verified.exit_code == 1, what
            assert "The audit is broken.\n  " in verified.output
            assert " head " in verified.output or "missing at the end" in verified.output, what
    for table in (audit, audit_head):
        for name in table.c.keys():  # noqa: SIM118 -- columns are hashed by themselves
            there_and_back(office, lantern, f"{table.name} RENAME COLUMN {name} TO aside")
        there_and_back(office, lantern, f"{table.name} RENAME TO aside")
    assert lantern("audit export").stdout == whole


def there_and_back(office: Office, lantern: Callable[[str], Result], what: str) -> None:
    """Rename a table or column, look what the commands say, and name it as before."""
    table, old = what.split(maxsplit=1)[0], what.split()[-3]
    change(office, f"ALTER TABLE {what}")
    verified, doctor, written = map(lantern, ("audit verify", "doctor", "audit export"))
    lost = f"the column {old} of the table {table}" if "COLUMN" in what else f"the table {table}"
    assert (verified.exit_code, doctor.exit_code) == (1, 1), what
    assert f"The audit is broken.\n  In the database {lost} is missing" in verified.output
    assert f"FAIL audit: In the database {lost} is missing" in doctor.output
    assert f"In the database {lost} is missing" in str(written.exception)
    back = f"aside RENAME TO {table}"
    if "COLUMN" in what:
        back = f"{table} RENAME COLUMN aside TO {old}"
    change(office, f"ALTER TABLE {back}")
