"""The app package for Teams: a manifest and two icons.

Its permissions are the fewest that suffice. ``PERMISSIONS`` explains each, and ``lantern
doctor teams`` prints it, since an administrator is asked to consent to them by name.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from bot.add_to_case import ADD
from bot.teams import message_extension as extension
from bot.teams.png import png
from store.rules.errors import InvalidInput

VERSION = "1.25"
"""The first version that allows apps in private channels, where the cases are."""
SCHEMA = f"https://developer.microsoft.com/json-schemas/teams/v{VERSION}/MicrosoftTeams.schema.json"
ACCENT = "#1F4E79"
_LIGHT = (255, 255, 255)
_ACCENT = (0x1F, 0x4E, 0x79)

PERMISSIONS = {
    "ChannelMember.Read.Group": (
        "who is in the team's channels, so that a channel that gains a guest gets no more cards"
    ),
}
"""Resource-specific consent: a team's owner gives it for that team when the app is added."""
THREADS = {
    "ChannelMessage.Read.Group": (
        "messages of the channel that do not mention Lantern, so that a thread is kept with its "
        "case; only where the school allows it"
    ),
}

STAFF_COMMANDS = (
    ("home", "See your own page, which stays up to date"),
    ("mine", "See the cases that you own"),
    ("today", "See the open cases of your schools"),
    ("show", "Open a case: show LANG-12"),
    ("take", "Become the owner of a case: take LANG-12"),
    ("help", "See everything that Lantern can do"),
)
STUDENT_COMMANDS = (
    ("my data", "For students: see what your school sees here about you"),
    ("this is wrong", "For students: say what is not right about it"),
    ("contact me by", "For students: say how your school reaches you best"),
    ("a person", "For students: ask to talk to a person"),
)


@dataclass(frozen=True, slots=True)
class Publisher:
    """The app's publisher, as Teams shows it. ``url``: the https address of the three pages."""

    name: str
    url: str


def manifest(client_id: str, publisher: Publisher, *, threads: bool = False) -> dict[str, Any]:
    """Build the manifest, schema 1.25. ``threads`` asks for the messages of threads as well.

    Raises:
        InvalidInput: the publisher's name is too long, or its address is not https.
    """
    if not publisher.url.startswith("https://") or not 1 <= len(publisher.name) <= 32:
        raise InvalidInput("Give the publisher a name of at most 32 letters and an https address.")
    base = publisher.url.rstrip("/")
    granted = [*PERMISSIONS, *(THREADS if threads else ())]
    return {
        "$schema": SCHEMA,
        "manifestVersion": VERSION,
        "version": "1.0.0",
        "id": app_id(client_id),
        "developer": {
            "name": publisher.name,
            "websiteUrl": base,
            "privacyUrl": f"{base}/privacy",
            "termsOfUseUrl": f"{base}/terms",
        },
        "name": {"short": "Lantern", "full": "Lantern: student engagement casework"},
        "description": {
            "short": "Student-engagement casework where staff already talk.",
            "full": (
                "Lantern posts cases into a school's private channel, with reasons in words. "
                "Colleagues give their views, own cases and log what they did. A named person "
                "approves every email to a student. Students can ask for their own data."
            ),
        },
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": ACCENT,
        "defaultInstallScope": "team",
        "supportsChannelFeatures": "tier1",
        "bots": [_bot(client_id)],
        "composeExtensions": [_extension(client_id)],
        "permissions": ["identity", "messageTeamMembers"],
        "validDomains": [],
        # The app of the permissions below. Teams requires a resource here, and never reads it.
        "webApplicationInfo": {"id": client_id, "resource": f"api://{client_id}"},
        "authorization": {
            "permissions": {
                "resourceSpecific": [{"name": each, "type": "Application"} for each in granted]
            }
        },
    }


def app_id(client_id: str) -> str:
    """Derive the app's id from the bot's: different from it, and always the same."""
    return str(uuid5(UUID(client_id), "lantern"))


def package(client_id: str, publisher: Publisher, *, threads: bool = False) -> bytes:
    """Build the zip file to upload. The same input gives the same bytes."""
    written = json.dumps(manifest(client_id, publisher, threads=threads), indent=2)
    files = {
        "manifest.json": written.encode(),
        "color.png": icon(192, _ACCENT, _LIGHT),
        "outline.png": icon(32, None, _LIGHT),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0)), content)
    return packed.getvalue()


def icon(size: int, ground: tuple[int, int, int] | None, ink: tuple[int, int, int]) -> bytes:
    """Draw Lantern's icon as PNG: a lamp with its handle. ``ground`` None is transparent."""
    colours = ((0, 0, 0, 0) if ground is None else (*ground, 255), (*ink, 255))
    places = [(at + 0.5) / size for at in range(size)]
    return png([[int(_is_lamp(x, y)) for x in places] for y in places], colours)


def _is_lamp(x: float, y: float) -> bool:
    """Return whether the point of the unit square is part of the lamp."""
    centred = abs(x - 0.5)
    handle = 0.13 <= ((x - 0.5) ** 2 + (y - 0.27) ** 2) ** 0.5 <= 0.18 and y < 0.28
    lid = 0.28 <= y <= 0.36 and centred <= 0.24
    foot = 0.76 <= y <= 0.84 and centred <= 0.24
    glass = 0.36 < y < 0.76 and 0.15 <= centred <= 0.2
    flame = ((x - 0.5) / 0.07) ** 2 + ((y - 0.58) / 0.12) ** 2 <= 1
    return handle or lid or foot or glass or flame


def _bot(client_id: str) -> dict[str, Any]:
    staff = [{"title": name, "description": text} for name, text in STAFF_COMMANDS]
    students = [{"title": name, "description": text} for name, text in STUDENT_COMMANDS]
    return {
        "botId": client_id,
        "scopes": ["team", "personal"],
        "supportsFiles": False,
        "isNotificationOnly": False,
        "commandLists": [
            {"scopes": ["team"], "commands": staff},
            {"scopes": ["personal"], "commands": [*staff, *students]},
        ],
    }


def _extension(client_id: str) -> dict[str, Any]:
    return {
        "botId": client_id,
        "commands": [
            {
                "id": ADD,
                "type": "action",
                "title": "Add to case",
                "description": "Save this message in a case's log",
                "context": ["message"],
                "fetchTask": True,
            },
            {
                "id": extension.SEARCH,
                "type": "query",
                "title": "Find a case",
                "description": "Find a case by its reference or colleague",
                "context": ["compose", "commandBox"],
                "initialRun": True,
                "parameters": [
                    {
                        "name": "case",
                        "title": "Case",
                        "description": "A few letters of it",
                        "inputType": "text",
                    }
                ],
            },
        ],
    }
