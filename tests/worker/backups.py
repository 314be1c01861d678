"""Makes a backup, restores it, and checks in the mailbox what was sent since."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.worker.office import Office, office_in
from worker.backup.restore import look_up, restore


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with office_in(tmp_path / "home") as made:
        yield made


@pytest.fixture
def either_office(tmp_path: Path, migrated_database_url: str) -> Iterator[Office]:
    with office_in(tmp_path / "home", migrated_database_url) as made:
        yield made


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def restored(office: Office, folder: Path, protections: Path | None = None) -> list[str]:
    restore(office.services, folder, protections=protections, replace=True)
    return list(look_up(office.services))
