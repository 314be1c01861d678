"""The published manifest schema 1.25, for the parts that this product uses.

Source: developer.microsoft.com/json-schemas/teams/v1.25/MicrosoftTeams.schema.json, restated for
these parts only; a property that is not in these rules is a problem.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_HTTPS = re.compile(r"https?://", re.IGNORECASE)
_SCOPES = frozenset({"team", "personal", "groupChat"})

Rule = Any
"""A rule for a value.

A number is the greatest length, a pattern must match, a set holds the allowed values, a type is the
value's type, a list holds the rule of each item and the greatest number of items, and a dict holds
the rules of all properties. A name that ends in ``?`` is optional.
"""

_COMMAND = {"title": 32, "description": 128}
SCHEMA: Rule = {
    "$schema": _HTTPS,
    "manifestVersion": {"1.25"},
    "version": 256,
    "id": _GUID,
    "developer": {"name": 32, "websiteUrl": _HTTPS, "privacyUrl": _HTTPS, "termsOfUseUrl": _HTTPS},
    "name": {"short": 30, "full": 100},
    "description": {"short": 80, "full": 4000},
    "icons": {"color": 2048, "outline": 2048},
    "accentColor": re.compile(r"#[0-9a-fA-F]{6}"),
    "defaultInstallScope?": {"personal", "team", "groupChat", "meetings"},
    "supportsChannelFeatures": {"tier1"},
    "bots": [
        {
            "botId": _GUID,
            "scopes": [_SCOPES, 3],
            "supportsFiles?": bool,
            "isNotificationOnly?": bool,
            "commandLists?": [{"scopes": [_SCOPES, 3], "commands": [_COMMAND, 10]}, 3],
        },
        1,
    ],
    "composeExtensions": [
        {
            "botId?": _GUID,
            "commands": [
                {
                    "id": 64,
                    "type": {"query", "action"},
                    "title": 32,
                    "description?": 128,
                    "context?": [{"compose", "commandBox", "message"}, 3],
                    "fetchTask?": bool,
                    "initialRun?": bool,
                    "parameters?": [
                        {
                            "name": 64,
                            "title": 32,
                            "description?": 128,
                            "inputType?": {"text", "textarea", "number", "date", "choiceset"},
                        },
                        5,
                    ],
                },
                10,
            ],
        },
        1,
    ],
    "permissions?": [{"identity", "messageTeamMembers"}, 2],
    "validDomains?": [2048, 16],
    "webApplicationInfo": {"id": _GUID, "resource": 2048},
    "authorization?": {
        "permissions": {
            "resourceSpecific": [{"name": 128, "type": {"Application", "Delegated"}}, 16]
        }
    },
}


def manifest_problems(manifest: dict[str, Any]) -> list[str]:
    """Return the reasons for which Teams would refuse a manifest; empty if it accepts it."""
    return list(_problems(manifest, SCHEMA, "manifest"))


def _problems(value: Any, rule: Rule, where: str) -> Iterator[str]:
    if isinstance(rule, dict):
        yield from _object(value, rule, where)
    elif isinstance(rule, list):
        each, most = rule
        if not isinstance(value, list) or len(value) > most:
            yield f"{where}: a list of at most {most}"
            return
        for number, item in enumerate(value):
            yield from _problems(item, each, f"{where}[{number}]")
    elif not _fits(value, rule):
        yield f"{where}: {value!r}"


def _fits(value: Any, rule: Rule) -> bool:
    if isinstance(rule, type):
        return isinstance(value, rule)
    if not isinstance(value, str):
        return False
    if isinstance(rule, int):
        return 0 < len(value) <= rule
    if isinstance(rule, re.Pattern):
        return rule.match(value) is not None
    return value in rule


def _object(value: Any, rules: dict[str, Rule], where: str) -> Iterator[str]:
    known = {name.removesuffix("?"): rule for name, rule in rules.items()}
    needed = {name for name in rules if not name.endswith("?")}
    if not isinstance(value, dict) or needed - value.keys() or value.keys() - known.keys():
        yield f"{where}: {sorted(value)} instead of {sorted(known)}"
        return
    for name, each in value.items():
        yield from _problems(each, known[name], f"{where}.{name}")
