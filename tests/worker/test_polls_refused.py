"""Unusable answers to a poll are reported in a sentence, at night and by the doctor."""

from __future__ import annotations

from functools import partial

import pytest

from integrations.feeds.text_files import FeedError
from tests.fakes.lrs import SECRET, Answer
from tests.worker.polling import DAY, Polling, polling, reasons
from tests.worker.test_ingest_formats import home
from worker.doctor.polls import check_polls
from worker.jobs.schools.poll_feeds import poll_sources

__all__ = ["home", "polling"]


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
    _wrong_path: "The LRS of vle refuses to send statements (404). Correct url in feeds/vle",
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


BEGIN = '[poll]\nkind = "xapi"\n'
UNUSABLE = {
    f'{BEGIN}url = "http://lrs.example/xapi"\nfrom = 2026-10-12': "url must look like",
    f'{BEGIN}url = "https://a:b@lrs.example"\nfrom = 2026-10-12': "url must look like",
    f'{BEGIN}url = "https://lrs.example"': "from must be the first day",
    f'{BEGIN}url = "https://lrs.example"\nfrom = 2062-10-12': "from must be within",
    f'{BEGIN}url = "https://l.example"\nfrom = 2026-10-12\noverlap_hours = 0': "overlap_hours "
    "must be",
    f'{BEGIN}secret = "x"': "Key and secret belong in LRS_CREDENTIALS",
    '[poll]\nkind = "sftp"': "kind must be",
    "poll = 1": "poll must be a table",
    "days_before = 2": "There is no declaration of how to poll vle",
}


def test_a_declaration_that_cannot_be_used_says_why(polling: Polling) -> None:
    for text, sentence in UNUSABLE.items():
        (polling.services.settings.home / "feeds/vle/feed.toml").write_text(text)
        with pytest.raises(FeedError, match=sentence):
            polling.poll()
    assert polling.lrs.asked == []


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
