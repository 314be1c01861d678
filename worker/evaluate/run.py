"""``lantern evaluate oulad``: every presentation of a folder, on one screen and as JSON."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console

from integrations.feeds.text_files import FeedError
from store.rules.errors import InvalidInput
from store.rules.flags.capacity import Room
from worker.evaluate.each_presentation import Failed, each_evaluated
from worker.evaluate.figures import Evaluated
from worker.evaluate.fitted_model import areas_of_others
from worker.evaluate.plots import write_plots
from worker.evaluate.presentations import SplitFolder
from worker.evaluate.replay import AUC_DAYS, default_policy
from worker.evaluate.screens import as_json, heading, row, summary, table


def evaluate_oulad(
    folder: Path,
    json_file: Path | None,
    a_day: int,
    plots: Path | None = None,
    *,
    show_all: bool = False,
) -> None:
    """Evaluate each presentation of ``folder``, print its line, and write all as JSON.

    ``a_day`` is the daily limit; all else is as in the default policy. A presentation that fails is
    named, and the others are kept. ``plots`` is a folder for charts.
    ``show_all`` prints every figure instead of one line.

    Raises ``FeedError`` where a file is missing or cannot be read, or nothing in it can be
    evaluated, and ``InvalidInput`` where the JSON or the charts cannot be written.
    """
    console, found = Console(file=sys.stdout), dict[str, Evaluated]()
    room = replace(Room.of(default_policy()), a_day=a_day)
    # Before the work, which takes minutes, rather than after it.
    if json_file:
        _write(json_file, as_json({}))
    if plots:
        write_plots(plots, {})
    failed: list[str] = []
    with tempfile.TemporaryDirectory(prefix="lantern-evaluate-") as place:
        for each in each_evaluated(SplitFolder(folder, Path(place)), room):
            if isinstance(each, Failed):
                failed += [each.name] if each.is_fault else []
                console.print(f"{each.name} is left out: {each.why}", **_AS_IT_IS)
                continue
            if not found and not show_all:
                console.print("\n".join(heading()), **_AS_IT_IS)
            found[each.name] = each
            console.print(table(each) if show_all else row(each), **_AS_IT_IS)
            if json_file:
                _write(json_file, as_json(found))
    if not found:
        raise FeedError(f"There is nothing to evaluate in {folder.name}.")
    _compare(found)
    console.print("\n".join(summary(found, failed)), **_AS_IT_IS)
    if json_file:
        _write(json_file, as_json(found))
    if plots:
        names = write_plots(plots, found)
        console.print(f"Charts in {plots}: {', '.join(names)}", **_AS_IT_IS)


_AS_IT_IS: Any = {"highlight": False, "soft_wrap": True}
"""For lines that are laid out already."""


def _compare(found: Mapping[str, Evaluated]) -> None:
    """Add to each presentation's order what the stronger model reaches that saw other modules."""
    for day in AUC_DAYS:
        areas = areas_of_others({n: e.known[day] for n, e in found.items() if day in e.known})
        for name, area in areas.items():
            found[name].add_stronger(day, area)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InvalidInput(
            f"{path.name} cannot be written: {error.strerror}. Name a file in another folder."
        ) from None
