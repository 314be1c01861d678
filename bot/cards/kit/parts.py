"""The parts that only say something: text, facts, a chart, the state of a case, and its reasons.

Each part has a plain form in every renderer. Colour and icon never stand without their word.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

LONGEST_LETTER = 4000


class TextStyle(StrEnum):
    """What a paragraph is, not how it looks.

    ``QUOTE`` is what a person said. ``LETTER`` is an email that a person approves; it is never cut.
    """

    HEADING = "heading"
    PLAIN = "plain"
    SUBTLE = "subtle"
    QUOTE = "quote"
    LETTER = "letter"


@dataclass(frozen=True, slots=True)
class Text:
    """One paragraph in one style; its line breaks are kept."""

    text: str
    style: TextStyle = TextStyle.PLAIN

    def __post_init__(self) -> None:
        if self.style is TextStyle.LETTER and len(self.text) > LONGEST_LETTER:
            raise ValueError(f"a letter is shown whole: {LONGEST_LETTER} characters at most")


@dataclass(frozen=True, slots=True)
class Facts:
    """Short labelled values, shown side by side where there is room."""

    items: tuple[tuple[str, str], ...]

    def __post_init__(self) -> None:
        if not self.items:
            raise ValueError("facts without a single fact")


@dataclass(frozen=True, slots=True)
class Chart:
    """A small column chart of a trend: at most twelve columns.

    ``points`` are (label, value) pairs, oldest first, values from 0 to ``top``, or None for a week
    in which there was nothing to count, or that was not measured. ``median`` is the class median of
    each column, drawn across it, or () for none. ``summary`` says in a sentence what the chart
    shows, for people who cannot see it. ``picture`` is the platform's id of the chart as a picture
    that it holds already; '' where it draws the chart itself, or has none.
    """

    title: str
    points: tuple[tuple[str, int | None], ...]
    top: int
    summary: str
    median: tuple[float | None, ...] = ()
    picture: str = ""

    def __post_init__(self) -> None:
        if self.median and len(self.median) != len(self.points):
            raise ValueError("a chart's median has a value, or None, for each column")
        found = (*(value for _, value in self.points), *self.median)
        values = [value for value in found if value is not None]
        fits = all(0 <= value <= self.top for value in values)
        if not fits or self.top < 1 or not 1 <= len(self.points) <= 12:
            raise ValueError("a chart has one to twelve columns, from 0 to a top of 1 or more")


@dataclass(frozen=True, slots=True)
class Divider:
    """A thin line between two parts."""


class StateIcon(StrEnum):
    """The sign of a case's state. It never stands without the state's word."""

    NEW = "🔵"
    DISCUSSION = "💬"
    DRAFT = "📝"
    SENT = "📧"
    ANSWERED = "📨"
    RETURNING = "🌱"
    REFERRED = "🤝"
    PAUSED = "⏸️"
    CLOSED = "✅"
    STOP = "⛔"


@dataclass(frozen=True, slots=True)
class Title:
    """What a case is and its state: the first line of its card."""

    reference: str
    state: str
    icon: StateIcon

    @property
    def text(self) -> str:
        """Reference and state in one line, without the icon."""
        return f"{self.reference} · {self.state}"


@dataclass(frozen=True, slots=True)
class StatusLine:
    """Who acts next, what they do, and until when. ``who`` stands out; '' where no one does."""

    who: str
    rest: str

    @property
    def text(self) -> str:
        """Return the line as one text: who acts next, then the rest."""
        return " ".join(part for part in (self.who, self.rest) if part)


@dataclass(frozen=True, slots=True)
class Reasons:
    """Reasons as a list: (marker, reason), the strongest first. The marker stands out."""

    items: tuple[tuple[str, str], ...]

    def __post_init__(self) -> None:
        if not self.items:
            raise ValueError("a list of reasons without a single reason")


@dataclass(frozen=True, slots=True)
class Link:
    """A link to where the card of a case stands, or to a page. Only Lantern makes its address.

    ``case`` is the case's id; None for a page. Without an address there is no such place, and the
    words alone show.
    """

    text: str
    case: int | None
    address: str = ""


Part = Text | Facts | Chart | Divider | Reasons


@dataclass(frozen=True, slots=True)
class Fold:
    """Parts that open on demand. ``hint`` says beside the title what they hold."""

    title: str
    hint: str
    parts: tuple[Part, ...]

    def __post_init__(self) -> None:
        if not self.parts:
            raise ValueError("a fold without a single part")
