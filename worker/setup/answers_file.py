"""The file of answers that ``lantern init --answers FILE`` reads."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from integrations.settings import Settings
from store.rules.errors import InvalidInput
from store.rules.model import Platform
from worker.setup.answers import (
    PLACE,
    SAMPLE_SOURCES,
    SCHOOL,
    Answers,
    code_problem,
    school_of,
    sources_problem,
)
from worker.setup.settings_questions import INSTEAD, setting_question, settings_questions


def parse_answers(text: str, file_name: str) -> Answers:
    """Read a file of answers. Raises ``InvalidInput`` with everything that is wrong with it."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(f"{file_name} is not valid TOML: {error}") from None
    problems = [f"{file_name}: {each}" for each in _problems(document)]
    if problems:
        raise InvalidInput("\n".join(problems))
    schools = tuple(school_of(_texts(each)) for each in document["schools"])
    return Answers(Platform(document["place"]), _texts(document.get("settings", {})), schools)


def _problems(document: Mapping[str, Any]) -> Iterator[str]:
    for key in sorted(document.keys() - {"place", "settings", "schools"}):
        yield f"{key} is not known; allowed is place, settings and schools"
    place = str(document.get("place", ""))
    if wrong := PLACE.problem(place):
        yield f"place: {wrong}"
        place = Platform.SANDBOX.value
    settings, schools = document.get("settings", {}), document.get("schools", [])
    if not isinstance(settings, dict):
        yield "settings has to be a table: [settings]"
        settings = {}
    yield from _wrong_settings(_texts(settings), Platform(place))
    if not isinstance(schools, list) or not all(isinstance(each, dict) for each in schools):
        yield "schools has to be a list of tables: [[schools]]"
        schools = []
    elif not schools:
        yield "schools is empty; describe at least one school: [[schools]]"
    yield from _wrong_schools([_texts(each) for each in schools])


def _wrong_settings(given: Mapping[str, str], place: Platform) -> Iterator[str]:
    asked = {each.key: each for each in settings_questions(place)}
    known = [str(each.validation_alias) for each in Settings.model_fields.values()]
    for name in given:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            yield f"settings.{name} is not a setting" + (
                f"; did you mean {near[0]}?" if near else ""
            )
    for name in known:
        question = asked.get(name) or setting_question(name)
        if any(given.get(other) for other in INSTEAD.get(name, ())):
            question = setting_question(name)
        if wrong := question.problem(given.get(name, "")):
            yield f"settings.{name}: {wrong}"


def _wrong_schools(schools: list[dict[str, str]]) -> Iterator[str]:
    known = {each.key for each in SCHOOL}
    codes = [each.get("code", "") for each in schools]
    for number, given in enumerate(schools, 1):
        path = f"schools[{number}]"
        for key in sorted(given.keys() - known):
            yield f"{path}.{key} is not known; allowed is {', '.join(sorted(known))}"
        wrong = {each.key: each.problem(given.get(each.key, "")) for each in SCHOOL}
        yield from (f"{path}.{key}: {said}" for key, said in wrong.items() if said)
        if no_source := sources_problem(given):
            yield f"{path}: {no_source}"
        others = codes[: number - 1] + codes[number:]
        if taken := code_problem(given.get("code", ""), others):
            yield f"{path}.code: {taken}"


def _texts(table: Mapping[str, Any]) -> dict[str, str]:
    """Answers as a person would type them: dates and lists as text."""
    return {
        key: ", ".join(map(str, value)) if isinstance(value, list) else _text(value)
        for key, value in table.items()
    }


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value).strip()


EXAMPLE = """\
# Answers for: lantern init --answers FILE

# Where cards go: sandbox, slack or teams.
place = "sandbox"

# Any setting of the README by its variable. Leave out what is not needed.
[settings]
# DATABASE_URL = "postgresql://lantern@db.example.ac.uk/lantern"
# REDIS_URL = "redis://queue.example.ac.uk:6379/0"
# PUBLIC_URL = "https://lantern.example.ac.uk"
# SMTP_HOST = "mail.example.ac.uk"
# IMAP_HOST = "mail.example.ac.uk"
# IMAP_USER = "lantern"
# IMAP_PASSWORD = "..."
# SLACK_TEAMS = "T0123456789"
# SLACK_BOT_TOKEN = "xoxb-..."
# SLACK_APP_TOKEN = "xapp-..."
# For several workspaces SLACK_CLIENT_ID and SLACK_CLIENT_SECRET, in place of the bot token.
# TEAMS_TENANTS = "00000000-0000-0000-0000-000000000000"
# TEAMS_CLIENT_ID = "00000000-0000-0000-0000-000000000000"
# TEAMS_CERTIFICATE = "lantern.pem"
# Or TEAMS_CLIENT_SECRET, or TEAMS_MANAGED_IDENTITY, in place of the certificate.

# One of these for each school.
[[schools]]
code = "LANG"
name = "School of Languages"
lead_name = "Alice Example"
lead_email = "alice@languages.example"
approved_by = "Head of the School of Languages"
effective = {today}
published = ["handbook", "email"]
mailbox = "support@languages.example"
# The sources of activity, by the names that the school gives them. Leave out what it does not have.
""" + "".join(f'{family.value} = "{name}"\n' for family, name in SAMPLE_SOURCES.items())
