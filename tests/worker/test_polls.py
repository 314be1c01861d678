"""An LRS is polled: every statement comes once, whatever happens in between."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from email.utils import format_datetime
from functools import partial
from pathlib import Path
from typing import NoReturn

import duckdb
import pytest
import structlog

from integrations.bootstrap import Services, build
from integrations.feeds import polls
from integrations.feeds.ledger import changes as ledger_changes
from integrations.feeds.ledger import entering
from integrations.feeds.ledger.deliveries import Ledger, State
from integrations.feeds.lrs import TRIES, Lrs
from integrations.feeds.text_files import FeedError
from integrations.settings import load_settings
from store.queries.schools.troubles import troubles_now
from tests.fakes.lrs import KEY, SECRET, Answer, FakeLrs, Statement, running
from tests.worker.test_ingest_formats import home, lantern
from worker.doctor.polls import check_polls
from worker.jobs.schools.ingest import ingest_roster
from worker.jobs.schools.poll_feeds import poll_source, poll_sources

__all__ = ["home"]

MONDAY = dt.datetime(2026, 10, 12, 9, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
DAY = 24 * HOUR


class Killed(BaseException):
    """The process ends here."""


@dataclass
class Polling:
    """A Lantern of two students, an LRS, and a clock that stands still."""

    services: Services
    lrs: FakeLrs
    now: dt.datetime
    waited: list[float] = field(default_factory=list)

    def declare(self, source: str = "vle", url: str = "", more: str = "") -> None:
        folder = self.services.settings.home / "feeds" / source
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "feed.toml").write_text(
            f'[poll]\nkind = "xapi"\nurl = "{url or self.lrs.url}"\nfrom = 2026-10-12\n{more}'
        )

    def poll(self, source: str = "vle") -> None:
        list(poll_source(self.services, source, self.waited.append))

    def counts(self, source: str = "vle") -> dict[str, int]:
        """Day → how often Ada used the learning space, as the lake has it."""
        files = self.services.lake.files(dt.date.min, dt.date.max)
        return {
            str(which.day): done
            for which, path in sorted(files.items())
            if which.source == source
            for (done,) in duckdb.read_parquet(str(path))
            .filter("done > 0")
            .project("done")
            .fetchall()
        }

    def covered(self, source: str = "vle") -> list[int]:
        """The days of October of which the source is known."""
        first, last = dt.date(2026, 10, 1), dt.date(2026, 10, 31)
        return sorted(day.day for day in self.services.lake.days_delivered(first, last)[source])

    def happens(self, at: dt.datetime, stored: dt.datetime | None = None) -> Statement:
        """Ada looks at a page; the store has it at once, or later."""
        number = len(self.lrs.statements)
        statement = {
            "id": f"00000000-0000-4000-8000-{number:012}",
            "actor": {"account": {"homePage": "https://lrs.example/", "name": "ada"}},
            "verb": {"id": "http://adlnet.gov/expapi/verbs/viewed"},
            "object": {"id": f"https://vle.example/page/{number}"},
            "timestamp": at.isoformat(),
            "stored": (stored or at).isoformat(),
        }
        self.lrs.statements.append(statement)
        return statement

    def truth(self) -> dict[str, int]:
        """Day → how many statements there are of it."""
        return dict(sorted(Counter(each["timestamp"][:10] for each in self.lrs.statements).items()))

    def some_days(self) -> None:
        """Four days with a few statements each, two of which are stored a day late."""
        for day in range(4):
            for nth in range(3 + day % 2):
                self.happens(MONDAY + day * DAY + nth * HOUR)
        for day in range(2):
            self.happens(MONDAY + day * DAY, MONDAY + (day + 1) * DAY + 2 * HOUR)


@pytest.fixture
def polling(home: Path) -> Iterator[Polling]:
    structlog.reset_defaults()
    names = " ".join(f"{name}={KEY}:{SECRET}" for name in ("vle", *(f"vle{n}" for n in range(40))))
    with running(FakeLrs()) as lrs:
        now = MONDAY + 4 * DAY
        made: list[Polling] = []
        services = build(load_settings(home=home, lrs_credentials=names), now=lambda: made[0].now)
        made.append(Polling(services, lrs, now))
        made[0].declare()
        try:
            yield made[0]
        finally:
            services.close()


def cut(number: int) -> Callable[[int], None]:
    """The connection breaks at this request, and at each try after it."""

    def fault(request: int) -> None:
        if request >= number:
            raise ConnectionError

    return fault


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


@pytest.mark.parametrize("style", ["specification", "ralph", "ralph-files"])
def test_cut_off_or_killed_at_any_request_nothing_is_lost_or_doubled(
    polling: Polling, monkeypatch: pytest.MonkeyPatch, style: str
) -> None:
    polling.some_days()
    if style.startswith("ralph"):
        polling.lrs.by = "timestamp"
        polling.lrs.newest_page_first = style == "ralph-files"
    requests = -(-len(polling.lrs.statements) // polling.lrs.page)
    assert requests == 6
    exchange = Lrs._exchange
    for number in range(1, requests + 1):
        # The connection breaks.
        source = f"vle{number}"
        polling.declare(source)
        polling.lrs.asked, polling.lrs.fault = [], cut(number)
        with pytest.raises(FeedError, match="cannot be reached"):
            polling.poll(source)
        assert sum(polling.counts(source).values()) == (number - 1) * polling.lrs.page
        polling.lrs.fault = lambda _: None
        polling.poll(source)
        assert polling.counts(source) == polling.truth(), source
        assert polling.covered(source) == [12, 13, 14, 15]

        # The process ends before it has the answer.
        source = f"vle{number + 10}"
        polling.declare(source)
        asked: list[object] = []

        def kill(lrs: Lrs, url: object, *, at: int = number, asked: list[object] = asked) -> object:
            asked.append(url)
            if len(asked) == at:
                raise Killed
            return exchange(lrs, url)  # type: ignore[arg-type]

        with monkeypatch.context() as patch:
            patch.setattr(Lrs, "_exchange", kill)
            with pytest.raises(Killed):
                polling.poll(source)
        assert polling.counts(source) == {}
        polling.poll(source)
        assert polling.counts(source) == polling.truth(), source


def test_killed_while_a_delivery_is_entered_it_is_there_whole_or_comes_again(
    polling: Polling, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kill(*_: object, **__: object) -> NoReturn:
        raise Killed

    polling.some_days()
    places = ((Ledger, "reserve"), (entering, "_write_facts"), (Ledger, "save"))
    for number, (where, what) in enumerate((*places, (entering, "make_days"))):
        source = f"vle{number}"
        polling.declare(source)
        with monkeypatch.context() as patch:
            patch.setattr(where, what, kill)
            with pytest.raises(Killed):
                polling.poll(source)
        polling.poll(source)
        assert polling.counts(source) == polling.truth(), what


def test_a_large_poll_comes_in_parts(polling: Polling, monkeypatch: pytest.MonkeyPatch) -> None:
    polling.some_days()
    monkeypatch.setattr(polls, "MOST_BYTES", 900)
    polling.poll()
    deliveries = Ledger(polling.services.lake).entries()
    assert len(deliveries) > 3
    assert all(each.polled for each in deliveries)
    assert polling.counts() == polling.truth()


def test_whatever_happens_in_whatever_order_each_statement_counts_once(
    polling: Polling, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(17)
    polling.some_days()
    everything, polling.lrs.statements = polling.lrs.statements, []
    for round_ in range(18):
        polling.lrs.statements += [
            everything.pop() for _ in range(chance.randint(0, 2)) if everything
        ]
        for each in polling.lrs.statements[-2:]:
            each["stored"] = max(each["stored"], (polling.now - HOUR).isoformat())
        polling.lrs.asked, polling.lrs.fault = [], cut(chance.randint(1, 5))
        monkeypatch.setattr(polls, "MOST_BYTES", chance.choice([700, 10_000]))
        try:
            polling.poll()
        except FeedError:
            polling.lrs.fault = lambda _: None
            polling.poll()
        assert polling.counts() == polling.truth(), round_
        in_use = [
            each
            for each in Ledger(polling.services.lake).entries("vle")
            if each.state is State.IN_USE
        ]
        if in_use and chance.random() < 0.3:
            ledger_changes.withdraw(Ledger(polling.services.lake), chance.choice(in_use).number)
        polling.now += dt.timedelta(hours=chance.randint(1, 10))
    polling.lrs.fault = lambda _: None
    polling.poll()
    assert polling.counts() == polling.truth()


def test_what_a_busy_store_asks_for_is_waited_for(polling: Polling) -> None:
    polling.some_days()
    date = format_datetime(polling.now + 9 * dt.timedelta(seconds=1), usegmt=True)
    busy: dict[int, tuple[int, str]] = {2: (429, "7"), 4: (503, date)}

    def fault(request: int) -> tuple[int, dict[str, str], bytes] | None:
        if request in busy:
            status, after = busy[request]
            return status, {"Retry-After": after}, b""
        return None

    polling.lrs.fault = fault
    polling.poll()
    assert polling.waited == [7.0, 9.0]
    assert polling.counts() == polling.truth()
    polling.lrs.fault = lambda _: (503, {"Retry-After": "3000"}, b"")
    with pytest.raises(FeedError, match=r"asks to wait until 10:50\."):
        polling.poll()
    polling.lrs.fault = lambda _: (500, {}, b"")
    polling.waited.clear()
    with pytest.raises(FeedError, match=r"is busy or has a fault \(500\)"):
        polling.poll()
    assert len(polling.waited) == TRIES - 1


def _away(polling: Polling) -> None:
    polling.declare(url="http://127.0.0.1:9/xapi")


def _wrong_path(polling: Polling) -> None:
    polling.declare(url=f"{polling.lrs.url}/else")


def _wrong_key(polling: Polling) -> None:
    polling.lrs.fault = lambda _: (401, {}, b"")


def _a_page(polling: Polling) -> None:
    polling.lrs.fault = lambda _: (200, {}, b"<html>Sign in</html>")


def _no_key(polling: Polling) -> None:
    (polling.services.settings.home / "feeds/vle").rename(
        polling.services.settings.home / "feeds/other"
    )


WRONG = {
    _away: "The LRS of vle cannot be reached: ConnectError; check the network and url in",
    _wrong_path: "The LRS of vle refuses to give statements (404). Correct url in feeds/vle",
    _wrong_key: "The LRS of vle refuses the key or the secret (401). Correct LRS_CREDENTIALS.",
    _a_page: "The LRS of vle does not answer as a learning record store does.",
    _no_key: "There is no key for the LRS of other. Add other=KEY:SECRET to LRS_CREDENTIALS.",
}


def test_what_is_wrong_is_one_sentence_at_night_and_in_the_doctor(polling: Polling) -> None:
    for wrong, sentence in WRONG.items():
        polling.declare()
        wrong(polling)
        poll_sources(polling.services, polling.waited.append)
        assert [each[: len(sentence)] for each in reasons(polling)] == [sentence]
        assert SECRET not in str(reasons(polling))
        (found,) = check_polls(polling.services)
        assert not found.is_fine
        assert found.sentence.startswith(sentence)
        polling.now += DAY


def reasons(polling: Polling) -> Sequence[str]:
    with polling.services.store.database.read() as connection:
        return [each.reason for each in troubles_now(connection) if each.key.startswith("poll:")]


def test_one_source_that_fails_keeps_back_no_other_and_is_over_when_it_works(
    polling: Polling,
) -> None:
    polling.some_days()
    polling.declare("vle1")
    polling.declare("vle2", url="https://lrs.example.ac.uk?key=1")
    polling.declare("vle")
    poll_sources(polling.services)
    assert polling.counts() == polling.counts("vle1") == polling.truth()
    assert [each[:32] for each in reasons(polling)] == ["feeds/vle2/feed.toml: url looks like"[:32]]
    assert [each.is_fine for each in check_polls(polling.services)] == [True, True, False]
    polling.declare("vle2")
    polling.now += DAY
    poll_sources(polling.services)
    assert reasons(polling) == []


BEGIN = '[poll]\nkind = "xapi"\n'
UNUSABLE = {
    f'{BEGIN}url = "http://lrs.example/xapi"\nfrom = 2026-10-12': "url looks like",
    f'{BEGIN}url = "https://a:b@lrs.example"\nfrom = 2026-10-12': "url looks like",
    f'{BEGIN}url = "https://lrs.example"': "from is the first day",
    f'{BEGIN}url = "https://lrs.example"\nfrom = 2062-10-12': "from is not within",
    f'{BEGIN}url = "https://l.example"\nfrom = 2026-10-12\noverlap_hours = 0': "overlap_hours is",
    f'{BEGIN}secret = "x"': "Key and secret belong into LRS_CREDENTIALS",
    '[poll]\nkind = "sftp"': "kind is",
    "poll = 1": "poll is a table",
    "days_before = 2": "Nothing says how to poll vle",
}


def test_a_declaration_that_cannot_be_used_says_why(polling: Polling) -> None:
    for text, sentence in UNUSABLE.items():
        (polling.services.settings.home / "feeds/vle/feed.toml").write_text(text)
        with pytest.raises(FeedError, match=sentence):
            polling.poll()
    assert polling.lrs.asked == []


def test_a_poll_that_is_withdrawn_is_asked_for_again(polling: Polling) -> None:
    polling.some_days()
    polling.poll()
    ledger_changes.withdraw(Ledger(polling.services.lake), 1)
    assert polling.counts() == {}
    polling.poll()
    assert polling.counts() == polling.truth()


def test_a_voided_statement_is_named_with_what_to_do(polling: Polling) -> None:
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
    assert "lantern feeds withdraw 1, then lantern feeds poll vle" in report.notes[-1]
    ledger_changes.withdraw(Ledger(polling.services.lake), 1)
    polling.poll()
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
    """The map of identifiers is missing: the students were not away."""
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


def _always(answer: Answer, _: int) -> Answer:
    return answer


def test_an_answer_that_makes_no_sense_is_refused(polling: Polling) -> None:
    for body in (b"[]", b'{"statements": 1}', b"[" * 100_000, b'{"statements": [], "more": 5}'):
        answer = 200, dict[str, str](), body
        polling.lrs.fault = partial(_always, answer)
        with pytest.raises(FeedError, match="does not answer as a learning record store"):
            polling.poll()


def test_pages_without_end_and_without_bound_are_refused(
    polling: Polling, monkeypatch: pytest.MonkeyPatch
) -> None:
    polling.lrs.fault = lambda _: (200, {}, b'{"statements": [], "more": "/xapi/statements?again"}')
    with pytest.raises(FeedError, match="the same pages again"):
        polling.poll()
    monkeypatch.setattr("integrations.feeds.lrs.LARGEST_PAGE", 10)
    with pytest.raises(FeedError, match="a page of more than"):
        polling.poll()


def test_the_command_polls_one_source_or_all(
    home: Path, polling: Polling, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LRS_CREDENTIALS", f"vle={KEY}:{SECRET}")
    polling.some_days()
    done = lantern(home, "feeds", "poll", "vle")
    assert done.returncode == 0, done.stderr
    assert "vle: 16 rows in" in done.stdout
    assert "asked for what was stored up to" in lantern(home, "feeds").stdout
    polling.declare("else")
    done = lantern(home, "feeds", "poll")
    assert done.returncode
    assert "There is no key for the LRS of else" in done.stderr
    assert "vle: " in done.stdout
