"""Wherever a colleague is asked why, symbols are no answer: one walk past every such field."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.cards.kit.model import Dialog, Input
from bot.posting.card_words import words_on_card
from store.actions.cases import use_welfare_route as emergency
from store.actions.cases.log_attempt import log_attempt
from store.actions.outreach import stop_mail as stops
from store.actions.students.record_message import record_message
from store.rules.errors import InvalidInput
from store.rules.model import AttemptResult, Rung
from store.rules.students.messages import Said, Saying
from store.rules.text.reasons import LEAST_WORDS, words_in
from store.tables import cases, flags, interventions, sayings, views
from tests.bot.cards.examples import EXAMPLES
from tests.people import LANGUAGES, MATHEMATICS, finding, policy_document
from tests.worker.office import Office, office_in, words

ASKS_WHY = {"why", "reason", "purpose", "summary", "resolution", "review"}
EMPTY = ("👍 👍 👍", ". . . . .", ":+1: :tada: :wave:", "fine fine fine")

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
OWN_TESTS = {"hold": "test_holds_in_chat", "erase": "test_erasure_commands"}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Dana has a case with a draft and a use of the welfare route; Mira has one elsewhere."""
    with office_in(tmp_path) as made:
        world = made.world
        world.publish(policy_document(LANGUAGES))
        case = world.open_case()
        world.screen(finding(world.student("mira")), school=MATHEMATICS)
        world.write_draft(case)
        why = "She sounded unsafe on the phone"
        emergency.use_welfare_route(world.store, world.by("alice"), case, why)
        yield made


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


@pytest.mark.parametrize(
    ("who", "line", "table", "column"),
    [
        ("bob", "note LANG-1 he is lazy I think", interventions, "note"),
        ("bob", "view LANG-1 wait he is a weak student", views, "reason"),
        ("alice", "log LANG-1 call an at-risk boy", interventions, "note"),
    ],
)
def test_a_label_is_asked_about_once_and_kept_the_second_time(
    office: Office, who: str, line: str, table: sa.Table, column: str
) -> None:
    office.types(who, "show LANG-1")
    said = words(office.types(who, line).card)
    assert "The student may read this one day" in said
    assert "Keep it?" in said
    assert office.world.rows(table) == []
    office.types(who, line)
    (kept,) = office.world.rows(table)
    assert line.endswith(kept[column])


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


DIAGNOSIS = "I think she is suffering from depression"


@pytest.mark.parametrize(
    ("who", "line"),
    [
        ("bob", f"note LANG-1 {DIAGNOSIS}"),
        ("bob", f"view LANG-1 wait {DIAGNOSIS}"),
        ("alice", f"log LANG-1 call {DIAGNOSIS}"),
        ("alice", f"pause LANG-1 in 2 days {DIAGNOSIS}"),
        ("lena", f"attempt LANG-1 phone no-answer {DIAGNOSIS}"),
        ("lena", f"close LANG-1 circumstances-known {DIAGNOSIS}"),
        ("alice", f"exempt LANG-1 placement in 8 weeks {DIAGNOSIS}"),
    ],
)
def test_a_diagnosis_is_asked_about_wherever_a_label_is(
    office: Office, who: str, line: str
) -> None:
    """§25: colleagues signpost, and never diagnose."""
    office.types(who, "show LANG-1")
    before = office.world.rows(cases), office.world.rows(interventions), office.world.rows(views)
    assert "Keep it?" in words(office.types(who, line).card)
    after = office.world.rows(cases), office.world.rows(interventions), office.world.rows(views)
    assert before == after
    assert "Keep it?" not in words(office.types(who, line).card)


def test_a_diagnosis_in_an_email_is_asked_about_before_it_is_kept(office: Office) -> None:
    dialog = office.dialog("alice", "draft", 1)
    before = office.world.draft(1).body
    body = "Hello Dana,\n\nYou may be suffering from depression. Shall we talk?"
    said = {"subject": "How are you?", "body": body}
    asked = office.submits("alice", dialog, **said).errors["body"]
    assert "“suffering from depression” in line 3" in asked
    assert "name a service that can help instead" in asked
    assert office.world.draft(1).body == before
    assert office.submits("alice", dialog, **said).errors == {}
    assert office.world.draft(1).body == body


def test_what_no_check_of_words_can_read_is_asked_about_and_shown_to_the_approver(
    office: Office,
) -> None:
    """§14: a threat in Spanish passed, since only English and Welsh are known."""
    foreign = "Le recomendamos venir; de lo contrario podría perder su plaza."
    said = {"subject": "How are you?", "body": f"Hello Dana,\n\nHow are things?\n\n{foreign}"}
    dialog = office.dialog("alice", "draft", 1)
    asked = office.submits("alice", dialog, **said).errors["body"]
    assert "“Le recomendamos venir;”" in asked
    assert "English and Welsh" in asked
    assert office.submits("alice", dialog, **said).errors == {}
    office.types("bob", "show LANG-1")
    office.types("bob", "view LANG-1 contact-now her landlord has sold the house last week")
    office.types("lena", "show LANG-1")
    answer = office.types("lena", "approve LANG-1")
    assert answer.dialog is not None, words(answer.card)
    shown = words(answer.dialog)
    assert "Read these sentences with a colleague" in shown
    assert "“de lo contrario podría perder su plaza.”" in shown


REMARK = "overseas, she is only here for the visa"
# Every other command with words about a student, beside those of LINES.
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
ELSEWHERE = {"stop-mail", "traces"}
"""Not about a student; and tried below, since the ladder has to be over first."""


def _asks_once(office: Office, who: str, line: str) -> None:
    office.types(who, "show LANG-1")
    before = office.world.dump()
    said = words(office.types(who, line).card)
    assert "“overseas,” in line 1, “visa” in line 1" in said, (line, said)
    assert "Keep it?" in said
    after = office.world.dump()
    changed = {name for name in after if after[name] != before[name]}
    assert changed <= {"audit", "audit_head", "interactions"}, (line, changed)
    assert "Keep it?" not in str(office.types(who, line)), line


@pytest.mark.parametrize("command", [*LINES, *MORE_LINES])
def test_a_remark_is_asked_about_wherever_a_colleague_writes_of_a_student(
    office: Office, command: str
) -> None:
    """§17: her visa, her money, her faith are no evidence. One function asks in every place."""
    if command in ELSEWHERE:
        return
    world = office.world
    service = (
        '\n[[services]]\nkey = "help"\nname = "Help"\nhelps_with = "money"\ncontact = "a@b.uk"'
    )
    world.publish(policy_document(LANGUAGES) + service)
    if command == "said":
        record_message(world.store, Said(world.student("dana"), Saying.WRONG, "I was ill"), "s-9")
    if command == "resolve":
        office.types("alice", "complaint LANG-1 nobody the student says the email was too early")
    who, line = {**LINES, **MORE_LINES}[command]
    _asks_once(office, who, line.format(REMARK))


def test_a_remark_is_asked_about_where_traces_are_looked_at(office: Office) -> None:
    world = office.world
    with pytest.raises(InvalidInput, match="Keep it") as asked:
        log_attempt(
            world.store,
            world.by("alice"),
            1,
            Rung.DIGITAL_TRACES,
            AttemptResult.NOTHING_SEEN,
            REMARK,
            looked_at="logins",
        )
    assert asked.value.field == "purpose"
