"""Hypothesis strategies for cards and dialogs with arbitrary text in every place."""

from __future__ import annotations

from hypothesis import strategies as st

from bot.cards.kit.model import (
    Actions,
    Button,
    ButtonStyle,
    Card,
    Chart,
    Dialog,
    Divider,
    Facts,
    Input,
    InputKind,
    Option,
    Select,
    Text,
    TextStyle,
)
from tests.bot.cards.specimens import HOSTILE

LONGEST = 20_000

_bits = st.one_of(
    st.text(max_size=40),
    st.sampled_from(HOSTILE.split(" ")),
    st.sampled_from(["<!here>", "<@U1>", "*a*", "# ", "1. ", "- ", "\n", "\\", "\\*", "</form>"]),
)
texts = st.one_of(
    st.lists(_bits, max_size=6).map("".join),
    st.builds(lambda bit, times: (bit * times)[:LONGEST], _bits, st.integers(1, LONGEST)),
)
labels = texts.filter(lambda text: bool(text.strip()))
names = st.from_regex(r"[a-z]{1,10}", fullmatch=True)
ids = st.dictionaries(names, st.from_regex(r"[0-9a-f]{1,8}", fullmatch=True), max_size=3)

_letter = st.builds(lambda text: Text(text[:1500], TextStyle.LETTER), texts)
_text = st.builds(Text, texts, st.sampled_from([s for s in TextStyle if s != TextStyle.LETTER]))
_facts = st.lists(st.tuples(texts, texts), min_size=1, max_size=12).map(
    lambda items: Facts(tuple(items))
)
_chart = st.builds(
    Chart,
    texts,
    st.lists(st.tuples(texts, st.integers(0, 7)), min_size=1, max_size=12).map(tuple),
    st.just(7),
    texts,
)
_says = st.one_of(_text, _facts, _chart, st.just(Divider()))

_quiet = st.builds(Button, labels, names, ids, st.sampled_from(ButtonStyle))
_asks = st.builds(Button, labels, names, ids, st.sampled_from(ButtonStyle), labels)


def _row(most: int) -> st.SearchStrategy[tuple[Button, ...]]:
    return st.lists(_quiet | _asks, min_size=1, max_size=most).map(tuple)


_under_more = st.lists(_quiet, min_size=1, max_size=7).map(tuple)
_actions = st.builds(Actions, _row(5)) | st.builds(Actions, _row(4), _under_more)


@st.composite
def _select(draw: st.DrawFn, name: str) -> Select:
    values = draw(st.lists(names, min_size=1, max_size=8, unique=True))
    options = tuple(Option(value, draw(texts)) for value in values)
    chosen = draw(st.none() | st.sampled_from(values))
    return Select(name, draw(texts), options, chosen, draw(st.booleans()), draw(texts), draw(ids))


@st.composite
def _input(draw: st.DrawFn, name: str) -> Input:
    kind = draw(st.sampled_from(InputKind))
    value = "2025-11-18" if kind is InputKind.DATE else draw(texts)[:3000]
    return Input(name, draw(texts), kind, value, draw(st.booleans()), draw(texts), 3000)


@st.composite
def cards(draw: st.DrawFn) -> Card:
    """Draw a card with any blocks, up to two rows of buttons and a select."""
    blocks = [draw(_text), *draw(st.lists(_says, max_size=7))]
    blocks += draw(st.lists(_letter, max_size=1))
    acting = draw(st.lists(st.one_of(_actions, _select("assign")), max_size=2))
    return Card("tried", draw(texts), (*blocks, *acting))


@st.composite
def dialogs(draw: st.DrawFn) -> Dialog:
    """Draw a dialog with any blocks and up to four fields."""
    blocks = [draw(_facts), *draw(st.lists(st.one_of(_says, _letter), max_size=2))]
    asked = draw(st.lists(names, max_size=4, unique=True))
    fields = [draw(st.one_of(_select(name), _input(name))) for name in asked]
    parts = (*blocks, *fields)
    return Dialog("tried", draw(labels), draw(names), parts, draw(ids), draw(labels))
