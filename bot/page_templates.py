"""Jinja templates for whole pages: everything is escaped, and a missing name is an error."""

from __future__ import annotations

from pathlib import Path

import jinja2


def templates_in(folder: Path) -> jinja2.Environment:
    """Load the page templates in a folder, with escaping on and missing names refused."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
