"""A card's chart in Slack is a picture that Slack holds for Lantern, deleted with the card."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from bot.cards.kit.model import Chart
from bot.posting import chart_pictures
from bot.slack.manifest import SCOPES
from integrations.chat.slack.workspace import SlackWorkspace
from store.delivery import outbox, pictures
from store.rules.model import OutboxKind
from store.tables import cases, remnants, troubles
from store.tables import outbox as rows
from tests.bot.slack.campus import LANG, SlackCampus
from tests.fakes.slack.records import SlackFile
from tests.worker.erasures import erase, joins
from worker.jobs.cases import hand_over_pictures
from worker.jobs.sweep import sweep

WEEKS = (5, 4, None, 2, 0, 0)
IN_WORDS = "Sessions attended: 5, 4, no sessions, 2, 0, 0. Class median: 5, 5, none, 4, 4, 5."


def has_attended(campus: SlackCampus, case: int, *weeks: int | None) -> None:
    """Store these sessions attended of the case's student, and show the card."""
    chart = {"sessions": weeks, "measured": [5] * len(weeks), "of": [5] * len(weeks)}
    chart["median"] = [5, 5, None, 4, 4, 5]
    world = campus.office.world
    with world.store.unit_of_work() as work:
        this = sa.update(cases).where(cases.c.id == case)
        work.connection.execute(this.values(weeks=[chart, *[0] * len(weeks)]))
        key = f"card:{case}:test:{weeks}"
        outbox.put(work, OutboxKind.CARD, key, school=world.school("LANG"), case=case)
    campus.office.works()


def with_a_chart(campus: SlackCampus) -> int:
    case = campus.office.world.open_case()
    has_attended(campus, case, *WEEKS)
    return case


def works_on(campus: SlackCampus, minutes: int = 3) -> None:
    """Run the sweeper and the worker for some minutes."""
    for _ in range(minutes):
        campus.office.clock.forward(minutes=1)
        sweep(campus.office.services)
        campus.office.works()


def pictures_shown(campus: SlackCampus) -> list[dict[str, Any]]:
    """Return the image blocks of the newest card."""
    return [block for block in campus.card().body["blocks"] if block["type"] == "image"]


def shows_characters(campus: SlackCampus) -> bool:
    return "rich_text_preformatted" in json.dumps(campus.card().body)


def held(campus: SlackCampus) -> list[SlackFile]:
    return campus.slack.held_files()


def test_the_picture_follows_its_card_and_goes_with_it(campus: SlackCampus) -> None:
    case = with_a_chart(campus)
    assert shows_characters(campus), "the card is there at once"
    assert pictures_shown(campus) == []
    works_on(campus)

    (shown,), (file,) = pictures_shown(campus), held(campus)
    assert shown["slack_file"] == {"id": file.id}
    assert shown["alt_text"] == f"Sessions attended by week. {IN_WORDS}"
    assert IN_WORDS in str(campus.card().body["blocks"]), "and in words below it"
    assert not shows_characters(campus)
    assert file.content.startswith(b"\x89PNG")
    assert b"LANG" not in file.content

    campus.types("alice", "take LANG-1")
    works_on(campus)
    assert "Alice" in str(campus.card().body)
    assert held(campus) == [file], "a click uploads nothing"
    assert pictures_shown(campus) == [shown]

    has_attended(campus, case, *WEEKS[1:], 3)
    assert shows_characters(campus), "until the new picture is there"
    works_on(campus)
    (newer,) = held(campus)
    assert newer != file, "the old one is deleted"
    assert pictures_shown(campus)[0]["slack_file"] == {"id": newer.id}

    campus.types("alice", "close LANG-1")
    campus.submits("alice", campus.window(), outcome="circumstances-known", note="Settled")
    works_on(campus)
    assert pictures_shown(campus) == []
    assert held(campus) == [], "a closed card has no chart"
    assert campus.office.world.rows(troubles) == []
    assert campus.slack.problems == []


