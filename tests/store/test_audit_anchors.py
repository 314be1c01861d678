"""Anchors detect audit rows that were removed at the end and any change to an anchored row."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from integrations.audit_anchor import ANCHOR_EVERY, AnchorFault, AnchorFile
from store.audit import AuditEntry, append, verify_chain
from store.db.unit_of_work import Store
from store.queries.audit_anchors import Anchor, audit_end, compare
from store.queries.health import RESTORE
from store.tables import audit, audit_head
from tests.people import MORNING
from tests.stores import AUDIT_KEY

ROWS, EVERY = 20, 6
ANCHORED = ROWS - ROWS % EVERY
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def file(store: Store, tmp_path: Path) -> AnchorFile:
    """Create a chain of ``ROWS`` rows, a minute apart, with an anchor every ``EVERY`` rows."""
    kept = AnchorFile(tmp_path / "anchor", store.mark)
    for number in range(1, ROWS + 1):
        write(store, number, "look")
        if number % EVERY == 0:
            with store.database.read() as connection:
                end = audit_end(connection, MORNING + number * MINUTE)
            assert end is not None
            assert kept.append(end)
    return kept


def write(store: Store, number: int, action: str) -> None:
    with store.database.write() as connection:
        entry = AuditEntry("staff:1", action, f"case:{number}", {"again": number % 2 == 0})
        append(connection, AUDIT_KEY, MORNING + number * MINUTE, [entry])


def edited(connection: sa.Connection, at: int, chance: random.Random) -> None:
    changes: list[dict[str, object]] = [
        {"actor": "staff:9"},
        {"action": "x"},
        {"at": MORNING},
        {"details": {}},
        {"hash": "0" * 64},
    ]
    change = chance.choice(changes)
    connection.execute(sa.update(audit).where(audit.c.seq == at).values(change))


def removed(connection: sa.Connection, at: int, _chance: random.Random) -> None:
    connection.execute(sa.delete(audit).where(audit.c.seq == at))


def swapped(connection: sa.Connection, at: int, chance: random.Random) -> None:
    other = chance.choice([seq for seq in range(1, ROWS + 1) if seq != at])
    for old, new in ((at, 10_000), (other, at), (10_000, other)):
        connection.execute(sa.update(audit).where(audit.c.seq == old).values(seq=new))


def cut_off(connection: sa.Connection, at: int, _chance: random.Random) -> None:
    """Delete this row and all later ones and reset the head, as restoring an older copy does."""
    connection.execute(sa.delete(audit).where(audit.c.seq >= at))
    end = connection.execute(sa.select(audit.c.hash).where(audit.c.seq == at - 1)).scalar()
    connection.execute(sa.update(audit_head).values(seq=at - 1, hash=end or "0" * 64))


def cut_and_written_on(connection: sa.Connection, at: int, chance: random.Random) -> None:
    """Delete rows, then append others, so that the chain is whole again and as long as before."""
    cut_off(connection, at, chance)
    entries = [AuditEntry("staff:2", "look", "case:1", {})] * (ROWS - at + 1)
    append(connection, AUDIT_KEY, MORNING + 100 * MINUTE, entries)


ATTACKS = (edited, removed, swapped, cut_off, cut_and_written_on)


def found(connection: sa.Connection, anchors: list[Anchor]) -> bool:
    return bool(verify_chain(connection, AUDIT_KEY) or compare(connection, anchors).broken)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_every_change_to_an_anchored_row_is_found(
    store: Store, file: AnchorFile, attack: Callable[..., None]
) -> None:
    anchors, chance = file.anchors(), random.Random(attack.__name__)
    with store.database.engine.connect() as connection:
        assert not found(connection, anchors)
        missed = []
        for at in range(1, ANCHORED + 1):
            with connection.begin_nested() as change:
                attack(connection, at, chance)
                if not found(connection, anchors):
                    missed.append(at)
                change.rollback()
    assert missed == []


def test_only_rows_after_the_newest_anchor_can_be_cut_unseen(
    store: Store, file: AnchorFile
) -> None:
    with store.database.engine.connect() as connection:
        cut_off(connection, ANCHORED + 1, random.Random(1))
        assert not found(connection, file.anchors())
        connection.rollback()
        compared = compare(connection, file.anchors())
    assert (compared.anchored, compared.waiting) == (ANCHORED, ROWS - ANCHORED)
    assert compared.since == MORNING + (ANCHORED + 1) * MINUTE


def test_a_restore_explains_the_rows_that_it_replaced(store: Store, file: AnchorFile) -> None:
    with store.database.engine.connect() as connection:
        cut_off(connection, 10, random.Random(1))
        entry = AuditEntry("system:cli", RESTORE, "restore", {})
        append(connection, AUDIT_KEY, MORNING + 90 * MINUTE, [entry])
        compared = compare(connection, file.anchors())
        assert compared.broken is None
        assert len(compared.replaced) == 1
        # A cut before the place from which a restore wrote on was not made by that restore.
        cut_off(connection, 6, random.Random(1))
        assert compare(connection, file.anchors()).broken is not None
        connection.rollback()


def test_the_file_shows_its_own_changes(file: AnchorFile) -> None:
    lines = file.path.read_text().splitlines(keepends=True)
    for number in range(len(lines)):
        others = lines[:number] + lines[number + 1 :]
        for changed in (
            [*lines[:number], lines[number].replace('"seq": ', '"seq": 1'), *lines[number + 1 :]],
            [*lines[:number], "nonsense\n", *lines[number + 1 :]],
            [*lines[:number], '{"seq": null}\n', *lines[number + 1 :]],
            # The newest line alone may be missing: only anchored rows are guaranteed.
            *([others] if number < len(lines) - 1 else []),
        ):
            file.path.write_text("".join(changed))
            with pytest.raises(AnchorFault, match="Compare"):
                file.anchors()
    file.path.write_bytes(b"\xff\x00" + "".join(lines).encode())
    with pytest.raises(AnchorFault, match="Line 1"):
        file.anchors()


def test_a_line_that_a_crash_cut_short_stops_nothing(file: AnchorFile) -> None:
    whole = file.path.read_bytes()
    newest = file.anchors()[-1]
    later = Anchor(newest.seq + 1, "1" * 64, newest.at + ANCHOR_EVERY)
    for rest in (b"{", whole.splitlines()[-1][:-1], b'{"seq": 9, "ha'):
        file.path.write_bytes(whole + rest)
        assert file.anchors()[-1] == newest
        assert file.append(later)
        assert file.anchors()[-2:] == [newest, later]


def test_an_end_that_did_not_move_or_is_fresh_is_not_written_again(file: AnchorFile) -> None:
    newest = file.anchors()[-1]
    later = newest.at + ANCHOR_EVERY
    assert not file.append(Anchor(newest.seq, newest.hash, later))
    assert not file.append(Anchor(newest.seq + 1, "1" * 64, newest.at + MINUTE))
    assert file.append(Anchor(newest.seq + 1, "1" * 64, later))
    assert file.anchors()[-1].seq == newest.seq + 1


def test_a_folder_that_is_away_is_not_made(store: Store, tmp_path: Path) -> None:
    away = AnchorFile(tmp_path / "mount" / "anchor", store.mark)
    with pytest.raises(AnchorFault, match="AUDIT_ANCHOR"):
        away.append(Anchor(1, "0" * 64, MORNING))
    assert not (tmp_path / "mount").exists()


def test_a_line_of_brackets_is_a_sentence_and_no_error(store: Store, tmp_path: Path) -> None:
    file = AnchorFile(tmp_path / "anchor", store.mark)
    file.path.write_text("[" * 100_000)
    with pytest.raises(AnchorFault, match="not one that Lantern wrote"):
        file.anchors()
    file.path.write_text("[" * 4_000)
    with pytest.raises(AnchorFault, match="not one that Lantern wrote"):
        file.append(Anchor(1, "0" * 64, MORNING))


@pytest.mark.parametrize("bad", ["'no JSON'", "'[1]'"])
def test_a_row_that_cannot_be_read_is_a_verdict_and_no_error(store: Store, bad: str) -> None:
    write(store, 1, "look")
    with store.database.write() as connection:
        connection.execute(
            sa.text(
                f"UPDATE audit SET details = {bad}"
                if store.database.is_sqlite
                else "UPDATE audit SET details = '[1]'"
            )
        )
    broken = store.verify_audit()
    assert broken is not None
    assert broken.seq == 1
