"""Convert email text to HTML and back, by simple and safe means."""

from __future__ import annotations

import re
from html import escape, unescape

_PAGE = """\
<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
</head>
<body style="font: 1rem/1.5 sans-serif; max-width: 40rem; margin: 1rem auto; padding: 0 1rem">
<h1 style="font-size: 1.4rem; line-height: 1.25">{title}</h1>
{blocks}
</body>
</html>
"""

# For text that is escaped already.
_LINKED = re.compile(r"(.+): (https?://[^\s<>]+)")
_ADDRESS = re.compile(r"https?://\S+")
# A tag, else text; a bracket that begins no tag is text.
_TOKEN = re.compile(
    r"<(?P<ends>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*+)?+(?:(?<=[a-zA-Z0-9])[^<>]*|[!?][^<>]*)>"
    r"|(?P<text>[^<]+|<)"
)
_UNSEEN = frozenset({"script", "style", "title"})
_CLOSED = re.compile(r"</(script|style|title)\b", re.IGNORECASE)
_BLOCKS = frozenset(
    {"address", "article", "blockquote", "br", "div", "dd", "dl", "dt", "hr", "li", "ol", "p"}
    | {"pre", "section", "table", "tr", "ul", "h1", "h2", "h3", "h4", "h5", "h6"}
)
LONGEST = 500_000
"""Characters of HTML."""

_BEHIND = re.compile(r"(?<!\s)\s*<(https?://[^\s<>]+)>")


def as_html(subject: str, body: str, language: str = "en") -> str:
    """Return a complete page with the subject as its heading.

    Lines that begin with ``- `` become a list, and one that ends with ``: https://…`` a link.
    Colours are the reader's own, so that contrast is right in light and dark mode.
    """
    paragraphs = re.split(r"\n\s*\n", body.replace("\r\n", "\n").strip())
    blocks = "\n".join(block for paragraph in paragraphs for block in _blocks(paragraph))
    return _PAGE.format(title=escape(subject), language=escape(language), blocks=blocks)


def _blocks(paragraph: str) -> list[str]:
    """Return a paragraph's text and lists as HTML, in order."""
    blocks = []
    for run in re.split(r"(?m)((?:^- .*(?:\n|\Z))+)", paragraph):
        lines = [escape(line) for line in run.strip().splitlines()]
        if run.startswith("- "):
            items = "\n".join(f"<li>{_item(line[2:])}</li>" for line in lines)
            blocks.append(f"<ul>\n{items}\n</ul>")
        elif lines:
            blocks.append(f"<p>{'<br>'.join(lines)}</p>")
    return blocks


def _item(line: str) -> str:
    """Return a list item; if it ends with an address, a link labelled by the words before."""
    if linked := _LINKED.fullmatch(line):
        return f'<a href="{linked[2]}">{linked[1]}</a>'
    return line


def without_addresses(text: str, ours: str) -> str:
    """Remove from Graph's plain text the addresses that it puts behind links.

    Only addresses that are ``ours`` are removed: any other stays visible.
    """
    known = {address.rstrip("/") for address in _ADDRESS.findall(ours)}
    return _BEHIND.sub(lambda seen: "" if seen[1].rstrip("/") in known else seen[0], text)


def as_text(html: str) -> str:
    """Return the text that a person would read in an HTML email, with a new line for each block.

    Never raises, and takes time in proportion to the length, since anyone can send such an email.
    Only ``LONGEST`` characters are read.
    """
    said: list[str] = []
    unseen = ""
    shown = _without_comments(html[:LONGEST])
    # An element that is never closed hides nothing, so that it cannot hide an answer.
    closed = {each[1].casefold(): each.start() for each in _CLOSED.finditer(shown)}
    for token in _TOKEN.finditer(shown):
        if token["text"] is not None:
            if not unseen:
                # Line breaks in the source are spaces; only blocks begin a line.
                said.append(re.sub(r"\s+", " ", unescape(token["text"])))
            continue
        ends, name = token["ends"], (token["name"] or "").casefold()
        if name in _UNSEEN and (not unseen or name == unseen):
            unseen = "" if ends or closed.get(name, -1) < token.start() else name
        elif name in _BLOCKS and not unseen:
            said.append("\n")
    lines = [" ".join(line.split()) for line in "".join(said).splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _without_comments(html: str) -> str:
    kept, at = [], 0
    while (start := html.find("<!--", at)) >= 0:
        kept.append(html[at:start])
        end = html.find("-->", start + 4)
        at = end + 3 if end >= 0 else start + 4
        if end < 0:
            break
    return "".join([*kept, html[at:]])
