"""The environment as checked, frozen settings. With no variable set, everything is embedded."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from integrations import setting_checks as checks
from integrations.directory.groups_setting import usable_groups
from integrations.moved_clock import MovedClock
from integrations.setting_files import UnusableFile, lines_of, out_of_files, refuse_quoted
from store.rules.outreach.guards import SendingLimits

_REACHES_PEOPLE = (
    "public_url",
    "graph_tenant_id",
    "graph_client_id",
    "graph_certificate",
    "graph_client_secret",
    "graph_managed_identity",
    "directory_groups",
    "smtp_host",
    "imap_host",
    "teams_client_id",
    "teams_tenants",
    "teams_certificate",
    "teams_client_secret",
    "teams_managed_identity",
    "teams_playground",
    "slack_bot_token",
    "slack_signing_secret",
    "slack_app_token",
    "slack_teams",
    "slack_client_id",
    "slack_client_secret",
    "sign_in_client_id",
    "sign_in_tenant_id",
    "sign_in_authority",
    "sign_in_certificate",
    "sign_in_client_secret",
)
"""Any of these settings brings in real people."""


_PLAINLY = {
    "bool_parsing": "It must be true or false",
    "int_parsing": "It must be an integer, such as 8765",
    "greater_than_equal": "It must be 0 or more",
    "less_than_equal": "It must be 65535 or less",
}
"""pydantic's kinds of error → what an operator reads."""


ENV_FILE = Path(".env")
"""The settings of the working folder, as ``lantern init`` writes them. A variable of the
environment counts more."""


class WrongSetting(Exception):
    """A setting is missing or wrong. The text is one sentence that names it; no value is quoted."""


