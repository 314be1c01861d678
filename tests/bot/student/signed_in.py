"""Fixtures for a student's page with a sign-in provider, and for refused sign-ins."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from store.tables import (
    absence_requests,
    audit,
    exemptions,
    sayings,
    sign_ins,
    student_accounts,
    student_sessions,
)
from tests.bot.student.signing_in import Place, sign_in_place


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with sign_in_place(tmp_path_factory.mktemp("sign-in") / "home") as made:
        yield made


@pytest.fixture
def place(shared: Place) -> Place:
    """Reset the shared servers, so that no one is signed in or known yet."""
    store = shared.office.world.store
    of_students = (absence_requests, exemptions, sayings)
    with store.database.write() as connection:
        for table in (student_sessions, student_accounts, sign_ins, *of_students):
            connection.execute(table.delete())
    service = shared.service
    service.skew, service.is_cancelled, service.is_away = dt.timedelta(0), False, False
    return shared


def rows(place: Place, table: Any) -> list[dict[str, Any]]:
    return place.office.world.rows(table)


def refusals(place: Place) -> list[str]:
    found = rows(place, audit)
    return [row["details"]["reason"] for row in found if row["action"] == "sign-in-refused"]
