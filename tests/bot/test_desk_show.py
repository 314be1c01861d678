"""show and reveal give the whole of a case, a page at a time, with nothing cut silently."""

from __future__ import annotations

import json

import pytest

from bot.cards.kit.fit import LEFT_OUT
from bot.cards.kit.model import Button, Dialog, Text
from bot.posting.channel_card import own_card
from bot.sandbox import renderer as sandbox
from bot.slack import renderer as slack
from bot.teams import renderer as teams
from store.actions.cases import discuss as discussion
from store.db import repository
from store.rules.cases.case import Actor
from store.rules.model import InterventionKind
from store.tables import audit, reveals
from tests.bot.expected import expected
from tests.bot.read_html import in_sandbox
from tests.bot.shown import flat, in_slack, in_teams
from tests.worker.office import Office, words

NOTES = 40
# The characters that take most room: four bytes, an escape, or a command for Teams.
HOSTILE = ('Rang her 😀😀 "\\" {{DATE(x)}} *<!here>* & ', "{" * 900, '"' * 900, "😀" * 900)


@pytest.fixture
def case(office: Office) -> int:
    return office.world.open_case()


def logs(office: Office, case: int, number: int = NOTES, words: str = "Rang her") -> None:
    for at in range(number):
        office.clock.forward(minutes=5)
        said = f"{words} <{at:02}>"
        discussion.log_intervention(
            office.world.store, office.world.by("alice"), case, InterventionKind.CALL, said
        )


def pages(office: Office, name: str = "alice") -> list[Dialog]:
    """Return every page of the first case, from the newest to the oldest, by the buttons."""
    found = [office.types(name, "show LANG-1").dialog]
    while found[-1] and (earlier := turns(found[-1]).get("Earlier")):
        found.append(office.clicks(name, earlier.action, **earlier.ids).dialog)
        assert len(found) < 100
    return [each for each in found if each]


def turns(dialog: Dialog) -> dict[str, Button]:
    return {one.label: one for one in dialog.buttons() if one.label in ("Earlier", "Later")}


def _actor(office: Office, name: str) -> Actor:
    with office.world.store.database.read() as connection:
        return repository.actor(connection, office.world.staff(name))


def test_what_is_done_in_the_window_is_said_there_and_the_case_is_shown_again(
    office: Office, case: int
) -> None:
    logs(office, case, 1)
    (shown,) = pages(office)
    take = next(each for each in shown.buttons() if each.action == "take")
    asks = office.clicks("alice", "take", **take.ids)
    assert asks.dialog is not None
    done = office.submits("alice", asks.dialog)
    assert done.dialog is not None
    assert done.dialog.kind == "show"
    assert "LANG-1 is assigned to you." in words(done.dialog)
    assert "take" not in {each.action for each in done.dialog.buttons()}, "it is hers now"


def test_a_form_opened_in_the_window_comes_back_to_it(office: Office, case: int) -> None:
    logs(office, case, 1)
    (shown,) = pages(office)
    log = next(each for each in shown.buttons() if each.action == "snooze")
    form = office.clicks("sana", "snooze", **log.ids).dialog
    assert form is not None
    back = office.submits("sana", form, until="in 3 days").dialog
    assert back is not None
    assert back.kind == "show"
    assert "Snoozed until" in words(back)


def test_a_short_case_is_one_page_with_all_of_a_persons_buttons(office: Office, case: int) -> None:
    logs(office, case, 3)

    (only,) = pages(office)

    assert turns(only) == {}
    own = own_card(office.world.store, _actor(office, "alice"), case)
    assert own is not None
    assert {each.action for each in only.buttons()} == {each.action for each in own.buttons()}
    said = words(only)
    assert said.index("No activity since") < said.index("<02>") < said.index("<00>"), "newest first"


def test_every_entry_stands_on_some_page_once_and_the_newest_comes_first(
    office: Office, case: int
) -> None:
    logs(office, case)

    found = pages(office)

    assert len(found) > 1
    everything = "".join(words(each) for each in found)
    seen = [everything.index(f"<{at:02}>") for at in reversed(range(NOTES))]
    assert seen == sorted(seen)
    for at in range(NOTES):
        assert everything.count(f"<{at:02}>") == 1
    first, last = found[0], found[-1]
    assert set(turns(first)) == {"Earlier"}
    assert set(turns(last)) == {"Later"}
    assert f"Page 1 of {len(found)}" in words(first)
    back = turns(last)["Later"]
    assert office.clicks("alice", back.action, **back.ids).dialog == found[-2]


