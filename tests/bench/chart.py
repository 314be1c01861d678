"""Draws the figures of a benchmark as an SVG picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

WIDTH, ROW, LEFT, RIGHT = 640, 44, 150, 60
STYLE = """
text { font: 14px system-ui, sans-serif; fill: #1f2328 }
.bar { fill: #1e6650 } .over { fill: #b3261e }
.mark { stroke: #57606a; stroke-width: 2 } .mark-words { font-size: 12px; fill: #57606a }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .bar { fill: #4c9a82 } .over { fill: #f2736b }
  .mark { stroke: #9da7b1 } .mark-words { fill: #9da7b1 }
}
"""


@dataclass(frozen=True, slots=True)
class Bar:
    """A benchmark: how many times its floor Lantern takes, and how many it may take."""

    ratio: float
    at_most: float


def draw(bars: Mapping[str, Bar], title: str) -> str:
    """Return an SVG document: a bar for each ratio, with a mark at the most that is allowed."""
    longest = max(max(bar.ratio, bar.at_most) for bar in bars.values())
    height = 34 + ROW * len(bars) + 12
    words = "; ".join(
        f"{name} {bar.ratio:.2f}, at most {bar.at_most:.2f}" for name, bar in bars.items()
    )

    def x(ratio: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * ratio / longest

    rows = [
        _row(name, bar, 34 + ROW * place, x(bar.ratio), x(bar.at_most))
        for place, (name, bar) in enumerate(bars.items())
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">'
        f"<title>{escape(title)}</title><desc>{escape(words)}</desc><style>{STYLE}</style>"
        f'<text x="0" y="18">{escape(title)}</text>{"".join(rows)}</svg>\n'
    )


def _row(name: str, bar: Bar, y: int, end: float, limit: float) -> str:
    kind = "bar" if bar.ratio <= bar.at_most else "over"
    return (
        f'<text x="0" y="{y + 19}">{escape(name.replace("_", " "))}</text>'
        f'<rect class="{kind}" x="{LEFT}" y="{y + 4}" width="{end - LEFT:.1f}" height="20"/>'
        f'<text x="{max(end, limit) + 8:.1f}" y="{y + 19}">{bar.ratio:.2f}</text>'
        f'<line class="mark" x1="{limit:.1f}" x2="{limit:.1f}" y1="{y}" y2="{y + 28}"/>'
        f'<text class="mark-words" x="{limit:.1f}" y="{y + 40}" text-anchor="middle">'
        f"at most {bar.at_most:.2f}</text>"
    )
