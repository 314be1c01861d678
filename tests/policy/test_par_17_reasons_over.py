"""§17 and §3: a reason ends under its own name; then the case needs no contact, only closing.

Every list agrees, and no email is sent without a reason.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.policy.acts import VIEW, corrects_register, emailed
from tests.policy.colleague import Person
from tests.policy.document import TOLD, policy
from tests.policy.people import GLAS, SILENT, Habit, write_rows
from tests.policy.school import School

OTHER_RULES = "[rules.missed-submission]\ngrace_days = 7\n"


def _comes_back(school: School) -> None:
    school.changes(SILENT, Habit())
    for day in ("2026-11-24", "2026-11-30", "2026-12-07", "2026-12-14", "2026-12-16"):
        school.morning(day)


def _is_corrected(school: School) -> None:
    corrects_register(school, SILENT)
    school.morning("2026-11-24")


def _is_exempted(school: School) -> None:
    school.person("bob").fills(
        f"exempt {school.case_of(SILENT)}", kind="placement", last="2027-01-29",
        reason="She is on a placement abroad until January",
    )  # fmt: skip
    school.morning("2026-11-24")


def _rules_are_off(school: School) -> None:
    file = school.home / "fewer.toml"
    file.write_text(policy(GLAS, effective="2026-11-24", rules=OTHER_RULES), encoding="utf-8")
    assert school.lantern("policy", "publish", file, *TOLD).code == 0
    school.morning("2026-11-24")


def _leaves(school: School) -> None:
    folder = school.home / "left"
    rows = [(SILENT.number, module, "2026-10-05", "2026-11-22") for module in SILENT.modules]
    write_rows(folder / "enrolments.csv", ("number", "module", "starts", "ends"), rows)
    done = school.lantern("ingest", "roster", folder)
    assert done.code == 0, done.text
    school.morning("2026-11-24")


ENDS: dict[str, tuple[Callable[[School], None], str, str]] = {
    "back": (_comes_back, "back: sustained", "Reasons ended"),
    "corrected": (_is_corrected, "later data corrected it", "Reasons ended"),
    "exempt": (_is_exempted, "the student is exempt", "Exempt: placement"),
    "rule off": (_rules_are_off, "the school no longer uses this rule", "Reasons ended"),
    "left": (_leaves, "enrolment ended", "Reasons ended"),
}
"""How reasons end → the story step that causes it, its name, and the status of the case."""


@pytest.mark.parametrize("how", ENDS)
def test_a_case_without_a_reason_asks_for_its_closing_alone(school: School, how: str) -> None:
    """A view was given and an email drafted; then every reason ends."""
    brings_about, name, state = ENDS[how]
    reference = school.case_of(SILENT)
    alice, bob, dora, edgar = school.people("alice", "bob", "dora", "edgar")
    owner = next(each for each in (bob, school.person("otto")) if reference in _mine(each))
    dora.views(reference, VIEW)
    alice.drafts(reference)
    brings_about(school)

    card = alice.card(reference)
    assert card.heading == f"{reference} · {state}", card.heading
    assert f"Every reason has ended: {name}" in card.text, card.text
    assert "close" in card.buttons, card.buttons
    assert card.primary in ("close", ""), card.primary
    for where, text in {
        "card": card.text,
        "opened": edgar.looks_at(reference),
        "mine": _mine(owner),
        "digest": _newest_digest(owner),
        "today": edgar.types("today").text,
        "cases": edgar.types("cases").text,
    }.items():
        line = _about(text, reference)
        for asks in ("view by", "needs 1 view", "Needs your view", "to approve", "not approved"):
            assert asks not in line, f"{where}: {line}"
    assert reference not in edgar.types("queue").text

    refused = bob.types(f"approve {reference}")
    assert not refused.can_be_sent
    again = alice.types(f"draft {reference}")
    assert not again.can_be_sent
    if how != "exempt":
        assert name in refused.text, refused.text
        assert name in again.text, again.text
        assert (
            f"Every reason for {reference} has ended, so your draft is returned" in alice.direct()
        )

    assert not bob.fills(f"close {reference}", outcome="circumstances-known").is_refused
    assert "Closed" in alice.card(reference).heading
    assert not school.emails(SILENT)


def _mine(person: Person) -> str:
    return person.types("mine").text


def _newest_digest(person: Person) -> str:
    messages = person.direct().split("Lantern App")
    return next(each for each in reversed(messages) if "with you" in each)


def _about(text: str, reference: str) -> str:
    """Return the part of a text about one case: up to the next one."""
    _, found, rest = text.partition(f"{reference} ")
    return (rest if found else "").split(f"{GLAS}-")[0]


@pytest.mark.parametrize("how", ["corrected", "rule off"])
def test_no_follow_up_comes_after_an_email_whose_reasons_are_over(school: School, how: str) -> None:
    reference = school.case_of(SILENT)
    emailed(school, SILENT)
    ENDS[how][0](school)
    # The mornings on which a follow-up would be prepared, Friday and later, and one after it.
    for day in ("2026-11-25", "2026-11-27", "2026-11-30", "2026-12-04"):
        school.morning(day)
        card = school.person("alice").card(reference)
        assert card.heading == f"{reference} · Reasons ended", card.heading
        assert "contact step" not in card.text
    assert "not answered in the agreed time" not in school.person("bob").direct()
    assert len(school.emails(SILENT)) == 1


def test_a_welfare_concern_does_not_end_with_the_reasons(school: School) -> None:
    reference = school.case_of(SILENT)
    bob = school.person("bob")
    bob.fills(f"welfare {reference}", why="her flatmate rang and is afraid for her safety")
    _rules_are_off(school)
    assert "Reasons ended" not in school.person("alice").card(reference).heading
    assert bob.types(f"draft-welfare {reference}").can_be_sent
