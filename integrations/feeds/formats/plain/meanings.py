"""What actors, verbs and contexts mean, asked of the reader once for each that differs.

Tables of a workspace: ``who`` (actor, number, kept), ``deeds`` (verb, kind, label, family) and
``places`` (the columns of ``PLACE``, module, kept). ``kept`` is what is kept of it, as JSON. What
has another meaning, or none, is in none of them.
"""

# ruff: noqa: S608 -- the SQL is put together from our own texts; values are parameters.

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from integrations.activity.scratch_database import ScratchDatabase
from integrations.feeds.formats.files.json_values import parse_value
from integrations.feeds.formats.keeping import pruned
from integrations.feeds.formats.matching.modules import Modules
from integrations.feeds.formats.matching.people import KnownPeople
from integrations.feeds.formats.model import Declared
from integrations.feeds.formats.plain.fields import PLACE
from integrations.feeds.formats.readers import xapi

_TEXT = r'"[ !#-\[\]-~]*"'
_ACCOUNT = re.compile(
    rf'{{("objectType":"Agent",)?(?:"name":{_TEXT},)?'
    r'("account":{"name":"([!#-\[\]-~]+)","homePage":"([!#-\[\]-~]+)"})}'
)
"""Most actors, an account in plain letters, whose meaning needs no parser."""


def find_who(work: ScratchDatabase, people: KnownPeople) -> None:
    """Make the table ``who`` of the known students among the actors."""
    columns = dict.fromkeys(("actor", "number", "kept"), "VARCHAR")
    work.table("who", columns, list(_students(work, people)))


def _students(work: ScratchDatabase, people: KnownPeople) -> Iterator[tuple[str, str, str]]:
    for (text,) in _distinct(work, "actor"):
        if text and (usual := _ACCOUNT.fullmatch(text)):
            kind, account, name, place = usual.groups("")
            if number := people.find(((place, name),)):
                yield text, number, f"{{{kind}{account}}}"
            continue
        actor = _value(text)
        named = xapi.actor_identifiers(actor)
        if named and (number := people.find(named)):
            yield text, number, _json(pruned(actor, xapi.OF_ACTOR))


def find_deeds(work: ScratchDatabase) -> bool:
    """Make the table ``deeds`` of what verbs alone say; return whether one voids statements."""
    made, voids = [], False
    for verb, kind in _distinct(work, "verb", "kind"):
        definition = {"type": _value(kind)}
        statement = {"verb": {"id": _value(verb)}, "object": {"definition": definition}}
        voids = voids or xapi.voids(statement)
        if use := xapi.use_of_verb(statement):
            made.append((verb, kind, *use))
    columns = dict.fromkeys(("verb", "kind", "label", "family"), "VARCHAR")
    work.table("deeds", columns, made)
    return voids


def find_places(work: ScratchDatabase, modules: Modules, declared: Declared) -> None:
    """Make the table ``places`` of the known modules that contexts name."""
    made = []
    for texts in _distinct(work, *PLACE):
        udd, vle, parent, around = map(_value, texts)
        area = _said({f"{xapi.JISC}uddModInstanceID": udd, f"{xapi.JISC}vle_mod_id": vle})
        extensions = _said({f"{xapi.JISC}courseArea": area})
        activities = _said({"parent": parent, "grouping": around})
        context = _said({"extensions": extensions, "contextActivities": activities})
        named = xapi.module_of({"context": context})
        if module := (modules.find(named) if named else None) or declared.module:
            kept = _json(pruned(context, xapi.OF_CONTEXT)) if context else None
            made.append((*texts, module, kept))
    columns = dict.fromkeys((*PLACE, "module", "kept"), "VARCHAR")
    work.table("places", columns, made)


def same(table: str, *columns: str) -> str:
    """Return SQL for whether a row of a table is that of one in ``told``."""
    return " AND ".join(f"{table}.{each} IS NOT DISTINCT FROM told.{each}" for each in columns)


def _distinct(work: ScratchDatabase, *columns: str) -> list[tuple[Any, ...]]:
    return work.con.execute(
        f"SELECT DISTINCT {', '.join(columns)} FROM told WHERE id IS NOT NULL"
    ).fetchall()


def _value(text: str | None) -> Any:
    return None if text is None else parse_value(text).value


def _said(value: dict[str, Any]) -> dict[str, Any]:
    return {name: each for name, each in value.items() if each not in (None, {})}


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))
