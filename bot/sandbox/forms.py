"""Reading the sandbox's forms, and completing those that came rendered without a context.

Cards and dialogs are rendered once and for everybody. What belongs to one showing of them, which
channel it is in and a key that makes a double click one act, is added when a page shows them.
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
"""Bytes. The longest honest form is a drafted mail."""

KEY = "key"
CHANNEL = "channel"
AS = "as"
"""Whose page a form stands on: another tab may have chosen somebody else since."""

TOO_MUCH = "That is too much text for one message."
INCOMPLETE = "This form is incomplete. Load the page again and retry."
OTHER_TAB = (
    "This tab shows {shown}, and you act as {now} since you chose that in another tab. Nothing was "
    "done. Load this page again to act as {now}, or choose {shown} in the menu first."
)

_FORM_END = re.compile("</form>")
_LINKED = re.compile(r"(?m)^- (.+): (https?://[\w./:-]+)$")


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form; files and second values of a name are none of ours.

    The routes hold the limit themselves, for a body of unknown length too, but without a word.
    """
    if int(request.headers.get("content-length", "0")) > MAX_BODY:
        raise SorryError(413, TOO_MUCH)
    form = await request.form(max_files=0, max_fields=100)
    return {name: value for name, value in form.items() if isinstance(value, str)}


def field(form: dict[str, str], name: str) -> str:
    """A field that our own pages always send."""
    if name not in form:
        raise SorryError(400, INCOMPLETE)
    return form[name]


def key_of(form: dict[str, str]) -> str:
    """What tells this interaction from every other, as long as a browser made it up sensibly."""
    key = field(form, KEY)
    if not re.fullmatch(r"[0-9a-zA-Z-]{8,64}", key):
        raise SorryError(400, INCOMPLETE)
    return key


def read_click(form: dict[str, str], read: Callable[[Mapping[str, str]], Click]) -> Click:
    """What the form of a card (``clicked``) or of a dialog (``submitted``) says."""
    try:
        return read(form)
    except (KeyError, ValueError) as error:
        raise SorryError(400, INCOMPLETE) from error


def new_key() -> str:
    """A key for one showing of one form."""
    return uuid4().hex


def linked(text: str) -> Markup:
    """A mail's text whose lists have links, called by their words as in the mail's own page."""
    html = _LINKED.sub(r'- <a href="\2">\1</a>', str(escape(text)))
    return Markup(html)  # noqa: S704 -- escaped


def completed(
    html: str, channel: str, person: str, make_key: Callable[[], str] = new_key
) -> Markup:
    """Rendered HTML whose forms know their channel and whose page it is, each with its own key.

    All text in it is escaped by the renderer, so ``</form>`` can only be the end of a form.
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
