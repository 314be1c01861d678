"""Statements that DuckDB reads at once are judged as their reader judges them one by one."""

from __future__ import annotations

import datetime as dt
import io
import json
import random
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from integrations.feeds.formats.files.opening import Opened
from integrations.feeds.formats.keeping import Statements, digest, kept_records
from integrations.feeds.formats.matching import loading
from integrations.feeds.formats.matching.known_roster import KnownRoster
from integrations.feeds.formats.matching.modules import known_modules
from integrations.feeds.formats.matching.people import known_people
from integrations.feeds.formats.model import Declared
from integrations.feeds.formats.plain import statements as plain
from integrations.feeds.formats.readers import xapi
from integrations.feeds.formats.readers.xapi import JISC

AREA, UDD = f"{JISC}courseArea", f"{JISC}uddModInstanceID"
NUMBERS = [f"B{n:05}" for n in range(1, 41)]
COURSE = {"type": "http://x/course"}

# What may be odd about a statement: a field's path, and other values of it.
ODD: list[tuple[tuple[str, ...], list[Any]]] = [
    (("verb", "id"), ["http://x/attended", "http://x/submitted", "http://x/unheard", 5, ""]),
    (("verb", "id"), [" http://x/viewed ", "http://x/VIEWED/", None]),
    (("verb",), ["viewed", None]),
    (("actor",), ["Ada", None, {"objectType": "Group"}, {"account": {"name": 1, "homePage": 2}}]),
    (("actor",), [{"mbox": f"mailto:{each}@uni.example"} for each in ("staff", "B00009", "who")]),
    (("actor", "account", "name"), ["nobody", " B00003 ", "b00004", "B0005", "B5", 5, True]),
    (("timestamp",), ["2025-11-16", "yesterday", "2025-02-30T10:00:00Z", "2025-11-16T24:00:00Z"]),
    (("timestamp",), ["2025-11-16T10:00Z", "2025-11-16t10:00:00z", " 2025-11-16T10:00:00Z", 5]),
    (("timestamp",), ["2025-11-16T10:00:00+23:59", "0001-01-01T00:00:00Z", None]),
    (("stored",), ["2025-11-16T10:00:00Z", 5, None, 'a"b']),
    (("result",), [{"completion": True}, {"score": {"raw": 5}}, {"completion": False}]),
    (("result",), [{"completion": 1, "extensions": {f"{JISC}attendance_late": 1}}]),
    (("object",), [{"id": 5}, {"id": "x\u00e9\n"}, "page", None]),
    (("object", "definition"), [{"extensions": {f"{JISC}event_id": "E1"}}, None]),
    (("context",), [{}, None, {"contextActivities": {"grouping": {"id": "M2", **COURSE}}}]),
    (("context",), [{"contextActivities": {"parent": [{"id": "M3", "definition": COURSE}]}}]),
    (("context", "extensions", AREA), [{f"{JISC}vle_mod_id": "m4"}, {UDD: " M1 "}, {UDD: "ZZ"}]),
    (("context", "extensions", AREA), [{UDD: 7}, {}, None, {UDD: "M1-2026"}]),
    (("id",), ["abc", 5, "", "  "]),
    (("note",), ["a, ] b", "\U0001f600"]),
]  # fmt: skip


def _statement(luck: random.Random) -> dict[str, Any]:
    day, hour, minute = luck.randrange(10, 20), luck.randrange(24), luck.randrange(60)
    zone = luck.choice(["Z", "+01:00", ".123Z", "-05:30", "-00:00"])
    verb = luck.choice(["viewed", "loggedin", "played", "completed"])
    return {
        "id": str(uuid.UUID(int=luck.getrandbits(128), version=4)),
        "actor": {
            "name": "Ada Example",
            "account": {"name": luck.choice(NUMBERS), "homePage": "https://vle.uni.example"},
        },
        "verb": {"id": f"http://x/verbs/{verb}", "display": {"en": "did"}},
        "object": {
            "id": f"https://vle.uni.example/page/{luck.randrange(99)}",
            "definition": {"type": luck.choice([*["http://x/page"] * 9, "http://x/assessment"])},
        },
        "timestamp": f"2025-11-{day}T{hour:02}:{minute:02}:00{zone}",
        "context": {"extensions": {AREA: {UDD: f"M{luck.randrange(1, 31)}"}}},
    }


