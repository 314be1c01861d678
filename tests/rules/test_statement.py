"""The statement of a policy to students is complete, easy to read and free of labels."""

from dataclasses import replace

import pytest
import textstat

from store.policies.document import parse
from store.rules.flag_rules import RULES
from store.rules.policies.policy import SchoolPolicy
from store.rules.policies.statement import CHECKED, statement
from store.rules.policies.statement_formats import html, markdown
from store.rules.policies.statement_sections import Section, Statement, Ways
from store.rules.text.tone.check import labelling_words
from tests.rules.test_sentences import EASY
from tests.store.policy_example import DOCUMENT

WAYS = Ways(own_page=True, teams=True, compares_groups=True)
MORE = """
[[overrides]]
level = "foundation"
off = ["attendance"]
[overrides.rules.inactivity]
days = 5

[[overrides]]
module = "FR101"
[overrides.rules.attendance]
below_share = 0.75

[[services]]
key = "wellbeing"
name = "Wellbeing Service"
helps_with = "when things get too much"
contact = "wellbeing@example.ac.uk"

[duty]
complaint_days = 12
"""
SWIPES = """
[[ladder]]
rung = "digital-traces"
wait_days = 2

[traces]
swipes = ["library-gates", "building-access"]
keep_days = 14
"""


@pytest.fixture
def policy() -> SchoolPolicy:
    return parse(DOCUMENT + MORE, "language.toml")


@pytest.fixture
def made(policy: SchoolPolicy) -> Statement:
    return statement(policy, "School of <Languages>", 3, WAYS)


def test_it_says_everything_that_students_need(made: Statement) -> None:
    text = markdown(made)
    for said in (
        "# Taking part in your studies: School of <Languages>",
        "- The online learning space, from moodle",
        "- Attendance, from registers and card-readers",
        "at least once in any 10 days of term",
        "come to all of your sessions over four weeks",
        "At least 2 other people say whether we should get in touch",
        "Then a person writes to you",
        "back on track for 10 days",
        "- An email to your university address. Then we wait 3 working days.",
        "- A phone call. Then we wait 2 working days.",
        "We are closed for: Winter closure (22 December to 2 January).",
        "It is the student support officer of your own school.",
        "We do not write between 17:30 and 08:30",
        "You may see what we keep about you. The emails that we send you have a link to your own",
        "You will hear from us within 12 working days.",
        "- Wellbeing Service: when things get too much. wellbeing@example.ac.uk",
        "Version 3, in force from 1 September 2025. Agreed by Alice Adviser, engagement lead.",
        "You can find it here: student handbook and module pages.",
    ):
        assert said in text


def test_a_roles_key_is_said_in_words(policy: SchoolPolicy) -> None:
    agreed = replace(policy.approval, approved_by="engagement-lead")
    text = markdown(statement(replace(policy, approval=agreed), "School", 3, WAYS))
    assert "Agreed by the engagement lead." in text


def test_what_is_otherwise_for_a_level_or_a_module_stands_apart(made: Statement) -> None:
    by_heading = {section.heading: section for section in made.sections}
    foundation = by_heading["If you study at foundation level"]
    assert foundation.paragraphs == ("Here we do not check attendance over several weeks.",)
    assert len(foundation.points) == 1
    assert "any 5 days" in foundation.points[0]
    assert "at least 75%" in by_heading["On FR101"].points[0]


def test_a_page_shows_the_same_and_takes_no_markup_from_names(made: Statement) -> None:
    page = html(made)
    assert "School of &lt;Languages&gt;" in page
    assert "<Languages>" not in page
    for sentence in made.sentences():
        assert sentence.replace("'", "&#x27;") in page


def test_a_draft_has_no_number(policy: SchoolPolicy) -> None:
    assert "A draft, in force from" in markdown(statement(policy, "Languages", None, WAYS))


