"""Seal words about a student with a key of the student's own, and open them.

Each student has a random key, which ``ENCRYPTION_KEY`` seals in ``student_keys``. Sealed words name
their key, so that a page reads the keys of all its students in one statement. Words that an earlier
version stored, in the clear or sealed by ``ENCRYPTION_KEY`` itself, are read too.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

import sqlalchemy as sa

from store.db.read_once import Kept, kept_answers
from store.encryption import Encryption, SealBroken
from store.tables import revisions, student_keys, students

BEGUN = "student keys"
"""The row of ``revisions`` that says that words are sealed by students' own keys. Until then, other
processes may be of a version that cannot open them."""
KEYS = student_keys.name
"""The table of the keys, which a backup may leave to another place."""
DESTROYED = "(This can no longer be read: its key was destroyed.)"
"""Shown for words whose key is gone, as in a backup from before an erasure."""
IN_USE = student_keys.c.retired_at.is_(None)
"""Whether a key seals what is written. Two writers at once may give a student two keys: the smaller
number seals from then on, and both open."""
_BITS = 53
"""Of a key's number: exact in any reader of JSON."""
_COLUMNS = (
    student_keys.c.number,
    student_keys.c.student_id,
    student_keys.c.sealed,
    student_keys.c.retired_at,
)
_SEAL = "lantern_seal"
_NAMES_ITS_KEY = re.compile(r"key:(\d+):(gAAAA[\w-]+=*)")


def use_seal(engine: sa.Engine, seal: Encryption) -> None:
    """Let every connection of this engine open students' keys."""
    engine.update_execution_options(**{_SEAL: seal})


def open_words(connection: sa.Connection, words: str) -> str:
    """Open a student's words; '' for ''. ``DESTROYED`` where their key is gone.

    Raises ``SealBroken`` where they were changed, or their key cannot be opened.
    """
    return open_all(connection, [words])[0]


def open_all(connection: sa.Connection, words: Sequence[str]) -> list[str]:
    """Open words of several students, with one statement for their keys; see ``open_words``."""
    return [each.decode() for each in _opened(connection, words)]


def open_notes(connection: sa.Connection, notes: Sequence[str]) -> list[str]:
    """Open colleagues' words and emails, which an earlier version stored in the clear; see
    ``open_words``."""
    sealed = [each for each in notes if _NAMES_ITS_KEY.fullmatch(each)]
    if not sealed:
        return list(notes)
    opened = dict(zip(sealed, open_all(connection, sealed), strict=True))
    return [opened.get(each, each) for each in notes]


def open_document(connection: sa.Connection, sealed: str) -> bytes:
    """Open a document. Raises ``SealBroken`` like ``open_words``."""
    return _opened(connection, [sealed])[0]


def close_words(connection: sa.Connection, student: int, words: str) -> str:
    """Seal a student's words, '' too."""
    return close_document(connection, student, words.encode())


def close_note(connection: sa.Connection, student: int, note: str) -> str:
    """Seal a colleague's words about a student; '' stays ''.

    They stay in the clear while processes of a version that cannot open them may run.
    """
    key = key_of(connection, student) if note else None
    return note if key is None else key.close(note)


def close_notes(connection: sa.Connection, student: int, **notes: str) -> dict[str, str]:
    """Seal several words about a student, by name; see ``close_note``."""
    key = key_of(connection, student) if any(notes.values()) else None
    return {
        name: note if key is None or not note else key.close(note) for name, note in notes.items()
    }


def close_document(connection: sa.Connection, student: int, content: bytes) -> str:
    """Seal a document's content, as text."""
    key = key_of(connection, student)
    if key is None:
        return seal_of(connection).close_bytes(content).decode("ascii")
    return key.close_bytes(content)


def is_sealed(value: str) -> bool:
    """Return whether a stored text is sealed, by a student's key or by ``ENCRYPTION_KEY``."""
    return value.startswith("gAAAA") or _NAMES_ITS_KEY.fullmatch(value) is not None


def is_destroyed(connection: sa.Connection, value: str) -> bool:
    """Return whether a stored text names a key that is not there."""
    named = _NAMES_ITS_KEY.fullmatch(value)
    return named is not None and not _keys(connection, {int(named[1])})


