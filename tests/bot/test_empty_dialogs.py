"""Every dialog and command submitted empty is answered with a sentence, without an error."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs

from bot.cards.kit.examples import every_example
from bot.cards.kit.model import Dialog
from bot.commands.table import COMMANDS
from tests.bot.every_answer import CHANGING, a_busy_school
from tests.worker.office import Office, office_in

PEOPLE = ("lena", "priya", "fay", "alice", "charlie")
"""An engagement lead, a data protection officer, a faculty lead, an adviser and an outsider."""
ACTIONS = 42
"""How many actions the dialogs have; some actions have several dialogs."""


def fields() -> dict[str, set[str]]:
    """Return the field names of each action's dialogs, as the examples show them."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for what, example in every_example().items():
        if isinstance(example, Dialog) and not what.startswith("specimen"):
            found[example.action] |= {field.name for field in example.fields()}
    return found


FIELDS = fields()
NAMES = sorted(
    {*FIELDS, *(row.name for row in COMMANDS.rows())} - {""},
    key=lambda name: (name in CHANGING, name),
)


def submissions(name: str) -> Iterator[dict[str, str]]:
    """Yield the possible submissions: no field at all, empty ones, and spaces."""
    yield {}
    if FIELDS.get(name):
        yield dict.fromkeys(FIELDS[name], "")
        yield dict.fromkeys(FIELDS[name], "  ")


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, dict[str, str]]]:
    with office_in(tmp_path_factory.mktemp("empty")) as office:
        case, drafted = a_busy_school(office)
        ids = {"case": str(case), "mail": "1", "student": "1", "page": "1", "school": "1"}
        yield office, ids | {"outreach": str(drafted)}


@pytest.mark.parametrize("name", NAMES)
def test_nothing_filled_in_is_answered_in_words(
    school: tuple[Office, dict[str, str]], name: str
) -> None:
    office, ids = school
    with capture_logs() as logged:
        for values in (None, *submissions(name)):
            for carried in (ids, {}):
                for person in PEOPLE:
                    office.asks(person, name, ids=carried, values=values)
    assert [line for line in logged if line["event"] == "interaction failed"] == []


def test_a_decision_without_an_answer_is_asked_for_beside_its_field(
    school: tuple[Office, dict[str, str]],
) -> None:
    office, ids = school
    reply = office.asks("lena", "fitness", ids=ids, values={"decision": "", "why": ""})
    said = "\n".join([*reply.errors.values(), str(reply.card)])
    assert "Choose one of these" in said


def test_the_dialogs_are_there_to_be_tried() -> None:
    assert len(FIELDS) == ACTIONS, "the walk can never pass on next to nothing"
    assert set(FIELDS) <= {row.name for row in COMMANDS.rows()}
