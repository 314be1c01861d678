"""Every field that asks a colleague for a reason refuses an answer of symbols alone."""

import pytest

from bot.cards.kit.model import Dialog, Input
from bot.posting.card_words import words_on_card
from store.actions.outreach import stop_mail as stops
from store.actions.students.record_message import record_message
from store.rules.errors import InvalidInput
from store.rules.students.messages import Said, Saying
from store.rules.text.reasons import LEAST_WORDS, words_in
from store.tables import flags, sayings, views
from tests.bot.cards.examples import EXAMPLES
from tests.bot.why_lines import LINES, office
from tests.people import finding
from tests.worker.office import Office, words

__all__ = ["office"]

ASKS_WHY = {"why", "reason", "purpose", "summary", "resolution", "review"}
EMPTY = ("👍 👍 👍", ". . . . .", ":+1: :tada: :wave:", "fine fine fine")
OWN_TESTS = {
    "hold": "test_holds_in_chat",
    "erase": "test_erasure_commands",
    "mark-harm": "test_data_requests",
    "requests": "test_data_requests",
}


def test_every_form_that_asks_why_is_walked() -> None:
    asking = {
        made.action
        for made in EXAMPLES.values()
        if isinstance(made, Dialog)
        and not made.kind.startswith("specimen")
        and any(isinstance(each, Input) and each.name in ASKS_WHY for each in made.fields())
    }
    assert asking == LINES.keys() | OWN_TESTS.keys()


@pytest.mark.parametrize("command", LINES)
def test_symbols_and_one_word_said_thrice_are_no_reason(office: Office, command: str) -> None:
    who, line = LINES[command]
    before = office.world.dump()
    for empty in EMPTY:
        said = words(office.types(who, line.format(empty)).card)
        assert "in a few words: at least 3 different ones" in said, (line, empty, said)
    after = office.world.dump()
    assert {name for name in after if after[name] != before[name]} <= {"audit", "audit_head"}


@pytest.mark.parametrize("empty", EMPTY)
def test_the_command_line_asks_for_words_too(office: Office, empty: str) -> None:
    with pytest.raises(InvalidInput, match="in a few words"):
        stops.stop_from_outside(office.world.store, empty)


def test_the_cards_own_text_is_no_view(office: Office) -> None:
    office.types("bob", "show LANG-1")
    (reason,) = {row["reason_staff"] for row in office.world.rows(flags) if row["case_id"] == 1}
    said = words(office.types("bob", f"view LANG-1 wait {reason}").card)
    assert "in your own words" in said
    assert office.world.rows(views) == []


def test_whatever_else_the_card_says_is_no_view(office: Office) -> None:
    office.types("bob", "show LANG-1")
    with office.world.store.database.read() as connection:
        limits = office.world.store.limits
        shown = words_on_card(connection, 1, office.world.store.now(), limits)
    pasted = [text for text in shown if len(words_in(text)) >= LEAST_WORDS]
    assert len(pasted) > 5, shown
    for text in pasted:
        said = words(office.types("bob", f"view LANG-1 wait {text}").card)
        assert "in your own words" in said, text
    assert office.world.rows(views) == []


def test_what_a_colleague_typed_may_be_true_once_more(office: Office) -> None:
    why = "waiting for a note from her doctor"
    assert "is paused" in words(office.types("alice", f"pause LANG-1 friday {why}").card)
    assert "is paused" in words(office.types("alice", f"pause LANG-1 in 2 weeks {why}").card)


def test_another_colleagues_words_are_no_view_of_ones_own(office: Office) -> None:
    office.world.give_view(1, "bob")
    (given,) = office.world.rows(views)
    office.types("lena", "show LANG-1")
    said = words(office.types("lena", f"view LANG-1 wait {given['reason']}").card)
    assert "in your own words" in said
    assert len(office.world.rows(views)) == 1


def test_evidence_that_came_later_is_read_first(office: Office) -> None:
    office.types("bob", "show LANG-1")
    office.world.clock.forward(hours=1)
    found = finding(office.world.student("dana"), "essay 2")
    office.world.screen(finding(office.world.student("dana")), found)
    line = "view LANG-1 wait she was ill last week"
    assert office.types("bob", line).dialog, "the form shows the new evidence"
    assert office.world.rows(views) == []
    assert "has your view" in words(office.types("bob", line).card)


def test_a_form_keeps_what_was_typed_while_it_asks(office: Office) -> None:
    dialog = office.dialog("bob", "view", 1)
    said = {"opinion": "wait", "reason": "She is a vulnerable student"}
    asked = office.submits("bob", dialog, **said)
    assert "“vulnerable” in line 1" in asked.errors["reason"]
    assert office.submits("bob", dialog, **said).errors == {}
    assert len(office.world.rows(views)) == 1


def test_one_reason_pasted_on_many_cases_is_shown_to_the_lead(office: Office) -> None:
    office.has_approved_mails(3)
    week = words(office.types("lena", "digest week").card)
    assert "Bob Brown gave the same reason, word for word, on 3 cases: LANG-" in week


def test_an_answer_to_a_student_threatens_and_demands_as_little_as_an_email(
    office: Office,
) -> None:
    store, dana = office.world.store, office.world.student("dana")
    record_message(store, Said(dana, Saying.WRONG, "I was in hospital"), "s-1")
    said = words(
        office.types("alice", "said LANG-1 you must come by Friday or lose your place").card
    )
    assert "“you must" in said.casefold() or "“must”" in said
    assert office.world.rows(sayings)[0]["answered_at"] is None
    assert "answered" in words(office.types("alice", "said LANG-1 thank you, it is put right").card)
