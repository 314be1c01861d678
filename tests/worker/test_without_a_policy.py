"""A school without a policy says so wherever its colleagues would wait for cases (§3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sandbox.local_backend import LiveBackend
from integrations.chat.sandbox import SandboxWorkspace
from store.actions.schools.channels import ensure_sandbox_channels
from store.actions.schools.load_roster import load_roster
from store.rules.model import Platform, Role
from store.rules.schools import Roster, SchoolEntry, StaffEntry
from tests.people import policy_document
from tests.worker.office import Office, office_in, words
from worker.processes.clock import tick

NONE = "No policy is in force, so Lantern screens no one here. Publish one: lantern policy publish"
COMING = "The policy is in force from Monday 1 December. Until then, Lantern screens no one here."
MONDAY = dt.date(2025, 11, 3)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Give an office where Mo leads ART, which has a roster and no policy."""
    with office_in(tmp_path) as made:
        mo = StaffEntry(
            "mo@example.ac.uk", "Mo", (("ART", Role.ENGAGEMENT_LEAD),), sandbox_user="mo"
        )
        art = SchoolEntry("ART", "School of Art", "Humanities")
        load_roster(made.world.store, Roster(schools=(art,), staff=(mo,)))
        ensure_sandbox_channels(made.world.store)
        yield made


def at_nine(office: Office, day: dt.date) -> None:
    office.clock.now = dt.datetime.combine(day, dt.time(9), dt.UTC)
    tick(office.services)
    office.works()


def silences(office: Office) -> set[str]:
    """Return the texts that Mo's two channels show while they are empty."""
    workspace = office.services.workspaces[Platform.SANDBOX]
    assert isinstance(workspace, SandboxWorkspace)
    people = LiveBackend(office.services, workspace).people()
    (mo,) = [each for each in people if each.user == "mo"]
    assert mo.direct is not None
    return {each.silence for each in (*mo.channels, mo.direct)}


@pytest.mark.parametrize("why", [NONE, COMING])
def test_it_says_that_no_one_is_screened(office: Office, why: str) -> None:
    at_nine(office, MONDAY)
    if why == COMING:
        first = dt.date(2025, 12, 1)
        office.world.publish(policy_document("ART", effective=first))
    for command in ("digest", "home", "digest week", "feeds", "coverage"):
        said = words(office.types("mo", command).card)
        assert why in said, command
        assert "Nothing new." not in said
        assert "screening has not run yet" not in said
    (silence,) = silences(office)
    assert why in silence


def test_its_lead_is_told_once_a_week(office: Office) -> None:
    for day in range(-1, 8):
        at_nine(office, MONDAY + dt.timedelta(days=day))
    told = [str(each.payload) for each in office.messages("direct:mo")]
    assert [NONE in each for each in told] == [True, True], "on both Mondays, and no other day"
    assert not office.messages("art"), "the channel has no digest before a policy"
