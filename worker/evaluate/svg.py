"""Draw line charts as SVG: readable in light and dark, and by a screen reader."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 720, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 62, 168, 50, 48
_TICKS = 5
_DASHES = ("", "7 3", "2 3", "9 3 2 3", "1 4")
"""Lines differ by dashes as well as by colour."""
_COLOURS = (
    ("#0b5394", "#8ab4f8"), ("#a64d00", "#ffb77c"), ("#2d6a2d", "#8fd694"),
    ("#7a2380", "#e0a3e6"), ("#8a1c1c", "#ff9e9e"),
)  # fmt: skip
"""For light and for dark; each has a contrast of 4.5 to 1 at least with its background."""
LABELLED = 10
"""More lines are drawn thin and unnamed: they show the spread."""

_STYLE = """
svg { font: 13px system-ui, sans-serif; }
.page { fill: #ffffff; } .ink { fill: #1f1f1f; } .grid { stroke: #d9d9d9; }
.line { fill: none; }
.band { opacity: .15; stroke: none; }
@media (prefers-color-scheme: dark) {
  .page { fill: #1b1b1b; } .ink { fill: #f0f0f0; } .grid { stroke: #444444; }
}
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: points as (x, y), and the interval of each point where there is one."""

    name: str
    points: Sequence[tuple[float, float]]
    band: Sequence[tuple[float, float, float]] = ()
    """(x, low, high)."""


@dataclass(frozen=True, slots=True)
class LineChart:
    """A chart with its words. ``description`` says in text what the lines show."""

    title: str
    description: str
    across: str
    up: str
    ticks: Sequence[float]
    """The x that are written below; the chart reaches from the first to the last."""
    lines: Sequence[Line]
    top: float = 1.0
    """The largest y; the smallest is 0."""


def draw(chart: LineChart) -> str:
    """Return the chart as an SVG document."""
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
            'aria-labelledby="title description">',
            f'<title id="title">{escape(chart.title)}</title>',
            f'<desc id="description">{escape(chart.description)}</desc>',
            f"<style>{_STYLE}{_colours()}</style>",
            f'<rect class="page" width="{WIDTH}" height="{HEIGHT}"/>',
            _text(_LEFT, 26, chart.title, "start", "font-weight: bold; font-size: 16px"),
            *_axes(chart),
            *_lines(chart),
            "</svg>",
            "",
        ]
    )


def _colours() -> str:
    def rules(which: int) -> str:
        return " ".join(
            f".line.c{n} {{ stroke: {pair[which]}; }} "
            f".band.c{n}, .name.c{n} {{ fill: {pair[which]}; }}"
            for n, pair in enumerate(_COLOURS)
        )

    return f"{rules(0)}\n@media (prefers-color-scheme: dark) {{ {rules(1)} }}\n"


def _axes(chart: LineChart) -> Iterator[str]:
    for n in range(_TICKS + 1):
        y = chart.top * n / _TICKS
        up = _up(chart, y)
        yield (
            f'<line class="grid" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{up:.1f}" y2="{up:.1f}"/>'
        )
        yield _text(_LEFT - 8, up + 4, f"{y:g}", "end")
    for x in chart.ticks:
        yield _text(_across(chart, x), HEIGHT - _BOTTOM + 18, f"{x:g}", "middle")
    yield _text((_LEFT + WIDTH - _RIGHT) / 2, HEIGHT - 8, chart.across, "middle")
    yield _text(_LEFT - 50, _TOP - 8, chart.up, "start")


def _lines(chart: LineChart) -> Iterator[str]:
    named = len(chart.lines) <= LABELLED
    for n, line in enumerate(chart.lines):
        if not line.points:
            continue
        colour = f"c{n % len(_COLOURS)}"
        dash = _DASHES[n // len(_COLOURS) % len(_DASHES)] or "none"
        if line.band and len(chart.lines) <= len(_COLOURS):
            edge = [(x, high) for x, _, high in line.band]
            edge += [(x, low) for x, low, _ in reversed(line.band)]
            yield f'<polygon class="band {colour}" points="{_points(chart, edge)}"/>'
        yield (
            f'<polyline class="line {colour}" stroke-width="{2 if named else 1}" '
            f'stroke-dasharray="{dash}" points="{_points(chart, line.points)}"/>'
        )
        if named:
            yield (
                f'<text class="name {colour}" x="{WIDTH - _RIGHT + 6}" y="{_TOP + 16 * n:.1f}">'
                f"{'- ' if dash != 'none' else ''}{escape(line.name)}</text>"
            )


def _across(chart: LineChart, x: float) -> float:
    first, last = chart.ticks[0], chart.ticks[-1]
    return _LEFT + (WIDTH - _LEFT - _RIGHT) * (x - first) / (last - first)


def _up(chart: LineChart, y: float) -> float:
    return HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * min(y, chart.top) / chart.top


def _points(chart: LineChart, points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{_across(chart, x):.1f},{_up(chart, y):.1f}" for x, y in points)


def _text(x: float, y: float, words: str, anchor: str, style: str = "") -> str:
    styled = f' style="{style}"' if style else ""
    return (
        f'<text class="ink" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{styled}>'
        f"{escape(words)}</text>"
    )