def test_an_erased_students_picture_is_deleted(campus: SlackCampus) -> None:
    joins(campus.office, "priya", "LANG")
    with_a_chart(campus)
    works_on(campus)
    assert held(campus)
    erase(campus.office)
    works_on(campus, 6)
    assert held(campus) == []
    assert {row["state"] for row in campus.office.world.rows(remnants, kind="picture")} == {"gone"}


def without_the_scope(campus: SlackCampus) -> None:
    """The app was installed before it asked for it."""
    campus.slack.scopes = set(SCOPES) - {"files:write"}


def without_uploads(campus: SlackCampus) -> None:
    campus.slack.uploads = campus.slack.uploads.replace("/upload/", "/elsewhere/")


def without_files(campus: SlackCampus) -> None:
    campus.slack.faults += [("files.getUploadURLExternal", "file_uploads_disabled")]


def never_processed(campus: SlackCampus) -> None:
    campus.slack.processed_after = None


@pytest.mark.parametrize(
    "hinders", [without_the_scope, without_uploads, without_files, never_processed]
)
def test_where_slack_takes_no_picture_the_characters_stay_and_nobody_is_told(
    campus: SlackCampus, hinders: Callable[[SlackCampus], None]
) -> None:
    hinders(campus)
    with_a_chart(campus)
    works_on(campus, 8)
    assert shows_characters(campus)
    campus.types("alice", "take LANG-1")
    works_on(campus)
    assert "Alice" in str(campus.card().body)
    assert shows_characters(campus)
    assert len(campus.slack.shown(LANG)) == 1
    assert campus.office.world.rows(troubles) == []
    assert {row["state"] for row in campus.office.world.rows(rows, kind="card")} <= {"sent", "due"}


class Killed(BaseException):
    """The worker's process ends here."""


def killed(*_: object, **__: object) -> bool:
    raise Killed


def complete_and_die(self: SlackWorkspace, *given: Any) -> None:
    """Complete the upload, and end before anything is recorded."""
    COMPLETE(self, *given)
    raise Killed


COMPLETE = SlackWorkspace.complete_picture


@pytest.mark.parametrize(
    ("where", "dies"),
    [
        ((SlackWorkspace, "begin_picture"), killed),
        ((pictures, "begin"), killed),
        ((SlackWorkspace, "complete_picture"), killed),
        ((SlackWorkspace, "complete_picture"), complete_and_die),
        ((pictures, "mark_ready"), killed),
    ],
)
def test_a_killed_worker_leaves_one_picture_in_the_end(
    campus: SlackCampus,
    monkeypatch: pytest.MonkeyPatch,
    where: tuple[object, str],
    dies: Callable[..., Any],
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(*where, dies)
        with pytest.raises(Killed):
            with_a_chart(campus)
    works_on(campus, 6)
    (file,) = held(campus)
    assert pictures_shown(campus)[0]["slack_file"] == {"id": file.id}


def test_an_answer_that_is_lost_leaves_one_picture(campus: SlackCampus) -> None:
    campus.slack.faults += [("files.completeUploadExternal", "lost")]
    with_a_chart(campus)
    works_on(campus, 6)
    (file,) = held(campus)
    assert pictures_shown(campus)[0]["slack_file"] == {"id": file.id}


def test_a_picture_that_cannot_be_drawn_holds_up_no_other(
    campus: SlackCampus, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (campus.office.world.open_case(name) for name in ("dana", "eli"))
    with monkeypatch.context() as patched:
        patched.setattr(hand_over_pictures, "digest", fails_once())
        has_attended(campus, first, *WEEKS)
        has_attended(campus, second, *WEEKS[1:], 1)
        works_on(campus)
    assert len(held(campus)) == 1
    works_on(campus, 18)
    assert len(held(campus)) == 2, "tried again later"


def fails_once() -> Callable[[Chart], str]:
    """Return a digest of charts that fails the first time."""
    calls: list[Chart] = []

    def digest(chart: Chart) -> str:
        calls.append(chart)
        if len(calls) == 1:
            raise ValueError("an invented fault")
        return chart_pictures.digest(chart)

    return digest