def has_keys(connection: sa.Connection) -> bool:
    """Return whether any student has a key."""
    return connection.execute(sa.select(student_keys.c.number).limit(1)).first() is not None


class StudentKey:
    """A student's key: what it seals names it."""

    def __init__(self, number: int, key: Encryption) -> None:
        self.number = number
        self._key = key

    def close(self, words: str) -> str:
        """Seal words about the student; they name this key."""
        return self.close_bytes(words.encode())

    def close_bytes(self, content: bytes) -> str:
        """Seal bytes about the student, as text that names this key."""
        return f"key:{self.number}:{self._key.close_bytes(content).decode('ascii')}"


def key_of(connection: sa.Connection, student: int) -> StudentKey | None:
    """Return a student's key, made at its first use; None while none is to be used yet."""
    known = kept_answers(connection, Kept.KEYS) or {}
    own = [each for each in known.values() if each.student_id == student and not each.retired_at]
    if own:
        return _usable(connection, min(own, key=lambda each: int(each.number)))
    begun = sa.select(revisions.c.token).where(revisions.c.name == BEGUN).scalar_subquery()
    row = connection.execute(
        sa.select(begun.label("begun"), *_COLUMNS)
        .select_from(students)
        .outerjoin(student_keys, sa.and_(student_keys.c.student_id == students.c.id, IN_USE))
        .where(students.c.id == student)
        .order_by(student_keys.c.number)
        .limit(1)
    ).one_or_none()
    if row is None or row.begun is None:
        return None
    if row.number is None:
        return make_key(connection, student)
    know_keys(connection, [row])
    return _usable(connection, row)


def make_key(connection: sa.Connection, student: int) -> StudentKey:
    """Make a new key for a student, which seals all that is written from now on."""
    row = connection.execute(
        sa.insert(student_keys)
        .values(
            number=secrets.randbits(_BITS),
            student_id=student,
            sealed=seal_of(connection).close(secrets.token_hex(32)),
        )
        .returning(*_COLUMNS)
    ).one()
    know_keys(connection, [row])
    return _usable(connection, row)


def keys_of(which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Select keys for ``know_keys``, to be read together with the words that they open."""
    return sa.select(*_COLUMNS).where(which)


def know_keys(connection: sa.Connection, rows: Iterable[Any]) -> None:
    """Keep keys that another statement has read, in the columns of ``keys_of``."""
    known = kept_answers(connection, Kept.KEYS)
    if known is not None:
        known.update({row.number: row for row in rows})


def seal_of(connection: sa.Connection) -> Encryption:
    """Return what opens the keys, and words that no student's key sealed."""
    seal: Encryption = connection.get_execution_options()[_SEAL]
    return seal


def _opened(connection: sa.Connection, sealed: Sequence[str]) -> list[bytes]:
    parts = [_NAMES_ITS_KEY.fullmatch(each) for each in sealed]
    keys = _keys(connection, {int(part[1]) for part in parts if part})
    found = []
    for each, part in zip(sealed, parts, strict=True):
        if not each:
            found.append(b"")
        elif part is None:
            found.append(seal_of(connection).open_bytes(each.encode()))
        elif (key := keys.get(int(part[1]))) is None:
            found.append(DESTROYED.encode())
        else:
            found.append(key.open_bytes(part[2].encode("ascii")))
    return found


def _keys(connection: sa.Connection, numbers: set[int]) -> dict[int, Encryption]:
    """Map the numbers of keys to those that are there."""
    kept = kept_answers(connection, Kept.KEYS)
    known: dict[int, Any] = {} if kept is None else kept
    if missing := numbers - known.keys():
        query = keys_of(student_keys.c.number.in_(sorted(missing)))
        known |= {row.number: row for row in connection.execute(query)}
    found = {}
    for number in numbers & known.keys():
        # One of a restored backup, whose ENCRYPTION_KEY was destroyed since.
        with suppress(SealBroken):
            found[number] = Encryption(seal_of(connection).open(known[number].sealed))
    return found


def _usable(connection: sa.Connection, row: Any) -> StudentKey:
    return StudentKey(row.number, Encryption(seal_of(connection).open(row.sealed)))
