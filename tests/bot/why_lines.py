"""A line for each command that asks a colleague for a reason, and an office to send them in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.actions.cases import use_welfare_route as emergency
from tests.people import LANGUAGES, MATHEMATICS, finding, policy_document
from tests.worker.office import Office, office_in
from tests.worker.played import plays

# A line for each command that asks why, with a place for the reason.
LINES = {
    "view": ("bob", "view LANG-1 contact-now {}"),
    "welfare": ("alice", "welfare LANG-1 {}"),
    "review": ("lena", "review LANG-1 {}"),
    "reject": ("alice", "reject LANG-1 {}"),
    "fitness": ("lena", "fitness LANG-1 not-now {}"),
    "traces": ("alice", "traces LANG-1 {}"),
    "stop-mail": ("lena", "stop-mail {}"),
    "pause": ("alice", "pause LANG-1 friday {}"),
    "exempt": ("alice", "exempt LANG-1 placement friday {}"),
    "exempt-group": ("lena", "exempt-group module FR101 placement friday {}"),
    "reveal": ("alice", "reveal LANG-1 other {}"),
    "complaint": ("alice", "complaint LANG-1 nobody {}"),
    "death": ("alice", "death LANG-1 {}"),
    "alert-home": ("bob", "alert-home MATH-1 {}"),
}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Provide Dana's case, with a draft and a welfare route in use, and Mira's elsewhere."""
    with office_in(tmp_path) as made:
        plays(made, _two_cases)
        yield made


def _two_cases(office: Office) -> None:
    world = office.world
    world.publish(policy_document(LANGUAGES))
    case = world.open_case()
    world.screen(finding(world.student("mira")), school=MATHEMATICS)
    world.write_draft(case)
    why = "She sounded unsafe on the phone"
    emergency.use_welfare_route(world.store, world.by("alice"), case, why)


# The other commands with words about a student, besides those of LINES.
MORE_LINES = {
    "note": ("bob", "note LANG-1 {}"),
    "log": ("alice", "log LANG-1 call {}"),
    "attempt": ("lena", "attempt LANG-1 phone no-answer {}"),
    "close": ("lena", "close LANG-1 circumstances-known {}"),
    "ask": ("alice", "ask LANG-1 bob {}"),
    "refer": ("alice", "refer LANG-1 help no {}"),
    "said": ("alice", "said LANG-1 {}"),
    "resolve": ("lena", "complaint LANG-1 resolve {}"),
}
