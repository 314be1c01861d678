"""What the demo prints: a line for each step, with the time it took."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from rich.console import Console
from rich.text import Text

from integrations.feeds.loading import LoadReport
from store.rules.text.formatting import counted

WIDTH = 78


class Lines:
    """Prints the demo's progress: one line for each step, on a terminal or in a log."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def say(self, markup: str) -> None:
        """Print a line between the numbered steps."""
        self._console.print(markup, soft_wrap=True)

    @contextmanager
    def step(self, what: str) -> Iterator[Callable[[str], None]]:
        """Show that a step is running, then its result in one line."""
        said = what
        began = monotonic()

        def done(sentence: str) -> None:
            nonlocal said
            said = sentence

        with self._console.status(what):
            yield done
        self.line("✓", said, monotonic() - began, "green")

    def line(self, mark: str, sentence: str, seconds: float, style: str) -> None:
        """Print a step that is over. Sentences are shown whole, however narrow the terminal is."""
        line = Text.assemble((mark, style), f"  {sentence:<{WIDTH}} ", (f"{seconds:5.1f} s", "dim"))
        self._console.print(line, soft_wrap=True)

    @staticmethod
    def loaded(report: LoadReport) -> str:
        """Say how many rows were loaded, and how many were refused."""
        rows = counted(report.accepted, "row")
        if not report.rejected:
            return rows
        first = report.rejected[0]
        left_out = counted(report.rejected_total, "row")
        return f"{rows}; {left_out} left out: {first.file}, line {first.line}"
