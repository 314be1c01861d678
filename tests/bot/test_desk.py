"""Every command as it is typed, clicked and submitted, and its effect on the records."""

import re

import pytest

from bot.cards.kit.model import Actions, Card, Input, Select
from bot.cards.schools.lookups import found_card
from bot.commands.table import COMMANDS
from bot.interaction import Reply
from store.queries.students.search import FoundStudent, Search
from store.rules.model import CaseStatus, Outcome
from store.tables import interventions, views
from tests.bot.cards.examples import EXAMPLES
from tests.worker.office import Office, words

# -- Help, lists and unknown commands ----------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("tkae LANG-1", "take"), ("aprove LANG-1", "approve"), ("tody", "today"), ("Halp", "help")],
)
def test_a_mistyped_command_answers_with_the_nearest_and_does_nothing(
    office: Office, typed: str, meant: str
) -> None:
    case = office.world.open_case()

    answer = office.types("alice", typed)

    assert f"Did you mean “{meant}”?" in words(answer.card)
    assert office.world.case(case).owner == office.world.staff("sana")


def test_words_that_resemble_no_command_lead_to_help(office: Office) -> None:
    assert "/lantern help" in words(office.types("alice", "xyzzy").card)
    assert "What you can ask" in words(office.types("alice", "").card)


def test_today_lists_the_open_cases_of_ones_own_schools_only(office: Office) -> None:
    office.world.open_case("dana")

    assert "LANG-1" in words(office.types("alice", "today").card)
    elsewhere = words(office.types("charlie", "today").card)
    assert "There are no open cases" in elsewhere
    assert "LANG" not in elsewhere


def test_mine_lists_what_is_with_the_person_and_no_longer_once_it_is_closed(office: Office) -> None:
    case = office.world.open_case()
    assert "LANG-1" in words(office.types("sana", "mine").card)
    assert "LANG-1" not in words(office.types("alice", "mine").card)

    closing = office.dialog("sana", "close", case)
    office.submits("sana", closing, outcome="circumstances-known", note="")

    assert "You have no open cases" in words(office.types("sana", "mine").card)
    assert "LANG-1" not in words(office.types("alice", "today").card)


# -- A case and its owner ----------------------------------------------------------------------


def test_show_names_nobody_and_reveal_does_for_a_purpose(office: Office) -> None:
    case = office.world.open_case()

    shown = [office.types(name, "show LANG-1").dialog for name in ("alice", "bob")]
    shown.append(office.clicks("alice", "show", case=case).dialog)
    for dialog in shown:
        assert "No activity since" in words(dialog)
        for private in ("Dana", "Dvorak", "1001", "dana@"):
            assert private not in words(dialog)

    asked = office.dialog("alice", "reveal", case)
    opened = office.submits("alice", asked, purpose="prepare-contact", why="")
    assert "Dana Dvorak" in words(opened.dialog)
    assert "dana@students.example.ac.uk" in words(opened.dialog)
    assert "you need to be" in words(office.types("bob", "reveal LANG-1 prepare-contact").card)


def test_take_typed_answers_in_words_and_clicked_shows_on_the_card(office: Office) -> None:
    case = office.world.open_case()

    assert "LANG-1 is assigned to you." in words(office.types("alice", "take LANG-1").card)
    assert office.world.case(case).owner == office.world.staff("alice")

    version = office.world.case(case).version
    assert office.clicks("lena", "take", case=case, version=version) == Reply()
    office.works()
    assert "Lena Lead" in office.shown()


def test_take_of_ones_own_case_says_so(office: Office) -> None:
    office.world.open_case()
    assert "already belongs to you" in words(office.types("sana", "take LANG-1").card)


def test_assign_by_dialog_offers_those_who_may_and_gives_the_case(office: Office) -> None:
    case = office.world.open_case()

    dialog = office.dialog("sana", "assign", case)

    offered = words(dialog)
    assert "Alice Adviser" in offered
    for nobody in ("Bob Brown", "Charlie Clark"):
        assert nobody not in offered, "may not look after cases here"
    chosen = str(office.world.staff("alice"))
    assert office.submits("sana", dialog, colleague=chosen) == Reply()
    assert office.world.case(case).owner == office.world.staff("alice")


def test_assign_typed_takes_part_of_a_name_and_asks_where_several_match(office: Office) -> None:
    case = office.world.open_case()

    answer = words(office.types("sana", "assign LANG-1 alice").card)
    assert "LANG-1 is now assigned to Alice Adviser." in answer
    assert office.world.case(case).owner == office.world.staff("alice")

    which = words(office.types("sana", "assign LANG-1 a").card)
    assert "Alice Adviser" in which
    assert "Lena Lead" in which
    assert "Alice Adviser" in words(office.types("sana", "assign LANG-1 Nobody").card)
    assert office.world.case(case).owner == office.world.staff("alice")
    assert office.types("sana", "assign LANG-1").dialog, "without a name it asks for one"


