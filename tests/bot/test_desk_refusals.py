"""Requests without permission, or with altered values in a button, change nothing."""

import pytest

from bot.commands.dispatcher import Dispatcher
from bot.interaction import Interaction, Person
from store.rules.model import Platform
from store.tables import audit, views
from tests.people import finding
from tests.worker.office import Office, words

EVERYTHING = ["show", "take", "assign", "view", "log", "draft", "approve", "close"]


def refused(office: Office) -> list[dict[str, object]]:
    return office.world.rows(audit, action="refused")


# -- Permissions -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "stranger",
    [
        Person(Platform.SANDBOX, "sandbox", "U-0815-stranger"),
        Person(Platform.SLACK, "sandbox", "alice"),
        Person(Platform.SANDBOX, "another-tenant", "alice"),
    ],
    ids=["nobody", "other-platform", "other-tenant"],
)
def test_a_stranger_is_refused_and_audited_without_their_id(
    office: Office, stranger: Person
) -> None:
    case = office.world.open_case()
    before = office.world.case(case)
    ids = {"case": str(case), "version": "1"}

    for action in [*EVERYTHING, "help", "today", "mine", "no-such-command"]:
        asked = Interaction(stranger, action, "lang", f"key-{action}", ids)
        reply = Dispatcher(office.services.store).handle(asked)
        assert "does not know you" in words(reply.card), action
        assert "LANG" not in repr(reply)

    rows = refused(office)
    assert len(rows) == len(EVERYTHING) + 4
    assert {row["actor"] for row in rows} == {"stranger"}
    kept = repr([{name: row[name] for name in row if name != "hash"} for row in rows])
    for known in ("U-0815-stranger", "another-tenant"):
        assert known not in kept
    assert office.world.case(case) == before


def test_somebody_whose_account_is_off_is_refused_and_audited(office: Office) -> None:
    case = office.world.open_case()
    dialog = office.dialog("alice", "view", case)
    office.leaves("alice")

    for reply in (
        office.types("alice", "today"),
        office.clicks("alice", "show", case=case),
    ):
        assert "not active" in words(reply.card)
        assert "LANG-1" not in repr(reply)
    sent = office.submits("alice", dialog, opinion="wait", reason="I am no longer here")
    assert "not active" in sent.errors["reason"]

    assert office.world.rows(views) == []
    assert [row["actor"] for row in refused(office)] == [f"staff:{office.world.staff('alice')}"] * 3


def test_a_colleague_of_another_school_is_refused_and_audited(office: Office) -> None:
    case = office.world.open_case()
    before = office.world.case(case)
    values = {
        "opinion": "wait",
        "reason": "let me see this",
        "kind": "call",
        "colleague": str(office.world.staff("charlie")),
        "outcome": "re-engaged",
        "subject": "How are you",
        "body": "Hello, how are you?",
        "note": "not my school",
    }

    for action in EVERYTHING:
        for reply in (
            office.types("charlie", f"{action} LANG-1"),
            office.clicks("charlie", action, case=case, version=1),
            office.asks("charlie", action, ids={"case": str(case), "mail": "1"}, values=values),
        ):
            assert "belongs to another school" in repr(reply), action
            assert reply.dialog is None
            assert "Dana" not in repr(reply)
    assert len(refused(office)) == 3 * len(EVERYTHING)
    assert office.world.case(case) == before


def test_a_school_that_only_teaches_the_student_cannot_act_on_the_case(office: Office) -> None:
    """Mira studies Mathematics and takes a module in Languages: the case is her home school's."""
    world = office.world
    world.screen(finding(world.student("mira")))
    assert "MATH-1" in words(office.types("charlie", "today").card)

    assert "belongs to another school" in words(office.types("alice", "take MATH-1").card)
    assert "MATH-1" not in words(office.types("alice", "today").card)


def test_a_module_organiser_may_see_and_give_a_view_but_not_act(office: Office) -> None:
    case = office.world.open_case()

    for action in ("take", "assign", "log", "draft", "approve", "close"):
        assert "you need to be" in words(office.clicks("bob", action, case=case, version=1).card)

    assert office.clicks("bob", "view", case=case).dialog
    assert office.world.case(case).owner == office.world.staff("sana")
