"""Each service's table of refusals: complete, sourced, and final only where nothing can help."""

import datetime as dt

import httpx
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from integrations.chat.slack import refusals as slack
from integrations.chat.slack.errors import SlackError
from integrations.chat.slack.errors import error_of as slack_error
from integrations.chat.teams import errors as teams_errors
from integrations.chat.teams import refusals as teams
from integrations.job_limits import LIMITS, limit_of
from integrations.mail.graph import errors as graph_errors
from integrations.mail.graph import refusals as graph
from integrations.mail.smtp import refusals as smtp
from integrations.mail.smtp.errors import imap_error, smtp_error
from integrations.verdicts import Refusal, Verdict
from worker.jobs import JOBS
from worker.jobs.sweep import SCREENING_TAKES

TABLES: list[dict[str, Refusal]] = [
    dict(slack.REFUSALS),
    {**teams.BY_CODE, **{str(status): row for status, row in teams.BY_STATUS.items()}},
    {**graph.BY_CODE, **{str(status): row for status, row in graph.BY_STATUS.items()}},
    {**smtp.BY_SUBJECT, **smtp.BY_IMAP, **{str(code): row for code, row in smtp.BY_CODE.items()}},
]


@pytest.mark.parametrize("table", TABLES)
def test_each_row_says_when_and_names_its_source(table: dict[str, Refusal]) -> None:
    assert {row.verdict for row in table.values()} == set(Verdict)
    for code, row in table.items():
        assert row.why, code
        assert row.source, code


def refused_by_slack(code: str) -> SlackError:
    answer = SlackResponse(
        client=None,
        http_verb="POST",
        api_url="",
        req_args={},
        data={"ok": False, "error": code},
        headers={},
        status_code=200,
    )
    return slack_error(SlackApiError("no", answer), creates=True)  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(
    "code",
    [
        *("is_archived", "channel_not_found", "restricted_action", "org_login_required"),
        *(
            "token_revoked",
            "invalid_auth",
            "account_inactive",
            "missing_scope",
            "team_added_to_org",
        ),
        *("ekm_access_denied", "accesslimited", "a_code_of_next_year"),
    ],
)
def test_what_a_person_can_repair_in_slack_waits_and_is_looked_at_again(code: str) -> None:
    error = refused_by_slack(code)
    assert (error.permanent, error.waits) == (False, True)
    assert error.retry_after


@pytest.mark.parametrize("code", ["msg_too_long", "invalid_blocks", "cant_delete_message"])
def test_what_can_never_succeed_in_slack_is_final(code: str) -> None:
    assert refused_by_slack(code).permanent


def answer(status: int, code: str) -> httpx.Response:
    return httpx.Response(status, json={"error": {"code": code, "message": "dana@example"}})


@pytest.mark.parametrize(
    ("status", "code", "waits"),
    [
        (404, "ErrorNonExistentMailbox", True),
        (412, "ErrorIrresolvableConflict", False),
        (423, "ErrorMailboxMoveInProgress", False),
        (403, "ErrorAccessDenied", True),
        (401, "InvalidAuthenticationToken", True),
        (400, "ErrorQuotaExceeded", True),
        (400, "ACodeOfNextYear", True),
        (418, "", True),
    ],
)
def test_a_passing_refusal_of_graph_is_never_final(status: int, code: str, *, waits: bool) -> None:
    error = graph_errors.error_of(answer(status, code), changes=True, retry_after=None)
    assert (error.permanent, error.waits) == (False, waits)
    assert "dana" not in str(error)


@pytest.mark.parametrize("code", ["ErrorInvalidRecipients", "ErrorMessageSizeExceeded"])
def test_what_graph_can_never_send_is_final(code: str) -> None:
    assert graph_errors.error_of(answer(400, code), changes=True, retry_after=None).permanent


@pytest.mark.parametrize(
    ("status", "code", "is_everywhere"),
    [
        (500, "ErrorContentConversionFailed", False),
        (500, "ErrorCorruptData", False),
        (400, "ErrorInvalidRecipients", False),
        (404, "ErrorItemNotFound", False),
        (404, "ErrorNonExistentMailbox", True),
        (403, "ErrorAccessDenied", True),
        (503, "", True),
    ],
)
def test_a_message_that_cannot_be_read_is_told_from_a_mailbox_that_cannot(
    status: int, code: str, *, is_everywhere: bool
) -> None:
    error = graph_errors.error_of(answer(status, code), changes=False, retry_after=None)
    assert error.away is is_everywhere


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (403, "BotNotInConversationRoster"),
        (403, "BotDisabledByAdmin"),
        (404, "ConversationNotFound"),
        (401, ""),
        (400, "ACodeOfNextYear"),
    ],
)
def test_what_a_person_can_repair_in_teams_waits(status: int, code: str) -> None:
    error = teams_errors.error_of(answer(status, code), creates=True, retry_after=None)
    assert (error.permanent, error.waits) == (False, True)


@pytest.mark.parametrize("status", [412, 429, 500, 502, 503, 504])
def test_what_passes_by_itself_in_teams_needs_no_one(status: int) -> None:
    error = teams_errors.error_of(answer(status, ""), creates=True, retry_after=None)
    assert (error.permanent, error.waits) == (False, False)


def test_a_message_that_is_gone_is_told_from_a_channel_that_is() -> None:
    gone = teams_errors.error_of(answer(404, ""), creates=False, retry_after=None)
    deleted = teams_errors.error_of(
        answer(404, "ConversationNotFound"), creates=False, retry_after=None
    )
    assert (gone.gone, gone.permanent) == (True, True)
    assert (deleted.gone, deleted.waits) == (False, True)


def test_no_job_is_ended_before_it_is_believed_lost() -> None:
    assert set(LIMITS) <= set(JOBS)
    for job in JOBS:
        assert limit_of(job).whole >= limit_of(job).silence
    assert limit_of("screen").whole > SCREENING_TAKES > dt.timedelta()


@pytest.mark.parametrize(
    ("code", "text", "of_recipient", "final", "waits"),
    [
        (450, b"4.2.1 Mailbox busy", True, False, False),
        (421, b"Too many connections", False, False, False),
        (550, b"5.1.1 dana@students.example.ac.uk unknown", True, True, False),
        (550, b"dana@students.example.ac.uk unknown", True, True, False),
        (550, b"You may not send", False, False, True),
        (550, b"5.7.1 Relaying denied", True, False, True),
        (552, b"5.2.2 Mailbox full", True, False, True),
        (535, b"5.7.8 Wrong password", False, False, True),
        (554, b"5.999.999 Of next year", False, False, True),
    ],
)
def test_a_mail_servers_refusal_is_final_only_where_nothing_can_help(
    code: int, text: bytes, of_recipient: bool, final: bool, waits: bool
) -> None:
    error = smtp_error(code, text, of_recipient=of_recipient)
    assert (error.permanent, error.waits, error.unknown) == (final, waits, False)
    assert bool(error.retry_after) == waits
    assert "dana" not in str(error)


def test_a_mailbox_that_cannot_be_opened_waits_and_says_no_address() -> None:
    error = imap_error(b"[NOPERM] dana@students.example.ac.uk is not yours")
    assert (error.waits, error.permanent, error.away) == (True, False, True)
    assert "NOPERM" in str(error)
    assert "dana" not in str(error)
    assert not imap_error(b"[UNAVAILABLE] back soon").waits
    assert imap_error(b"no code at all").waits
