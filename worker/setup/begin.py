"""``lantern init``: write the settings, keys, policies and sample files of a new Lantern."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path

from integrations import keys
from integrations.chat.slack import credentials as slack_account
from integrations.chat.teams import credentials as teams_account
from integrations.mail.graph.credentials import account_of as graph_account
from integrations.mail.smtp.account import account_of as smtp_account
from integrations.settings import ENV_FILE, Settings, settings_of
from store.policies.document import parse_to_publish
from store.policies.new_document import new_document
from store.rules.policies.policy import Marker
from worker.setup.answers import Answers, SchoolAnswers
from worker.setup.env_file import env_text, read_env, write_whole
from worker.setup.sample_files import event_files, sample_roster_files

POLICIES, ROSTER, EVENTS = Path("policies"), Path("sample/roster"), Path("sample/events")
"""Where the files lie, below the folder in which ``lantern init`` is run."""

_KEYS = ("AUDIT_KEY", "ENCRYPTION_KEY")


def begin(answers: Answers, folder: Path, today: dt.date) -> Iterator[str]:
    """Write all files, the settings last, and yield a sentence on each.

    An existing policy or sample file is left as it is. All texts are made before the first file is
    written, so that a wrong answer leaves no files behind.

    Raises:
        InvalidInput: an answer cannot be written down, or a file cannot be written.
        WrongSetting: the settings do not go together.
    """
    chosen = _settings(answers, folder)
    text = env_text(chosen)
    made = _made(chosen)
    files = {POLICIES / policy_name(each): _policy(each) for each in answers.schools}
    files |= {
        ROSTER / name: text for name, text in sample_roster_files(answers.schools, today).items()
    }
    events = event_files(answers.schools, today)
    files |= {EVENTS / f"{source}.csv": text for source, text in events.items()}
    for place, content in files.items():
        if (folder / place).exists():
            yield f"kept {place}, which already existed"
        else:
            write_whole(folder / place, content)
            yield f"wrote {place}"
    write_whole(folder / ENV_FILE, text, mode=0o600)
    yield f"wrote {ENV_FILE}: the settings, which only you may read"
    # Made now, so that they are in the first backup.
    keys.audit_key(made)
    keys.encryption_keys(made)
    yield f"keys: {_where_keys_are(chosen)}. Keep a copy of them in another safe place"


def policy_name(school: SchoolAnswers) -> str:
    """Return the name of a school's policy document."""
    return f"{school.code.lower()}.toml"


def _policy(school: SchoolAnswers) -> str:
    markers = [Marker(family, (source,)) for family, source in school.sources.items()]
    document = new_document(
        {
            "school": school.code,
            "approval.approved_by": school.approved_by,
            "approval.effective": school.effective,
            "approval.published": school.published,
            "outreach.mailbox": school.mailbox,
        },
        markers,
    )
    parse_to_publish(document, policy_name(school))
    return document


def _settings(answers: Answers, folder: Path) -> dict[str, str]:
    """Return the settings: the answers, Lantern's folder, and the existing keys."""
    before = read_env(folder / ENV_FILE)
    chosen = {"LANTERN_HOME": before.get("LANTERN_HOME") or str((folder / ".lantern").resolve())}
    chosen |= {name: value for name, value in answers.settings.items() if value}
    for name in _KEYS:
        # Another key would make what the database holds unreadable.
        if name in before:
            chosen.setdefault(name, before[name])
        elif chosen.get("DATABASE_URL"):
            chosen.setdefault(name, secrets.token_hex(32))
    return chosen


def _made(chosen: Mapping[str, str]) -> Settings:
    """Load the settings, which checks that they fit together."""
    # Not with the settings that are about to be replaced.
    settings = settings_of(chosen)
    slack_account.account_of(settings)
    teams_account.account_of(settings)
    graph_account(settings)
    smtp_account(settings)
    return settings


def _where_keys_are(chosen: Mapping[str, str]) -> str:
    if all(name in chosen for name in _KEYS):
        return f"AUDIT_KEY and ENCRYPTION_KEY in {ENV_FILE}, the same on every machine"
    return f"in {Path(chosen['LANTERN_HOME']) / 'keys'}"
