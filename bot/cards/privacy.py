"""Cards for the data protection officer alone: erasures, their receipts, and who saw what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from bot.cards.kit import sample_data as sample
from bot.cards.kit.model import (
    Card,
    CardBlock,
    Dialog,
    Divider,
    Facts,
    Input,
    InputKind,
    Text,
    TextStyle,
)
from bot.cards.kit.registry import example
from store.queries.privacy.receipt import OUT_OF_REACH, Left, Receipt
from store.queries.privacy.who_saw import Viewing
from store.rules.calendar import INSTITUTION
from store.rules.privacy import RemnantKind
from store.rules.text.formatting import counted

_SHOWN = 20


def receipt_card(receipt: Receipt) -> Card:
    """List what was erased, what was refused, and what no erasure reaches.

    It names no one.
    """
    return Card(
        kind="receipt",
        summary=f"Erasure {receipt.erasure}: {_standing(receipt)}",
        blocks=(
            Text(f"Erasure {receipt.erasure}", TextStyle.HEADING),
            Text(_standing(receipt)),
            Facts(
                (
                    ("Rows", str(receipt.rows)),
                    ("Deleted elsewhere", str(receipt.gone)),
                    ("Emptied", str(receipt.redacted)),
                    ("Waiting", str(receipt.waiting)),
                    ("To delete by hand", str(len(receipt.left))),
                )
            ),
            *_by_hand(receipt),
            Divider(),
            Text("Never reached by an erasure:", TextStyle.SUBTLE),
            Text("\n".join(OUT_OF_REACH), TextStyle.SUBTLE),
        ),
    )


def left_line(left: Left) -> str:
    """Write a line such as ``Card, slack lang, 22 Oct 2025 09:30 UTC, 1761.001: archived``."""
    at = f"{left.at:%d %b %Y %H:%M} UTC" if left.at else ""
    place = ", ".join(part for part in (left.kind.label, left.where, at, left.message) if part)
    return f"{place}: {left.why}."


def erase_dialog(number: str, rows: int, messages: int, figure: str) -> Dialog:
    """Ask why to erase a student, and for the two numbers of ``figure`` as confirmation."""
    much = f"{counted(rows, 'row')} and {counted(messages, 'message')} or emails"
    return Dialog(
        kind="erase",
        title="Erase a student",
        action="erase",
        submit="Erase for good",
        blocks=(
            Text(f"This deletes {much}. It cannot be undone. The school's statistics are kept."),
            Input("number", "The student's number", value=number, max_length=60),
            Input(
                "why",
                "Why?",
                InputKind.PARAGRAPH,
                hint="This reason is kept after the erasure. Do not name anyone in it.",
                max_length=500,
            ),
            Input(
                "confirm",
                "Confirm with the two numbers",
                hint=f"Type {figure}",
                max_length=30,
            ),
        ),
    )


def who_saw_card(looks: Sequence[Viewing]) -> Card:
    """List the newest looks at a student's data. It does not name the student."""
    title = f"This student's data was opened {counted(len(looks), 'time')}"
    lines = [Text(look_line(each)) for each in looks[:_SHOWN]]
    more = len(looks) - _SHOWN
    return Card(
        kind="who-saw",
        summary=f"{title}.",
        blocks=(
            Text(title, TextStyle.HEADING),
            *(lines or [Text("No one has opened this student's case or details.")]),
            *([Text(f"and {more} earlier: lantern audit who-saw", TextStyle.SUBTLE)] * (more > 0)),
            Text("The audit records that you asked.", TextStyle.SUBTLE),
        ),
    )


def look_line(look: Viewing) -> str:
    """Write ``22 Oct 2025 10:30, Alice Example: identity, notes. To check …``, in local time."""
    at = f"{look.at.astimezone(INSTITUTION):%d %b %Y %H:%M}".lstrip("0")
    why = f": {look.why}" if look.why else ""
    case = f" ({look.case})" if look.case else ""
    return f"{at}, {look.who}: {look.shows}. {look.purpose}{why}{case}"


def _standing(receipt: Receipt) -> str:
    if receipt.finished_at is None:
        return f"{counted(receipt.waiting, 'item')} still waiting to be deleted."
    if receipt.left:
        return f"Done, except for {counted(len(receipt.left), 'item')} to delete by hand."
    return "Done: everything that Lantern can delete has been deleted."


def _by_hand(receipt: Receipt) -> Iterator[CardBlock]:
    if not receipt.left:
        return
    yield Divider()
    yield Text("Delete these by hand:")
    for left in receipt.left[:_SHOWN]:
        yield Text(left_line(left))
    if len(receipt.left) > _SHOWN:
        more = counted(len(receipt.left) - _SHOWN, "more", "more")
        yield Text(f"and {more}: lantern student receipt {receipt.erasure}", TextStyle.SUBTLE)


_AT = dt.datetime.combine(sample.DAY, dt.time(9, 30), dt.UTC)


@example("receipt")
def _receipt() -> Card:
    left = Left(RemnantKind.REMARK, "slack languages", "1761125400.000001", _AT, "Slack refused it")
    return receipt_card(Receipt(7, 1, _AT, _AT, 57, 4, 1, 0, (left,)))


@example("receipt-clean")
def _clean() -> Card:
    return receipt_card(Receipt(8, 1, _AT, _AT, 12, 3, 0, 0, ()))


@example("receipt-waiting")
def _waiting() -> Card:
    return receipt_card(Receipt(9, 1, _AT, None, 12, 1, 0, 2, ()))


@example("who-saw")
def _who_saw() -> Card:
    opened = Viewing(
        _AT, "Alice Example", "identity, address", "To check their circumstances", "LANG-1"
    )
    return who_saw_card(
        (opened, Viewing(_AT, "Bob Example", "notes", "Looking at the case", "LANG-1"))
    )


@example("who-saw-none")
def _unseen() -> Card:
    return who_saw_card(())


@example("dialog-erase")
def _erase() -> Dialog:
    return erase_dialog("1001", 57, 12, "41/3")
