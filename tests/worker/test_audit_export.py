"""The audit as JSON lines: every row once, in order, and without any names."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.worker.office import office_in
from worker.cli.audit import json_lines
from worker.cli.main import app


def test_each_row_is_a_line_and_a_reader_goes_on_without_a_gap(tmp_path: Path) -> None:
    with office_in(tmp_path) as office:
        office.world.open_case()
        office.types("alice", "take LANG-1")
        first = [json.loads(line) for line in json_lines(office.services.store, None, 0)]
        office.types("alice", "log LANG-1")
        office.types("bob", "show LANG-1")
        last = first[-1]["seq"]
        more = [json.loads(line) for line in json_lines(office.services.store, None, last)]
        tomorrow = office.clock.now.date() + dt.timedelta(days=1)
        assert list(json_lines(office.services.store, tomorrow, 0)) == []
        today = list(json_lines(office.services.store, office.clock.now.date(), 0))

    numbers = [row["seq"] for row in (*first, *more)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(today) <= len(numbers)
    assert {"at", "actor", "action", "subject", "details", "hash"} < set(first[0])
    assert "Alice" not in json.dumps(first)
    assert "Dana" not in json.dumps(first)


@pytest.mark.parametrize("words", [("audit", "export", "--after"), ("student", "receipt")])
def test_a_number_that_no_database_can_hold_is_refused_in_words(words: tuple[str, ...]) -> None:
    done = CliRunner().invoke(app, [*words, "9" * 20])
    assert done.exit_code == 2
    assert "Invalid value" in done.output


@pytest.mark.parametrize("words", [("ingest", "events", "--source", "vle"), ("ingest",)])
def test_days_that_end_before_they_begin_are_refused(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    days = ["--from", "2026-11-20", "--to", "2026-11-10"]
    done = CliRunner().invoke(app, [*words, str(tmp_path / "vle.csv"), *days])
    assert done.exit_code == 2
    assert "--from is after --to" in done.output
