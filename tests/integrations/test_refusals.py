"""Each service's table of refusals is complete, has sources, and is final only where retrying
cannot help.
"""

import datetime as dt

import httpx
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from integrations.chat.interface import LostMessage
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
from tests.fakes.slack.records import METHODS
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


EVERYWHERE = """access_denied accesslimited account_inactive deprecated_endpoint ekm_access_denied
enterprise_is_restricted fatal_error internal_error invalid_arg_name invalid_arguments
invalid_array_arg invalid_auth invalid_charset invalid_form_data invalid_json invalid_post_type
json_not_object method_deprecated missing_post_type missing_scope no_permission
not_allowed_token_type not_authed org_login_required ratelimited request_timeout
service_unavailable team_access_not_granted team_added_to_org token_expired token_revoked
two_factor_setup_required upgrade_required"""
_MESSAGE = """channel_not_found invalid_attachments invalid_blocks invalid_blocks_format
markdown_text_conflict msg_too_long no_text too_many_attachments"""
_VIEW = "duplicate_external_id view_too_large"
_TRIGGER = f"{_VIEW} exchanged_trigger_id expired_trigger_id invalid_trigger_id"
_LIST = "channel_not_found invalid_cursor"
DOCUMENTED = {
    "chat.postMessage": f"""{_MESSAGE} as_user_not_supported cannot_reply_to_message
        invalid_metadata_format invalid_metadata_schema is_archived message_limit_exceeded
        messages_tab_disabled metadata_must_be_sent_from_app metadata_too_large msg_blocks_too_long
        not_in_channel rate_limited restricted_action restricted_action_non_threadable_channel
        restricted_action_read_only_channel restricted_action_thread_locked
        restricted_action_thread_only_channel slack_connect_file_link_sharing_blocked
        team_not_found too_many_contact_cards user_is_restricted""",
    "chat.update": f"""{_MESSAGE} as_user_not_supported block_mismatch cant_broadcast_message
        cant_update_message edit_window_closed external_channel_migrating invalid_metadata_format
        invalid_metadata_schema is_inactive message_not_found metadata_must_be_sent_from_app
        metadata_too_large no_dual_broadcast_content_update rate_limited
        slack_connect_file_link_sharing_blocked streaming_state_conflict team_not_found
        update_failed""",
    "chat.delete": """cant_delete_message channel_not_found compliance_exports_prevent_deletion
        message_not_found""",
    "chat.postEphemeral": f"""{_MESSAGE} cannot_reply_to_message is_archived is_bot
        message_limit_exceeded messages_tab_disabled not_in_channel restricted_action
        unknown_method user_not_in_channel""",
    "conversations.open": """cannot_dm_bot channel_not_found invalid_user_combination
        method_not_supported_for_channel_type not_enough_users too_many_users user_disabled
        user_not_found user_not_visible users_list_not_supplied""",
    "conversations.info": "channel_not_found team_not_found",
    "conversations.members": f"""{_LIST} fetch_members_failed invalid_limit
        method_not_supported_for_channel_type""",
    "conversations.history": f"""{_LIST} invalid_ts_latest invalid_ts_oldest not_in_channel
        pagination_not_available""",
    "conversations.replies": f"""{_LIST} invalid_ts_latest invalid_ts_oldest not_in_channel
        thread_not_found""",
    "files.getUploadURLExternal": """alt_txt_too_large file_upload_size_restricted
        file_uploads_disabled missing_argument snippet_too_large storage_limit_reached
        unknown_snippet_type unknown_subtype""",
    "files.completeUploadExternal": """channels_limit_exceeded file_not_found file_type_not_allowed
        file_update_failed invalid_channel posting_to_channel_denied""",
    "files.delete": """cant_delete_file delete_not_allowed file_deleted file_deleting_disabled
        file_not_found""",
    "users.info": "user_not_found user_not_visible",
    "views.open": _TRIGGER,
    "views.push": f"{_TRIGGER} not_found push_limit_reached",
    "views.update": f"{_VIEW} hash_conflict not_found",
    "views.publish": f"{_VIEW} hash_conflict not_enabled",
    "auth.test": "",
    "auth.revoke": "",
    "apps.connections.open": "",
}
"""The errors that Slack documents for each method Lantern calls, besides those of every method
(docs.slack.dev/reference/methods, as read in November 2026)."""


@pytest.mark.parametrize("method", METHODS)
def test_every_error_that_slack_documents_has_its_row(method: str) -> None:
    documented = {*EVERYWHERE.split(), *DOCUMENTED[method].split()}
    assert documented - slack.REFUSALS.keys() == set()


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


@pytest.mark.parametrize("status", [400, 403, 507])
@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("ErrorQuotaExceeded", "The mailbox is full"),
        ("ErrorSubmissionQuotaExceeded", "has sent as much as it may in a day"),
    ],
)
def test_a_limit_of_the_mailbox_is_named_whatever_the_status(
    status: int, code: str, says: str
) -> None:
    error = graph_errors.error_of(answer(status, code), changes=True, retry_after=None)
    assert says in str(error)
    assert "may not use" not in str(error)


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
    assert (gone.lost, gone.permanent) == (LostMessage.GONE, True)
    assert (deleted.lost, deleted.waits) == (None, True)


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
