"""Letters are checked with the school's real mailbox, name and services filled in (§15)."""

import pytest
import sqlalchemy as sa

from store.actions.outreach import write_draft
from store.policies.document import PolicyProblems, load, parse
from store.policies.versions import publish
from store.rules.errors import InvalidInput
from store.rules.model import OutreachStatus
from store.rules.text.tone.check import labelling_words
from store.tables import cases, policies, students
from store.tables import outreach as mails
from tests.people import LANGUAGES, SUBJECT, finding, policy_document
from tests.world import World

MAILBOXES = ("lang-support@example.ac.uk", "student-wellbeing@example.ac.uk", "must@example.ac.uk")
SERVICE = (
    '\n[[services]]\nkey = "help"\nname = "Support for poor students"\n{}\ncontact = "a@b.uk"\n'
)


def document(mailbox: str = "lang@example.ac.uk", more: str = "") -> str:
    return policy_document(LANGUAGES).replace("lang@example.ac.uk", mailbox) + more


@pytest.mark.parametrize("mailbox", MAILBOXES)
def test_a_mailboxs_name_is_data_in_every_letter_of_the_way(world: World, mailbox: str) -> None:
    text = document(mailbox)
    assert mailbox in text
    parse(text, "policy.toml")
    publish(world.store, text, "policy.toml", actor="system:test")
    case = world.open_case()
    world.approved_mail(case)
    world.send()
    world.clock.forward(days=8)
    personal = write_draft.compose(world.store, world.by("sana"), case)
    assert mailbox in personal.body
    assert personal.recipient.endswith("example.com") or personal.recipient
    write_draft.save_draft(world.store, world.by("sana"), case, personal.subject, personal.body)


def test_what_a_service_helps_with_stands_in_letters_and_is_checked_with_them() -> None:
    parse(document(more=SERVICE.format('helps_with = "money and housing"')), "policy.toml")
    with pytest.raises(
        PolicyProblems, match=r"services\[1\]\.helps_with .*“poor attendance”|“poor”"
    ):
        parse(document(more=SERVICE.format('helps_with = "poor attendance"')), "policy.toml")


def test_a_version_published_under_older_checks_still_loads(world: World) -> None:
    text = document(more=SERVICE.format('helps_with = "poor attendance"'))
    assert load(text, "policy.toml").services[0].helps_with == "poor attendance"
    with world.store.unit_of_work() as work:
        work.connection.execute(sa.update(policies).values(document=text, document_hash="older"))
    case = world.open_case()
    world.write_draft(case)


def test_a_reason_is_not_repeated_to_a_personal_address(world: World) -> None:
    case = world.open_case()
    world.approved_mail(case)
    world.send()
    world.clock.forward(days=8)
    body = "Hello Dana,\n\nWe have not seen you since Monday 6 October."
    with pytest.raises(InvalidInput, match="may be read by others"):
        write_draft.save_draft(world.store, world.by("sana"), case, SUBJECT, body)


def test_what_was_kept_under_older_checks_is_checked_again_when_it_is_approved(
    world: World,
) -> None:
    case = world.open_case()
    world.give_view(case)
    world.write_draft(case)
    with world.store.unit_of_work() as work:
        work.connection.execute(
            sa.update(mails).values(body="Hello Dana, reply by Friday or else.")
        )
    with pytest.raises(InvalidInput, match="or else"):
        world.approve(case)
    assert world.rows(mails)[0]["status"] == OutreachStatus.DRAFT


def test_what_lantern_prepares_passes_the_same_check(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(
        "store.actions.outreach.draft_follow_up.check_as_sent",
        lambda *given: asked.append(given[-2:]),
    )
    case = world.open_case()
    world.approved_mail(case)
    world.send()
    for _ in range(8):
        world.clock.forward(days=1)
        world.follow_up(LANGUAGES)
    prepared = [row for row in world.rows(mails) if row["prepared"]]
    assert [(row["subject"], row["body"]) for row in prepared] == asked
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("language", "more"),
    [("en", "There are 5 more like these."), ("cy", "Mae 5 arall fel y rhain.")],
)
def test_many_reasons_do_not_read_like_a_charge(world: World, language: str, more: str) -> None:
    dana = world.student("dana")
    missed = [
        finding(dana, f"essay {n}", rule="missed-submission", reason_student=f"Essay {n} was due.")
        for n in range(8)
    ]
    world.screen(*missed)
    world.clock.forward(days=1)
    world.screen(*missed, finding(dana))
    with world.store.unit_of_work() as work:
        work.connection.execute(sa.update(students).values(language=language))
    (case,) = (row["id"] for row in world.rows(cases))
    world.give_view(case)

    body = write_draft.compose(world.store, world.by("sana"), case).body

    reasons = [line for line in body.splitlines() if line.startswith("- ")][:5]
    assert "since Monday 6 October" in reasons[0]
    assert all("Essay" in line for line in reasons[1:4])
    assert more in reasons[4]
    assert labelling_words(body) == [], "Lantern's own words pass its own check"