def test_close_needs_an_outcome_and_is_final(office: Office) -> None:
    case = office.world.open_case()
    dialog = office.types("alice", "close LANG-1").dialog
    assert dialog

    asked = office.submits("alice", dialog, outcome="re-engaged", note=" She  is back ")
    assert asked.errors["outcome"].startswith(
        "1 reason is still active, and by the case no one has seen the student or heard from "
        "them. Close it as "
        "re-engaged anyway"
    )
    assert office.submits("alice", dialog, outcome="re-engaged", note=" She  is back ") == Reply()

    closed = office.world.case(case)
    assert (closed.status, closed.outcome) == (CaseStatus.CLOSED, Outcome.RE_ENGAGED)
    for line in ("close LANG-1", "view LANG-1", "log LANG-1", "take LANG-1", "draft LANG-1"):
        refused = words(office.types("alice", line).card)
        assert re.search("LANG-1 .*closed", refused), line
    office.works()
    assert "re-engaged" in office.shown()
    assert "She is back" not in office.shown(), "the note is for those who open the case"


# -- Colleagues' views and contacts ------------------------------------------------------------


def test_a_view_is_kept_with_its_author_and_moves_the_case(office: Office) -> None:
    case = office.world.open_case()
    dialog = office.types("bob", "view LANG-1").dialog
    assert dialog

    given = office.submits("bob", dialog, opinion="wait", reason="She was ill last week")

    assert given == Reply()
    (view,) = office.world.rows(views)
    assert (view["author_id"], view["opinion"]) == (office.world.staff("bob"), "wait")
    assert office.world.case(case).status is CaseStatus.DISCUSSING
    office.works()
    assert "She was ill last week" in office.shown()


def test_a_view_and_a_log_are_typed_in_one_line_and_no_word_is_lost(office: Office) -> None:
    case = office.world.open_case()

    line = "view LANG-1 Contact-now she was ill  last week"
    unread = office.types("bob", line).dialog
    assert unread, "the evidence comes first, above what was typed"
    assert "she was ill  last week" in words(unread)
    assert office.world.rows(views) == []
    said = words(office.types("bob", line).card)
    assert "LANG-1 has your view: contact now." in said
    (view,) = office.world.rows(views)
    assert (view["opinion"], view["reason"]) == ("contact-now", "she was ill last week")
    said = words(office.types("alice", 'log LANG-1 call she said: "I am fine"').card)
    assert "LANG-1 has a new log entry: call." in said
    assert office.world.rows(interventions)[0]["note"] == 'she said: "I am fine"'

    for line, answer in (
        ("view LANG-1 maybe she was ill", "contact-now, wait, not-appropriate, exemption"),
        ("view LANG-1 wait ill", "your reason in a few words"),
        ("log LANG-1 dance with her", "meeting, call, resource, referral, adjustment, note"),
    ):
        assert answer in words(office.types("bob" if "view" in line else "alice", line).card)
    assert len(office.world.rows(views)) == len(office.world.rows(interventions)) == 1
    assert office.types("bob", "view LANG-1 wait").dialog, "without a reason the form asks for it"
    assert office.world.case(case).status is CaseStatus.AGREED


def test_a_reference_alone_is_told_what_to_say_with_it(office: Office) -> None:
    assert "/lantern show LANG-1" in words(office.types("bob", "lang-1").card)


def test_a_log_is_kept_and_its_words_stay_out_of_the_channel(office: Office) -> None:
    case = office.world.open_case()

    office.submits("alice", office.dialog("alice", "log", case), kind="call", note="Rang Dana")

    (done,) = office.world.rows(interventions)
    assert (done["kind"], done["note"]) == ("call", "Rang Dana")
    office.works()
    assert "Alice Adviser logged a call" in office.shown()
    assert "Rang Dana" not in office.shown()
    assert "Rang Dana" in words(office.clicks("alice", "show", case=case).dialog)


OURS = {name: each for name, each in EXAMPLES.items() if not name.startswith("specimen")}


@pytest.mark.parametrize("name", OURS)
def test_everything_that_can_be_pressed_is_a_command_of_the_table(name: str) -> None:
    """A button whose name is no command would be answered with 'did you mean'."""
    shown = OURS[name]
    actions = [button.action for button in shown.buttons()]
    if isinstance(shown, Card):
        actions += [block.name for block in shown.blocks if isinstance(block, Select)]
    else:
        actions.append(shown.action)
    for action in actions:
        assert COMMANDS.find(action), action


def test_many_who_are_found_have_four_buttons_and_a_menu() -> None:
    found = tuple(FoundStudent(n, f"{n}", f"Sam {n}", "R100", n, f"LANG-{n}") for n in range(1, 11))
    (row,) = [each for each in found_card(Search(found, 0)).blocks if isinstance(each, Actions)]
    assert [len(row.buttons), len(row.more)] == [4, 6]


def test_a_dialog_never_starts_with_more_than_it_can_take_back(office: Office) -> None:
    case = office.world.open_case()
    office.world.give_view(case)
    for field in office.dialog("sana", "draft", case).fields():
        assert isinstance(field, Input)
        assert 0 < len(field.value) <= field.max_length
