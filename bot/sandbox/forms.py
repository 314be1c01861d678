"""Read the sandbox's forms, and complete those that were rendered without a context.

Cards and dialogs are rendered once for everyone. A page adds what belongs to one showing: the
channel, and a key that makes a double click count once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from uuid import uuid4

from markupsafe import Markup, escape
from starlette.requests import Request

from bot.cards.kit.click import Click
from bot.sandbox.errors import SorryError

MAX_BODY = 64 * 1024
"""Bytes. The longest real form is a drafted email."""

KEY = "key"
CHANNEL = "channel"
AS = "as"
"""The person whose page a form is on: another tab may have switched to another person since."""

TOO_MUCH = "That is too much text for one message."
INCOMPLETE = "This form is incomplete. Load the page again and retry."
OTHER_TAB = (
    "This tab shows {shown}, and you act as {now} since you chose that in another tab. Nothing was "
    "done. Load this page again to act as {now}, or choose {shown} in the menu first."
)

_FORM_END = re.compile("</form>")
_LINKED = re.compile(r"(?m)^- (.+): (https?://[\w./:-]+)$")


async def read_form(request: Request) -> dict[str, str]:
    """Read the fields of a form; files and repeated names are ignored.

    The routes limit the size as well, also for a body of unknown length, but without a message.

    Raises ``SorryError`` (413) where the form is too large.
    """
    if int(request.headers.get("content-length", "0")) > MAX_BODY:
        raise SorryError(413, TOO_MUCH)
    form = await request.form(max_files=0, max_fields=100)
    return {name: value for name, value in form.items() if isinstance(value, str)}


def required_field(form: dict[str, str], name: str) -> str:
    """Read a field that our own pages always send.

    Raises ``SorryError`` (400) where it is missing.
    """
    if name not in form:
        raise SorryError(400, INCOMPLETE)
    return form[name]


def read_key(form: dict[str, str]) -> str:
    """Read the key that identifies this interaction; a browser must have made a valid one.

    Raises ``SorryError`` (400) where it is not one.
    """
    key = required_field(form, KEY)
    if not re.fullmatch(r"[0-9a-zA-Z-]{8,64}", key):
        raise SorryError(400, INCOMPLETE)
    return key


def read_click(form: dict[str, str], read: Callable[[Mapping[str, str]], Click]) -> Click:
    """Read the form of a card (``clicked``) or of a dialog (``submitted``).

    Raises ``SorryError`` (400) where its action or ids cannot be read.
    """
    try:
        return read(form)
    except (KeyError, ValueError) as error:
        raise SorryError(400, INCOMPLETE) from error


def new_key() -> str:
    """Make a key for one showing of a form, so that sending it twice counts once."""
    return uuid4().hex


def linked(text: str) -> Markup:
    """Turn the links in an email's lists into HTML links with their own words."""
    html = _LINKED.sub(r'- <a href="\2">\1</a>', str(escape(text)))
    return Markup(html)  # noqa: S704 -- escaped


def completed(
    html: str, channel: str, person: str, make_key: Callable[[], str] = new_key
) -> Markup:
    """Add the channel, the person and a new key to every form of the rendered HTML.

    The renderer escapes all text, so ``</form>`` can only be the end of a form.
    """

    def hidden(end: re.Match[str]) -> str:
        return (
            "".join(
                f'<input type="hidden" name="{name}" value="{escape(value)}">'
                for name, value in ((CHANNEL, channel), (AS, person), (KEY, make_key()))
            )
            + end.group()
        )

    return Markup(_FORM_END.sub(hidden, html))  # noqa: S704 -- our renderer's own HTML