class Settings(BaseSettings):
    """How this process is set up. Each field is documented in the README's table."""

    # An empty variable counts as not set: an empty LANTERN_HOME is not a folder.
    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    home: Annotated[Path, AfterValidator(checks.usable_home)] = Field(
        default=Path(".lantern"), validation_alias="LANTERN_HOME"
    )
    # Both hold passwords, so neither is shown when the settings are printed.
    database_url: Annotated[str, AfterValidator(checks.known_database)] = Field(
        default="", validation_alias="DATABASE_URL", repr=False
    )
    redis_url: Annotated[str, AfterValidator(checks.known_redis)] = Field(
        default="", validation_alias="REDIS_URL", repr=False
    )
    audit_key: Annotated[SecretStr | None, AfterValidator(checks.secret_of(32))] = Field(
        default=None, validation_alias="AUDIT_KEY"
    )
    # A file in another place, to which the audit's end is written every few minutes; "officer": the
    # data protection officers get it as a message; or mailto: and an address that gets it by email.
    audit_anchor: Annotated[Path | None, AfterValidator(checks.anchor_place)] = Field(
        default=None, validation_alias="AUDIT_ANCHOR"
    )
    # Encrypts stored texts; after a change of key the older ones follow, separated by commas.
    encryption_key: Annotated[SecretStr | None, AfterValidator(checks.strong_keys)] = Field(
        default=None, validation_alias="ENCRYPTION_KEY"
    )
    # The sandbox is served on this machine alone, whatever is set here.
    host: str = Field(default="127.0.0.1", validation_alias="HOST")
    # Where students reach this server; without it emails have no links.
    public_url: Annotated[str, AfterValidator(checks.check_public_address)] = Field(
        default="", validation_alias="PUBLIC_URL"
    )
    # The proxies whose header says where a request comes from, as addresses or networks.
    trusted_proxies: Annotated[str, AfterValidator(checks.addresses)] = Field(
        default="127.0.0.1", validation_alias="TRUSTED_PROXIES"
    )
    # The university's name, on students' pages.
    university: Annotated[str, AfterValidator(str.strip)] = Field(
        default="", max_length=100, validation_alias="UNIVERSITY"
    )
    metrics_token: Annotated[SecretStr | None, AfterValidator(checks.secret_of(16))] = Field(
        default=None, validation_alias="METRICS_TOKEN"
    )
    # A collector of traces, and the headers that it wants, by OpenTelemetry's own variables.
    traces_endpoint: Annotated[str, AfterValidator(checks.collector_address)] = Field(
        default="", validation_alias="OTEL_EXPORTER_OTLP_ENDPOINT"
    )
    traces_headers: Annotated[SecretStr | None, AfterValidator(checks.header_pairs)] = Field(
        default=None, validation_alias="OTEL_EXPORTER_OTLP_HEADERS"
    )
    port: int = Field(default=8765, ge=0, le=65535, validation_alias="PORT")
    # The institution's own, as a regular expression; without it, it is learnt from the roster.
    student_number_pattern: Annotated[str, AfterValidator(checks.usable_pattern)] = Field(
        default="", validation_alias="STUDENT_NUMBER_PATTERN"
    )
    # What computes the measures: duckdb, spark (on this machine), or the address of a cluster.
    activity_engine: Annotated[str, AfterValidator(checks.usable_engine)] = Field(
        default="duckdb", validation_alias="ACTIVITY_ENGINE"
    )
    # Key and secret of each source that is polled.
    lrs_credentials: Annotated[SecretStr | None, AfterValidator(checks.lrs_keys)] = Field(
        default=None, validation_alias="LRS_CREDENTIALS"
    )
    # The key of each source that sends its activity itself.
    feed_keys: Annotated[SecretStr | None, AfterValidator(checks.feed_keys)] = Field(
        default=None, validation_alias="FEED_KEYS"
    )
    graph_tenant_id: str = Field(default="", validation_alias="GRAPH_TENANT_ID")
    graph_client_id: str = Field(default="", validation_alias="GRAPH_CLIENT_ID")
    graph_certificate: Path | None = Field(default=None, validation_alias="GRAPH_CERTIFICATE")
    graph_client_secret: SecretStr | None = Field(
        default=None, validation_alias="GRAPH_CLIENT_SECRET"
    )
    graph_managed_identity: str = Field(default="", validation_alias="GRAPH_MANAGED_IDENTITY")
    # National clouds have their own.
    graph_url: Annotated[str, AfterValidator(checks.cloud_address)] = Field(
        default="https://graph.microsoft.com/v1.0", validation_alias="GRAPH_URL"
    )
    graph_authority: Annotated[str, AfterValidator(checks.cloud_address)] = Field(
        default="https://login.microsoftonline.com", validation_alias="GRAPH_AUTHORITY"
    )

    # Roles by groups of Entra, read through Graph: SCHOOL:role=GROUP, with blanks between.
    directory_groups: Annotated[str, AfterValidator(usable_groups)] = Field(
        default="", validation_alias="DIRECTORY_GROUPS"
    )

    # Email without Graph. In a user name {mailbox} stands for the school's own address.
    smtp_host: Annotated[str, AfterValidator(checks.host_name)] = Field(
        default="", validation_alias="SMTP_HOST"
    )
    smtp_port: int = Field(default=587, ge=0, le=65535, validation_alias="SMTP_PORT")
    smtp_user: str = Field(default="", validation_alias="SMTP_USER")
    smtp_password: SecretStr | None = Field(default=None, validation_alias="SMTP_PASSWORD")
    imap_host: Annotated[str, AfterValidator(checks.host_name)] = Field(
        default="", validation_alias="IMAP_HOST"
    )
    imap_port: int = Field(default=993, ge=0, le=65535, validation_alias="IMAP_PORT")
    imap_user: str = Field(default="", validation_alias="IMAP_USER")
    imap_password: SecretStr | None = Field(default=None, validation_alias="IMAP_PASSWORD")

    # Limits on recipients: addresses or domains, separated by commas; empty means no limit.
    mail_testers: Annotated[str, AfterValidator(checks.mail_addresses)] = Field(
        default="", validation_alias="MAIL_TESTERS", repr=False
    )
    mail_domains: Annotated[str, AfterValidator(checks.mail_domains)] = Field(
        default="", validation_alias="MAIL_DOMAINS"
    )
    mail_dry_run: bool = Field(default=False, validation_alias="MAIL_DRY_RUN")

    teams_client_id: str = Field(default="", validation_alias="TEAMS_CLIENT_ID")
    # Tenants whose people Lantern listens to, separated by commas; the bot is registered in the
    # first.
    teams_tenants: str = Field(default="", validation_alias="TEAMS_TENANTS")
    teams_certificate: Path | None = Field(default=None, validation_alias="TEAMS_CERTIFICATE")
    teams_client_secret: SecretStr | None = Field(
        default=None, validation_alias="TEAMS_CLIENT_SECRET"
    )
    # Instead of either: the client ID of a user-assigned managed identity, which is the bot.
    teams_managed_identity: str = Field(default="", validation_alias="TEAMS_MANAGED_IDENTITY")
    teams_service_hosts: str = Field(
        default="smba.trafficmanager.net", validation_alias="TEAMS_SERVICE_HOSTS"
    )
    # Development only: accepts unsigned activities of Microsoft 365 Agents Playground.
    teams_playground: bool = Field(default=False, validation_alias="TEAMS_PLAYGROUND")

    slack_bot_token: SecretStr | None = Field(default=None, validation_alias="SLACK_BOT_TOKEN")
    slack_signing_secret: SecretStr | None = Field(
        default=None, validation_alias="SLACK_SIGNING_SECRET"
    )
    # If set, Slack is reached over a socket, and needs no public address.
    slack_app_token: SecretStr | None = Field(default=None, validation_alias="SLACK_APP_TOKEN")
    # Workspaces and organisations whose people Lantern listens to, separated by commas.
    slack_teams: str = Field(default="", validation_alias="SLACK_TEAMS")
    # If set, those workspaces are added by OAuth, and no bot token is set here.
    slack_client_id: str = Field(default="", validation_alias="SLACK_CLIENT_ID")
    slack_client_secret: SecretStr | None = Field(
        default=None, validation_alias="SLACK_CLIENT_SECRET"
    )
    slack_api_url: str = Field(default="https://slack.com/api/", validation_alias="SLACK_API_URL")

    # Students sign in to their page: with Entra, or with another OpenID provider at the authority.
    sign_in_client_id: str = Field(default="", validation_alias="SIGN_IN_CLIENT_ID")
    sign_in_tenant_id: str = Field(default="", validation_alias="SIGN_IN_TENANT_ID")
    sign_in_authority: str = Field(default="", validation_alias="SIGN_IN_AUTHORITY")
    sign_in_certificate: Path | None = Field(default=None, validation_alias="SIGN_IN_CERTIFICATE")
    sign_in_client_secret: SecretStr | None = Field(
        default=None, validation_alias="SIGN_IN_CLIENT_SECRET"
    )

    # A file that holds the instant it is, to try out whole terms; without it the real clock. It is
    # the last field, since its check looks at those above.
    clock: Path | None = Field(default=None, validation_alias="LANTERN_CLOCK")

    @field_validator("clock")
    @classmethod
    def _only_where_all_is_invented(cls, clock: Path | None, info: ValidationInfo) -> Path | None:
        if clock is None:
            return None
        real = [
            str(cls.model_fields[name].validation_alias)
            for name in _REACHES_PEOPLE
            if info.data.get(name)
        ]
        if real:
            raise ValueError(
                f"real people live on real time, and {real[0]} is set; leave one of the two out"
            )
        try:
            MovedClock(clock)()
        except (OSError, ValueError):
            raise ValueError(
                "it must name a file that holds an instant, such as 2026-10-12T09:00:00+00:00"
            ) from None
        return clock.resolve()

    @property
    def encryption_keys(self) -> tuple[str, ...]:
        """Return the keys that encrypt texts, newest first; empty where Lantern makes its own."""
        return checks.each_key(self.encryption_key) if self.encryption_key else ()

    @property
    def anchors_by_message(self) -> bool:
        """Whether the audit's anchors are sent to the data protection officers."""
        return self.audit_anchor == Path("officer")

    @property
    def anchor_address(self) -> str:
        """The email address that the audit's anchors are sent to; '' for none."""
        return checks.address_in(self.audit_anchor) if self.audit_anchor else ""

    @property
    def lrs_keys(self) -> Mapping[str, tuple[str, str]]:
        """Source → key and secret of its LRS."""
        return checks.keys_by_source(self.lrs_credentials) if self.lrs_credentials else {}

    @property
    def keys_of_senders(self) -> Mapping[str, str]:
        """Source → the key with which it sends its activity."""
        return checks.senders(self.feed_keys) if self.feed_keys else {}

    @property
    def sending_limits(self) -> SendingLimits:
        """Return the allowed addresses and domains for emails, and whether sending is a dry run."""
        return SendingLimits(
            testers=frozenset(checks.parts(self.mail_testers)),
            domains=frozenset(checks.parts(self.mail_domains)),
            dry_run=self.mail_dry_run,
        )

    @property
    def database(self) -> str:
        """The database's URL: the one that was set, or a SQLite file in ``home``."""
        return self.database_url or f"sqlite:///{self.home / 'lantern.db'}"