def test_the_same_pages_open_by_what_is_typed(office: Office, case: int) -> None:
    logs(office, case)
    found = pages(office)

    assert office.types("alice", "show LANG-1 1").dialog == found[0]
    assert office.types("alice", "show LANG-1 2").dialog == found[1]
    assert office.types("alice", "show LANG-1 99").dialog == found[-1], "the last that there is"
    assert "/lantern show LANG-1 2" in words(found[0])


@pytest.mark.parametrize("page", ["0", "-1", "two", "2.5", "²", "999999999"])
def test_what_is_no_page_is_said_with_an_example(office: Office, page: str) -> None:
    office.world.open_case()
    said = words(office.types("alice", f"show LANG-1 {page}").card)
    assert "Which page? For example: /lantern show LANG-12 2" in said


@pytest.mark.parametrize("hostile", HOSTILE)
def test_each_page_is_whole_on_every_platform(office: Office, case: int, hostile: str) -> None:
    logs(office, case, 12, hostile * (1900 // len(hostile)))

    for page in pages(office):
        should = expected(page)
        view, task = slack.modal_view(page), teams.dialog(page)
        assert len(view["blocks"]) <= 100
        assert len(json.dumps(task, ensure_ascii=False).encode()) <= 28_000
        for shown in (in_slack(view), in_teams(task), in_sandbox(sandbox.dialog_html(page))):
            assert [text for text in should.texts if text not in shown.texts] == []
            assert LEFT_OUT.text not in shown.texts
            assert shown.targets == should.targets


def test_a_text_that_is_longer_than_the_rest_of_a_page_goes_on_on_the_next(
    office: Office, case: int
) -> None:
    long = " ".join(f"word{number}" for number in range(700))[:1980]
    for _ in range(3):
        logs(office, case, 1, long)

    assert len(pages(office)) == 2
    everything = flat(
        " ".join(
            block.text for page in pages(office) for block in page.blocks if isinstance(block, Text)
        )
    )

    assert everything.count(long.split()[-2]) == 3
    assert "…" not in everything


def test_a_page_is_looked_at_by_whoever_may_see_the_case_and_that_is_logged(
    office: Office, case: int
) -> None:
    logs(office, case)
    before = len(office.world.rows(audit, action="see"))

    office.clicks("bob", "show", case=case, page=2)
    refused = office.clicks("charlie", "show", case=case, page=2)

    assert len(office.world.rows(audit, action="see")) == before + 1
    assert refused.dialog is None
    assert "belongs to another school" in words(refused.card)
    assert "out of date" in words(office.clicks("alice", "show", case="x", page=2).card)
    assert "Which page" in words(office.clicks("alice", "show", case=case, page="-2").card)


def test_who_reads_on_with_the_name_is_asked_for_the_purpose_once(
    office: Office, case: int
) -> None:
    logs(office, case)
    asked = office.dialog("alice", "reveal", case)
    first = office.submits("alice", asked, purpose="prepare-contact", why="").dialog
    assert first
    assert "Dana Dvorak" in words(first)

    earlier = turns(first)["Earlier"]
    second = office.clicks("alice", earlier.action, **earlier.ids).dialog

    assert second
    assert second.kind == "show"
    assert office.types("alice", "reveal LANG-1 page 2").dialog == second
    assert len(office.world.rows(reveals)) == 1
    assert len(office.world.rows(audit, action="reveal")) == 3, "each look is in the access log"


def test_another_day_or_another_person_is_asked_anew(office: Office, case: int) -> None:
    logs(office, case)
    office.types("alice", "reveal LANG-1 prepare-contact")

    for name in ("lena", "sana"):
        asked = office.clicks(name, "reveal", case=case, page=2).dialog
        assert asked
        assert asked.kind == "reveal"
    office.clock.forward(hours=2)
    later = office.types("alice", "reveal LANG-1 page 2").dialog
    assert later
    assert later.kind == "reveal"
    assert "you need to be" in words(office.clicks("bob", "reveal", case=case, page=2).card)
