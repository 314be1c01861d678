"""An LRS is polled: every statement is loaded once, for the day on which it happened."""

from __future__ import annotations

from pathlib import Path

import pytest

from integrations.feeds.ledger import changes as ledger_changes
from integrations.feeds.ledger.deliveries import Ledger
from integrations.feeds.text_files import FeedError
from tests.fakes.lrs import KEY, SECRET, FakeLrs, running
from tests.worker.polling import DAY, HOUR, MONDAY, Polling, polling
from tests.worker.test_ingest_formats import home, lantern
from worker.jobs.schools.ingest import ingest_roster
from worker.jobs.schools.poll_feeds import poll_source

__all__ = ["home", "polling"]


def test_each_night_brings_what_is_new_and_late_statements_count_for_their_day(
    polling: Polling,
) -> None:
    polling.now = MONDAY + 5 * HOUR
    for day in range(3):
        for hour in (0, 4, 12):
            polling.happens(MONDAY + day * DAY + hour * HOUR)
    late = polling.happens(MONDAY + HOUR, MONDAY + DAY + HOUR)
    batch = [polling.happens(MONDAY + DAY - nth * HOUR, MONDAY + DAY) for nth in range(5)]
    everything, polling.lrs.statements = polling.lrs.statements, []
    for each in range(7):
        now = polling.now.isoformat()
        polling.lrs.statements = [found for found in everything if found["stored"] <= now]
        polling.poll()
        assert polling.counts() == polling.truth(), each
        polling.now += DAY / 2
    assert late in polling.lrs.statements
    assert batch[0] in polling.lrs.statements
    polling.poll()
    assert polling.covered() == [12, 13, 14, 15]
    before = len(Ledger(polling.services.lake).entries())
    polling.poll()
    assert len(Ledger(polling.services.lake).entries()) == before, "nothing is new, so no delivery"


def test_links_to_the_next_page_may_be_relative_or_whole(polling: Polling) -> None:
    polling.some_days()
    whole = f"http://127.0.0.1:{polling.lrs.port}/xapi/statements?{{}}"
    for number, more in enumerate(("/xapi/statements?{}", "statements?{}", "?{}", whole)):
        polling.lrs.more = more
        polling.declare(f"vle{number}")
        polling.poll(f"vle{number}")
        assert polling.counts(f"vle{number}") == polling.truth(), more


def test_no_link_leads_to_another_host(polling: Polling) -> None:
    polling.some_days()
    with running(FakeLrs()) as other:
        place = f"127.0.0.1:{other.port}/xapi/statements?{{}}"
        for more in (
            f"http://{place}",
            f"//{place}",
            f"https://127.0.0.1:{polling.lrs.port}/?{{}}",
        ):
            polling.lrs.more = more
            with pytest.raises(FeedError, match="another host"):
                polling.poll()
        polling.lrs.fault = lambda _: (302, {"Location": other.url}, b"")
        with pytest.raises(FeedError, match="another address"):
            polling.poll()
        assert other.asked == []


def test_a_poll_that_is_withdrawn_is_asked_for_again(polling: Polling) -> None:
    polling.some_days()
    polling.poll()
    ledger_changes.withdraw(Ledger(polling.services.lake), 1)
    assert polling.counts() == {}
    polling.poll()
    assert polling.counts() == polling.truth()


def test_a_statement_that_is_voided_later_counts_no_more(polling: Polling) -> None:
    polling.some_days()
    polling.poll()
    gone = polling.lrs.statements[0]
    polling.lrs.statements.append(
        {
            **gone,
            "id": "00000000-0000-4000-8000-00000000ffff",
            "verb": {"id": "http://adlnet.gov/expapi/verbs/voided"},
            "object": {"objectType": "StatementRef", "id": gone["id"]},
            "stored": (polling.now + HOUR).isoformat(),
        }
    )
    polling.now += DAY
    (report,) = poll_source(polling.services, "vle")
    assert not any("lantern feeds withdraw" in note for note in report.notes)
    polling.lrs.statements = polling.lrs.statements[1:-1]
    assert polling.counts() == polling.truth()


def test_a_person_who_is_new_on_the_roster_is_known_the_next_night(
    polling: Polling, tmp_path: Path
) -> None:
    for each in (polling.happens(polling.now - 2 * HOUR), polling.happens(polling.now - 3 * HOUR)):
        each["actor"]["account"]["name"] = "cy"
    polling.poll()
    assert polling.counts() == {}
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "identifiers.csv").write_text(
        "number,system,value\n26001001,https://lrs.example/,cy\n"
    )
    ingest_roster(polling.services, folder)
    polling.now += DAY / 2
    polling.poll()
    assert polling.counts() == polling.truth()


def test_where_no_one_is_known_no_day_is_and_that_is_said(polling: Polling) -> None:
    """The map of identifiers is missing, so the students were not absent."""
    polling.some_days()
    for each in polling.lrs.statements:
        each["actor"]["account"]["homePage"] = "https://other.example/"
    (report,) = poll_source(polling.services, "vle")
    assert report.waiting == ""
    assert (report.accepted, report.days, report.rejected_total) == (0, (), 16)
    assert polling.counts() == {}
    for each in polling.lrs.statements:
        each["actor"]["account"]["homePage"] = "https://lrs.example/"
    polling.poll()
    assert polling.counts() == polling.truth(), "all of it is asked for again"
    assert polling.covered() == [12, 13, 14, 15]
    polling.happens(polling.now)["actor"]["account"]["name"] = "someone-else"
    polling.now += HOUR
    assert list(poll_source(polling.services, "vle")) == [], "a stranger is no news"
    polling.now += DAY
    polling.poll()
    assert polling.covered() == [12, 13, 14, 15, 16], "no day is unknown for a stranger's sake"


def test_a_store_that_is_not_consistent_yet_is_asked_again_from_there(polling: Polling) -> None:
    polling.happens(MONDAY)
    polling.lrs.through = (MONDAY + 2 * DAY).isoformat()
    polling.poll()
    assert polling.covered() == [12, 13]


def test_the_command_polls_one_source_or_all(
    home: Path, polling: Polling, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LRS_CREDENTIALS", f"vle={KEY}:{SECRET}")
    polling.some_days()
    done = lantern(home, "feeds", "poll", "vle")
    assert done.returncode == 0, done.stderr
    assert "vle: 16 rows in" in done.stdout
    assert "requested data stored up to" in lantern(home, "feeds").stdout
    polling.declare("else")
    done = lantern(home, "feeds", "poll")
    assert done.returncode
    assert "There is no key for the LRS of else" in done.stderr
    assert "vle: " in done.stdout