def load_settings(**overrides: Any) -> Settings:
    """Read the settings from the environment; ``WrongSetting`` names the first invalid one.

    ``overrides`` are fields by their own names, and take precedence over the environment.
    """
    # The fields' own names are not the environment's: a field called home is not HOME.
    given = {
        str(Settings.model_fields[name].validation_alias): overrides[name] for name in overrides
    }
    return settings_of(given, ENV_FILE)


def settings_of(given: Mapping[str, Any], env_file: Path | None = None) -> Settings:
    """Read settings from ``given`` variables, then the environment, then the file.

    Raises ``WrongSetting`` like ``load_settings``.
    """
    names = [str(field.validation_alias) for field in Settings.model_fields.values()]
    try:
        lines = lines_of(env_file, names) if env_file else {}
        refuse_quoted(names, os.environ)
        from_files = out_of_files(names, {**lines, **os.environ})
        return Settings(_env_file=env_file, **{**from_files, **given})
    except UnusableFile as error:
        raise WrongSetting(str(error)) from None
    except ValidationError as error:
        name, reason = next(_problems(error))
        raise WrongSetting(f"The setting {name} cannot be used: {reason}.") from None
    except (OSError, UnicodeDecodeError):
        raise WrongSetting(
            f"The file {ENV_FILE} in this folder cannot be read as UTF-8 text. Give Lantern's "
            "account the right to read it, or save it again as UTF-8."
        ) from None


def setting_problem(name: str, value: str) -> str | None:
    """Return why a variable cannot have this value, without quoting it; None where it can."""
    given: dict[str, Any] = {name: value}
    try:
        Settings(**given)
    except ValidationError as error:
        return next((reason for found, reason in _problems(error) if found == name), None)
    return None


def _problems(error: ValidationError) -> Iterator[tuple[str, str]]:
    """Yield each invalid variable, and why."""
    for each in error.errors(include_url=False, include_input=False):
        said = _PLAINLY.get(each["type"], each["msg"]).removeprefix("Value error, ")
        yield str(each["loc"][0]), f"{said[:1].lower()}{said[1:]}"
