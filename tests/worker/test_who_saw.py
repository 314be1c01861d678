"""§28: the list of looks names everyone who viewed a student's data, when, what and why.

Colleagues view data in every possible way, and the data protection officer reads the list. The test
follows the policy's sentence: a look that is missing here is one that the student is never told of.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cards.kit.model import Text
from store.actions.schools.load_roster import load_roster
from store.rules.calendar import INSTITUTION
from store.rules.schools import Roster
from tests.people import ROSTER, finding, policy_document
from tests.worker.erasures import joins
from tests.worker.office import Office, office_in, words
from tests.worker.played import plays
from tests.worker.test_fitness_swipes import doors
from tests.worker.test_swipes_looked_at import SWIPES
from tests.worker.unanswered import LADDER, TODAY, deliver

WHY = "the phone and both emails stayed unanswered"
LOOKS = (
    ("alice", "show LANG-1", "notes"),
    ("alice", "reveal LANG-1 prepare-contact", "identity, address"),
    ("alice", "history LANG-1", "earlier cases"),
    ("bob", "ladder LANG-1", "contact steps"),
    ("alice", "find 1001", "identity"),
    ("alice", "ladder 1001", "identity"),
    ("alice", "cases dana", "identity"),
    ("alice", "cases export", "evidence"),
    ("lena", "fitness LANG-1", "evidence, digital traces"),
    ("alice", f"traces LANG-1 {WHY}", "digital traces"),
    ("sana", "traces LANG-1 swipes has she been in any building", "card swipes"),
    ("lena", "fitness LANG-1 invoke every step was tried in vain", "evidence, digital traces"),
    ("lena", "complaint LANG-1 export", "evidence"),
)
"""Who types what, and what the list says was shown.

The lists of open cases are not looks: they show what is in the channel, where no student is named.
"""

NAMES = {"alice": "Alice", "bob": "Bob", "sana": "Sana", "lena": "Lena"}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Give Dana's case, with both emails unanswered."""
    with office_in(tmp_path) as made:
        plays(made, _both_emails_unanswered)
        yield made


def _both_emails_unanswered(office: Office) -> None:
    office.world.publish(policy_document() + LADDER + SWIPES)
    case = office.world.open_case()
    office.world.both_emails_unanswered(case)
    office.clock.now = dt.datetime.combine(TODAY, dt.time(9, 30), dt.UTC)
    deliver(office, dt.date(2025, 10, 1), TODAY - dt.timedelta(days=1))
    doors(office, TODAY + dt.timedelta(days=3))
    joins(office, "priya", "LANG")


def looks(office: Office, number: str = "1001") -> list[str]:
    """Return the lines of this minute, without the look of reading the list itself."""
    card = office.types("priya", f"who-saw {number}").card
    assert card is not None
    at = office.world.store.now().astimezone(INSTITUTION)
    texts = [block.text for block in card.blocks if isinstance(block, Text)]
    lines = [line for line in texts if f"{at:%H:%M}, " in line]
    return [line for line in lines if "Reading who looked" not in line]


def test_every_way_to_look_is_in_the_list(office: Office) -> None:
    missing = []
    for who, line, shows in LOOKS:
        if line.startswith("fitness LANG-1 invoke"):
            office.clock.forward(days=2)
            deliver(office, TODAY, office.world.today - dt.timedelta(days=1))
        if line.startswith("complaint"):
            office.types("bob", 'complaint LANG-1 nobody "the email came twice"')
        office.clock.forward(minutes=1)
        reply = office.types(who, line)
        assert reply.card or reply.dialog
        new = looks(office)
        if not any(f", {NAMES[who]}" in each and shows in each for each in new):
            missing.append((line, words(reply.card or reply.dialog)[:300], new))
        if WHY in line:
            assert any(WHY in each for each in new), "what for, in the reader's own words"
    assert not missing


def test_students_without_a_case_are_in_it_too(office: Office) -> None:
    """The queue shows what a card would show of them."""
    world = office.world
    world.publish(policy_document(capacity=1))
    joins(office, "priya", "LANG")
    load_roster(
        world.store,
        Roster(students=(replace(ROSTER.students[1], number="1009", given_name="Gil"),)),
    )
    found = [finding(world.student("eli")), finding(world.student("gil"))]
    world.screen(*found, order=[world.student("gil"), world.student("eli")])
    office.clock.forward(minutes=1)
    assert "1 student waiting" in words(office.types("alice", "queue").card)
    assert any("Alice" in line and "evidence" in line for line in looks(office, "1002"))