def test_every_sentence_is_easy_to_read_and_labels_nobody(made: Statement) -> None:
    *sections, version = made.sections
    for section in sections:
        assert labelling_words(section.heading) == []
        whole = " ".join((*section.paragraphs, *section.points))
        assert labelling_words(whole) == []
        if section.paragraphs:
            said = " ".join(section.paragraphs)
            assert textstat.textstat.flesch_reading_ease(said) >= EASY, said
    assert version.heading == "This statement"


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_that_is_switched_on_is_in_it(policy: SchoolPolicy, rule: type) -> None:
    from dataclasses import replace

    made = statement(replace(policy, rules=(rule(),), overrides=()), "Languages", 1, WAYS)
    assert rule().expectation() in markdown(made)


def test_card_swipes_are_told_of_where_they_may_be_looked_at_and_nowhere_else(
    made: Statement,
) -> None:
    text = markdown(statement(parse(DOCUMENT + SWIPES, "language.toml"), "School", 3, WAYS))

    assert "your card was used (library-gates and building-access)" in text
    assert "They must first write down why." in text
    assert "We keep it for 14 days, and it never raises a flag." in text
    assert "your card" not in markdown(made)


def test_it_says_where_students_sign_in(policy: SchoolPolicy) -> None:
    page = "https://lantern.example/me"
    shown, hidden = (
        markdown(statement(policy, "Languages", 1, Ways(own_page=own, sign_in=page)))
        for own in (True, False)
    )
    assert f"You can sign in to it at {page}." in shown
    assert page not in hidden


@pytest.mark.parametrize("compares", [True, False])
def test_groups_are_spoken_of_where_they_are_compared(policy: SchoolPolicy, compares: bool) -> None:
    text = markdown(statement(policy, "Languages", 1, Ways(compares_groups=compares)))
    assert ("we compare groups of students" in text) is compares


def test_without_closures_none_is_named(policy: SchoolPolicy) -> None:
    for calendar, end in (
        (policy.calendar, " We are closed for: Winter closure (22 December to 2 January)."),
        (replace(policy.calendar, closures=()), ""),
    ):
        made = statement(replace(policy, calendar=calendar), "Languages", 1, Ways())
        said = f"Please tell us early, so that we know.{end}"
        assert any(each.endswith(said) for each in made.sentences())


def test_a_statement_is_written_for_a_handbook_and_for_a_page() -> None:
    made = Statement(
        "Your <page>",
        (Section("What", ("One & all.", "Two.")), Section("Who", (), ("Alice", "Bob"))),
    )
    assert markdown(made) == (
        "# Your <page>\n\n## What\n\nOne & all.\n\nTwo.\n\n## Who\n\n- Alice\n- Bob\n"
    )
    assert (
        "<body>\n<h1>Your &lt;page&gt;</h1>\n<h2>What</h2>\n<p>One &amp; all.</p>\n<p>Two.</p>\n"
        "<h2>Who</h2>\n<ul><li>Alice</li><li>Bob</li></ul>\n</body>"
    ) in html(made)


@pytest.mark.parametrize("own_page", [True, False])
@pytest.mark.parametrize("teams", [True, False])
def test_only_ways_that_there_are_is_promised(
    policy: SchoolPolicy, own_page: bool, teams: bool
) -> None:
    text = markdown(statement(policy, "Languages", 1, Ways(own_page=own_page, teams=teams)))
    assert ("own page" in text) is own_page
    assert ("Teams" in text) is teams
    assert "data protection officer" not in text
    assert "You can write to" in text


def test_without_a_mailbox_the_office_is_named(policy: SchoolPolicy) -> None:
    silent = replace(policy, outreach=replace(policy.outreach, mailbox=""))
    text = markdown(statement(silent, "Languages", 1, Ways()))
    assert "You can ask at your school office." in text
    assert "write to" not in text.replace("write to you", "").replace("writing to you", "")


def test_every_rule_can_be_left_out_in_words() -> None:
    assert {rule.NAME for rule in RULES} == set(CHECKED)
    for words in CHECKED.values():
        assert "-" not in words
        assert labelling_words(f"Here we do not check {words}.") == []


def test_how_to_see_what_is_kept_speaks_of_the_record(made: Statement) -> None:
    text = " ".join(
        each for section in made.sections for each in (section.heading, *section.paragraphs)
    )
    assert "Your record says what was seen, where it came from and how recent it is." in text
    assert "It says what was seen" not in text
