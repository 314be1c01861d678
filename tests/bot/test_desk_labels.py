"""Labels, diagnoses and remarks about a student are questioned wherever a colleague writes."""

import pytest
import sqlalchemy as sa

from store.actions.cases.log_attempt import log_attempt
from store.actions.students.record_message import record_message
from store.rules.errors import InvalidInput
from store.rules.model import AttemptResult, Rung
from store.rules.students.messages import Said, Saying
from store.tables import cases, interventions, views
from tests.bot.why_lines import LINES, MORE_LINES, office
from tests.people import LANGUAGES, policy_document
from tests.worker.office import Office, words

__all__ = ["office"]


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
    """§14: a threat in Spanish passed the checks, which know only English and Welsh."""
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
ELSEWHERE = {"stop-mail", "traces"}
"""``stop-mail`` is not about a student; ``traces`` is tested below, after the whole ladder."""


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
    """§17: a visa, money or faith is not evidence. One function asks in every place."""
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