def _lines(luck: random.Random) -> Iterator[bytes]:
    """Yield 400 lines, of which two fifths are odd: in a field, its id, or as JSON."""
    ids: list[str] = []
    for at in range(400):
        made = _statement(luck)
        whole = json.dumps(made)
        if at % 5 == 1:
            path, values = ODD[at // 5 % len(ODD)]
            inner = made
            for step in path[:-1]:
                inner = inner[step]
            inner[path[-1]] = luck.choice(values)
            whole = json.dumps(made)
        elif at % 10 == 3:
            other = luck.choice(ids)
            said: list[dict[str, Any]] = [
                {**made, "id": other},
                {**made, "id": other.upper()},
                {**made, "id": f" {other} "},
                {**made, "id": other, "note": "\ud800"},
                {**made, "verb": {"id": "http://x/voided"}, "object": {"id": other.upper()}},
                {key: value for key, value in made.items() if key != luck.choice(list(made))},
            ]
            whole = json.dumps(said[at // 10 % len(said)])
        elif at % 10 == 8:
            torn = [whole[:-1] + ", }", whole[:-7], "no JSON", whole + "x", "[1, 2]", "5"]
            deep = "[" * 3_000 + "]" * 3_000
            torn += [whole[:-1] + f', "deep": {deep}}}', whole.replace('"Ada Example"', deep)]
            torn.append(whole[:-1] + ', "note": "\tx"}')
            whole = torn[at // 10 % len(torn)]
        ids.append(made["id"] if isinstance(made.get("id"), str) else "none")
        bad = whole.encode()[:-1] + b', "note": "\xff"}'
        yield (bad if at % 60 == 59 else whole.encode()) + b"\n"


def _read(path: Path, said: Declared, scratch: Path | None) -> tuple[Any, ...]:
    """Return everything that comes of a file; ``scratch`` is where DuckDB reads its statements."""
    addresses = {f"{number}@uni.example".lower(): number for number in NUMBERS}
    people = known_people(NUMBERS, addresses, ["staff@uni.example"], [], ["uni.example"])
    since = dt.date(2025, 9, 1)
    enrolled: dict[str, list[tuple[str, dt.date, dt.date | None]]] = {
        n: [("M1", since, None), ("M2", since, None)] for n in NUMBERS[:20]
    }
    modules = known_modules([f"M{n}" for n in range(1, 30)], [])  # M30 is not on the roster
    opened, out = Opened(path, path.name), io.StringIO(newline="")
    roster = KnownRoster(people, modules, enrolled)
    at_once = None
    if scratch:
        at_once = plain.find_plain(opened, xapi.FORMAT, said, people, modules, scratch)
    summary = loading.read_events(opened, xapi.FORMAT, said, roster, out, plain=at_once)
    written, found = out.getvalue().splitlines(), Statements()
    rows = (
        (row, line, at in summary.handed_on)
        for at, (row, line) in enumerate(zip(written[1:], summary.lines, strict=True), start=2)
    )
    kept = [
        (record, line, json.loads(text))
        for record, line, _, text in kept_records(
            opened, xapi.FORMAT, said, summary.fates, people.named, found
        )
    ]
    if scratch:
        assert summary.plain
        assert len(summary.plain.odd) < 300, "most are plain"
        records = duckdb.execute(summary.plain.records).fetchall()
        kept += [(record, line, json.loads(text)) for record, line, _, text in records]
        found.ids += summary.plain.digests()
    counted = [summary.rows, summary.events, summary.late, summary.minutes]
    by = summary.by_label, summary.people, summary.days, summary.passed, summary.refused
    refused = sorted(summary.refused_lines), summary.rejections.rows, summary.repaired
    used = {record: (line, _used(text)) for record, line, text in kept}
    return (
        counted, by, refused, summary.fates.of, sorted(rows), used,
        sorted(found.ids), found.voids,
    )  # fmt: skip


def _used(kept: dict[str, Any]) -> dict[str, Any]:
    """Leave out what no reader can use: nothing, and plain values in place of objects."""
    found = {}
    for key, value in kept.items():
        left = _used(value) if isinstance(value, dict) else value
        is_odd = key in ("context", "result", "object") and not isinstance(value, dict)
        if left not in (None, {}) and not is_odd:
            found[key] = left
    return found


@pytest.mark.parametrize("seed", range(3))
def test_a_statement_is_judged_alike_at_once_and_one_by_one(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plain, "LEAST", 1)
    path = tmp_path / "statements.ndjson"
    lines = list(_lines(random.Random(seed)))
    path.write_bytes(b"".join(lines))
    voided = frozenset({digest(json.loads(lines[0])["id"])})
    for at, said in enumerate((Declared(), Declared(module="M7"), Declared(voided=voided))):
        scratch = tmp_path / str(at)
        scratch.mkdir()
        one_by_one, at_once = _read(path, said, None), _read(path, said, scratch)
        for one, other in zip(one_by_one, at_once, strict=True):
            assert one == other
