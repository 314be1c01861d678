"""help lists what the person who asks can do, each with an example, and nothing else."""

from __future__ import annotations

import pytest

from bot.cards.kit.model import Card, Facts
from bot.commands.table import COMMANDS
from store.actions.schools.load_roster import load_roster
from store.db import repository
from store.rules.model import Role
from store.rules.schools import Roster, StaffEntry
from tests.worker.office import Office, words

# Every action of staff exists as a command, with an example that begins with it.
PROMISED = [
    "today",
    "cases",
    "queue",
    "mine",
    "show",
    "find",
    "take",
    "assign",
    "view",
    "ask",
    "log",
    "note",
    "draft",
    "approve",
    "reject",
    "snooze",
    "pause",
    "resume",
    "exempt",
    "refer",
    "ladder",
    "fitness",
    "alert-home",
    "acknowledge",
    "complaint",
    "cover",
    "close",
    "reopen",
    "digest",
    "feeds",
    "policy",
    "simulate",
    "statement",
    "report",
    "me",
    "help",
]

FOR_ALL = {"help", "me", "home", "feeds", "policy", "statement"}
FOR_PROTECTION = {"erase", "receipt", "preserve", "retention", "who-saw", "objection"}
FOR_PROTECTION |= {"forget-account", "requests"}
# The commands that help lists by role; an engagement lead has all but the officer's.
SOME_OF = {
    Role.FACULTY_LEAD: FOR_ALL | {"report", "train"},
    Role.DATA_PROTECTION_OFFICER: FOR_ALL
    | {"complaint", "death", "fairness", "directory"}
    | FOR_PROTECTION,
    Role.MODULE_ORGANISER: FOR_ALL
    | {"today", "mine", "cases", "show", "view", "ask", "note", "ladder", "queue", "digest", "hold"}
    | {"alert-home", "complaint", "death", "mark-harm"},
}
LEADS_ONLY = {"train", "stop-mail", "start-mail", "review", "fitness", "simulate", "coverage"}
LEADS_ONLY |= {"report", "exempt-group", "policy-review", "publication", "fairness", "directory"}


def joins(office: Office, name: str, *roles: Role) -> None:
    given = tuple(("LANG", role) for role in roles)
    entry = StaffEntry(f"{name}@example.ac.uk", name.title(), given, sandbox_user=name)
    load_roster(office.world.store, Roster(staff=(entry,)))


def listed(office: Office, name: str) -> set[str]:
    """Return the commands whose examples help shows to this person."""
    card = office.types(name, "help").card
    assert isinstance(card, Card)
    examples = {
        shown for block in card.blocks if isinstance(block, Facts) for shown, _ in block.items
    }
    return {row.name for row in COMMANDS.rows() if row.example in examples}


@pytest.mark.parametrize("name", PROMISED)
def test_every_promised_command_exists_and_has_an_example_of_itself(name: str) -> None:
    row = COMMANDS.find(name)
    assert row
    assert row.help.endswith(".")
    if name != "help":
        assert row.example.split()[:2] == ["/lantern", name]


def test_a_lead_is_told_of_the_commands_with_an_example_that_works(office: Office) -> None:
    office.world.open_case()

    assert listed(office, "lena") == {row.name for row in COMMANDS.rows()} - FOR_PROTECTION

    names = [row.name for row in COMMANDS.rows()]
    assert names[:4] == ["help", "today", "mine", "show"], "first what everybody needs first"
    for row in COMMANDS.rows():
        # Each command that help suggests is answered, whatever the state of the cases.
        answer = office.types("lena", row.example.removeprefix("/lantern ").split("-")[0] + "-1")
        assert answer.card or answer.dialog, row.name
        assert "went wrong" not in repr(answer), row.name


@pytest.mark.parametrize("role", SOME_OF)
def test_others_are_told_only_of_what_their_role_allows(office: Office, role: Role) -> None:
    joins(office, "fay", role)

    assert listed(office, "fay") == SOME_OF[role]


def test_an_adviser_is_told_of_nothing_that_a_lead_alone_does(office: Office) -> None:
    found = listed(office, "alice")

    assert found == {row.name for row in COMMANDS.rows()} - LEADS_ONLY - FOR_PROTECTION


def test_whoever_has_no_role_finds_the_way_to_themselves(office: Office) -> None:
    joins(office, "nora")

    assert listed(office, "nora") == {"help", "me", "home"}


def test_a_second_role_adds_its_commands(office: Office) -> None:
    joins(office, "fay", Role.FACULTY_LEAD, Role.ADVISER)

    assert listed(office, "fay") >= {"draft", "report"}


@pytest.mark.parametrize(
    ("asked", "row"),
    [
        ("help take", "take"),
        ("HELP Take LANG-12", "take"),
        ("help draft", "draft"),
        ("help draft welfare", "draft-welfare"),
        ("help draft-welfare", "draft-welfare"),
        ("help alert home", "alert-home"),
    ],
)
def test_help_explains_one_command_by_its_longest_name(
    office: Office, asked: str, row: str
) -> None:
    command = COMMANDS.find(row)
    assert command
    said = words(office.types("alice", asked).card)
    assert f"{row}: {command.help}" in said
    assert command.example in said
    others = [each.example for each in COMMANDS.rows() if each.example in said]
    assert all(command.example.startswith(each) for each in others)


def test_help_with_a_mistyped_command_suggests_the_nearest(office: Office) -> None:
    said = words(office.types("alice", "help tkae").card)
    assert "There is no command “tkae”. Did you mean “take”?" in said
    assert "There is no command “xyzzy”." in words(office.types("alice", "help xyzzy").card)


@pytest.mark.parametrize("asked", ["help draft", "help drafft", "drafft LANG-1"])
def test_nobody_is_led_to_what_they_may_not_use(office: Office, asked: str) -> None:
    joins(office, "fay", Role.FACULTY_LEAD)

    said = words(office.types("fay", asked).card)

    assert "There is no command" in said
    assert "Draft the next email" not in said
    assert "Did you mean “draft" not in said
    assert "/lantern draft" not in said


def test_help_promises_no_more_than_what_the_desk_allows(office: Office) -> None:
    """A command that help leaves out is refused too, so help hides nothing usable."""
    office.world.open_case()
    joins(office, "fay", Role.FACULTY_LEAD)
    with office.world.store.database.read() as connection:
        actor = repository.actor(connection, office.world.staff("fay"))
    for row in COMMANDS.rows():
        if row.is_for(actor) or row.name in {"today", "mine"}:
            continue
        said = repr(office.types("fay", row.example.removeprefix("/lantern ").replace("-12", "-1")))
        assert "dialog=None" in said, row.name
        assert "Dana" not in said, row.name
