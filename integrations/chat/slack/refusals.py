"""Slack's error codes, and when the same request may succeed.

The sources are Slack's own lists of each method's errors, at docs.slack.dev/reference/methods/
followed by the method's name. ``tests/integrations/test_refusals.py`` compares.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from integrations.verdicts import UNKNOWN, Refusal, Verdict

_POST = "chat.postMessage"
_UPDATE = "chat.update"
_DELETE = "chat.delete"
_OPEN = "conversations.open"
_MEMBERS = "conversations.members"
_HISTORY = "conversations.history"
_EPHEMERAL = "chat.postEphemeral"
_VIEW = "views.open"
_UPLOAD = "files.getUploadURLExternal"
_UPLOADED = "files.completeUploadExternal"
_FILE = "files.delete"
_OAUTH = "oauth.v2.access"
_OWN = "Lantern's own word for it"

_ROWS: Mapping[Verdict, tuple[tuple[str, str, str], ...]] = {
    Verdict.SOON: (
        ("ratelimited", "after the pause that Slack names", _POST),
        ("rate_limited", "after a pause", _POST),
        ("message_limit_exceeded", "when the team posts less", _POST),
        ("internal_error", "an error at Slack; the message may have been posted", _POST),
        ("fatal_error", "an error at Slack; the message may have been posted", _POST),
        ("service_unavailable", "when Slack is available again", _POST),
        ("invalid_cursor", "when the list is read from its beginning", _HISTORY),
        ("request_timeout", "the request arrived cut off", _POST),
        ("update_failed", "an error at Slack", _UPDATE),
        ("external_channel_migrating", "when the channel's move is over", _UPDATE),
        ("streaming_state_conflict", "when the message is written to its end", _UPDATE),
        ("file_update_failed", "an error at Slack", _UPLOADED),
        ("fetch_members_failed", "an error at Slack", _MEMBERS),
        ("pagination_not_available", "when Slack lists it page by page", _HISTORY),
        ("unreachable", "when the network is available again", _OWN),
        ("untrusted", "when its certificate is accepted", _OWN),
        ("token_renewing", "when there is a new token", _OWN),
        ("unreadable", "the response was not from Slack", _OWN),
    ),
    Verdict.PERSON: (
        ("is_archived", "when the channel is restored", _POST),
        ("is_inactive", "when the channel is restored", _UPDATE),
        ("channel_not_found", "when Lantern is invited to it", _POST),
        ("not_in_channel", "when Lantern is invited", _POST),
        ("restricted_action", "when a preference of the workspace allows it", _POST),
        ("restricted_action_read_only_channel", "when the channel is writable", _POST),
        ("restricted_action_thread_only_channel", "when the channel takes messages", _POST),
        ("restricted_action_non_threadable_channel", "when the channel takes threads", _POST),
        ("restricted_action_thread_locked", "when the thread is unlocked", _POST),
        ("org_login_required", "when the move to an organisation is over", _POST),
        ("team_added_to_org", "when the move to an organisation is over", _POST),
        ("team_access_not_granted", "when the app may use the workspace", _POST),
        ("team_not_found", "when the workspace exists again", _OPEN),
        ("enterprise_is_restricted", "when the organisation allows it", _POST),
        ("ekm_access_denied", "when an administrator lifts the suspension", _POST),
        ("access_denied", "when access is given", _POST),
        ("accesslimited", "when this network is allowed", _POST),
        ("no_permission", "when the app is a member, with its scopes", _POST),
        ("two_factor_setup_required", "when the account has a second factor", _POST),
        ("invalid_auth", "when the token is right", _POST),
        ("not_authed", "when there is a token", _POST),
        ("account_inactive", "when the app is installed again", _POST),
        ("token_revoked", "when the app is installed again", _POST),
        ("token_expired", "when the token is renewed", _POST),
        ("not_allowed_token_type", "when the setting holds a bot's token", _POST),
        ("missing_scope", "when the app is installed with its scopes", _POST),
        ("invalid_client_id", "when the setting holds the app's client ID", _OAUTH),
        ("bad_client_secret", "when the setting holds the app's client secret", _OAUTH),
        ("invalid_refresh_token", "when Lantern is installed again", _OAUTH),
        ("not_installed", "when the app is installed in the workspace", _OWN),
        ("foreign_team", "when the workspace is on the list of SLACK_TEAMS", _OWN),
        ("messages_tab_disabled", "when the app's messages are switched on", _POST),
        ("as_user_not_supported", "when the app is a current one", _POST),
        ("cannot_dm_bot", "when the colleague is enrolled with their own account", _OPEN),
        ("user_disabled", "when the account is active again", _OPEN),
        ("user_not_found", "when the colleague is enrolled again", _OPEN),
        ("user_not_visible", "when the colleague is visible to the app", _OPEN),
        ("users_not_found", "when the colleague is enrolled again", _OPEN),
        ("method_deprecated", "when Lantern is updated", _POST),
        ("deprecated_endpoint", "when Lantern is updated", _POST),
        ("not_in_thread", "when Lantern may answer there", _POST),
        ("method_not_supported_for_channel_type", "when another channel is set", _MEMBERS),
        ("user_is_restricted", "when the account is no guest's", _POST),
        ("user_is_bot", "when the colleague is enrolled with their own account", _POST),
        ("is_bot", "when the setting holds a current app's token", _EPHEMERAL),
        ("user_not_in_channel", "when the person is in the channel", _EPHEMERAL),
        ("invalid_user_combination", "when both organisations share a channel", _OPEN),
        ("not_enabled", "when the app's Home tab is switched on", "views.publish"),
        ("metadata_must_be_sent_from_app", "when the setting holds a bot's token", _UPDATE),
        ("slack_connect_file_link_sharing_blocked", "when an administrator allows it", _UPDATE),
        ("unknown_method", "when Slack has the method", _EPHEMERAL),
        ("upgrade_required", "when Lantern is updated", _OPEN),
        ("file_uploads_disabled", "when the workspace takes files", _UPLOAD),
        ("file_uploads_except_images_disabled", "when the workspace takes files", _UPLOAD),
        ("file_upload_size_restricted", "when the workspace takes larger files", _UPLOAD),
        ("file_type_not_allowed", "when the workspace takes pictures", _UPLOADED),
        ("storage_limit_reached", "when the workspace has room for files", _UPLOAD),
        ("file_deleting_disabled", "when the workspace lets files be deleted", _FILE),
        ("cant_delete_file", "when the app may delete its files", _FILE),
        ("posting_to_channel_denied", "when the channel takes files", _UPLOADED),
        ("cannot_reply_to_message", "when a message takes answers", _EPHEMERAL),
    ),
    Verdict.FINAL: (
        ("message_not_found", "the message is gone", _UPDATE),
        ("thread_not_found", "the thread's root is gone", _OWN),
        ("cant_update_message", "it is another app's, or of a kind that stays", _UPDATE),
        ("cant_delete_message", "Slack lets an app delete its own messages only", _DELETE),
        ("edit_window_closed", "the workspace allows no change any more", _UPDATE),
        ("compliance_exports_prevent_deletion", "the workspace keeps it by rule", _DELETE),
        ("file_not_found", "there is no such file", _FILE),
        ("file_deleted", "the file is gone", _FILE),
        ("delete_not_allowed", "files of this kind cannot be deleted", _FILE),
        ("missing_argument", "the request would be refused again", _UPLOAD),
        ("alt_txt_too_large", "the request would be refused again", _UPLOAD),
        ("snippet_too_large", "the request would be refused again", _UPLOAD),
        ("unknown_snippet_type", "the request would be refused again", _UPLOAD),
        ("unknown_subtype", "the request would be refused again", _UPLOAD),
        ("invalid_channel", "the request would be refused again", _UPLOADED),
        ("channels_limit_exceeded", "the request would be refused again", _UPLOADED),
        ("msg_too_long", "the text would be too long again", _UPDATE),
        ("msg_blocks_too_long", "the blocks would be too long again", _POST),
        ("too_many_attachments", "the message would have too many again", _POST),
        ("too_many_contact_cards", "the message would have too many again", _POST),
        ("no_text", "the message would be empty again", _POST),
        ("invalid_blocks", "the blocks would be refused again", _POST),
        ("invalid_blocks_format", "the blocks would be refused again", _POST),
        ("invalid_attachments", "the message would be refused again", _POST),
        ("invalid_metadata_format", "the message would be refused again", _POST),
        ("invalid_metadata_schema", "the message would be refused again", _POST),
        ("metadata_too_large", "the message would be too large again", _POST),
        ("markdown_text_conflict", "the message would be refused again", _POST),
        ("invalid_arguments", "the request would be refused again", _POST),
        ("invalid_arg_name", "the request would be refused again", _POST),
        ("invalid_array_arg", "the request would be refused again", _POST),
        ("invalid_charset", "the request would be refused again", _POST),
        ("invalid_form_data", "the request would be refused again", _POST),
        ("invalid_post_type", "the request would be refused again", _POST),
        ("missing_post_type", "the request would be refused again", _POST),
        ("invalid_json", "the request would be refused again", _OPEN),
        ("json_not_object", "the request would be refused again", _OPEN),
        ("invalid_limit", "the request would be refused again", _MEMBERS),
        ("invalid_ts_latest", "the request would be refused again", _HISTORY),
        ("invalid_ts_oldest", "the request would be refused again", _HISTORY),
        ("users_list_not_supplied", "the request would be refused again", _OPEN),
        ("not_enough_users", "the request would be refused again", _OPEN),
        ("too_many_users", "the request would be refused again", _OPEN),
        ("block_mismatch", "the message has blocks that stay", _UPDATE),
        ("cant_broadcast_message", "the request would be refused again", _UPDATE),
        ("no_dual_broadcast_content_update", "the request would be refused again", _UPDATE),
        ("exchanged_trigger_id", "a click opens one window", _VIEW),
        ("expired_trigger_id", "a click opens a window for three seconds", _VIEW),
        ("invalid_trigger_id", "the same click never opens one", _VIEW),
        ("duplicate_external_id", "the same window never gets another name", _VIEW),
        ("view_too_large", "the window would be too large again", _VIEW),
        ("push_limit_reached", "Slack stacks no more than three windows", "views.push"),
        ("not_found", "the window was closed", "views.update"),
        ("hash_conflict", "the window has changed meanwhile", "views.update"),
    ),
}


def _rows() -> Iterator[tuple[str, Refusal]]:
    for verdict, rows in _ROWS.items():
        for code, why, source in rows:
            yield code, Refusal(verdict, why, source)


REFUSALS: Mapping[str, Refusal] = dict(_rows())
"""Slack's error code → what to do about the request."""


def refusal_of(code: str) -> Refusal:
    """Return what to do about a request refused with this code; unknown codes wait."""
    return REFUSALS.get(code, UNKNOWN)


OF_CREDENTIALS = frozenset(
    {
        "invalid_auth",
        "not_authed",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "not_allowed_token_type",
        "missing_scope",
        "invalid_client_id",
        "bad_client_id",
        "bad_client_secret",
        "invalid_client",
        "invalid_refresh_token",
        "foreign_team",
    }
)
"""Codes by which Slack refuses the credentials rather than the request
(docs.slack.dev/reference/methods/auth.test, apps.connections.open and oauth.v2.access)."""
